import type {
  FindingView,
  LayerVerdict,
  LayerView,
  MagnitudesView,
  PanelState,
  PauseView,
  RunView,
  TensorChoice,
  TensorRequest,
  TensorView,
} from '../../webview/protocol.ts';

/** Deterministic noise in [−1, 1]. */
function noise(seed: number): number {
  const x = Math.sin(seed * 12.9898) * 43758.5453;
  return 2 * (x - Math.floor(x)) - 1;
}

const TENSORS: readonly TensorChoice[] = [
  { label: 'weight', of: 'weight', id: 0 },
  { label: 'weight gradient', of: 'gradient', id: 0 },
  { label: 'bias', of: 'weight', id: 1 },
  { label: 'output', of: 'output', id: 0 },
];

/** A convolution's weight, a vector and an output that isn't kept; NaN and infinity among them. */
export function tensor({ of, id, start, count }: TensorRequest): TensorView {
  const nothing = { shape: [], dtype: '', start: [], count: [], values: [], statistics: {} };
  if (of === 'output') return { ...nothing, problem: 'This output is not in memory.' };
  const shape = id === 1 ? [64] : [32, 16, 5, 5];
  const from = shape.map((size, i) => Math.min(start[i] ?? 0, size - 1));
  const taken = shape.map((size, i) => Math.min(count[i] ?? size, size - from[i]));
  const values = Array.from({ length: taken.reduce((a, b) => a * b, 1) }, (_, i): number | string =>
    i === 7 ? 'NaN' : i === 12 ? '-Infinity' : i === 3 ? 0 : 0.2 * noise(i + 31 * from[0] + id) ** 3,
  );
  const statistics = { norm: 3.21, mean: -0.002, std: 0.071, min: -0.2, max: 0.2, zeroShare: 0.01, nonFinite: 2 };
  return { problem: null, shape, dtype: 'float32', start: from, count: taken, values, statistics };
}

/** Of a gradient that shrinks and spreads in the first layers of the run that vanishes, and stays as it is elsewhere. */
export function magnitudes(layer: string, state: PanelState): MagnitudesView | null {
  if (state.kind !== 'run' || state.run.engine === 'torch') return null;
  const { step } = state.run.history;
  const at = Float64Array.from(
    { length: Math.min(120, step.length) },
    (_, i) => step[Math.floor((i * step.length) / Math.min(120, step.length))],
  );
  const [first, bins] = [-40, 44];
  const share = new Float32Array(at.length * bins);
  at.forEach((_, i) => {
    const time = i / at.length;
    const center = layer === 'input' ? 34 - 26 * time : 36 - 4 * time;
    let total = 0;
    for (let bin = 0; bin < bins; bin++) {
      const value = Math.exp(-(((bin - center) / (2.2 + 2 * time)) ** 2)) * (1 + 0.2 * noise(bin + 7 * i));
      share[i * bins + bin] = value < 1e-4 ? 0 : value;
      total += share[i * bins + bin];
    }
    for (let bin = 0; bin < bins; bin++) share[i * bins + bin] *= 0.9 / total;
  });
  return {
    step: at,
    first,
    bins,
    share,
    zeros: new Float32Array(at.length).fill(0.1),
    nonFinite: new Float32Array(at.length),
  };
}

interface Shape {
  readonly layers: number;
  readonly steps: number;
  /** log10 of a layer's norm: depth in [0, 1], time in [0, 1]. */
  readonly exponent: (depth: number, time: number) => number;
  readonly verdict: (depth: number) => LayerVerdict;
  readonly name?: (index: number) => string;
}

function history(steps: number, loss: (t: number, i: number) => number) {
  const time = (i: number) => (steps < 2 ? 0 : i / (steps - 1));
  return {
    step: Float64Array.from({ length: steps }, (_, i) => i),
    loss: Float32Array.from({ length: steps }, (_, i) => loss(time(i), i)),
    learningRate: new Float32Array(steps).fill(0.1),
  };
}

function layersOf({ layers, steps, exponent, verdict, name }: Shape): LayerView[] {
  return Array.from({ length: layers }, (_, k): LayerView => {
    const depth = layers < 2 ? 0 : k / (layers - 1);
    const norms = Float32Array.from(
      { length: steps },
      (_, i) => 10 ** (exponent(depth, steps < 2 ? 0 : i / (steps - 1)) + 0.12 * noise(k * 977 + i)),
    );
    const ends = k === 0 ? 'input' : k === layers - 1 ? 'output' : `hidden.${k - 1}`;
    return {
      name: name?.(k) ?? ends,
      type: 'Linear',
      description: 'Linear(inFeatures=32, outFeatures=32, bias=true)',
      place: `moons-vanishing.ts:${10 + Math.min(k, 3)}`,
      parameters: k === 0 ? 96 : 1056,
      verdict: verdict(depth),
      gradientNorm: norms,
      tensors: TENSORS,
      sampled: null,
      updateRatio: norms.map((norm) => norm * 0.01),
      latest: {
        gradientMean: norms[steps - 1] * 0.003,
        gradientStd: norms[steps - 1] / 32,
        gradientMin: -norms[steps - 1] / 8,
        gradientMax: norms[steps - 1] / 9,
        weightNorm: 3.2,
        activationMean: 0.5,
        activationStd: 0.02,
      },
    };
  });
}

const VANISHING: FindingView = {
  id: 'vanishing-gradient',
  title: 'Vanishing gradient',
  severity: 'error',
  confidence: 0.97,
  layers: ['input', ...Array.from({ length: 8 }, (_, i) => `hidden.${i}`)],
  step: 12,
  cause: 'saturating-activation',
  evidence: 'Each sigmoid shrinks the gradient 5.6-fold; input receives 1.2e−9 where output receives 0.31.',
  remedies: ['Use ReLU instead of sigmoid', 'Add residual connections', 'Initialize for sigmoid (Xavier)'],
  place: 'moons-vanishing.ts:11',
  stage: 'settled',
  curedAt: null,
};

const PLATEAU: FindingView = {
  ...VANISHING,
  id: 'loss-plateau',
  title: 'Loss does not fall',
  severity: 'warning',
  confidence: 0.74,
  layers: [],
  step: 60,
  stage: 'suspected',
  evidence: 'Over the last 340 steps the loss stayed within 0.4% of 0.693, the loss of guessing.',
  remedies: ['Cure the vanishing gradient first'],
  place: null,
};

function run(part: Partial<RunView> & Pick<RunView, 'history' | 'layers'>): RunView {
  return {
    id: 'run-1',
    script: 'moons-vanishing.ts',
    engine: 'embedded',
    status: 'completed',
    message: null,
    pause: null,
    error: null,
    stepCount: part.history.step.length,
    stepsPerSecond: 214,
    seconds: 1.87,
    missedSteps: 0,
    findings: [],
    before: null,
    notes: [],
    measured: 'activations measured at 37 of 400 steps, histograms at 120 · 4.1 % of the time',
    changed: null,
    ranks: null,
    ...part,
  };
}

/** 13 layers whose gradient decays over nine decades. */
export function vanishing(steps = 400): RunView {
  const shape: Shape = {
    layers: 13,
    steps,
    exponent: (depth, time) => -9 * (1 - depth) - 0.5 + 0.6 * Math.exp(-6 * time) * (1 - depth),
    verdict: (depth) => (depth < 0.6 ? 'vanishing' : 'healthy'),
  };
  return run({
    history: history(steps, (t, i) => 0.69 + 0.06 * Math.exp(-t * 9) + 0.004 * noise(i)),
    layers: layersOf(shape),
    findings: [VANISHING, PLATEAU],
  });
}

/** After a remedy was applied: the same model, healthy, beside the run before. */
export function compared(steps = 300): RunView {
  const shape: Shape = { layers: 13, steps, exponent: (d, t) => -1.2 + 0.4 * d - 0.8 * t, verdict: () => 'healthy' };
  const before = vanishing();
  const layers = layersOf(shape);
  // of real PyTorch, last steps aren't measured mostly
  for (const { gradientNorm } of layers) gradientNorm.fill(Number.NaN, steps - 10);
  return run({
    id: 'run-9',
    history: history(steps, (t, i) => 0.72 * Math.exp(-2.6 * t) + 0.02 + 0.01 * noise(i)),
    layers,
    findings: [
      {
        ...PLATEAU,
        id: 'learning-rate-high',
        title: 'Learning rate too high',
        stage: 'cured',
        curedAt: 120,
        evidence: 'The first updates change the weights by up to 60 %, and throw the loss from 0.7 up to 3.1.',
      },
    ],
    before: {
      remedy: 'Normalize after each hidden layer (BatchNorm or LayerNorm)',
      finding: 'Vanishing gradient',
      outcome: 'cured',
      steps: 400,
      history: before.history,
      // the last layer is new
      gradientNorm: Float32Array.from(before.layers, ({ gradientNorm }, i) =>
        i === 12 ? Number.NaN : gradientNorm[399],
      ),
    },
  });
}

/** A healthy run as it trains. */
export function running(steps = 120): RunView {
  const shape: Shape = { layers: 8, steps, exponent: (d, t) => -1 + 0.5 * d - 1.2 * t, verdict: () => 'healthy' };
  const loss = (t: number, i: number) => 2.3 * Math.exp(-2.2 * t) + 0.08 + 0.03 * noise(i);
  return run({
    id: 'run-2',
    script: 'digits-cnn.ts',
    status: 'running',
    history: history(steps, loss),
    layers: layersOf(shape),
  });
}

/** 1,000 layers × 2,000 points. */
export function large(): RunView {
  const shape: Shape = {
    layers: 1000,
    steps: 2000,
    exponent: (d, t) => -6 + 5 * d + Math.sin(7 * t + 3 * d),
    verdict: (d) => (d < 0.2 ? 'vanishing' : d > 0.97 ? 'exploding' : 'healthy'),
    name: (k) =>
      `transformer.blocks.${Math.floor(k / 8)}.${['norm1', 'query', 'key', 'value', 'proj', 'norm2', 'fc1', 'fc2'][k % 8]}`,
  };
  const loss = (t: number, i: number) => 8 * Math.exp(-4 * t) + 1 + 0.1 * noise(i);
  return run({
    id: 'run-3',
    script: 'transformer.py',
    engine: 'torch',
    status: 'running',
    history: history(2000, loss),
    layers: layersOf(shape),
  });
}

/** One backward pass of one value: w, whose gradient is −24. */
export function single(): RunView {
  const w: LayerView = {
    ...layersOf({ layers: 1, steps: 1, exponent: () => 0, verdict: () => 'unknown', name: () => 'w' })[0],
    type: 'tensor',
    description: 'tensor([1])',
    place: 'backprop.ts:5',
    parameters: 1,
    gradientNorm: Float32Array.of(24),
    updateRatio: Float32Array.of(Number.NaN),
    latest: {
      gradientMean: -24,
      gradientStd: 0,
      gradientMin: -24,
      gradientMax: -24,
      weightNorm: 2,
      activationMean: Number.NaN,
      activationStd: Number.NaN,
    },
  };
  return run({ id: 'run-4', script: 'backprop.ts', history: history(1, () => 16), layers: [w], seconds: 0.04 });
}

/** One backward pass of a whole network. */
export function singleOfMany(): RunView {
  return { ...vanishing(1), id: 'run-5', findings: [] };
}

/** Explodes, then is NaN from step 60 on; its first layer gets no gradient at all in the beginning. */
export function notFinite(): RunView {
  const shape: Shape = {
    layers: 6,
    steps: 100,
    exponent: (d, t) => -1 + 8 * t * (1 - d / 2),
    verdict: () => 'non-finite',
  };
  const layers = layersOf(shape);
  const nothing = {
    gradientMean: Number.NaN,
    gradientStd: Number.NaN,
    gradientMin: Number.NaN,
    gradientMax: Number.NaN,
  };
  layers.forEach((layer, i) => {
    layer.gradientNorm.fill(Infinity, 60);
    layer.updateRatio.fill(Number.NaN, 60);
    layers[i] = { ...layer, latest: { ...layer.latest, ...nothing } };
  });
  layers[0].gradientNorm.fill(0, 0, 12);
  const loss = (t: number, i: number) => (i >= 60 ? Number.NaN : 2 + 3 * t ** 2 * 10 + 0.1 * noise(i));
  const error = { title: 'ValueError', message: 'loss is nan at step 99; giving up', place: 'rnn-exploding.py:31' };
  const finding: FindingView = {
    ...VANISHING,
    id: 'non-finite',
    title: 'Gradient is NaN',
    confidence: 1,
    layers: ['input', 'hidden.0'],
    step: 60,
    evidence: 'At step 60 the norm of the gradient overflowed: it had grown 1.2-fold a step since step 0.',
    remedies: ['Clip the gradient norm to 1', 'Use a learning rate ten times smaller'],
    place: 'rnn-exploding.py:22',
  };
  return run({
    id: 'run-6',
    script: 'rnn-exploding.py',
    engine: 'torch',
    status: 'failed',
    message: 'The script failed at step 99.',
    error,
    history: history(100, loss),
    layers,
    findings: [finding],
    missedSteps: 12,
  });
}

/** Two ranks, one of which has data that were never scaled; sampled, and with something that isn't seen. */
function ranks(chosen: number | null = null): RunView {
  const own = running();
  const value = (value: number, times: number | null = null) => ({ value, times });
  return {
    ...own,
    engine: 'torch',
    script: 'digits_ddp.py',
    layers: own.layers.map((layer, i) => ({
      ...layer,
      sampled: i === 3 ? 4096 : null,
      verdict: i < 2 ? 'concerned' : layer.verdict,
    })),
    notes: ['The loss is scaled (GradScaler). Losses and gradients of parameters are shown unscaled.'],
    measured: 'measured at 37 of 120 steps',
    changed: { how: 'clipped', before: 12.34, after: 1 },
    ranks: {
      all: [0, 1],
      chosen,
      layerCount: own.layers.length,
      layers: own.layers.map(({ name }, i) => ({
        name,
        gradient: i < 2 ? [value(0.12, 1 / 16), value(1.92, 16)] : [value(0.3), value(0.28)],
        output: i < 1 ? [value(0.5, 1 / 16), value(8, 16)] : [value(1), value(1.1)],
      })),
    },
  };
}

const PAUSE: PauseView = { phase: 'backward', step: 119, place: 'digits-cnn.ts:31' };

export const STATES = {
  vanishing: () => show(vanishing()),
  compared: () => show(compared()),
  alone: () => show({ ...compared(), before: null }),
  running: () => show(running()),
  paused: () => show({ ...running(), status: 'paused', pause: PAUSE }),
  ranks: () => show(ranks()),
  ranksPaused: () => show({ ...ranks(), status: 'paused', pause: PAUSE }),
  rankChosen: () => show({ ...ranks(1), status: 'paused', pause: PAUSE }),
  starting: () => show({ ...running(0), layers: [], stepCount: 0, stepsPerSecond: 0, status: 'starting' }),
  large: () => show(large()),
  single: () => show(single()),
  singleOfMany: () => show(singleOfMany()),
  firstStep: () => show({ ...running(1), status: 'running' }),
  notFinite: () => show(notFinite()),
  noRun: (): PanelState => ({ kind: 'no-run', trusted: true }),
  untrusted: (): PanelState => ({ kind: 'no-run', trusted: false }),
  unavailable: (): PanelState => ({
    kind: 'unavailable',
    message: 'The run log moons.gradlens was written by a newer GradLens.',
  }),
} as const satisfies Record<string, () => PanelState>;

export type StateName = keyof typeof STATES;

function show(run: RunView): PanelState {
  return { kind: 'run', run };
}
