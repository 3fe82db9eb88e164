import { noGrad } from '../autograd/mode.ts';
import { overwrite } from '../tensor/elements.ts';
import { ArgumentError, ShapeError, showShape } from '../tensor/errors.ts';
import { normalFill, permutation } from '../tensor/random.ts';
import { sizeOf } from '../tensor/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { byName, type Given } from './functional/given.ts';

// Every function fills a tensor in place, outside the tape, and returns it.

export interface FanOptions {
  /** Keep the variance of activations (fanIn) or of gradients (fanOut). Default fanIn. */
  readonly mode?: 'fanIn' | 'fanOut' | 'fan_in' | 'fan_out';
  /** What follows the layer; decides the gain. Default leakyRelu. */
  readonly nonlinearity?: Nonlinearity;
  /** The slope of leakyRelu below 0. Default 0. */
  readonly a?: number;
}

type Linear = 'linear' | `conv${1 | 2 | 3}d` | `convTranspose${1 | 2 | 3}d`;
export type Nonlinearity = Linear | 'sigmoid' | 'tanh' | 'relu' | 'leakyRelu' | 'leaky_relu' | 'selu';

const gains: Readonly<Record<string, (slope: number) => number>> = {
  sigmoid: () => 1,
  tanh: () => 5 / 3,
  relu: () => Math.SQRT2,
  leakyRelu: (slope) => Math.sqrt(2 / (1 + slope * slope)),
  selu: () => 3 / 4,
};

/** The factor that keeps the variance through a nonlinearity; PyTorch's `calculate_gain`. */
export function gain(nonlinearity: Nonlinearity, slope = 0.01): number {
  const name = nonlinearity.replace('_r', 'R');
  if (/^(linear|conv(_?[tT]ranspose)?[123]d)$/.test(name)) return 1;
  if (name in gains) return gains[name](slope);
  throw new ArgumentError(
    `init: no gain is known for ${nonlinearity}; there are linear, ${Object.keys(gains).join(', ')}.`,
  );
}

export { gain as calculateGain };

/** How many inputs each output sums, and how many outputs each input reaches: weights are [out, in, …kernel]. */
export function fans({ shape }: Tensor): { fanIn: number; fanOut: number } {
  if (shape.length < 2) {
    throw new ShapeError(`init: fan in and fan out need at least two dimensions, got ${showShape(shape)}.`);
  }
  const kernel = sizeOf(shape.slice(2));
  return { fanIn: shape[1] * kernel, fanOut: shape[0] * kernel };
}

interface Interval {
  /** Default 0. */
  readonly from?: number;
  /** Default 1. */
  readonly to?: number;
}

export function uniform_(tensor: Tensor, ...options: Given<[from: number, to: number], Interval>): Tensor {
  const { from = 0, to = 1 } = byName<Interval>('uniform_', ['from', 'to'], options);
  return noGrad(() => tensor.uniform_(from, to));
}

interface Normal {
  /** Default 0. */
  readonly mean?: number;
  /** Default 1. */
  readonly std?: number;
}

export function normal_(tensor: Tensor, ...options: Given<[mean: number, std: number], Normal>): Tensor {
  const { mean = 0, std = 1 } = byName<Normal>('normal_', ['mean', 'std'], options);
  return noGrad(() => tensor.normal_(mean, std));
}

interface Gain {
  /** Default 1. */
  readonly gain?: number;
}

const gainOf = (options: Given<[gain: number], Gain>): number => byName<Gain>('init', ['gain'], options).gain ?? 1;

export const constant_ = (tensor: Tensor, value: number): Tensor => noGrad(() => tensor.fill_(value));
export const zeros_ = (tensor: Tensor): Tensor => constant_(tensor, 0);
export const ones_ = (tensor: Tensor): Tensor => constant_(tensor, 1);

/** Uniform with variance gain² · 2/(fanIn + fanOut) (Glorot & Bengio 2010). */
export function xavierUniform_(tensor: Tensor, ...options: Given<[gain: number], Gain>): Tensor {
  const factor = gainOf(options);
  const { fanIn, fanOut } = fans(tensor);
  const bound = factor * Math.sqrt(6 / (fanIn + fanOut));
  return uniform_(tensor, { from: -bound, to: bound });
}

/** Normal with variance gain² · 2/(fanIn + fanOut) (Glorot & Bengio 2010). */
export function xavierNormal_(tensor: Tensor, ...options: Given<[gain: number], Gain>): Tensor {
  const factor = gainOf(options);
  const { fanIn, fanOut } = fans(tensor);
  return normal_(tensor, { std: factor * Math.sqrt(2 / (fanIn + fanOut)) });
}

function kaimingStd(tensor: Tensor, { mode = 'fanIn', nonlinearity = 'leakyRelu', a = 0 }: FanOptions): number {
  const { fanIn, fanOut } = fans(tensor);
  if (!/^fan(In|Out|_in|_out)$/.test(mode)) throw new ArgumentError(`init: a mode is fanIn or fanOut, got ${mode}.`);
  return gain(nonlinearity, a) / Math.sqrt(/in$/i.test(mode) ? fanIn : fanOut);
}

/** Uniform with variance gain²/fan (He et al. 2015). */
export function kaimingUniform_(tensor: Tensor, options: FanOptions = {}): Tensor {
  const bound = Math.sqrt(3) * kaimingStd(tensor, options);
  return uniform_(tensor, { from: -bound, to: bound });
}

/** Normal with variance gain²/fan (He et al. 2015). */
export const kaimingNormal_ = (tensor: Tensor, options: FanOptions = {}): Tensor =>
  normal_(tensor, { std: kaimingStd(tensor, options) });

/** Orthonormal rows or columns, whichever are fewer, times `gain` (Saxe et al. 2013): Gram–Schmidt on normal numbers. */
export function orthogonal_(tensor: Tensor, ...options: Given<[gain: number], Gain>): Tensor {
  const factor = gainOf(options);
  if (tensor.shape.length < 2) throw new ShapeError(`orthogonal_: expected a matrix, got ${showShape(tensor.shape)}.`);
  const rows = tensor.shape[0];
  const columns = sizeOf(tensor.shape.slice(1));
  const [count, length] = rows <= columns ? [rows, columns] : [columns, rows];
  const basis: Float64Array[] = [];
  while (basis.length < count) {
    const v = new Float64Array(length);
    normalFill(v, 0, 1);
    // Twice is enough to be orthogonal to rounding error.
    for (let pass = 0; pass < 2; pass++) {
      for (const u of basis) {
        const dot = v.reduce((sum, x, i) => sum + x * u[i], 0);
        for (let i = 0; i < length; i++) v[i] -= dot * u[i];
      }
    }
    const norm = Math.hypot(...v);
    if (norm > 1e-8) basis.push(v.map((x) => (x / norm) * factor));
  }
  const values = Float64Array.from({ length: rows * columns }, (_, i) => {
    const [r, c] = [Math.floor(i / columns), i % columns];
    return rows <= columns ? basis[r][c] : basis[c][r];
  });
  overwrite(tensor, values);
  return tensor;
}

/** The identity, in a matrix. */
export function eye_(tensor: Tensor): Tensor {
  if (tensor.shape.length !== 2) throw new ShapeError(`eye_: expected a matrix, got ${showShape(tensor.shape)}.`);
  const columns = tensor.shape[1];
  overwrite(
    tensor,
    Float64Array.from({ length: sizeOf(tensor.shape) }, (_, i) =>
      i % (columns + 1) === 0 && i < columns * columns ? 1 : 0,
    ),
  );
  return tensor;
}

/** Convolution kernels [out, in, …] that pass their input on: 1 in the middle of channel i of filter i. */
export function dirac_(tensor: Tensor): Tensor {
  const { shape } = tensor;
  if (shape.length < 3 || shape.length > 5) {
    throw new ShapeError(`dirac_: expected a convolution kernel of 3 to 5 dimensions, got ${showShape(shape)}.`);
  }
  const kernel = shape.slice(2);
  const middle = kernel.reduce((at, n) => at * n + Math.floor(n / 2), 0);
  const values = new Float64Array(sizeOf(shape));
  for (let i = 0; i < Math.min(shape[0], shape[1]); i++) values[(i * shape[1] + i) * sizeOf(kernel) + middle] = 1;
  overwrite(tensor, values);
  return tensor;
}

/** A matrix of normal numbers, with the share `sparsity` of each column set to 0 (Martens 2010). */
export function sparse_(
  tensor: Tensor,
  { sparsity, std = 0.01 }: { readonly sparsity: number; readonly std?: number },
): Tensor {
  if (tensor.shape.length !== 2) throw new ShapeError(`sparse_: expected a matrix, got ${showShape(tensor.shape)}.`);
  const [rows, columns] = tensor.shape;
  const values = new Float64Array(rows * columns);
  normalFill(values, 0, std);
  for (let c = 0; c < columns; c++) {
    for (const r of permutation(rows).subarray(0, Math.ceil(sparsity * rows))) values[r * columns + c] = 0;
  }
  overwrite(tensor, values);
  return tensor;
}

interface Truncated extends Normal {
  /** The least. Default −2. */
  readonly a?: number;
  /** The greatest. Default 2. */
  readonly b?: number;
}

/** Normal numbers outside [a, b] are drawn again. */
export function truncNormal_(
  tensor: Tensor,
  ...options: Given<[mean: number, std: number, a: number, b: number], Truncated>
): Tensor {
  const { mean = 0, std = 1, a = -2, b = 2 } = byName<Truncated>('truncNormal_', ['mean', 'std', 'a', 'b'], options);
  if (!(a < b)) throw new ArgumentError(`truncNormal_: expected a < b, got ${a} and ${b}.`);
  const values = new Float64Array(sizeOf(tensor.shape));
  normalFill(values, mean, std);
  const one = new Float64Array(1);
  for (let i = 0; i < values.length; i++) {
    while (values[i] < a || values[i] > b) {
      normalFill(one, mean, std);
      values[i] = one[0];
    }
  }
  overwrite(tensor, values);
  return tensor;
}

/** U(−1/√fan, 1/√fan): PyTorch's default for weights and biases of linear and convolution layers. */
export function defaultUniform_(tensor: Tensor, fan: number): Tensor {
  const bound = fan > 0 ? 1 / Math.sqrt(fan) : 0;
  return uniform_(tensor, { from: -bound, to: bound });
}
