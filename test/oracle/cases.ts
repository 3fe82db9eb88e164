// One case of sweep.py on the engine's side: the same inputs, and what comes out.
import { cat, type DType, einsum, F, grad, linalg, stack, type Tensor, tensor, tensordot } from '../../engine/index.ts';
import { elements } from '../../engine/tensor/elements.ts';

type Spec = readonly [
  shape: number[],
  dtype: DType,
  layout: 'c' | 't' | 's',
  seed: number,
  low: number | null,
  high: number,
];
type Packed = readonly [shape: number[], dtype: DType, base64: string];

export interface Case {
  readonly op: string;
  readonly in: readonly Spec[];
  readonly args: readonly unknown[];
  readonly out: Packed;
  readonly grad?: readonly (string | null)[];
  readonly second?: readonly (string | null)[];
}

const golden = (Math.sqrt(5) - 1) / 2;
const special = [Number.NaN, Infinity, -Infinity, 0, -0, 1, -1, 0.5, -2.5, 1e-30, 1e30, 3];

function valueAt(i: number, [, dtype, , seed, low, high]: Spec): number {
  if (low === null) return special[(i * (1 + high) + Math.floor(i / 12) * high) % 12];
  const value = low + (high - low) * (((i + 1 + seed * 17.3) * golden) % 1);
  return dtype === 'int32' || dtype === 'bool' ? Math.floor(value) : value;
}

/** A leaf, and the view of it that the operation sees. */
function make(spec: Spec): { leaf: Tensor; view: Tensor } {
  const [shape, dtype, layout] = spec;
  const strided = layout === 's' && shape.length > 0;
  const stored = layout === 't' ? shape.toReversed() : strided ? shape.with(-1, 2 * shape[shape.length - 1]) : shape;
  const size = stored.reduce((a, b) => a * b, 1);
  const values = Float64Array.from({ length: size }, (_, i) => valueAt(i, spec));
  const leaf = tensor(values, { dtype }).reshape(stored);
  if (dtype === 'float32' || dtype === 'float64') leaf.requiresGrad_();
  if (layout === 't') return { leaf, view: leaf.permute([...shape.keys()].reverse()) };
  return { leaf, view: strided ? leaf.slice(-1, 0, undefined, 2) : leaf };
}

// biome-ignore lint/suspicious/noExplicitAny: arguments of whatever function the case is about
type Answer = (inputs: Tensor[], args: any[]) => Tensor;

const method = (name: string): Answer => {
  return ([x, ...rest], args) => (x[name as keyof Tensor] as (...args: unknown[]) => Tensor)(...rest, ...args);
};

/** ±1 from bools. */
const sign = (b: Tensor): Tensor => b.to('float64').mul(2).sub(1);

/** The squares of the maxima, back where they were. */
function unpooled(rank: 1 | 2 | 3, x: Tensor, k: number, stride: number): Tensor {
  const pool = F[`maxPool${rank}d`] as typeof F.maxPool2d;
  const unpool = F[`maxUnpool${rank}d`] as typeof F.maxUnpool2d;
  const [values, indices] = pool(x, k, { stride, returnIndices: true });
  return unpool(values.square(), indices, k, { stride, outputSize: x.shape });
}

const adapters: Record<string, Answer> = {
  stack: (inputs, [dim]) => stack(inputs, dim),
  cat: (inputs, [dim]) => cat(inputs, dim),
  einsum: (inputs, [equation]) => einsum(equation, ...inputs),
  tensordot: ([a, b], [dims]) => tensordot(a, b, dims),
  norm: ([x], [dims, { p, ...options } = {} as { p?: number | string }]) =>
    x.norm(p === undefined ? 2 : Number(p), dims, options),
  chunk: ([x], [count, dim, i]) => x.chunk(count, dim)[i],
  split: ([x], [size, dim, i]) => x.split(size, dim)[i],
  unbind: ([x], [dim, i]) => x.unbind(dim)[i],
  gather: ([x, index], [dim]) => x.gather(dim, index),
  takeAlongDim: ([x, index], [dim]) => x.takeAlongDim(index, dim),
  scatterAdd: ([x, index, source], [dim]) => x.scatterAdd(dim, index, source),
  scatter: ([x, index, source], [dim]) => x.scatter(dim, index, source),
  indexSelect: ([x, index], [dim]) => x.indexSelect(dim, index),
  indexAdd: ([x, index, source], [dim]) => x.indexAdd(dim, index, source),
  indexCopy: ([x, index, source], [dim]) => x.indexCopy(dim, index.select(0, 0), source),
  indexPut: ([x, ...rest], [options]) => x.indexPut(rest.slice(0, -1), rest[rest.length - 1], options),
  unfold: ([x], [dim, size, step, ...again]) => {
    const windows = x.unfold(dim, size, step);
    return again.length === 0 ? windows : windows.unfold(again[0], again[1], again[2]);
  },
  'weighted.bincount': ([x, weights]) => x.bincount({ weights }),
  eigvalsh: ([x]) => linalg.eigvalsh(apart(x.add(x.transpose(-2, -1)))),
  'lower.eigvalsh': ([x]) => linalg.eigvalsh(apart(x)),
  eighAbsolute: ([x]) => linalg.eigh(apart(x.add(x.transpose(-2, -1)))).eigenvectors.abs(),
  pinv: ([x]) => linalg.pinv(apart(x)),
  lstsq: ([x, y], [part = 'solution']) => linalg.lstsq(apart(x), y)[part as 'solution' | 'residuals'],
  matrixRank: ([x]) => linalg.matrixRank(x.matmul(x.t())),
  svdvals: ([x]) => linalg.svdvals(apart(x)),
  qrAbsolute: ([x]) => linalg.qr(apart(x)).r.abs(),
  choleskyOfGram: ([x]) => linalg.cholesky(x.matmul(x.transpose(-2, -1)).add(eyeOf(x, 1))),
  batchNorm: ([x]) => F.batchNorm(x, { training: true }),
  'weighted.crossEntropy': ([x, y, weight], [options]) => F.crossEntropy(x, y, { ...options, weight: weight.detach() }),
  'signed.cosineEmbeddingLoss': ([b, x, y], [options]) => F.cosineEmbeddingLoss(x, y, sign(b), options),
  'signed.marginRankingLoss': ([b, x, y], [options]) => F.marginRankingLoss(x, y, sign(b), options),
  'signed.hingeEmbeddingLoss': ([b, x], [options]) => F.hingeEmbeddingLoss(x, sign(b), options),
  'weighted.multiMarginLoss': ([x, y, weight], [options]) =>
    F.multiMarginLoss(x, y, { ...options, weight: weight.detach() }),
  'weighted.multilabelSoftMarginLoss': ([x, y, weight], [options]) =>
    F.multilabelSoftMarginLoss(x, y, { ...options, weight: weight.detach() }),
  'weighted.binaryCrossEntropy': ([x, y, weight], [options]) =>
    F.binaryCrossEntropy(x, y, { ...options, weight: weight.detach() }),
  'weighted.binaryCrossEntropyWithLogits': ([x, y, weight], [options]) =>
    F.binaryCrossEntropyWithLogits(x, y, { ...options, weight: weight.detach() }),
  'listed.multilabelMarginLoss': ([x], [listed, options]) =>
    F.multilabelMarginLoss(x, tensor(listed, { dtype: 'int32' }), options),
  maxUnpool1d: ([x], [k, stride]) => unpooled(1, x, k, stride),
  maxUnpool2d: ([x], [k, stride]) => unpooled(2, x, k, stride),
  maxUnpool3d: ([x], [k, stride]) => unpooled(3, x, k, stride),
  ctc: ([x, y], [steps, lengths, options]) => F.ctcLoss(x.logSoftmax(2), y, steps, lengths, options),
};

const eyeOf = (x: Tensor, d: number): Tensor => x.newTensor([d, 0, 0, 0, d, 0, 0, 0, d], [3, 3]);

/** With singular values and eigenvalues far from each other and from 0. */
function apart(x: Tensor): Tensor {
  const [m, n] = x.shape.slice(-2);
  const diagonal = Array.from({ length: m * n }, (_, i) => (i % n === Math.floor(i / n) ? 10 * (1 + (i % n)) : 0));
  return x.add(x.newTensor(diagonal, [m, n]));
}

function answerOf(op: string): Answer {
  if (op in adapters) return adapters[op];
  const [family, name] = op.split('.');
  if (name === undefined) return method(op);
  if (family === 'F')
    return (inputs, args) => (F[name as keyof typeof F] as (...args: unknown[]) => Tensor)(...inputs, ...args);
  if (family === 'indexed' || family === 'indicesOf') {
    const f = F[name as keyof typeof F] as unknown as (...args: unknown[]) => [Tensor, Tensor];
    return (inputs, args) => f(...inputs, ...args)[family === 'indexed' ? 0 : 1];
  }
  if (family === 'linalg') {
    const f = linalg[name as 'solve'] as (...args: unknown[]) => Tensor;
    return ([x, ...rest]) => f(x.add(eyeOf(x, 5)), ...rest);
  }
  // values.sort, indices.max …
  return (inputs, args) => (method(name)(inputs, args) as unknown as Record<string, Tensor>)[family];
}

function unpack(base64: string): Float64Array {
  const bytes = Buffer.from(base64, 'base64');
  return new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
}

const weigh = (x: Tensor): Tensor => {
  const weights = Float64Array.from({ length: x.numel() }, (_, i) => Math.cos(1 + 2.4 * i));
  return x
    .to('float64')
    .mul(tensor(weights, { dtype: 'float64' }).reshape(x.shape))
    .sum();
};

/** How far two numbers are apart, relative to the greater where it exceeds 1; Infinity if one of them isn't a number. */
function distance(got: number, want: number): number {
  if (Object.is(got, want) || got === want || (Number.isNaN(got) && Number.isNaN(want))) return 0;
  const error = Math.abs(got - want) / Math.max(1, Math.abs(want));
  return Number.isNaN(error) ? Infinity : error;
}

export interface Verdict {
  readonly error: number;
  /** What is wrong, other than numbers; empty if nothing is. */
  readonly fault: string;
}

/** The greatest distance over all elements of output, gradients and second gradients. */
export function judge(c: Case): Verdict {
  const made = c.in.map(make);
  const output = answerOf(c.op)(
    made.map(({ view }) => view),
    [...c.args],
  );
  const [shape, dtype, values] = c.out;
  if (`${output.shape}` !== `${shape}`) return { error: 0, fault: `shape [${output.shape}], PyTorch has [${shape}]` };
  if (output.dtype !== dtype) return { error: 0, fault: `${output.dtype}, PyTorch has ${dtype}` };
  let error = 0;
  const compare = (got: Tensor | null, want: Float64Array | null): void => {
    if (want === null) return;
    const list = got === null ? new Float64Array(want.length) : elements(got);
    for (let i = 0; i < want.length; i++) error = Math.max(error, distance(list[i], want[i]));
  };
  compare(output, unpack(values));
  if (c.grad === undefined) return { error, fault: '' };
  const leaves = made.map(({ leaf }) => leaf).filter((leaf) => leaf.requiresGrad);
  const createGraph = c.second !== undefined;
  const first = grad(weigh(output), leaves, { allowUnused: true, createGraph });
  c.grad.forEach((want, i) => {
    compare(first[i], want === null ? null : unpack(want));
  });
  const live = first.filter((g, i) => c.grad?.[i] !== null && g?.requiresGrad);
  if (c.second === undefined || live.length === 0) return { error, fault: '' };
  const total = live.map((g) => weigh(g!)).reduce((a, b) => a.add(b));
  const again = grad(total, leaves, { allowUnused: true });
  c.second.forEach((want, i) => {
    compare(again[i], want === null ? null : unpack(want));
  });
  return { error, fault: '' };
}
