import { describe, expect, test } from 'vitest';
import { diagnose } from '../../engine/diagnose/diagnose.ts';
import { Run } from '../../engine/run/run.ts';
import { rows, start, step } from '../run/frames.ts';
import { deep, findingOf, findingsOf, lineOf, lineOfSite, trained } from './scripts.ts';

/** Models that learn nothing, or too little, or too slowly, and why. */

const idsOf = async (script: string) => (await findingsOf(script)).map(({ id, cause }) => `${id}/${cause}`);
const CURVED = 'noGrad(() => y.copy_(x.slice(1, 0, 1).mul(x.slice(1, 1, 2))));';
const options = { data: CURVED, loss: 'F.mseLoss(model(x), y)', steps: 200 };

describe('loss-plateau', () => {
  test('layers without an activation between', async () => {
    const script = trained(deep('·', 1), options);
    const finding = await findingOf('loss-plateau', script);
    expect(finding).toMatchObject({ cause: 'linear-model', layers: ['input', 'hidden.0', 'output'] });
  });

  test('healthy: the same for what is linear', async () => {
    const linear = 'noGrad(() => y.copy_(x.slice(1, 0, 1).mul(2)));';
    expect(await idsOf(trained(deep('·', 1), { ...options, data: linear }))).toEqual([]);
  });

  test('weight decay that eats the weights', async () => {
    const script = trained(deep('·.tanh()', 1), options).replace('{ lr: 0.05', '{ weightDecay: 0.5, lr: 0.05');
    const finding = await findingOf('loss-plateau', script);
    expect(finding).toMatchObject({ cause: 'weight-decay' });
    expect(lineOfSite(finding)).toBe(lineOf(script, 'new optim.SGD'));
  });

  test.each([
    ['sigmoid', 'x.slice(1, 0, 1).mul(0.3).add(1.5)', 'model(x).sigmoid()'],
    ['sigmoid of another shape', 'x.slice(1, 0, 1).mul(0.3).add(1.5)', 'model(x).sigmoid().reshape([64, 1])'],
    ['tanh', 'x.slice(1, 0, 1).mul(0.3).add(2)', 'model(x).tanh()'],
    ['relu', 'x.slice(1, 0, 1).sub(0.2)', 'model(x).relu()'],
  ])('targets that %s can’t give', async (_, targets, answers) => {
    const script = (y: string) =>
      trained(deep('·.tanh()', 1), {
        data: `noGrad(() => y.copy_(${y}));`,
        loss: `F.mseLoss(${answers}, y)`,
        lr: '0.3',
        steps: 200,
      });
    expect(await idsOf(script(targets))).toEqual(['loss-plateau/bounded-output']);
    expect(await idsOf(script('x.slice(1, 0, 1).sigmoid()'))).not.toContain('loss-plateau/bounded-output');
  });

  test('next to nothing that dropout leaves', async () => {
    const script = (p: number) =>
      trained(
        `const model = new nn.Sequential(new nn.Linear(8, 32), new nn.ReLU(),
  new nn.Dropout(${p}),
  new nn.Linear(32, 1));`,
        { ...options, lr: '0.05', data: 'noGrad(() => y.copy_(x.slice(1, 0, 1)));' },
      );
    const finding = await findingOf('loss-plateau', script(0.95));
    expect(finding).toMatchObject({ cause: 'heavy-dropout', layers: ['2'] });
    expect(lineOfSite(finding)).toBe(lineOf(script(0.95), 'nn.Dropout'));
    expect(await idsOf(script(0.1))).toEqual([]);
  });

  test('batches of few samples, whose own entropy is too low', async () => {
    const script = trained('const model = new nn.Linear(8, 20);', {
      steps: 200,
      lr: '0.2',
      loss: "F.crossEntropy(model(randn([16, 8])), randint(0, 20, [16]).to('int32'))",
    });
    expect(await idsOf(script)).toEqual(['loss-plateau/no-better-than-constant']);
  });
});

describe('learning-rate-low', () => {
  test('it learns, and far too slowly', async () => {
    const script = trained(deep('·.tanh()', 1), {
      ...options,
      lr: '0.001',
      data: 'noGrad(() => y.copy_(x.slice(1, 0, 1)));',
    });
    expect(await idsOf(script)).toEqual(['learning-rate-low/small-updates']);
  });

  test('healthy: with a rate ten times as high', async () => {
    const script = trained(deep('·.tanh()', 1), {
      ...options,
      lr: '0.05',
      data: 'noGrad(() => y.copy_(x.slice(1, 0, 1)));',
    });
    expect(await idsOf(script)).toEqual([]);
  });
});

describe('learning-rate-high', () => {
  /** A run of two weights, of which only losses and updates are known. */
  const runOf = (losses: readonly number[], ratio: number): Run => {
    const run = new Run();
    run.apply({ ...start, parameterStatistics: ['weightNorm', 'updateNorm'], activationStatistics: [] });
    run.apply({ kind: 'parameter', id: 0, name: 'w', shape: [2, 2], dtype: 'float32', layer: null, site: null });
    losses.forEach((loss, number) => {
      run.apply(step(number, { loss, parameters: rows([0], [1, ratio]) }));
    });
    return run;
  };
  const noisy = (level: number) => (_: unknown, i: number) => level * (1 + 0.05 * Math.cos(3 * i));
  const course = (...levels: number[]) => levels.flatMap((level) => Array.from({ length: 20 }, noisy(level)));

  test('a loss that doesn’t fall, where steps overshoot to the end', () => {
    const flat = Array.from({ length: 160 }, (_, i) => 1 + 0.05 * Math.cos(3 * i));
    const overshooting = (...excesses: number[]) => {
      const run = runOf(flat, 0.02);
      excesses.forEach((excess, i) => {
        const measured = { eigenvalue: 20 * excess, error: 0, products: 9, bound: 2, learningRate: 0.1 };
        run.apply({ kind: 'curvature', step: 5 + 50 * i, ...measured, preconditioned: false, problem: null });
      });
      return diagnose(run).map(({ id, cause }) => `${id}/${cause}`);
    };
    expect(overshooting(3, 2)).toEqual(['learning-rate-high/overshoots']);
    expect(overshooting(3, 0.5)).toEqual([]);
  });

  test('a loss that had fallen and has risen for good', () => {
    const [finding] = diagnose(runOf(course(2, 0.9, 0.8, 1.4, 2, 2), 0.02));
    expect(finding).toMatchObject({ id: 'learning-rate-high', cause: 'divergence', step: 40 });
  });

  test.each([
    ['it rises a little, far below where it began', course(2, 0.2, 0.1, 0.3, 0.3, 0.3), 0.02],
    ['updates are small, so it’s the data that became harder', course(2, 0.9, 0.8, 1.4, 2, 2), 0.001],
  ])('healthy: %s', (_what, losses, ratio) => {
    expect(diagnose(runOf(losses, ratio))).toEqual([]);
  });
});

describe('vanishing-gradient', () => {
  test('two decades are enough where nothing is learned', async () => {
    const script = trained(
      'const model = new nn.Sequential(new nn.Linear(8, 32), new nn.Softmax(1), new nn.Linear(32, 32), new nn.Softmax(1), new nn.Linear(32, 1));',
      { ...options, data: 'noGrad(() => y.copy_(x.slice(1, 0, 1)));', lr: '0.01' },
    );
    const finding = await findingOf('vanishing-gradient', script);
    expect(finding).toMatchObject({ cause: 'saturating-activation' });
    expect(finding.evidence).toContain('softmax');
  });
});
