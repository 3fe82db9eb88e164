import { describe, expect, test } from 'vitest';
import { run, type Watched } from '../host/scripts.ts';

const HEAD = `import { nn, optim, F, tensor, randn, ones, zeros, noGrad, manualSeed } from 'gradlens';
manualSeed(4);
`;
const train = (text: string) => run(HEAD + text);

describe('where a value that is not finite was born', () => {
  const born = ({ run: { nonFinite } }: Watched) =>
    nonFinite && {
      operation: nonFinite.operation,
      value: nonFinite.value,
      line: nonFinite.site?.line,
      step: nonFinite.step,
    };

  test('a logarithm of a negative number', async () => {
    const watched = await train(`const w = tensor([2], { requiresGrad: true });
const optimizer = new optim.SGD([w], { lr: 1 });
for (let i = 0; i < 5; i++) {
  optimizer.zeroGrad();
  const inner = w.sub(0.2);
  const loss = inner
    .log().mul(3).sum();
  loss.backward();
  optimizer.step();
}
`);
    expect(born(watched)).toMatchObject({ operation: 'log', value: 'NaN', line: 9 });
    const { inputs, step } = watched.run.nonFinite!;
    expect(inputs).toHaveLength(1);
    expect(inputs[0].max).toBeLessThan(0);
    expect(watched.losses.findIndex(Number.isNaN)).toBe(step);
  });

  test('0 / 0', async () => {
    const watched = await train(`const w = tensor([0, 1], { requiresGrad: true });
w.div(tensor([0, 1])).sum().backward();
`);
    expect(born(watched)).toEqual({ operation: 'div', value: 'NaN', line: 4, step: 0 });
    expect(watched.run.nonFinite!.inputs).toEqual([
      { min: 0, max: 1 },
      { min: 0, max: 1 },
    ]);
  });

  test('an overflow', async () => {
    const watched = await train(`const w = tensor([200], { requiresGrad: true });
w.exp().sum().backward();
`);
    expect(born(watched)).toEqual({ operation: 'exp', value: 'Infinity', line: 4, step: 0 });
  });

  test('data that is not finite to begin with', async () => {
    const watched = await train(`const w = tensor([1, 2], { requiresGrad: true });
const x = tensor([1, Infinity]);
w.mul(x).sum().backward();
`);
    expect(born(watched)).toEqual({ operation: 'mul', value: 'Infinity', line: 5, step: 0 });
    expect(watched.run.nonFinite!.inputs).toEqual([]);
  });

  test('in a layer', async () => {
    const watched = await train(`class Log extends nn.Module {
  forward(x) {
    return x.log();
  }
}
const model = new nn.Sequential(new nn.Linear(1, 1), new Log());
noGrad(() => model.parameters()[1].fill_(-100));
model(ones([2, 1])).sum().backward();
`);
    const { nonFinite, layers } = watched.run;
    expect(born(watched)).toMatchObject({ operation: 'log', line: 5 });
    expect(layers[nonFinite!.layer!].type).toBe('Log');
  });

  test('a NaN never counts as zero', async () => {
    const watched = await train(`const w = tensor([-1, 0, 1, 2], { requiresGrad: true });
w.sqrt().sum().backward();
`);
    const row = watched.run.latestParameter(0);
    expect(row('gradientNonFinite')).toBe(2); // NaN at −1, ∞ at 0
    expect(row('gradientZeroShare')).toBe(0);
    expect(row('gradientNorm')).toBeNaN();
  });

  test('nothing is told of a run whose values are all finite', async () => {
    expect(born(await train('tensor([1], { requiresGrad: true }).log().sum().backward();\n'))).toBeNull();
  });

  test('a mask is meant: what went wrong behind it is told', async () => {
    const watched = await train(`const w = tensor([[1, 2], [3, 4]], { requiresGrad: true });
const mask = tensor([[0, 1], [0, 0]]).gt(0);
const p = w.maskedFill(mask, -Infinity).softmax(1);
p.sum().sub(3).log().backward();
`);
    expect(born(watched)).toEqual({ operation: 'log', value: 'NaN', line: 6, step: 0 });
  });

  test.each(['w.maskedFill(mask, -Infinity)', 'w.add(zeros([2, 2]).maskedFill(mask, -Infinity))'])(
    '%s leaves nothing of a row',
    async (masked) => {
      const watched = await train(`const w = tensor([[1, 2], [3, 4]], { requiresGrad: true });
const mask = tensor([[1, 1], [0, 0]]).gt(0);
const scores = ${masked};
scores.softmax(1).square().sum().backward();
`);
      expect(born(watched)).toEqual({ operation: 'softmax', value: 'NaN', line: 6, step: 0 });
      expect(watched.run.nonFinite!.masked).toBe(true);
    },
  );

  test('a mask that reaches the loss', async () => {
    const watched = await train(`const w = tensor([1, 2], { requiresGrad: true });
w.maskedFill(tensor([0, 1]).gt(0), -Infinity).sum().backward();
`);
    expect(born(watched)).toMatchObject({ value: '-Infinity', line: 4 });
  });
});
