import { apply } from '../../autograd/apply.ts';
import { ArgumentError, ShapeError } from '../errors.ts';
import { named } from '../named.ts';
import { resolveDim } from '../shape.ts';
import type { Tensor } from '../tensor.ts';
import { type Found, found, type KeepGiven, keeps } from './reduce.ts';

export interface TopOptions {
  /** The greatest, or else the smallest. Default true. */
  readonly largest?: boolean;
}

export interface SortOptions {
  /** Default false. */
  readonly descending?: boolean;
  /** Accepted for PyTorch's sake: equal elements always keep their order. */
  readonly stable?: boolean;
}

/** Whether to sort from the greatest on: by name, or alone by position. */
function sortOptions(owner: string, given: SortOptions | boolean): boolean {
  if (typeof given === 'boolean') return given;
  for (const name in given) {
    if (name !== 'descending' && name !== 'stable')
      throw new ArgumentError(`${owner}: there is no option ${name}; there are descending, stable.`);
  }
  return given.descending ?? false;
}

function atRank(name: string, x: Tensor, rank: number, dim: number, options?: KeepGiven): Found {
  const keepdim = keeps(name, options);
  const d = resolveDim(name, dim, x.shape.length);
  if (rank < 1 || rank > x.shape[d]) {
    throw new ShapeError(`${name}: there is no element ${rank} in dimension ${d}, which has ${x.shape[d]}.`);
  }
  // With a NaN there is no middle: NaN, which is sorted last, is the median then.
  const unordered = name === 'median' ? x.isnan().any(d, { keepdim: true }) : null;
  const place = unordered?.where(x.shape[d] - 1, rank - 1).to('int32');
  const sorted = x.argsort(d);
  const indices = place === undefined ? sorted.slice(d, rank - 1, rank) : sorted.gather(d, place);
  const values = x.gather(d, indices);
  return found(values, indices, keepdim, d);
}

function median(this: Tensor): Tensor;
function median(this: Tensor, dim: number, options?: KeepGiven): Found;
function median(this: Tensor, dim?: number, options?: KeepGiven): Tensor | Found {
  const [x, d] = dim === undefined ? [this.reshape([-1]), 0] : [this, resolveDim('median', dim, this.shape.length)];
  const middle = atRank('median', x, Math.ceil(x.shape[d] / 2), d, options);
  return dim === undefined ? middle.values : middle;
}

/** Methods that need an order along a dimension: of positions or of values. NaN counts as the greatest value. */
export const order = {
  /** The sums of the first 1, 2, 3 … elements along a dimension. */
  cumsum(this: Tensor, dim: number): Tensor {
    return apply('cumsum', [this], { dim: resolveDim('cumsum', dim, this.shape.length) });
  },
  /** The products of the first 1, 2, 3 … elements along a dimension. */
  cumprod(this: Tensor, dim: number): Tensor {
    return apply('cumprod', [this], { dim: resolveDim('cumprod', dim, this.shape.length) });
  },
  /** int32: the order that sorts a dimension (the last by default); equal elements keep theirs. */
  argsort(this: Tensor, dim = -1, options: SortOptions | boolean = {}): Tensor {
    const resolved = resolveDim('argsort', dim, this.shape.length);
    return apply('argsort', [this], { dim: resolved, descending: sortOptions('argsort', options) });
  },
  /** Sorted along a dimension (the last by default), and where each element was. */
  sort(this: Tensor, dim = -1, options: SortOptions | boolean = {}): Found {
    const indices = this.argsort(dim, sortOptions('sort', options));
    return named({ values: this.gather(dim, indices), indices });
  },
  /** The `count` greatest elements along a dimension (the last by default), greatest first, and where they were. */
  topk(this: Tensor, count: number, dim = -1, options: TopOptions | boolean = {}): Found {
    const { largest = true } = typeof options === 'boolean' ? { largest: options } : options;
    const d = resolveDim('topk', dim, this.shape.length);
    if (count > this.shape[d]) {
      throw new ShapeError(`topk: asked for ${count} elements of dimension ${d}, which has ${this.shape[d]}.`);
    }
    const indices = this.argsort(d, { descending: largest }).slice(d, 0, count);
    return named({ values: this.gather(d, indices), indices });
  },
  /** The `rank`-th smallest element along a dimension, counted from 1, and where it was. */
  kthvalue(this: Tensor, rank: number, dim = -1, options?: KeepGiven): Found {
    return atRank('kthvalue', this, rank, dim, options);
  },
  /** The most frequent element along a dimension (the last by default), the smallest of equally frequent ones, and where it was last. */
  mode(this: Tensor, dim = -1, options?: KeepGiven): Found {
    const keepdim = keeps('mode', options);
    const d = resolveDim('mode', dim, this.shape.length);
    const indices = apply('argmode', [this], { dim: d }).unsqueeze(d);
    const values = this.gather(d, indices);
    return found(values, indices, keepdim, d);
  },
  /** The middle element, the lower one of two; with a dimension its middle elements and where they are. */
  median,
};
