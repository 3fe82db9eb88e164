import { describe, expect, test } from 'vitest';
import { diagnose } from '../../engine/diagnose/diagnose.ts';
import { curvatureProof } from '../../engine/diagnose/evidence/curvature.ts';
import { manualSeed, nn, optim, randn } from '../../engine/index.ts';
import type { CurvatureFrame } from '../../engine/run/frame.ts';
import { Run } from '../../engine/run/run.ts';
import { watched } from '../probe/watched.ts';
import { start } from '../run/frames.ts';
import { findingOf, trained } from './scripts.ts';

const NET = 'const model = new nn.Sequential(new nn.Linear(8, 32), new nn.Tanh(), new nn.Linear(32, 1));';

describe('a learning rate that is too high is proven by the curvature of the loss', () => {
  test('gradient descent', async () => {
    const { strength, evidence } = await findingOf('learning-rate-high', trained(NET, { lr: '1.2' }));
    expect(evidence).toMatch(
      /At step \d+ rate·λ was [\d.]+, above 2 \(λ of the Hessian [\d.]+\): each step overshoots\.$/,
    );
    expect(strength).toBe('strong');
  });

  test('Adam, in its own units', async () => {
    const script = trained(NET, { lr: '10' }).replace('optim.SGD', 'optim.Adam');
    const { evidence } = await findingOf('learning-rate-high', script);
    expect(evidence).toMatch(/above 38 \(λ of the preconditioned Hessian/);
  });

  test('where it can’t be had, the evidence says why', async () => {
    const script = trained(NET, { lr: '1.2' }).replace(
      'loss.backward();',
      'loss.registerHook(() => {}); loss.backward();',
    );
    const { evidence } = await findingOf('learning-rate-high', script);
    expect(evidence).toMatch(/The curvature of the loss can’t be measured: a hook looks at its gradients\.$/);
  });
});

test('full-batch descent beyond the edge of stability that learns all the same is healthy', () => {
  // in this process, where time isn't short: in one of its own a busy machine may leave none to measure with
  const { frames } = watched(() => {
    manualSeed(1);
    const x = randn([64, 8]);
    const y = x.slice(1, 0, 1).sin();
    const model = new nn.Sequential(new nn.Linear(8, 32), new nn.Tanh(), new nn.Linear(32, 1));
    const optimizer = new optim.SGD(model.parameters(), { lr: 0.5 });
    for (let step = 0; step < 400; step++) {
      optimizer.zeroGrad();
      model(x).sub(y).square().mean().backward();
      optimizer.step();
    }
  });
  const edge = new Run();
  for (const one of [start, ...frames]) edge.apply(one);
  const largest = Math.max(...edge.curvatures.map(({ learningRate, eigenvalue }) => learningRate * eigenvalue));
  expect(largest).toBeGreaterThan(2.2);
  expect(edge.bestLoss).toBeLessThan(0.1 * edge.firstLoss);
  expect(diagnose(edge)).toEqual([]);
});

const frame = (step: number, eigenvalue: number, more: Partial<CurvatureFrame> = {}): CurvatureFrame => ({
  kind: 'curvature',
  step,
  eigenvalue,
  error: 0,
  products: 5,
  learningRate: 0.1,
  bound: 2,
  preconditioned: false,
  problem: null,
  ...more,
});

test('the first measurement that is clearly above counts, and none of long after', () => {
  const told = new Run();
  for (const one of [frame(0, 19), frame(3, 21), frame(6, 31), frame(9, 400), frame(90, 1e6)]) told.apply(one);
  expect(curvatureProof(told, 5)).toEqual({
    proves: true,
    sentence: ' At step 6 rate·λ was 3.1, above 2 (λ of the Hessian 31): each step overshoots.',
  });
  const calm = new Run();
  for (const one of [frame(0, 19), frame(90, 1e6)]) calm.apply(one);
  expect(curvatureProof(calm, 5)).toEqual({ proves: false, sentence: '' });
  expect(curvatureProof(new Run(), 5)).toEqual({ proves: false, sentence: '' });
});
