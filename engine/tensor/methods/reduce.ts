import { apply } from '../../autograd/apply.ts';
import { floating } from '../convert.ts';
import { ArgumentError } from '../errors.ts';
import { named } from '../named.ts';
import { resolveDim, resolveDims, sizeOf } from '../shape.ts';
import type { Tensor } from '../tensor.ts';

export type Dims = number | readonly number[];

export interface Keep {
  /** Leave reduced dimensions in the shape, as 1. Default false. */
  readonly keepdim?: boolean;
}

/** keepdim by name, or alone by position as in PyTorch: `x.sum(1, true)`. */
export type KeepGiven = Keep | boolean;

/** @throws ArgumentError for a name there isn't. */
export function keeps(owner: string, given: KeepGiven | undefined): boolean {
  if (given === undefined || typeof given === 'boolean') return given ?? false;
  for (const name in given) {
    if (name !== 'keepdim') throw new ArgumentError(`${owner}: there is no option ${name}; there is keepdim.`);
  }
  return given.keepdim ?? false;
}

export interface Spread extends Keep {
  /** The divisor is the count minus this; 1, Bessel's, by default. */
  readonly correction?: number;
  /** False is a correction of 0. */
  readonly unbiased?: boolean;
}

/** Values and where they were found, both without the dimension searched (or with it as 1). By name, or in this order. */
export interface Found extends Iterable<Tensor> {
  readonly values: Tensor;
  /** int32. */
  readonly indices: Tensor;
}

export type Power = number | 'fro' | null;

export interface NormGiven extends Keep {
  /** Default 2. */
  readonly p?: Power;
  /** Default all. */
  readonly dim?: Dims;
}

function reduction(
  name: 'sum' | 'mean' | 'prod' | 'amax' | 'amin' | 'norm',
  x: Tensor,
  dims?: Dims,
  options?: KeepGiven,
): Tensor {
  return apply(name, [x], { dims: resolveDims(name, dims, x.shape.length), keepdim: keeps(name, options) });
}

function search(name: 'argmax' | 'argmin', x: Tensor, dim: number | undefined, options?: KeepGiven): Tensor {
  const keepdim = keeps(name, options);
  if (dim === undefined) return apply(name, [x.reshape([-1])], { dim: 0 });
  const resolved = resolveDim(name, dim, x.shape.length);
  const found = apply(name, [x], { dim: resolved });
  return keepdim ? found.unsqueeze(resolved) : found;
}

/** A result with the dimension searched as 1, or without. */
export const found = (values: Tensor, indices: Tensor, keepdim: boolean, dim: number): Found =>
  named(keepdim ? { values, indices } : { values: values.squeeze(dim), indices: indices.squeeze(dim) });

function find(name: 'argmax' | 'argmin', x: Tensor, dim: number, options?: KeepGiven): Found {
  const keepdim = keeps(name === 'argmax' ? 'max' : 'min', options);
  const indices = search(name, x, dim, { keepdim: true });
  const values = x.gather(dim, indices);
  return found(values, indices, keepdim, dim);
}

function extreme(
  this: Tensor,
  which: 'max' | 'min',
  dim: number | Tensor | undefined,
  options?: KeepGiven,
): Tensor | Found {
  if (typeof dim === 'object') return which === 'max' ? this.maximum(dim) : this.minimum(dim);
  if (dim === undefined) return reduction(which === 'max' ? 'amax' : 'amin', this);
  return find(which === 'max' ? 'argmax' : 'argmin', this, dim, options);
}

function max(this: Tensor, other?: Tensor): Tensor;
function max(this: Tensor, dim: number, options?: KeepGiven): Found;
function max(this: Tensor, dim?: number | Tensor, options?: KeepGiven): Tensor | Found {
  return extreme.call(this, 'max', dim, options);
}

function min(this: Tensor, other?: Tensor): Tensor;
function min(this: Tensor, dim: number, options?: KeepGiven): Found;
function min(this: Tensor, dim?: number | Tensor, options?: KeepGiven): Tensor | Found {
  return extreme.call(this, 'min', dim, options);
}

/** What `var` and `std` were given, in any of PyTorch's orders. */
function spread(
  owner: string,
  x: Tensor,
  dims: Dims | boolean | Spread | undefined,
  options: Spread | boolean | undefined,
  keep: boolean | undefined,
): { over: readonly number[]; n: number; correction: number; keepdim: boolean } {
  if (typeof dims === 'boolean' || (typeof dims === 'object' && !Array.isArray(dims)))
    return spread(owner, x, undefined, dims as boolean | Spread, keep);
  const given: Spread = typeof options === 'boolean' ? { unbiased: options } : (options ?? {});
  for (const name in given) {
    if (!['keepdim', 'correction', 'unbiased'].includes(name))
      throw new ArgumentError(`${owner}: there is no option ${name}; there are correction, unbiased, keepdim.`);
  }
  const { keepdim = keep ?? false, unbiased = true, correction = unbiased ? 1 : 0 } = given;
  const over = resolveDims(owner, dims as Dims | undefined, x.shape.length);
  return { over, n: sizeOf(over.map((d) => x.shape[d])), correction, keepdim };
}

/** Methods that make dimensions disappear: those named, or all. Each throws ShapeError for a dimension that isn't there. */
export const reduce = {
  /** Σx; bools are counted in int32. */
  sum(this: Tensor, dims?: Dims, options?: KeepGiven): Tensor {
    return reduction('sum', this, dims, options);
  },
  /** Σx / n. @throws DTypeError for integers. */
  mean(this: Tensor, dims?: Dims, options?: KeepGiven): Tensor {
    return reduction('mean', this, dims, options);
  },
  /** ∏x. */
  prod(this: Tensor, dims?: Dims, options?: KeepGiven): Tensor {
    return reduction('prod', this, dims, options);
  },
  /** The greatest elements; equal ones share the gradient. */
  amax(this: Tensor, dims?: Dims, options?: KeepGiven): Tensor {
    return reduction('amax', this, dims, options);
  },
  /** The smallest elements; equal ones share the gradient. */
  amin(this: Tensor, dims?: Dims, options?: KeepGiven): Tensor {
    return reduction('amin', this, dims, options);
  },
  /**
   * (Σ|x|ᵖ)^(1/p) over the dimensions named, or all: `x.norm()`, `x.norm(1)` and `x.norm(2, dims, keepdim)` as in PyTorch, or
   * `x.norm({ p, dim, keepdim })`. p is 2 by default; Infinity gives the greatest |x|, 0 counts what isn't 0.
   */
  norm(this: Tensor, power: Power | NormGiven = 2, dims?: Dims, keep?: KeepGiven): Tensor {
    const given = typeof power === 'object' && power !== null && !Array.isArray(power) ? power : null;
    for (const name in given ?? {}) {
      if (!['p', 'dim', 'keepdim'].includes(name))
        throw new ArgumentError(`norm: there is no option ${name}; there are p, dim, keepdim.`);
    }
    const p: unknown = given === null ? (power ?? 2) : (given.p ?? 2);
    const [over, keepdim] = [given?.dim ?? dims, given?.keepdim ?? keeps('norm', keep)];
    const x = floating(this);
    if (p === 2 || p === 'fro') return reduction('norm', x, over, keepdim);
    if (typeof p !== 'number' || Number.isNaN(p))
      throw new ArgumentError(`norm: expected a number p first, as in norm(2, dims), got ${JSON.stringify(p)}.`);
    if (p === 0) return x.sign().abs().sum(over, keepdim);
    if (p === Infinity) return x.abs().amax(over, keepdim);
    if (p === -Infinity) return x.abs().amin(over, keepdim);
    const powers = p === 1 ? x.abs() : x.abs().pow(p);
    const sum = powers.sum(over, keepdim);
    return p === 1 ? sum : sum.pow(1 / p);
  },
  /** The greatest element, or with a tensor the greater of each two, or with a dimension its greatest elements and where they are. */
  max,
  /** The smallest element, or with a tensor the smaller of each two, or with a dimension its smallest elements and where they are. */
  min,
  /** int32: where the greatest element is; without a dimension, in row-major order. The first of equals. */
  argmax(this: Tensor, dim?: number, options?: KeepGiven): Tensor {
    return search('argmax', this, dim, options);
  },
  /** int32: where the smallest element is; without a dimension, in row-major order. The first of equals. */
  argmin(this: Tensor, dim?: number, options?: KeepGiven): Tensor {
    return search('argmin', this, dim, options);
  },
  /** Σ(x − mean)² / (n − correction): `var(dims, { correction, keepdim })`, or `var(dims, unbiased, keepdim)`. */
  var(this: Tensor, dims?: Dims | boolean | Spread, options?: Spread | boolean, keep?: boolean): Tensor {
    const { over, n, correction, keepdim } = spread('var', this, dims, options, keep);
    const centered = this.sub(this.mean(over, true));
    return centered
      .square()
      .sum(over, keepdim)
      .div(n - correction);
  },
  /** √var. */
  std(this: Tensor, dims?: Dims | boolean | Spread, options?: Spread | boolean, keep?: boolean): Tensor {
    return this.var(dims, options, keep).sqrt();
  },
  /** bool: is any element not 0. */
  any(this: Tensor, dims?: Dims, options?: KeepGiven): Tensor {
    return this.ne(0).sum(dims, options).gt(0);
  },
  /** bool: is no element 0. */
  all(this: Tensor, dims?: Dims, options?: KeepGiven): Tensor {
    return this.eq(0).sum(dims, options).eq(0);
  },
  /** e^x / Σ e^x along a dimension. */
  softmax(this: Tensor, dim: number): Tensor {
    return apply('softmax', [floating(this)], { dim: resolveDim('softmax', dim, this.shape.length) });
  },
  /** ln softmax, without overflow. */
  logSoftmax(this: Tensor, dim: number): Tensor {
    return apply('logSoftmax', [floating(this)], { dim: resolveDim('logSoftmax', dim, this.shape.length) });
  },
  /** ln Σ e^x along one or several dimensions, without overflow. */
  logsumexp(this: Tensor, dims: Dims, options?: KeepGiven): Tensor {
    const keepdim = keeps('logsumexp', options);
    // From the last to the first: those before keep their place.
    return resolveDims('logsumexp', dims, this.shape.length).reduceRight<Tensor>((x, dim) => {
      const sum = apply('logSumExp', [x], { dim });
      return keepdim ? sum.unsqueeze(dim) : sum;
    }, floating(this));
  },
};
