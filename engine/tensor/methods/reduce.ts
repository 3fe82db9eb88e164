import { apply } from '../../autograd/apply.ts';
import { floating } from '../convert.ts';
import { resolveDim, resolveDims, sizeOf } from '../shape.ts';
import type { Tensor } from '../tensor.ts';

export type Dims = number | readonly number[];

export interface Keep {
  /** Leave reduced dimensions in the shape, as 1. Default false. */
  readonly keepdim?: boolean;
}

export interface Spread extends Keep {
  /** The divisor is the count minus this; 1, Bessel's, by default. */
  readonly correction?: number;
  /** False is a correction of 0. */
  readonly unbiased?: boolean;
}

/** Values and where they were found, both without the dimension searched (or with it as 1). */
export interface Found {
  readonly values: Tensor;
  /** int32. */
  readonly indices: Tensor;
}

function reduction(
  name: 'sum' | 'mean' | 'prod' | 'amax' | 'amin' | 'norm',
  x: Tensor,
  dims?: Dims,
  options: Keep = {},
): Tensor {
  return apply(name, [x], { dims: resolveDims(name, dims, x.shape.length), keepdim: options.keepdim ?? false });
}

function search(name: 'argmax' | 'argmin', x: Tensor, dim: number | undefined, { keepdim = false }: Keep): Tensor {
  if (dim === undefined) return apply(name, [x.reshape([-1])], { dim: 0 });
  const resolved = resolveDim(name, dim, x.shape.length);
  const found = apply(name, [x], { dim: resolved });
  return keepdim ? found.unsqueeze(resolved) : found;
}

function find(name: 'argmax' | 'argmin', x: Tensor, dim: number, { keepdim = false }: Keep): Found {
  const indices = search(name, x, dim, { keepdim: true });
  const values = x.gather(dim, indices);
  return keepdim ? { values, indices } : { values: values.squeeze(dim), indices: indices.squeeze(dim) };
}

function extreme(this: Tensor, which: 'max' | 'min', dim: number | Tensor | undefined, options: Keep): Tensor | Found {
  if (typeof dim === 'object') return which === 'max' ? this.maximum(dim) : this.minimum(dim);
  if (dim === undefined) return reduction(which === 'max' ? 'amax' : 'amin', this);
  return find(which === 'max' ? 'argmax' : 'argmin', this, dim, options);
}

function max(this: Tensor, other?: Tensor): Tensor;
function max(this: Tensor, dim: number, options?: Keep): Found;
function max(this: Tensor, dim?: number | Tensor, options: Keep = {}): Tensor | Found {
  return extreme.call(this, 'max', dim, options);
}

function min(this: Tensor, other?: Tensor): Tensor;
function min(this: Tensor, dim: number, options?: Keep): Found;
function min(this: Tensor, dim?: number | Tensor, options: Keep = {}): Tensor | Found {
  return extreme.call(this, 'min', dim, options);
}

/** Methods that make dimensions disappear: those named, or all. Each throws ShapeError for a dimension that isn't there. */
export const reduce = {
  /** Σx; bools are counted in int32. */
  sum(this: Tensor, dims?: Dims, options?: Keep): Tensor {
    return reduction('sum', this, dims, options);
  },
  /** Σx / n. @throws DTypeError for integers. */
  mean(this: Tensor, dims?: Dims, options?: Keep): Tensor {
    return reduction('mean', this, dims, options);
  },
  /** ∏x. */
  prod(this: Tensor, dims?: Dims, options?: Keep): Tensor {
    return reduction('prod', this, dims, options);
  },
  /** The greatest elements; equal ones share the gradient. */
  amax(this: Tensor, dims?: Dims, options?: Keep): Tensor {
    return reduction('amax', this, dims, options);
  },
  /** The smallest elements; equal ones share the gradient. */
  amin(this: Tensor, dims?: Dims, options?: Keep): Tensor {
    return reduction('amin', this, dims, options);
  },
  /** (Σ|x|ᵖ)^(1/p); the Euclidean norm by default. p = Infinity gives the greatest |x|, p = 0 counts what isn't 0. */
  norm(this: Tensor, dims?: Dims, { p = 2, ...options }: Keep & { readonly p?: number | 'fro' } = {}): Tensor {
    const x = floating(this);
    if (p === 2 || p === 'fro') return reduction('norm', x, dims, options);
    if (p === 0) return x.sign().abs().sum(dims, options);
    if (p === Infinity) return x.abs().amax(dims, options);
    if (p === -Infinity) return x.abs().amin(dims, options);
    const powers = p === 1 ? x.abs() : x.abs().pow(p);
    const sum = powers.sum(dims, options);
    return p === 1 ? sum : sum.pow(1 / p);
  },
  /** The greatest element, or with a tensor the greater of each two, or with a dimension its greatest elements and where they are. */
  max,
  /** The smallest element, or with a tensor the smaller of each two, or with a dimension its smallest elements and where they are. */
  min,
  /** int32: where the greatest element is; without a dimension, in row-major order. The first of equals. */
  argmax(this: Tensor, dim?: number, options: Keep = {}): Tensor {
    return search('argmax', this, dim, options);
  },
  /** int32: where the smallest element is; without a dimension, in row-major order. The first of equals. */
  argmin(this: Tensor, dim?: number, options: Keep = {}): Tensor {
    return search('argmin', this, dim, options);
  },
  /** Σ(x − mean)² / (n − correction). */
  var(
    this: Tensor,
    dims?: Dims,
    { keepdim = false, unbiased = true, correction = unbiased ? 1 : 0 }: Spread = {},
  ): Tensor {
    const resolved = resolveDims('var', dims, this.shape.length);
    const n = sizeOf(resolved.map((d) => this.shape[d]));
    const centered = this.sub(this.mean(resolved, { keepdim: true }));
    return centered
      .square()
      .sum(resolved, { keepdim })
      .div(n - correction);
  },
  /** √var. */
  std(this: Tensor, dims?: Dims, options?: Spread): Tensor {
    return this.var(dims, options).sqrt();
  },
  /** bool: is any element not 0. */
  any(this: Tensor, dims?: Dims, options?: Keep): Tensor {
    return this.ne(0).sum(dims, options).gt(0);
  },
  /** bool: is no element 0. */
  all(this: Tensor, dims?: Dims, options?: Keep): Tensor {
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
  logsumexp(this: Tensor, dims: Dims, { keepdim = false }: Keep = {}): Tensor {
    // From the last to the first: those before keep their place.
    return resolveDims('logsumexp', dims, this.shape.length).reduceRight<Tensor>((x, dim) => {
      const sum = apply('logSumExp', [x], { dim });
      return keepdim ? sum.unsqueeze(dim) : sum;
    }, floating(this));
  },
};
