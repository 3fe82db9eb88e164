import { describe, expect, test } from 'vitest';
import { placeOf, run } from '../host/scripts.ts';

const HEAD = "import { nn, optim, F, tensor, randn, ones, zeros, noGrad, manualSeed } from 'gradlens';\n";

/** Name and place of every layer of a script that begins on line 2. */
async function layersOf(text: string) {
  const watched = await run(HEAD + text);
  expect(watched.run.error).toBeNull();
  return watched.run.layers.map(({ name, site }) => `${name} ${placeOf(site)?.replace('script.ts:', '')}`);
}

describe('names and places', () => {
  test('a model has its variable’s name, its fields their own, each its place', async () => {
    const watched = await run(`${HEAD}class Net extends nn.Module {
  first = new nn.Linear(2, 3);
  body = new nn.Sequential(new nn.Linear(3, 3), new nn.Sequential(new nn.Tanh(), new nn.Linear(3, 3)));
  list = new nn.ModuleList([new nn.Linear(3, 3), new nn.Linear(3, 1)]);
  forward(x) {
    let h = this.body(this.first(x));
    for (const layer of this.list) h = layer(h);
    return h;
  }
}
const model = new Net();
model(randn([4, 2])).sum().backward();
`);
    const layers = watched.run.layers.map(({ id, name, parent, type, site }) => [
      id,
      name,
      parent,
      type,
      placeOf(site),
    ]);
    expect(layers).toEqual([
      [0, 'model', null, 'Net', 'script.ts:12:15'],
      [1, 'first', 0, 'Linear', 'script.ts:3:11'],
      [2, 'body', 0, 'Sequential', 'script.ts:4:10'],
      [3, 'body.0', 2, 'Linear', 'script.ts:4:28'],
      [4, 'body.1', 2, 'Sequential', 'script.ts:4:49'],
      [5, 'body.1.0', 4, 'Tanh', 'script.ts:4:67'],
      [6, 'body.1.1', 4, 'Linear', 'script.ts:4:82'],
      [7, 'list', 0, 'ModuleList', 'script.ts:5:10'],
      [8, 'list.0', 7, 'Linear', 'script.ts:5:29'],
      [9, 'list.1', 7, 'Linear', 'script.ts:5:50'],
    ]);
    expect(watched.run.parameters.map(({ name }) => name)).toEqual(
      ['first', 'body.0', 'body.1.1', 'list.0', 'list.1'].flatMap((layer) => [`${layer}.weight`, `${layer}.bias`]),
    );
  });

  test('a constructor of its own: the place is that of `new`', async () => {
    expect(
      await layersOf(`class Base extends nn.Module {
  constructor() {
    super();
  }
}
class Net extends Base {
  constructor(width) {
    super();
    this.fc = new nn.Linear(2, width);
  }
  forward(x) {
    return this.fc(x);
  }
}
const model = new Net(3);
model(randn([4, 2])).sum().backward();
`),
    ).toEqual(['model 16:15', 'fc 10:15']);
  });

  test('made in a function: the place is in it, where no variable names it', async () => {
    expect(
      await layersOf(`const block = (n) => new nn.Sequential(new nn.Linear(n, n), new nn.ReLU());
const trunk = block(2);
trunk(randn([4, 2])).sum().backward();
`),
    ).toEqual(['Sequential 2:22', '0 2:40', '1 2:61']);
  });

  test('two models: their names come first', async () => {
    const watched = await run(`${HEAD}const generator = new nn.Sequential(new nn.Linear(2, 2), new nn.Linear(2, 2));
const critic = new nn.Sequential(new nn.Linear(2, 1));
const criterion = new nn.MSELoss();
criterion(critic(generator(randn([4, 2]))), zeros([4, 1])).backward();
`);
    expect(watched.run.layers.map(({ name }) => name).sort()).toEqual(
      ['generator', 'generator.0', 'generator.1', 'critic', 'critic.0', 'criterion'].sort(),
    );
    expect(watched.run.parameters.map(({ name }) => name)).toContain('critic.0.weight');
  });

  test('a loss is no model: names stay short', async () => {
    const watched = await run(`${HEAD}const model = new nn.Sequential(new nn.Linear(2, 1));
const criterion = new nn.MSELoss();
criterion(model(randn([4, 2])), zeros([4, 1])).backward();
`);
    expect(watched.run.parameters.map(({ name }) => name)).toEqual(['0.weight', '0.bias']);
  });

  test('a module shared by two parents is one layer, named by the first', async () => {
    const watched = await run(`${HEAD}const shared = new nn.Linear(2, 2);
class Net extends nn.Module {
  a = new nn.Sequential(shared);
  b = new nn.Sequential(shared, new nn.Linear(2, 1));
  forward(x) {
    return this.b(this.a(x));
  }
}
const model = new Net();
model(randn([4, 2])).sum().backward();
`);
    expect(watched.run.layers.map(({ name, parent }) => [name, parent])).toEqual([
      ['model', null],
      ['a', 0],
      ['a.0', 1],
      ['b', 0],
      ['b.1', 3],
    ]);
    expect(watched.run.parameters).toHaveLength(4);
  });

  test('a layer alone', async () => {
    const watched = await run(`${HEAD}const fc = new nn.Linear(2, 1);
fc(randn([4, 2])).sum().backward();
`);
    expect(watched.run.parameters.map(({ name }) => name)).toEqual(['fc.weight', 'fc.bias']);
  });

  test('names are never given twice', async () => {
    const watched = await run(`${HEAD}for (const width of [2, 3, 4]) {
  const model = new nn.Sequential(new nn.Linear(2, width), new nn.Linear(width, 1));
  for (let i = 0; i < 3; i++) {
    model(randn([4, 2])).sum().backward();
    model.zeroGrad();
  }
}
`);
    const names = watched.run.layers.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(watched.run.parameters).toHaveLength(12);
    expect(new Set(watched.run.parameters.map(({ name }) => name)).size).toBe(12);
  });
});

describe('tensors without modules', () => {
  test('have their variables’ names, in the order of the source', async () => {
    const watched = await run(`${HEAD}const [w1, b1] = [randn([2, 3]).requiresGrad_(), zeros([3]).requiresGrad_()];
const w2 = tensor([[1], [2], [3]], { requiresGrad: true });
class Net {
  scale = tensor([1], { requiresGrad: true });
}
const net = new Net();
let late;
late = tensor([2], { requiresGrad: true });
randn([4, 2]).matmul(w1).add(b1).matmul(w2).mul(net.scale).mul(late).sum().backward();
`);
    expect(watched.run.parameters.map(({ name, site }) => `${name} ${site?.line}`)).toEqual([
      'w1 2',
      'b1 2',
      'w2 3',
      'scale 5',
      'late 9',
    ]);
  });

  test('made in a loop are numbered; made anew at every step are one', async () => {
    const watched = await run(`${HEAD}const W = Array.from({ length: 3 }, () => randn([2, 2]).requiresGrad_());
for (let step = 0; step < 4; step++) {
  const x = tensor([[1, 2]], { requiresGrad: true });
  let h = x;
  for (const w of W) h = h.matmul(w);
  h.sum().backward();
  for (const w of W) w.grad = null;
}
`);
    expect(watched.run.parameters.map(({ name }) => name).sort()).toEqual(['W', 'W.1', 'W.2', 'x']);
    expect(watched.run.stepCount).toBe(4);
    expect(watched.run.stepsOf(watched.run.parameters.find(({ name }) => name === 'x')!.id)).toBe(4);
  });
});
