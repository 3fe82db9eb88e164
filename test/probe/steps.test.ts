import { describe, expect, test } from 'vitest';
import { run, series, type Watched } from '../host/scripts.ts';

const HEAD = `import { nn, optim, F, tensor, randn, ones, zeros, noGrad, manualSeed } from 'gradlens';
manualSeed(4);
`;
const train = (text: string) => run(HEAD + text);

/** What a script printed, a number a line. */
const numbers = ({ output }: Watched) => output.trim().split('\n').map(Number);

describe('what a step is', () => {
  test('zeroGrad, forward, backward, step', async () => {
    const watched = await train(`const fc = new nn.Linear(2, 1);
const optimizer = new optim.SGD(fc.parameters(), { lr: 0.25 });
for (let i = 0; i < 6; i++) {
  optimizer.zeroGrad();
  const loss = fc(ones([4, 2])).square().mean();
  loss.backward();
  optimizer.step();
  console.log(loss.item());
}
`);
    expect(watched.losses).toEqual(numbers(watched));
    expect(watched.all('step').map(({ step }) => step)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(watched.all('step').every(({ learningRate }) => learningRate === 0.25)).toBe(true);
  });

  test('zeroGrad after the update', async () => {
    const { losses } = await train(`const fc = new nn.Linear(2, 1);
const optimizer = new optim.SGD(fc.parameters(), { lr: 0.25 });
for (let i = 0; i < 6; i++) {
  fc(ones([4, 2])).square().mean().backward();
  optimizer.step();
  optimizer.zeroGrad();
}
`);
    expect(losses).toHaveLength(6);
  });

  test('four backward passes and one update', async () => {
    const watched = await train(`const w = tensor([1], { requiresGrad: true });
const optimizer = new optim.SGD([w], { lr: 0.1 });
for (let i = 0; i < 5; i++) {
  optimizer.zeroGrad();
  for (let part = 0; part < 4; part++) w.mul(part + 1).sum().backward();
  optimizer.step();
}
`);
    expect(watched.losses).toHaveLength(5);
    expect(series(watched, 'w', 'gradientMean')).toEqual([10, 10, 10, 10, 10]);
  });

  test('a forward between backward and update (a metric, say)', async () => {
    const watched = await train(`const w = tensor([1], { requiresGrad: true });
const optimizer = new optim.SGD([w], { lr: 0.1 });
for (let i = 0; i < 5; i++) {
  optimizer.zeroGrad();
  w.mul(2).sum().backward();
  w.mul(3).sum();
  optimizer.step();
}
`);
    expect(watched.losses).toHaveLength(5);
    expect(series(watched, 'w', 'updateNorm').every((x) => Math.abs(x - 0.2) < 1e-6)).toBe(true);
  });

  test('two optimizers in turn: each update is a step', async () => {
    const watched =
      await train(`const [g, d] = [tensor([1], { requiresGrad: true }), tensor([2], { requiresGrad: true })];
const [optimizerG, optimizerD] = [new optim.SGD([g], { lr: 0.1 }), new optim.SGD([d], { lr: 0.2 })];
for (let i = 0; i < 4; i++) {
  optimizerD.zeroGrad();
  d.mul(3).sum().backward();
  d.mul(g.detach()).sum().backward();
  optimizerD.step();
  optimizerG.zeroGrad();
  g.mul(d).sum().backward();
  optimizerG.step();
}
`);
    expect(watched.all('step').map(({ learningRate }) => learningRate)).toEqual([
      0.2, 0.1, 0.2, 0.1, 0.2, 0.1, 0.2, 0.1,
    ]);
    expect(series(watched, 'd', 'gradientMean')[0]).toBe(4);
    expect(series(watched, 'g', 'gradientMean')[1]).toBeCloseTo(2 - 0.8, 5);
    expect(series(watched, 'g', 'gradientMean')[0]).toBeNaN();
  });

  test('two optimizers after one backward pass: one step', async () => {
    const { losses } =
      await train(`const [a, b] = [tensor([1], { requiresGrad: true }), tensor([2], { requiresGrad: true })];
const optimizers = [new optim.SGD([a], { lr: 0.1 }), new optim.SGD([b], { lr: 0.2 })];
for (let i = 0; i < 4; i++) {
  for (const optimizer of optimizers) optimizer.zeroGrad();
  a.mul(b).sum().backward();
  for (const optimizer of optimizers) optimizer.step();
}
`);
    expect(losses).toHaveLength(4);
  });

  test('an update by hand', async () => {
    const watched =
      await train(`const [w, b] = [tensor([[1, 2]], { requiresGrad: true }), tensor([0], { requiresGrad: true })];
for (let i = 0; i < 5; i++) {
  const loss = ones([3, 2]).matmul(w.transpose(0, 1)).add(b).square().mean();
  loss.backward();
  noGrad(() => {
    w.sub_(w.grad.mul(0.01));
    b.sub_(b.grad.mul(0.01));
  });
  w.grad = null;
  b.grad = null;
  console.log(loss.item());
}
`);
    expect(watched.losses).toEqual(numbers(watched));
    expect(watched.all('step').every(({ learningRate }) => Number.isNaN(learningRate))).toBe(true);
    const [gradients, updates] = [series(watched, 'w', 'gradientNorm'), series(watched, 'w', 'updateNorm')];
    gradients.forEach((gradient, i) => {
      expect(updates[i] / gradient).toBeCloseTo(0.01, 5);
    });
  });

  test('an update by hand, gradients zeroed in place', async () => {
    const { losses } = await train(`const w = tensor([1], { requiresGrad: true });
for (let i = 0; i < 5; i++) {
  w.square().sum().backward();
  noGrad(() => {
    w.sub_(w.grad.mul(0.01));
    w.grad.zero_();
  });
}
`);
    expect(losses).toHaveLength(5);
  });

  test('backward without an update: a step each time the gradients are taken away', async () => {
    const watched = await train(`const w = tensor([3], { requiresGrad: true });
for (let i = 0; i < 3; i++) {
  w.mul(i).sum().backward();
  w.grad = null;
}
`);
    expect(watched.losses).toEqual([0, 3, 6]);
    expect(series(watched, 'w', 'gradientMean')).toEqual([0, 1, 2]);
    expect(series(watched, 'w', 'updateNorm')).toEqual([Number.NaN, Number.NaN, Number.NaN]);
  });

  test('backward passes that add up without an update: one step', async () => {
    const watched = await train(`const w = tensor([3], { requiresGrad: true });
for (let i = 0; i < 3; i++) w.mul(2).sum().backward();
`);
    // the gradient is that of the sum, so the loss is the sum
    expect(watched.losses).toEqual([18]);
    expect(series(watched, 'w', 'gradientMean')).toEqual([6]);
  });

  test('a step that is left out (no update, gradients zeroed)', async () => {
    const { losses } = await train(`const w = tensor([1], { requiresGrad: true });
const optimizer = new optim.SGD([w], { lr: 0.1 });
for (let i = 0; i < 6; i++) {
  optimizer.zeroGrad();
  w.mul(i).sum().backward();
  if (i !== 3) optimizer.step();
}
`);
    expect(losses).toHaveLength(6);
  });

  test('evaluation between steps is no step', async () => {
    const { losses } = await train(`const fc = new nn.Linear(2, 1);
const optimizer = new optim.SGD(fc.parameters(), { lr: 0.1 });
for (let i = 0; i < 4; i++) {
  optimizer.zeroGrad();
  fc(ones([4, 2])).square().mean().backward();
  optimizer.step();
  noGrad(() => fc(ones([4, 2])).sum());
  fc(ones([4, 2])).sum();
}
`);
    expect(losses).toHaveLength(4);
  });
});

describe('what is measured', () => {
  test('gradients as they are used, weights before the update, the update', async () => {
    const watched = await train(`const fc = new nn.Linear(3, 2);
const optimizer = new optim.Adam(fc.parameters(), { lr: 0.05 });
const x = randn([5, 3]);
for (let i = 0; i < 4; i++) {
  optimizer.zeroGrad();
  fc(x).square().mean().backward();
  nn.utils.clipGradNorm_(fc.parameters(), 0.1);
  const [before, gradient] = [fc.weight.toFlat(), fc.weight.grad.toFlat()];
  optimizer.step();
  const after = fc.weight.toFlat();
  console.log(Math.hypot(...gradient));
  console.log(Math.hypot(...before));
  console.log(Math.hypot(...after.map((w, i) => w - before[i])));
  console.log(Math.min(...gradient));
}
`);
    const said = numbers(watched);
    const names = ['gradientNorm', 'weightNorm', 'updateNorm', 'gradientMin'] as const;
    names.forEach((name, k) => {
      series(watched, 'fc.weight', name).forEach((value, i) => {
        expect(value / said[4 * i + k], `${name} at step ${i}`).toBeCloseTo(1, 5);
      });
    });
  });

  test('the rest of a row', async () => {
    const watched = await train(`const w = tensor([-1, 0, 0, 4], { requiresGrad: true });
w.mul(tensor([2, 0, -6, 0])).sum().backward();
`);
    const row = watched.run.latestParameter(0);
    expect(row('gradientMean')).toBe(-1);
    expect(row('gradientStd')).toBeCloseTo(3, 6); // √((9 + 1 + 25 + 1) / 4)
    expect([row('gradientMin'), row('gradientMax'), row('gradientZeroShare')]).toEqual([-6, 2, 0.5]);
    expect([row('weightMean'), row('weightMin'), row('weightMax')]).toEqual([0.75, -1, 4]);
    expect(row('gradientNonFinite')).toBe(0);
  });

  test('what stands in a plain array is a part of the model, though nobody’s parameter', async () => {
    const watched = await train(`class Net extends nn.Module {
  hidden = [new nn.Linear(2, 3), new nn.Linear(3, 3)];
  output = new nn.Linear(3, 1);
  forward(x) {
    for (const layer of this.hidden) x = layer(x).tanh();
    return this.output(x);
  }
}
const net = new Net();
const optimizer = new optim.SGD(net.parameters(), { lr: 0.1 });
for (let i = 0; i < 3; i++) {
  optimizer.zeroGrad();
  net(ones([4, 2])).square().mean().backward();
  optimizer.step();
}
`);
    expect(watched.run.layers.map(({ name, parent }) => [name, parent])).toEqual([
      ['net', null],
      ['hidden.0', 0],
      ['hidden.1', 0],
      ['output', 0],
    ]);
    expect(watched.run.parameters.map(({ name }) => name)).toEqual(
      ['hidden.0', 'hidden.1', 'output'].flatMap((name) => [`${name}.weight`, `${name}.bias`]),
    );
  });

  test('a frozen parameter is not there, but its layer tells of it', async () => {
    const watched = await train(`const model = new nn.Sequential(new nn.Linear(2, 2), new nn.Linear(2, 1));
model[0]?.requiresGrad_(false) ?? model.children()[0].requiresGrad_(false);
const optimizer = new optim.SGD(model.parameters(), { lr: 0.1 });
for (let i = 0; i < 3; i++) {
  optimizer.zeroGrad();
  model(ones([4, 2])).square().mean().backward();
  optimizer.step();
}
`);
    expect(watched.run.error).toBeNull();
    expect(watched.run.parameters.map(({ name }) => name)).toEqual(['1.weight', '1.bias']);
    expect(watched.run.layers.map(({ name, frozen }) => [name, frozen])).toEqual([
      ['model', undefined],
      ['0', 4],
      ['1', undefined],
    ]);
  });

  test('gains: their product is what the gradient loses on its way', async () => {
    const watched = await train(`const layers = Array.from({ length: 5 }, () => new nn.Linear(6, 6));
const input = randn([10, 6]);
let h = input;
for (const layer of layers) h = layer(h).sigmoid();
const loss = h.square().mean();
loss.backward();
`);
    const { run: run_ } = watched;
    const rows = run_.operations.map(({ id, operation }) => ({ operation, row: run_.latestOperation(id) }));
    const chain = rows.filter(({ operation }) => operation === 'linear' || operation === 'sigmoid');
    expect(chain.map(({ operation }) => operation)).toEqual(Array(5).fill(['linear', 'sigmoid']).flat());
    const out = chain.at(-1)!.row('gradientNorm');
    // data ask for no gradient, so nothing is passed on to them
    expect(chain[0].row('gain')).toBeNaN();
    const product = chain.slice(1).reduce((gain, { row }) => gain * row('gain'), 1);
    expect((out * product) / chain[0].row('gradientNorm')).toBeCloseTo(1, 4);
    const sigmoids = chain.filter(({ operation }) => operation === 'sigmoid');
    for (const { row } of sigmoids) expect(row('gain')).toBeLessThanOrEqual(0.25);
  });

  test('activations of an operation and of its layer', async () => {
    const watched = await train(`const relu = new nn.ReLU();
const x = tensor([[-1, 2, -3, 4]], { requiresGrad: true });
relu(x).sum().backward();
`);
    const { run: run_ } = watched;
    const layer = run_.layers.find(({ name }) => name === 'relu')!;
    const operation = run_.operations.find(({ operation }) => operation === 'relu')!;
    expect(operation.layer).toBe(layer.id);
    for (const row of [run_.latestLayer(layer.id), run_.latestOperation(operation.id)]) {
      expect([row('mean'), row('min'), row('max'), row('zeroShare')]).toEqual([1.5, 0, 4, 0.5]);
      expect(row('norm')).toBeCloseTo(Math.sqrt(20), 5);
      expect(row('gradientNorm')).toBe(2);
    }
  });

  test('operations: occurrences and what they follow', async () => {
    const watched = await train(`const cell = new nn.Linear(2, 2);
for (let step = 0; step < 3; step++) {
  let h = ones([1, 2]);
  for (let t = 0; t < 3; t++) h = cell(h).tanh();
  h.sum().backward();
  cell.zeroGrad();
}
`);
    const { run: run_ } = watched;
    const tanhs = run_.operations.filter(({ operation }) => operation === 'tanh');
    expect(tanhs.map(({ occurrence, follows, layer }) => [occurrence, follows, layer])).toEqual([
      [0, 0, null],
      [1, 0, null],
      [2, 0, null],
    ]);
    expect(run_.operations.filter(({ operation }) => operation === 'linear')).toHaveLength(3);
    expect(run_.stepCount).toBe(3);
  });
});
