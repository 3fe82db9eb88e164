// What make.py recorded from real PyTorch, against the engine. Everything in float64, so agreement is to rounding error.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { cat, type DType, F, grad, nn, type Tensor, tensor } from '../../engine/index.ts';

interface Recorded {
  readonly shape: number[];
  readonly dtype: DType;
  readonly values: (number | string)[];
}

interface Case {
  readonly name: string;
  // biome-ignore lint/suspicious/noExplicitAny: options of whatever function the case is about
  readonly options: any;
  readonly inputs: Recorded[];
  readonly output: Recorded;
  readonly gradients: (Recorded | null)[];
}

const [version, ...lines] = readFileSync(new URL('answers.jsonl', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line));
const cases: Case[] = lines;

const load = ({ shape, dtype, values }: Recorded): Tensor =>
  tensor(Float64Array.from(values, Number), { dtype }).reshape(shape);

type Answer = (inputs: Tensor[], options: Case['options']) => Tensor;

/** PyTorch's names, without underscores. */
const camel = (name: string): string => name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

/** A module with its parameters replaced by the first inputs, which PyTorch names `names`. */
function withParameters<M extends nn.Module>(
  module: M,
  inputs: Tensor[],
  names: readonly string[],
): { module: M; rest: Tensor[] } {
  const owners = new Map(module.namedModules());
  names.forEach((name, i) => {
    const path = camel(name).split('.');
    Object.assign(owners.get(path.slice(0, -1).join('.'))!, { [path[path.length - 1]]: inputs[i] });
  });
  return { module, rest: inputs.slice(names.length) };
}

const moduleAnswer =
  (make: () => nn.Module, pick: (output: never) => Tensor = (output) => output): Answer =>
  (inputs, { names }) => {
    const { module, rest } = withParameters(make(), inputs, names);
    return pick(module(...rest) as never);
  };

const first = ([output]: readonly Tensor[]): Tensor => output;

const unary = (name: keyof typeof F): [string, Answer] => [name, ([x]) => (F[name] as (x: Tensor) => Tensor)(x)];
const loss = (name: keyof typeof F): [string, Answer] => [
  name,
  ([x, y], options) => (F[name] as (x: Tensor, y: Tensor, options: object) => Tensor)(x, y, options),
];
const convolution = (name: 'conv1d' | 'conv2d' | 'convTranspose2d'): [string, Answer] => [
  name,
  ([x, w, b], options) => F[name](x, w, b, options),
];

const answers: Record<string, Answer> = {
  ...Object.fromEntries([convolution('conv1d'), convolution('conv2d'), convolution('convTranspose2d')]),
  maxPool2d: ([x], { kernelSize, ...options }) => F.maxPool2d(x, kernelSize, options),
  avgPool2d: ([x], { kernelSize, ...options }) => F.avgPool2d(x, kernelSize, options),
  adaptiveAvgPool2d: ([x], { size }) => F.adaptiveAvgPool2d(x, size),
  batchNorm: ([x, weight, bias]) => F.batchNorm(x, { weight, bias, training: true }),
  batchNormEval: ([x, weight, bias, mean, variance]) =>
    F.batchNorm(x, { weight, bias, runningMean: mean.detach(), runningVar: variance.detach().exp() }),
  layerNorm: ([x, weight, bias], { shape }) => F.layerNorm(x, shape, { weight, bias }),
  groupNorm: ([x, weight, bias], { groups }) => F.groupNorm(x, groups, { weight, bias }),
  instanceNorm: ([x]) => F.instanceNorm(x),
  rmsNorm: ([x, weight], { shape }) => F.rmsNorm(x, shape, { weight, eps: 1e-5 }),
  normalize: ([x]) => F.normalize(x),
  ...Object.fromEntries(
    (
      [
        'gelu',
        'silu',
        'mish',
        'softplus',
        'softsign',
        'selu',
        'elu',
        'relu6',
        'leakyRelu',
        'hardswish',
        'hardsigmoid',
      ] as const
    ).map(unary),
  ),
  ...Object.fromEntries((['logSigmoid', 'hardtanh', 'tanh', 'sigmoid'] as const).map(unary)),
  geluTanh: ([x]) => F.gelu(x, { approximate: 'tanh' }),
  prelu: ([x, weight]) => F.prelu(x, weight),
  glu: ([x]) => F.glu(x, 1),
  softmax: ([x]) => F.softmax(x, 1),
  logSoftmax: ([x]) => F.logSoftmax(x, 1),
  attention: ([q, k, v], options) => F.scaledDotProductAttention(q, k, v, options),
  ...Object.fromEntries(
    (
      ['crossEntropy', 'nllLoss', 'binaryCrossEntropyWithLogits', 'binaryCrossEntropy', 'mseLoss', 'l1Loss'] as const
    ).map(loss),
  ),
  ...Object.fromEntries(
    (['smoothL1Loss', 'huberLoss', 'klDiv', 'poissonNllLoss', 'cosineSimilarity'] as const).map(loss),
  ),
  crossEntropyWeighted: ([x, y, weight]) => F.crossEntropy(x, y, { weight: weight.detach() }),
  bcePosWeight: ([x, y, posWeight]) => F.binaryCrossEntropyWithLogits(x, y, { posWeight: posWeight.detach() }),
  tripletMarginLoss: ([a, b, c], options) => F.tripletMarginLoss(a, b, c, options),
  cosineEmbeddingLoss: ([a, b, c], options) => F.cosineEmbeddingLoss(a, b, c.detach(), options),
  marginRankingLoss: ([a, b, c], options) => F.marginRankingLoss(a, b, c.detach(), options),
  maxPool1d: ([x], { kernelSize, ...options }) => F.maxPool1d(x, kernelSize, options),
  upsampleNearest: ([x], { scale }) => F.upsampleNearest(x, scale),
  std: ([x]) => x.std(1),
  norm: ([x]) => x.norm(2, 1),
  logSumExp: ([x]) => x.logsumexp(1),
  prod: ([x]) => x.prod(1),
  amax: ([x]) => x.amax(1),
  max: ([x]) => x.max(1).values,
  sort: ([x]) => x.sort(1).values,
  cumsum: ([x]) => x.cumsum(1),
  pow: ([x, y]) => x.abs().pow(y),
  clamp: ([x]) => x.clamp({ min: -0.5, max: 0.5 }),
  atan2: ([y, x]) => y.atan2(x),
  embedding: ([weight, indices]) => F.embedding(indices, weight),
  bilinear: moduleAnswerLast(() => new nn.Bilinear(3, 4, 5)),
  MultiheadAttention: (inputs, { names }) => {
    const { module, rest } = withParameters(new nn.MultiheadAttention(6, 2, { batchFirst: true }), inputs, names);
    return module(rest[0], rest[0], rest[0], { isCausal: true });
  },
  MaskedAttention: (inputs, { names }) => {
    const { module, rest } = withParameters(new nn.MultiheadAttention(6, 2), inputs, names);
    const bools = (values: number[][]) => tensor(values, { dtype: 'bool' });
    const [attnMask, keyPaddingMask] = [
      [
        [0, 1, 0],
        [0, 0, 1],
      ],
      [
        [0, 0, 0],
        [1, 0, 0],
      ],
    ].map(bools);
    const [output, weights] = module(rest[0], rest[1], rest[1], { attnMask, keyPaddingMask, needWeights: true });
    return cat([output.transpose(0, 1), weights], 2);
  },
  TransformerDecoderLayer: moduleAnswer(
    () => new nn.TransformerDecoderLayer(6, 2, { dimFeedforward: 8, dropout: 0, batchFirst: true }),
  ),
  TransformerEncoder: moduleAnswer(() => {
    const layer = new nn.TransformerEncoderLayer(4, 2, { dimFeedforward: 5, dropout: 0, normFirst: true });
    return new nn.TransformerEncoder(layer, 2, { norm: new nn.LayerNorm(4) });
  }),
  Conv3d: moduleAnswer(() => new nn.Conv3d(2, 4, [2, 3, 1], { stride: [1, 2, 1], padding: 1, groups: 2 })),
  RNN: moduleAnswer(() => new nn.RNN(3, 4, { numLayers: 2, batchFirst: true }), first),
  LSTM: moduleAnswer(() => new nn.LSTM(3, 4, { numLayers: 2, batchFirst: true }), first),
  GRU: moduleAnswer(() => new nn.GRU(3, 4, { numLayers: 2, batchFirst: true }), first),
  LSTMBidirectional: moduleAnswer(() => new nn.LSTM(3, 4, { bidirectional: true }), first),
  TransformerEncoderLayer: moduleAnswer(
    () => new nn.TransformerEncoderLayer(6, 2, 8, { dropout: 0, batchFirst: true }),
  ),
};

/** PyTorch's function takes x, y and then the parameters. */
function moduleAnswerLast(make: () => nn.Module): Answer {
  return ([x, y, ...parameters]) => withParameters(make(), parameters, ['weight', 'bias']).module(x, y);
}

// PyTorch keeps a constant of it, 1/6, in float32.
const coarse: Readonly<Record<string, number>> = { hardsigmoid: 1e-8 };
const tolerance = (name: string, want: number) => coarse[name] ?? 1e-10 + 1e-9 * Math.abs(want);

const close = (name: string, got: Tensor, want: Recorded) => {
  expect(got.shape).toEqual(want.shape);
  const values = got.toFlat();
  want.values.forEach((w, i) => {
    expect(Math.abs(values[i] - Number(w)), `element ${i}: got ${values[i]}, PyTorch says ${w}`).toBeLessThanOrEqual(
      tolerance(name, Number(w)),
    );
  });
};

describe(`values and gradients of PyTorch ${version.torch}`, () => {
  test.each(cases.map((c, i) => [c.name, i, c] as const))(
    '%s (%i)',
    (name, _, { options, inputs, output, gradients }) => {
      const tensors = inputs.map((input, i) => load(input).requiresGrad_(gradients[i] !== null));
      const got = answers[name](tensors, options);
      close(name, got, output);
      const seed = got.newTensor(
        Array.from({ length: got.numel() }, (_, i) => Math.cos(1 + 2.4 * i)),
        got.shape,
      );
      const wanted = tensors.filter((t) => t.requiresGrad);
      const found = grad(got, wanted, { gradOutputs: seed });
      for (const [i, g] of gradients.filter((g) => g !== null).entries()) close(name, found[i]!, g);
    },
  );
});
