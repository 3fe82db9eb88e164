import { describe, expect, test } from 'vitest';
import { run, series } from '../host/scripts.ts';

const HEAD = "import { nn, optim, grad, tensor, ones, manualSeed } from 'gradlens';\nmanualSeed(4);\n";
const train = (text: string) => run(HEAD + text);

describe('what exists side by side is told apart', () => {
  test('tensors made by one expression and used at different steps', async () => {
    const { run } = await train(`const W = Array.from({ length: 2 }, (_, i) => tensor([i + 1], { requiresGrad: true }));
const optimizer = new optim.SGD(W, { lr: 0.1 });
for (let i = 0; i < 6; i++) {
  optimizer.zeroGrad();
  W[i % 2].square().sum().backward();
  optimizer.step();
}
`);
    expect(run.parameters.map(({ name }) => name)).toEqual(['W', 'W.1']);
  });

  test('models made by one function, one later than the other', async () => {
    const { run } = await train(`const make = () => new nn.Linear(2, 1);
const step = (...models) => {
  const optimizer = new optim.SGD(models.flatMap((m) => m.parameters()), { lr: 0.1 });
  models.map((m) => m(ones([1, 2])).sum()).reduce((a, b) => a.add(b)).backward();
  optimizer.step();
};
const a = make();
step(a);
step(a);
const b = make();
step(a, b);
`);
    expect(run.layers).toHaveLength(2);
    expect(run.parameters).toHaveLength(4);
  });

  test('a child that a model gets after it was first executed', async () => {
    const { run } = await train(`class Net extends nn.Module {
  constructor() {
    super();
    this.features = new nn.Sequential(new nn.Linear(2, 3));
    const [, width] = this.features(ones([1, 2])).shape;
    this.head = new nn.Linear(width, 1);
  }
  forward(x) {
    return this.head(this.features(x));
  }
}
const model = new Net();
model(ones([1, 2])).sum().backward();
`);
    const byName = new Map(run.layers.map((layer) => [layer.name, layer]));
    expect([...byName.keys()].sort()).toEqual(['features', 'features.0', 'head', 'model']);
    expect(byName.get('head')?.parent).toBe(byName.get('model')?.id);
  });
});

describe('parameters that no update reaches', () => {
  test('left out of the optimizer: their gradients are measured at every step', async () => {
    const watched = await train(`const [a, b] = [new nn.Linear(2, 2), new nn.Linear(2, 1)];
const optimizer = new optim.SGD(b.parameters(), { lr: 0.1 });
for (let i = 0; i < 4; i++) {
  optimizer.zeroGrad();
  b(a(ones([1, 2]))).square().sum().backward();
  optimizer.step();
}
`);
    expect(series(watched, 'a.weight', 'gradientNorm').every((x) => x > 0)).toBe(true);
    expect(series(watched, 'a.weight', 'updateNorm').every(Number.isNaN)).toBe(true);
    expect(series(watched, 'b.weight', 'updateNorm').every((x) => x > 0)).toBe(true);
  });

  test('the script fails between backward and update: the step has its gradients', async () => {
    const watched = await train(`const w = tensor([2], { requiresGrad: true });
const optimizer = new optim.SGD([w], { lr: 0.1 });
for (let i = 0; i < 3; i++) {
  optimizer.zeroGrad();
  w.mul(i + 1).sum().backward();
  if (i === 2) throw new Error('enough');
  optimizer.step();
}
`);
    expect(series(watched, 'w', 'gradientMean')).toEqual([1, 2, 3]);
  });
});

test('grad() gives gradients back and makes no step', async () => {
  const watched = await train(`const fc = new nn.Linear(2, 1);
const optimizer = new optim.SGD(fc.parameters(), { lr: 0.1 });
for (let i = 0; i < 5; i++) {
  const x = ones([3, 2]).requiresGrad_();
  const out = fc(x);
  const [g] = grad(out.sum(), [x], { createGraph: true });
  const loss = out.square().mean().add(g.square().sum());
  optimizer.zeroGrad();
  loss.backward();
  optimizer.step();
  console.log(loss.item());
}
`);
  expect(watched.losses).toEqual(watched.output.trim().split('\n').map(Number));
});
