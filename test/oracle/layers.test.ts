// Recurrent layers, attention, transformers, reparametrizations and initialization against what layers.py recorded, in float64.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { grad, manualSeed, nn, noGrad, type Tensor, tensor, zeros } from '../../engine/index.ts';

interface Recorded {
  readonly shape: number[];
  readonly values: number[];
}

interface Layer {
  readonly kind: 'layer';
  readonly name: string;
  readonly parameters: Record<string, Recorded>;
  readonly inputs: Recorded[];
  readonly output: Recorded;
  readonly gradients: Record<string, Recorded>;
  readonly inputGradients: Recorded[];
}

interface Trained {
  readonly kind: 'trained';
  readonly name: string;
  readonly options: object;
  readonly start: Record<string, Recorded>;
  readonly input: Recorded;
  readonly path: { readonly output: Recorded; readonly gradients: Record<string, Recorded> }[];
  readonly evaluated: Recorded[];
}

interface Moments {
  readonly mean: number;
  readonly std: number;
  readonly min: number;
  readonly max: number;
}

interface Init {
  readonly kind: 'init';
  readonly moments: Record<string, Moments>;
  readonly gains: Record<string, number>;
  readonly zeros: number[];
  readonly dirac: Recorded;
  readonly eye: Recorded;
}

const [version, ...lines]: [{ torch: string }, ...(Layer | Trained | Init)[]] = JSON.parse(
  `[${readFileSync(new URL('layers.jsonl', import.meta.url), 'utf8')
    .trimEnd()
    .replaceAll('\n', ',')}]`,
);
const layers = lines.filter((line) => line.kind === 'layer');
const trained = lines.filter((line) => line.kind === 'trained');
const [init] = lines.filter((line) => line.kind === 'init');

const load = ({ shape, values }: Recorded): Tensor => tensor(values, { dtype: 'float64' }).reshape(shape);
const camel = (name: string): string => name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

/** Parameters and buffers of float64 with the recorded values, under their own names. */
function fill(module: nn.Module, recorded: Record<string, Recorded>): void {
  const owners = new Map(module.namedModules());
  for (const [name, value] of Object.entries(recorded)) {
    const path = camel(name).split('.');
    const owner = owners.get(path.slice(0, -1).join('.'))!;
    const last = path[path.length - 1];
    const Kind = Reflect.get(owner, last) instanceof nn.Buffer ? nn.Buffer : nn.Parameter;
    expect(Reflect.get(owner, last), `${name} in ${module}`).toBeInstanceOf(Kind);
    Object.assign(owner, { [last]: new Kind(load(value)) });
  }
}

const flat = (outputs: Tensor | readonly unknown[]): Tensor[] =>
  Array.isArray(outputs) ? outputs.flatMap((o) => flat(o)) : [(outputs as Tensor).reshape([-1])];

/** sum(outputs · cos(1 + 2.4 i)), counting through all outputs. */
function weigh(parts: readonly Tensor[]): Tensor {
  let count = 0;
  const sums = parts.map((part) => {
    const weights = Array.from(part.toFlat(), () => Math.cos(1 + 2.4 * count++));
    return part.mul(tensor(weights, { dtype: 'float64' })).sum();
  });
  return sums.reduce((a, b) => a.add(b));
}

function close(what: string, got: ArrayLike<number>, { values }: Recorded): void {
  expect(got.length, what).toBe(values.length);
  const worst = values.reduce((most, w, i) => Math.max(most, Math.abs(got[i] - w) / Math.max(1, Math.abs(w))), 0);
  expect(worst, what).toBeLessThan(1e-9);
}

const all = (parts: readonly Tensor[]): number[] => parts.flatMap((part) => Array.from(part.toFlat()));
const bools = (rows: number[][]): Tensor => tensor(rows, { dtype: 'bool' });

const blocked = bools([
  [0, 1, 0],
  [0, 0, 1],
]);
const padding = bools([
  [0, 0, 0],
  [1, 0, 0],
]);
const causal = bools([
  [0, 1, 1],
  [0, 0, 1],
  [0, 0, 0],
]);
const late = bools([
  [0, 0, 0],
  [0, 0, 1],
]);
const added = tensor(
  [
    [0.5, -1, 0],
    [0.1, 2, -0.3],
  ],
  { dtype: 'float64' },
);

// biome-ignore lint/suspicious/noExplicitAny: each layer has inputs of its own
type Maker = () => { module: nn.Module; call?: (module: any, ...inputs: Tensor[]) => Tensor | readonly unknown[] };

// biome-ignore lint/suspicious/noExplicitAny: as above
const withState = (m: any, x: Tensor, h: Tensor, c: Tensor) => m(x, [h, c]);
const small = { dimFeedforward: 5, dropout: 0, batchFirst: true };

const decoders =
  (normFirst: boolean): Maker =>
  () => ({
    module: new nn.TransformerDecoder(new nn.TransformerDecoderLayer(4, 2, { ...small, normFirst }), 2, {
      norm: new nn.LayerNorm(4),
    }),
    call: (m, x, y) =>
      m(x, y, {
        target: { attnMask: causal, keyPaddingMask: late },
        memory: {
          attnMask: bools([
            [0, 1, 0],
            [0, 0, 0],
            [1, 0, 0],
          ]),
          keyPaddingMask: late,
        },
      }),
  });

const addedKeys =
  (options: object): Maker =>
  () => ({
    module: new nn.MultiheadAttention(6, 2, options),
    call: (m, q, k) => m(q, k, k, padding, true, blocked),
  });

const indices = tensor(
  [
    [1, 0, 4],
    [3, 4, 1],
  ],
  { dtype: 'int32' },
);

const bags =
  (mode: 'sum' | 'mean' | 'max'): Maker =>
  () => ({
    module: new nn.EmbeddingBag(5, 3, { mode, paddingIdx: 4 }),
    call: (m) => [m(indices), m(indices.flatten(), tensor([0, 2, 2], { dtype: 'int32' }))],
  });

// biome-ignore lint/suspicious/noExplicitAny: any normalization
const several = (m: any, x: Tensor) => [m(x), m(x.mul(2).add(1)), m.eval()(x)];

const makers: Record<string, Maker> = {
  'LSTM projected': () => ({ module: new nn.LSTM(3, 5, 2, { bidirectional: true, projSize: 2 }), call: withState }),
  'LSTM batch first': () => ({
    module: new nn.LSTM(3, 4, { numLayers: 2, bidirectional: true, batchFirst: true, bias: false }),
    call: withState,
  }),
  'LSTM alone': () => ({ module: new nn.LSTM(3, 4) }),
  'GRU both ways': () => ({ module: new nn.GRU(3, 4, 3, { bidirectional: true }) }),
  'RNN relu': () => ({ module: new nn.RNN(3, 4, 2, 'relu', { bidirectional: true }) }),
  LSTMCell: () => ({ module: new nn.LSTMCell(3, 4), call: withState }),
  GRUCell: () => ({ module: new nn.GRUCell(3, 4) }),
  RNNCell: () => ({ module: new nn.RNNCell(3, 4) }),
  'Attention per head': () => ({
    module: new nn.MultiheadAttention(6, 2),
    call: (m, q, k) =>
      m(q, k, k, { attnMask: blocked, keyPaddingMask: padding, needWeights: true, averageAttnWeights: false }),
  }),
  'Attention added mask': () => ({
    module: new nn.MultiheadAttention(6, 3, { batchFirst: true, bias: false }),
    call: (m, q, k, v) => m(q, k, v, { attnMask: added, needWeights: true }),
  }),
  'Attention other widths': () => ({
    module: new nn.MultiheadAttention(6, 2, { kdim: 4, vdim: 5, batchFirst: true }),
    call: (m, q, k, v) => m(q, k, v, { needWeights: true }),
  }),
  'Attention unbatched': () => ({
    module: new nn.MultiheadAttention(6, 2),
    call: (m, q, k) => m(q, k, k, { needWeights: true }),
  }),
  'Encoder masked': () => ({
    module: new nn.TransformerEncoder(new nn.TransformerEncoderLayer(4, 2, { ...small, activation: 'gelu' }), 2),
    call: (m, x) => m(x, { mask: causal, srcKeyPaddingMask: late }),
  }),
  'Decoder masked': decoders(false),
  'Decoder masked first': decoders(true),
  Transformer: () => ({
    module: new nn.Transformer(4, 2, 1, 2, small),
    call: (m, x, y) => m(x, y, { tgtMask: causal, srcKeyPaddingMask: late, memoryKeyPaddingMask: late }),
  }),
  'Attention added keys True False': addedKeys({ addBiasKv: true }),
  'Attention added keys False True': addedKeys({ addZeroAttn: true }),
  'Attention added keys True True': addedKeys({ addBiasKv: true, addZeroAttn: true }),
  'Embedding with a limit': () => ({ module: new nn.Embedding(5, 3, -2, 0.7), call: (m) => m(indices) }),
  'Embedding with another norm': () => ({
    module: new nn.Embedding(5, 3, { maxNorm: 0.7, normType: 1 }),
    call: (m) => m(indices),
  }),
  'Bags sum': bags('sum'),
  'Bags mean': bags('mean'),
  'Bags max': bags('max'),
  'Bags weighted': () => ({
    module: new nn.EmbeddingBag(5, 3, { mode: 'sum' }),
    call: (m, w) => m(indices, undefined, w),
  }),
  'BatchNorm cumulative': () => ({ module: new nn.BatchNorm1d(3, { momentum: null }), call: several }),
  'InstanceNorm tracking': () => ({
    module: new nn.InstanceNorm1d(3, { affine: true, trackRunningStats: true }),
    call: several,
  }),
  InstanceNorm: () => ({ module: new nn.InstanceNorm2d(3), call: several }),
  RMSNorm: () => ({ module: new nn.RMSNorm(4) }),
};

describe(`layers of PyTorch ${version.torch}`, () => {
  test.each(layers.map((layer) => [layer.name, layer] as const))('%s', (name, recorded) => {
    const { module, call = (m, ...inputs) => m(...inputs) } = makers[name]();
    expect([...module.namedParameters()].map(([path]) => path).sort()).toEqual(
      Object.keys(recorded.parameters).map(camel).sort(),
    );
    module.double();
    fill(module, recorded.parameters);
    const inputs = recorded.inputs.map((input) => load(input).requiresGrad_());
    const outputs = flat(call(module, ...inputs));
    close('outputs', all(outputs), recorded.output);
    const parameters = new Map<string, Tensor>(module.namedParameters());
    const names = Object.keys(recorded.gradients);
    const found = grad(weigh(outputs), [...names.map((key) => parameters.get(camel(key))!), ...inputs]);
    names.forEach((key, i) => {
      close(key, found[i]!.toFlat(), recorded.gradients[key]);
    });
    recorded.inputGradients.forEach((want, i) => {
      close(`input ${i}`, found[names.length + i]!.toFlat(), want);
    });
  });
});

const reparametrized: Record<string, (options: object) => nn.Module> = {
  'weight linear': (options) => nn.utils.weightNorm(new nn.Linear(3, 4).double(), 'weight', options),
  'weight conv': (options) => nn.utils.weightNorm(new nn.Conv2d(2, 3, 2).double(), 'weight', options),
  'spectral linear': (options) => nn.utils.spectralNorm(new nn.Linear(3, 4).double(), 'weight', options),
  'spectral conv': (options) => nn.utils.spectralNorm(new nn.Conv2d(2, 3, 2).double(), 'weight', options),
};

describe('weight and spectral norm, four steps and then evaluation', () => {
  test.each(trained.map((line) => [line.name, JSON.stringify(line.options), line] as const))(
    '%s %s',
    (name, _, { options, start, input, path, evaluated }) => {
      const module = reparametrized[name](options);
      module.loadStateDict(Object.fromEntries(Object.entries(start).map(([key, value]) => [key, load(value)])));
      const x = load(input);
      for (const { output, gradients } of path) {
        module.zeroGrad();
        const y = flat(module(x));
        close('output', all(y), output);
        weigh(y).backward();
        const parameters = new Map<string, Tensor>(module.namedParameters());
        expect([...parameters.keys()].sort()).toEqual(Object.keys(gradients).map(camel).sort());
        for (const [key, want] of Object.entries(gradients))
          close(key, parameters.get(camel(key))!.grad!.toFlat(), want);
        noGrad(() => {
          for (const p of parameters.values()) p.sub_(p.grad!.mul(0.1));
        });
      }
      module.eval();
      for (const want of evaluated) close('evaluated', all(flat(module(x))), want);
    },
  );
});

describe('initialization', () => {
  const many = (f: (t: Tensor) => Tensor): Moments => {
    const filled = Array.from({ length: 20 }, () => f(zeros([60, 80, 3], { dtype: 'float64' })).toFlat());
    const list = filled.flatMap((values) => Array.from(values));
    const mean = list.reduce((a, b) => a + b) / list.length;
    const std = Math.sqrt(list.reduce((sum, v) => sum + (v - mean) ** 2, 0) / list.length);
    return { mean, std, min: list.reduce((a, b) => Math.min(a, b)), max: list.reduce((a, b) => Math.max(a, b)) };
  };
  const fillings: Record<string, (t: Tensor) => Tensor> = {
    xavierUniform: (t) => nn.init.xavierUniform_(t, { gain: 1.5 }),
    xavierNormal: (t) => nn.init.xavierNormal_(t, { gain: 1.5 }),
    kaimingUniform: (t) => nn.init.kaimingUniform_(t, { a: 0.3 }),
    kaimingNormal: (t) => nn.init.kaimingNormal_(t, { mode: 'fanOut', nonlinearity: 'relu' }),
    truncNormal: (t) => nn.init.truncNormal_(t, { mean: 0.5, std: 1, a: -1, b: 1.2 }),
    uniform: (t) => nn.init.uniform_(t, { from: -1, to: 3 }),
    normal: (t) => nn.init.normal_(t, { mean: 2, std: 3 }),
  };

  // 288,000 numbers: standard errors are below 0.2 % of the deviation; the ends of a normal distribution vary more.
  test.each(Object.entries(init.moments))('%s has PyTorch’s moments', (name, want) => {
    manualSeed(0);
    const got = many(fillings[name]);
    expect(Math.abs(got.mean - want.mean) / want.std).toBeLessThan(0.01);
    expect(Math.abs(got.std - want.std) / want.std).toBeLessThan(0.01);
    const bounded = /Uniform|uniform|trunc/.test(name);
    for (const end of ['min', 'max'] as const) {
      expect(Math.abs(got[end] - want[end]) / want.std).toBeLessThan(bounded ? 0.001 : 1.5);
    }
  });

  test('gains, dirac, eye and sparse', () => {
    for (const [name, want] of Object.entries(init.gains)) {
      const [kind, slope] = name.split(' ');
      const got = nn.init.calculateGain(
        camel(kind) as nn.init.Nonlinearity,
        slope === undefined ? undefined : Number(slope),
      );
      expect(got, name).toBeCloseTo(want, 12);
    }
    close('dirac', nn.init.dirac_(zeros([3, 2, 3, 2])).toFlat(), init.dirac);
    close('eye', nn.init.eye_(zeros([3, 5])).toFlat(), init.eye);
    const sparse = nn.init.sparse_(zeros([10, 4]), { sparsity: 0.25 });
    expect(Array.from(sparse.eq(0).to('int32').sum(0).toFlat())).toEqual(init.zeros);
  });
});
