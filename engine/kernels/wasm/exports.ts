/** An address in WebAssembly memory, in bytes. */
export type Address = number;

type Unary = (x: Address, out: Address, length: number) => void;
/** `nest`: the loops, see nest.ts. */
type Binary = (x: Address, y: Address, out: Address, nest: Address) => void;
type Copy = (x: Address, out: Address, nest: Address) => void;
/** Strides in elements; the columns of `out` are contiguous, `outRow` apart. */
type Matmul = (
  a: Address,
  aRow: number,
  aColumn: number,
  b: Address,
  bRow: number,
  bColumn: number,
  out: Address,
  outRow: number,
  m: number,
  k: number,
  n: number,
  accumulate: boolean,
) => void;

export const UNARY = [
  'neg',
  'abs',
  'sqrt',
  'rsqrt',
  'square',
  'reciprocal',
  'silu',
  'floor',
  'ceil',
  'round',
  'trunc',
  'relu',
  'expOf',
  'logOf',
  'tanhOf',
  'sigmoidOf',
  'erfOf',
  'geluOf',
  'logSigmoidOf',
] as const;

export const BINARY = [
  'add',
  'sub',
  'mul',
  'div',
  'maximum',
  'minimum',
  'sigmoidBackward',
  'tanhBackward',
  'reluBackward',
  'geluBackward',
  'siluBackward',
  'logitLoss',
  'eq',
  'ne',
  'lt',
  'le',
] as const;

type Pick = (
  x: Address,
  index: Address,
  out: Address,
  ...sizes: [outer: number, length: number, picks: number, inner: number]
) => void;
type PickSlices = (
  x: Address,
  index: Address,
  out: Address,
  ...sizes: [count: number, outer: number, length: number, inner: number]
) => void;
type Pair = [number, number];
/** `stride`: elements from one sample to the next. */
type ChannelSizes = [outer: number, channels: number, inner: number, stride: number];

/** As in `measureParameter`. */
type Measuring = [row: Address, wide: boolean, scratch: Address];

/** Sums, accumulators and a block of `BLOCK` float32 (assembly/statistics/parameterStatistics.ts), rounded up. */
export const MEASURING_BYTES = 16384;

/** What engine/kernels/assembly exports. All arrays are float32 unless said otherwise. */
export interface KernelExports extends Record<(typeof UNARY)[number], Unary>, Record<(typeof BINARY)[number], Binary> {
  gemmScratch(): number;
  gemmInit(scratch: Address): void;
  matmul: Matmul;
  matmulWide: Matmul;
  /** `row` has n elements. */
  fillRows(row: Address, out: Address, m: number, n: number): void;
  columnSums(g: Address, sums: Address, m: number, n: number): void;
  /** Address 0 stands for an array that isn't there. */
  linear(
    x: Address,
    weight: Address,
    bias: Address,
    out: Address,
    m: number,
    k: number,
    n: number,
    wide: boolean,
  ): void;
  linearBackward(
    g: Address,
    x: Address,
    weight: Address,
    dx: Address,
    dw: Address,
    db: Address,
    m: number,
    k: number,
    n: number,
    wide: boolean,
  ): void;
  logitLossBackward(g: Address, each: boolean, x: Address, y: Address, out: Address, n: number): void;
  sum(x: Address, n: number): number;
  leakyRelu(x: Address, out: Address, length: number, slope: number): void;
  clamp(x: Address, out: Address, length: number, min: number, max: number): void;
  /** `sums` is float64. */
  fold(x: Address, sums: Address, nest: Address, squares: boolean): void;
  where(condition: Address, x: Address, y: Address, out: Address, nest: Address): void;
  copy1: Copy;
  copy4: Copy;
  softmaxBackward(g: Address, y: Address, out: Address, rows: number, length: number, log: boolean): void;
  standardizeBackward(g: Address, y: Address, inverseStd: Address, out: Address, rows: number, length: number): void;
  /** `index` is int32. */
  crossEntropy(x: Address, index: Address, out: Address, rows: number, length: number, ignored: number): void;
  crossEntropyBackward(
    g: Address,
    x: Address,
    index: Address,
    out: Address,
    rows: number,
    length: number,
    ignored: number,
  ): void;
  /** `table` is float64, by channel. */
  moments(x: Address, means: Address, variances: Address, ...sizes: ChannelSizes): void;
  scaleShift(x: Address, table: Address, out: Address, outer: number, channels: number, inner: number): void;
  channelSums(g: Address, x: Address, means: Address, sums: Address, alongs: Address, ...sizes: ChannelSizes): void;
  combine(g: Address, x: Address, table: Address, out: Address, outer: number, channels: number, inner: number): void;
  softmax(x: Address, out: Address, rows: number, length: number, log: boolean): void;
  standardize(x: Address, out: Address, inverseStd: Address, rows: number, length: number, eps: number): void;
  lstmMemory(gates: Address, c: Address, out: Address, n: number, width: number): void;
  lstmMemoryBackward(g: Address, gates: Address, c: Address, out: Address, n: number, width: number): void;
  lstmHidden(gates: Address, c: Address, out: Address, n: number, width: number): void;
  lstmHiddenBackward(g: Address, gates: Address, c: Address, out: Address, n: number, width: number): void;
  lstmScratch(width: number): number;
  lstm(
    gates: Address,
    weight: Address,
    bias: Address,
    h0: Address,
    c0: Address,
    out: Address,
    cells: Address,
    scratch: Address,
    steps: number,
    n: number,
    width: number,
    backwards: boolean,
    wide: boolean,
  ): void;
  lstmBackward(
    g: Address,
    gates: Address,
    weight: Address,
    c0: Address,
    cells: Address,
    dGates: Address,
    dh: Address,
    dc: Address,
    scratch: Address,
    steps: number,
    n: number,
    width: number,
    backwards: boolean,
    wide: boolean,
  ): void;
  gruStep(x: Address, h: Address, before: Address, out: Address, n: number, width: number): void;
  gruStepBackward(g: Address, x: Address, h: Address, before: Address, out: Address, n: number, width: number): void;
  /** `stats`: two for each row. */
  layerNorm(
    x: Address,
    weight: Address,
    bias: Address,
    out: Address,
    stats: Address,
    rows: number,
    length: number,
    eps: number,
  ): void;
  /** `parts`: two rows for each block of rows. */
  layerNormBackward(
    g: Address,
    x: Address,
    weight: Address,
    stats: Address,
    dx: Address,
    parts: Address,
    rows: number,
    length: number,
  ): void;
  /** Bytes; `geometry` is 37 words, in the order of assembly/attention/attention.ts. */
  attentionScratch(geometry: Address): number;
  attentionBackwardScratch(geometry: Address): number;
  /** `mask` 0: none. */
  attention(
    geometry: Address,
    q: Address,
    k: Address,
    v: Address,
    mask: Address,
    out: Address,
    sums: Address,
    scratch: Address,
  ): void;
  attentionBackward(
    geometry: Address,
    g: Address,
    q: Address,
    k: Address,
    v: Address,
    mask: Address,
    out: Address,
    sums: Address,
    dq: Address,
    dk: Address,
    dv: Address,
    scratch: Address,
  ): void;
  /** Bytes; `geometry` is 20 int32, in the order of `Geometry` in assembly/convolution/planes.ts. */
  convolutionScratch(geometry: Address): number;
  /** `bias` 0: none. */
  conv2d(geometry: Address, x: Address, weight: Address, bias: Address, out: Address, scratch: Address): void;
  conv2dInput(geometry: Address, y: Address, weight: Address, out: Address, scratch: Address): void;
  conv2dWeight(geometry: Address, y: Address, x: Address, out: Address, scratch: Address): void;
  /** Six float64 at `out`, and room for ten vectors behind them. */
  measure(x: Address, length: number, out: Address): void;
  /** `lanes`: room for two vectors. */
  squaredDistance(a: Address, b: Address, length: number, lanes: Address): number;
  /** 256 uint32 at `counts`, with room for 1024. */
  magnitudes(x: Address, length: number, counts: Address): void;
  /** `row`: thirteen float32. `wide`: whether 256 bits have been found right. `scratch`: `MEASURING_BYTES`. */
  measureParameter(
    p: Address,
    g: Address,
    before: Address,
    length: number,
    row: Address,
    wide: boolean,
    scratch: Address,
  ): void;
  firstOutside(index: Address, length: number, size: number): number;
  indexSelect: PickSlices;
  indexAdd: PickSlices;
  gatherAlong: Pick;
  scatterAdd: Pick;
  maxPool(
    x: Address,
    out: Address,
    indices: Address,
    planes: number,
    ...window: [...input: Pair, ...output: Pair, ...kernel: Pair, ...stride: Pair, ...padding: Pair, ...dilation: Pair]
  ): void;
  sgd(p: Address, g: Address, length: number, lr: number, decay: number): void;
  sgdMomentum(
    p: Address,
    g: Address,
    velocity: Address,
    length: number,
    lr: number,
    decay: number,
    momentum: number,
    fresh: number,
    nesterov: boolean,
  ): void;
  sgdMeasured(...operands: [...Parameters<KernelExports['sgd']>, ...Measuring]): void;
  sgdMomentumMeasured(...operands: [...Parameters<KernelExports['sgdMomentum']>, ...Measuring]): void;
  adamMeasured(...operands: [...Parameters<KernelExports['adam']>, ...Measuring]): void;
  /** `top` is 0 where there is none. */
  adam(
    p: Address,
    g: Address,
    mean: Address,
    square: Address,
    top: Address,
    length: number,
    shrink: number,
    decay: number,
    b1: number,
    b2: number,
    rate: number,
    correction: number,
    eps: number,
  ): void;
}
