import { describe, expect, test } from 'vitest';
import type { Frame, StepFrame } from '../../engine/run/frame.ts';
import { gradientNorm, layerGroups, updateRatio } from '../../engine/run/groups.ts';
import { Run } from '../../engine/run/run.ts';
import { PARAMETER_STATISTICS, type ParameterStatistic } from '../../engine/run/statistics.ts';
import { everyKind, noRows, rows, start, step } from './frames.ts';
import { print } from './print.ts';

function fold(frames: readonly Frame[]): Run {
  const run = new Run();
  for (const frame of frames) run.apply(frame);
  return run;
}

/** A row of statistics of a parameter, NaN where not given. */
const row = (values: { readonly [K in ParameterStatistic]?: number }) =>
  PARAMETER_STATISTICS.map((name) => values[name] ?? Number.NaN);

test('a run, told in frames', () => {
  expect(`\n${print(everyKind)}\n`).toBe(`
start täst.ts embedded
source täst.ts, 2 lines
layer 0 model: Net in null @ täst.ts:5:11
layer 1 fc: Linear(2, 3) in 0
parameter 0 fc.weight [3, 2] of 1 @ täst.ts:5:11
operation 0 linear#0 [3] in 1 follows null @ täst.ts:5:11
stdout "epoch 0\\n" @ täst.ts:5:11
step 0 loss 0.7 lr 0.1 parameters 0
paused before backward of step 1 @ täst.ts:5:11
resumed before backward of step 1 @ täst.ts:5:11
gap of 7 steps
step 8 loss NaN lr NaN parameters 
NaN born in log at step 8 @ täst.ts:5:11
note compiled at step 8: Parameters only.
tensor for 1: [0.5, NaN]
optimizer 0 SGD of 0 @ täst.ts:5:11
loss crossEntropy 4×3: 1.1 @ täst.ts:5:11
input [4, 2] of 1: 0 … 255
Cube argument 0: 2, not 3 @ täst.ts:5:11
curvature at step 3: 31, bound 2
error TypeError: x is not a function @ täst.ts:5:11
end failed 1 @ täst.ts:5:11
`);
});

describe('the fold', () => {
  test('of every kind of frame', () => {
    const run = fold(everyKind);
    expect(run.start).toBe(everyKind[0]);
    expect(run.sources.get('/home/me/täst.ts')).toContain('∂ 🙂');
    expect(run.layers.map(({ name }) => name)).toEqual(['model', 'fc']);
    expect(run.parameters.map(({ name }) => name)).toEqual(['fc.weight']);
    expect(run.operations.map(({ operation }) => operation)).toEqual(['linear']);
    expect(run.stepCount).toBe(9);
    expect(run.missedSteps).toBe(7);
    expect(run.stepsOf(0)).toBe(1);
    expect(run.nonFinite?.operation).toBe('log');
    expect(run.error?.name).toBe('TypeError');
    expect(run.end?.ended).toBe('failed');
    expect(run.seconds).toBe(1.5);
  });

  test('paused while paused, and never after the end', () => {
    const paused: Frame = { kind: 'phase', state: 'paused', phase: 'forward', step: 0, site: null };
    expect(fold([start, paused]).paused).toBe(paused);
    expect(fold([start, paused, { ...paused, state: 'resumed' }]).paused).toBeNull();
    const end: Frame = { kind: 'end', ended: 'stopped', exitCode: 0, message: null, site: null, time: 1 };
    expect(fold([start, paused, end]).paused).toBeNull();
  });

  test('losses: NaN is neither the first nor the best', () => {
    const run = fold([Number.NaN, 3, 1, Number.NaN, 2].map((loss, i) => step(i, { loss })));
    expect([run.firstLoss, run.bestLoss]).toEqual([3, 1]);
  });

  test('only the first birth of a non-finite value counts', () => {
    const birth = everyKind.find(({ kind }) => kind === 'non-finite') as Frame;
    const run = fold([birth, { ...birth, operation: 'div' } as Frame]);
    expect(run.nonFinite?.operation).toBe('log');
  });
});

describe('rows', () => {
  test('by name and id, also where ids are not in order', () => {
    const parameters = rows([4, 2], [...row({ gradientNorm: 1 }), ...row({ gradientNorm: 2, updateNorm: 3 })]);
    const frame = step(0, { parameters });
    const run = fold([start, frame]);
    expect(run.parameterAt(frame, 4)('gradientNorm')).toBe(1);
    expect(run.parameterAt(frame, 2)('updateNorm')).toBe(3);
    expect(run.parameterAt(frame, 0)('gradientNorm')).toBeNaN();
    expect(run.latestParameter(2)('gradientNorm')).toBe(2);
  });

  test('the latest row stays when a step does not measure', () => {
    const layers = rows([0], [5, ...Array(8).fill(Number.NaN)]);
    const run = fold([start, step(0, { layers }), step(1)]);
    expect(run.latestLayer(0)('norm')).toBe(5);
    expect(run.layerAt(run.history.last as StepFrame, 0)('norm')).toBeNaN();
  });

  test('a log from before a statistic existed has NaN there', () => {
    const old: Frame = { ...start, parameterStatistics: ['weightNorm', 'gradientNorm'] };
    const frame = step(0, { parameters: rows([0, 1], [10, 1, 20, 2]) });
    const run = fold([old, frame]);
    expect(run.parameterAt(frame, 1)('gradientNorm')).toBe(2);
    expect(run.latestParameter(0)('weightNorm')).toBe(10);
    // not the next row's value
    expect(run.parameterAt(frame, 0)('updateNorm')).toBeNaN();
  });
});

describe('groups', () => {
  const layer = (id: number, name: string): Frame => ({
    kind: 'layer',
    id,
    name,
    type: 'Linear',
    description: name,
    parent: null,
    site: null,
  });
  const parameter = (id: number, name: string, shape: number[], of: number | null): Frame => ({
    kind: 'parameter',
    id,
    name,
    shape,
    dtype: 'float32',
    layer: of,
    site: null,
  });
  const declared = [
    start,
    layer(0, 'relu'),
    layer(1, 'fc'),
    parameter(0, 'w', [], null),
    parameter(1, 'fc.weight', [3, 2], 1),
    parameter(2, 'fc.bias', [3], 1),
  ];

  test('layers that own parameters, then loose tensors', () => {
    const groups = layerGroups(fold(declared));
    expect(groups.map(({ name, type, size }) => [name, type, size])).toEqual([
      ['fc', 'Linear', 9],
      ['w', 'tensor', 1],
    ]);
  });

  test('norms over all parameters of a group', () => {
    const frame = step(0, {
      parameters: rows(
        [1, 2],
        [
          ...row({ gradientNorm: 3, gradientNonFinite: 0, weightNorm: 6, updateNorm: 0.3 }),
          ...row({ gradientNorm: 4, gradientNonFinite: 0, weightNorm: 8, updateNorm: 0.4 }),
        ],
      ),
    });
    const run = fold([...declared, frame]);
    const [fc, w] = layerGroups(run);
    expect(gradientNorm(run, frame, fc)).toBeCloseTo(5, 6);
    expect(updateRatio(run, frame, fc)).toBeCloseTo(0.05, 6);
    expect(gradientNorm(run, frame, w)).toBeNaN();
    expect(gradientNorm(run, { ...frame, parameters: noRows }, fc)).toBeNaN();
  });

  test('a gradient with a NaN in it is infinite, never zero', () => {
    const frame = step(0, {
      parameters: rows([1], row({ gradientNorm: Number.NaN, gradientNonFinite: 1, weightNorm: 1 })),
    });
    const run = fold([...declared, frame]);
    expect(gradientNorm(run, frame, layerGroups(run)[0])).toBe(Infinity);
  });
});

test('which statistics are estimated follows from the size of the tensor', () => {
  const run = new Run();
  expect(run.isSampled('gradientMean', 1e6)).toBe(false);
  run.apply({ ...start, sampling: { elements: 4096, exact: ['gradientNorm'], budget: 5 } });
  expect(run.isSampled('gradientMean', 4096)).toBe(false);
  expect(run.isSampled('gradientMean', 4097)).toBe(true);
  expect(run.isSampled('gradientNorm', 4097)).toBe(false);
});
