import { streamHeader } from '../../engine/run/codec.ts';
import { encodeFrame } from '../../engine/run/encoder.ts';
import type { Frame, StartFrame, StatisticRows, StepFrame } from '../../engine/run/frame.ts';
import { ACTIVATION_STATISTICS, PARAMETER_STATISTICS } from '../../engine/run/statistics.ts';

const site = { file: '/home/me/täst.ts', line: 5, column: 11 };

export const start: StartFrame = {
  kind: 'start',
  script: '/home/me/täst.ts',
  cwd: '/home/me',
  arguments: ['--epochs', '3'],
  engine: 'embedded',
  engineVersion: '0.1.0',
  pid: 4711,
  startedAt: 1_700_000_000_000,
  parameterStatistics: PARAMETER_STATISTICS,
  activationStatistics: ACTIVATION_STATISTICS,
};

export const rows = (ids: number[], values: number[]): StatisticRows => ({
  ids: Uint32Array.from(ids),
  values: Float32Array.from(values),
});

export const noRows = rows([], []);

export function step(number: number, more: Partial<StepFrame> = {}): StepFrame {
  return {
    kind: 'step',
    step: number,
    time: number / 100,
    loss: 1,
    learningRate: 0.1,
    parameters: noRows,
    layers: noRows,
    operations: noRows,
    ...more,
  };
}

/** A short run that has every kind of frame. */
export const everyKind: readonly Frame[] = [
  start,
  { kind: 'source', file: site.file, text: 'const w = tensor([2]); // ∂ 🙂\r\n' },
  { kind: 'layer', id: 0, name: 'model', type: 'Net', description: 'Net', parent: null, site },
  { kind: 'layer', id: 1, name: 'fc', type: 'Linear', description: 'Linear(2, 3)', parent: 0, site: null },
  { kind: 'parameter', id: 0, name: 'fc.weight', shape: [3, 2], dtype: 'float32', layer: 1, site },
  {
    kind: 'operation',
    id: 0,
    operation: 'linear',
    occurrence: 0,
    layer: 1,
    follows: null,
    shape: [3],
    dtype: 'float32',
    site,
  },
  { kind: 'output', stream: 'stdout', text: 'epoch 0\n', step: 0, site },
  step(0, {
    loss: 0.7,
    parameters: rows([0], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]),
    histograms: { ids: Uint32Array.of(0), values: Uint32Array.of(6, 1, 0, 250, 3, 2, 1, 2) },
  }),
  { kind: 'phase', state: 'paused', phase: 'backward', step: 1, site },
  { kind: 'phase', state: 'resumed', phase: 'backward', step: 1, site },
  { kind: 'gap', steps: 7 },
  step(8, { loss: Number.NaN, learningRate: Number.NaN }),
  { kind: 'non-finite', step: 8, operation: 'log', layer: 1, site, value: 'NaN', inputs: [{ min: -1, max: 2 }] },
  { kind: 'note', topic: 'compiled', message: 'Parameters only.', step: 8 },
  {
    kind: 'tensor',
    request: 1,
    problem: null,
    shape: [2, 3],
    dtype: 'float32',
    start: [0, 1],
    count: [2, 1],
    values: [0.5, 'NaN'],
    statistics: { norm: 'NaN', min: -2 },
  },
  { kind: 'optimizer', id: 0, type: 'SGD', site, parameters: [0], settings: { momentum: 0.9, betas: [0.9, 0.99] } },
  {
    kind: 'loss',
    step: 0,
    loss: 'crossEntropy',
    evaluation: false,
    site,
    layer: 1,
    operation: 'linear',
    rows: 4,
    classes: 3,
    min: -1,
    max: 2,
    leastSum: -1.5,
    greatestSum: 2.5,
    value: 1.1,
    baseline: null,
  },
  {
    kind: 'input',
    step: 0,
    layer: 1,
    site: null,
    shape: [4, 2],
    min: 0,
    max: 255,
    mean: 90,
    std: 70,
    leastFeature: 1,
    greatestFeature: 200,
  },
  {
    kind: 'gradient-check',
    step: 0,
    function: 'Cube',
    argument: 0,
    analytic: 2,
    numeric: 3,
    layer: null,
    site,
  },
  {
    kind: 'curvature',
    step: 3,
    eigenvalue: 31,
    error: 0.2,
    products: 7,
    learningRate: 0.1,
    bound: 2,
    preconditioned: false,
    problem: null,
  },
  { kind: 'error', name: 'TypeError', message: 'x is not a function', stack: 'TypeError: …\n    at f', site },
  { kind: 'end', ended: 'failed', exitCode: 1, message: null, site, time: 1.5, measuring: 0.041 },
];

export const streamOf = (frames: readonly Frame[]): Uint8Array =>
  new Uint8Array(Buffer.concat([streamHeader(), ...frames.map(encodeFrame)]));
