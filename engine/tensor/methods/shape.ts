import { apply } from '../../autograd/apply.ts';
import { none } from '../../ops/operation.ts';
import { ShapeError, showShape } from '../errors.ts';
import {
  broadcastShapes,
  isContiguous,
  resolveDim,
  resolveDims,
  resolveShape,
  sameShape,
  sizeOf,
  viewStrides,
} from '../shape.ts';
import type { Tensor } from '../tensor.ts';

/** Position `index` along a dimension of `size`; negative counts from the end. */
export function resolveIndex(operation: string, index: number, size: number, dim: number): number {
  if (!Number.isInteger(index) || index < -size || index >= size) {
    throw new ShapeError(`${operation}: index ${index} is outside dimension ${dim}, which has ${size} elements.`);
  }
  return index < 0 ? index + size : index;
}

/** Sizes or dimensions, as one array or one after the other: `reshape([2, 3])` or `reshape(2, 3)`. */
export type Sizes = readonly number[] | readonly [readonly number[]];

const isList = (sizes: Sizes): sizes is readonly [readonly number[]] => Array.isArray(sizes[0]);
export const listOf = (sizes: Sizes): readonly number[] => (isList(sizes) ? sizes[0] : sizes);

const bound = (index: number, size: number): number => Math.max(0, Math.min(size, index < 0 ? index + size : index));

/** Methods that show the same elements in another shape. Views share memory with the tensor they are taken from. */
export const shape = {
  /** The same elements under another shape; one size may be −1. A view when possible, else a copy. */
  reshape(this: Tensor, ...shape: Sizes): Tensor {
    const resolved = resolveShape('reshape', listOf(shape), sizeOf(this.shape));
    if (sameShape(resolved, this.shape)) return this;
    const source = viewStrides(this, resolved) === null ? this.contiguous() : this;
    return apply('reshape', [source], { shape: resolved });
  },
  /** Like reshape, but always a view. @throws ShapeError if that is impossible. */
  view(this: Tensor, ...shape: Sizes): Tensor {
    return apply('reshape', [this], { shape: resolveShape('view', listOf(shape), sizeOf(this.shape)) });
  },
  /** Merges the dimensions start … end (inclusive) into one. */
  flatten(this: Tensor, start = 0, end = -1): Tensor {
    if (this.shape.length === 0) return this.reshape([1]);
    const [from, to] = [start, end].map((d) => resolveDim('flatten', d, this.shape.length));
    const merged = sizeOf(this.shape.slice(from, to + 1));
    return this.reshape([...this.shape.slice(0, from), merged, ...this.shape.slice(to + 1)]);
  },
  /** Splits one dimension into several; one size may be −1. */
  unflatten(this: Tensor, dim: number, sizes: readonly number[]): Tensor {
    const d = resolveDim('unflatten', dim, this.shape.length);
    return this.reshape(this.shape.toSpliced(d, 1, ...resolveShape('unflatten', sizes, this.shape[d])));
  },
  /** Output dimension d is input dimension dims[d]. */
  permute(this: Tensor, ...order: Sizes): Tensor {
    const dims = listOf(order);
    const resolved = dims.map((d) => resolveDim('permute', d, this.shape.length));
    if (new Set(resolved).size !== this.shape.length || dims.length !== this.shape.length) {
      throw new ShapeError(`permute: ${showShape(dims)} must name each dimension of ${showShape(this.shape)} once.`);
    }
    return apply('permute', [this], { dims: resolved });
  },
  /** Swaps two dimensions. */
  transpose(this: Tensor, dim0: number, dim1: number): Tensor {
    const [a, b] = [dim0, dim1].map((d) => resolveDim('transpose', d, this.shape.length));
    return this.permute([...this.shape.keys()].with(a, b).with(b, a));
  },
  /** Takes a dimension to another place. */
  movedim(this: Tensor, from: number, to: number): Tensor {
    const [a, b] = [from, to].map((d) => resolveDim('movedim', d, this.shape.length));
    return this.permute([...this.shape.keys()].toSpliced(a, 1).toSpliced(b, 0, a));
  },
  /** The transpose of a matrix; a vector stays. */
  t(this: Tensor): Tensor {
    if (this.shape.length > 2) {
      throw new ShapeError(
        `t: expected at most 2 dimensions, got ${showShape(this.shape)}. Use transpose(dim0, dim1).`,
      );
    }
    return this.shape.length < 2 ? this : this.transpose(0, 1);
  },
  /** Drops dimensions of size 1: all, or those named (which stay if they are larger). */
  squeeze(this: Tensor, dims?: number | readonly number[]): Tensor {
    const named = resolveDims('squeeze', dims, this.shape.length);
    return this.reshape(this.shape.filter((n, d) => n !== 1 || !named.includes(d)));
  },
  /** Inserts a dimension of size 1 before `dim`. */
  unsqueeze(this: Tensor, dim: number): Tensor {
    return this.reshape(this.shape.toSpliced(resolveDim('unsqueeze', dim, this.shape.length + 1), 0, 1));
  },
  /** Repeats dimensions of size 1 without copying; −1 keeps a size. */
  expand(this: Tensor, ...sizes: Sizes): Tensor {
    const shape = listOf(sizes);
    const missing = shape.length - this.shape.length;
    const resolved = shape.map((n, d) => (n === -1 && d >= missing ? this.shape[d - missing] : n));
    if (resolved.some((n) => !Number.isInteger(n) || n < 0)) {
      throw new ShapeError(
        `expand: ${showShape(this.shape)} can't grow to ${showShape(shape)}; −1 keeps a size, and new dimensions have none.`,
      );
    }
    return sameShape(resolved, this.shape) ? this : apply('expand', [this], { shape: resolved });
  },
  expandAs(this: Tensor, other: Tensor): Tensor {
    return this.expand(other.shape);
  },
  /** Broadcast to a common shape with `shape`. */
  broadcastTo(this: Tensor, shape: readonly number[]): Tensor {
    return this.expand(broadcastShapes('broadcastTo', this.shape, shape));
  },
  /** Copies placed side by side, counts[d] of them along dimension d. */
  repeat(this: Tensor, ...sizes: Sizes): Tensor {
    const counts = listOf(sizes);
    const padded = [...new Array<number>(Math.max(0, counts.length - this.shape.length)).fill(1), ...this.shape];
    if (counts.length < padded.length) {
      throw new ShapeError(
        `repeat: expected a count for each of ${padded.length} dimensions, got ${showShape(counts)}.`,
      );
    }
    const pairs = padded.flatMap((n) => [1, n]);
    const spread = padded.flatMap((n, d) => [counts[d], n]);
    return this.reshape(pairs)
      .expand(spread)
      .reshape(padded.map((n, d) => n * counts[d]));
  },
  /** Like repeat, but with fewer counts than dimensions the first ones count 1. */
  tile(this: Tensor, ...sizes: Sizes): Tensor {
    const counts = listOf(sizes);
    return this.repeat([...new Array<number>(Math.max(0, this.shape.length - counts.length)).fill(1), ...counts]);
  },
  /** Each element (along a dimension, or of the flattened tensor) `count` times in a row. */
  repeatInterleave(this: Tensor, count: number, dim?: number): Tensor {
    if (dim === undefined) return this.reshape([-1]).repeatInterleave(count, 0);
    const d = resolveDim('repeatInterleave', dim, this.shape.length);
    const copies = this.unsqueeze(d + 1).expand(this.shape.toSpliced(d + 1, 0, count));
    return copies.flatten(d, d + 1);
  },
  /** Elements start … end − 1 along a dimension, as a view; negative positions count from the end. */
  slice(this: Tensor, dim: number, start = 0, end?: number, step = 1): Tensor {
    const d = resolveDim('slice', dim, this.shape.length);
    if (!Number.isInteger(step) || step < 1)
      throw new ShapeError(`slice: the step must be a positive integer, got ${step}.`);
    const from = bound(start, this.shape[d]);
    const to = Math.max(from, bound(end ?? this.shape[d], this.shape[d]));
    return apply('slice', [this], { dim: d, start: from, end: to, step });
  },
  /** `length` elements from `start` along a dimension, as a view. */
  narrow(this: Tensor, dim: number, start: number, length: number): Tensor {
    const size = this.shape[resolveDim('narrow', dim, this.shape.length)];
    const from = start < 0 ? start + size : start;
    if (from < 0 || length < 0 || from + length > size) {
      throw new ShapeError(
        `narrow: ${length} elements from ${start} on are more than dimension ${dim} has, which is ${size}.`,
      );
    }
    return this.slice(dim, from, from + length);
  },
  /**
   * Windows of `size` elements along a dimension, each `step` after the last: the dimension counts them, and their elements are a
   * new last dimension. A view: windows that overlap show the same memory.
   */
  unfold(this: Tensor, dim: number, size: number, step: number): Tensor {
    const d = resolveDim('unfold', dim, this.shape.length);
    const length = this.shape[d];
    if (!Number.isInteger(size) || size < 0 || size > length || !Number.isInteger(step) || step < 1) {
      throw new ShapeError(
        `unfold: expected a size of 0 … ${length} and a positive step for dimension ${d} of ${showShape(this.shape)}, ` +
          `got size ${size} and step ${step}.`,
      );
    }
    return apply('unfold', [this], { dim: d, size, step });
  },
  /** One position along a dimension, which disappears. A view. */
  select(this: Tensor, dim: number, index: number): Tensor {
    const d = resolveDim('select', dim, this.shape.length);
    return apply('select', [this], { dim: d, index: resolveIndex('select', index, this.shape[d], d) });
  },
  /** Position i of dimension 0, j of dimension 1 …; a view. `.at(i, j).item()` is a number. */
  at(this: Tensor, ...indices: readonly number[]): Tensor {
    return indices.reduce<Tensor>((t, index) => t.select(0, index), this);
  },
  /** Pieces of `size` along a dimension (the last may be smaller), or of the given sizes. Views. */
  split(this: Tensor, size: number | readonly number[], dim = 0): Tensor[] {
    const length = this.shape[resolveDim('split', dim, this.shape.length)];
    if (typeof size === 'number' && !(Number.isInteger(size) && size > 0)) {
      throw new ShapeError(`split: expected pieces of at least one element, got ${size}.`);
    }
    const sizes =
      typeof size === 'number'
        ? Array.from({ length: Math.ceil(length / size) }, (_, i) => Math.min(size, length - i * size))
        : size;
    if (sizes.reduce((a, b) => a + b, 0) !== length) {
      throw new ShapeError(`split: the sizes ${showShape(sizes)} must sum to ${length}, the size of dimension ${dim}.`);
    }
    const starts = sizes.map((_, i) => sizes.slice(0, i).reduce((a, b) => a + b, 0));
    return sizes.map((n, i) => this.narrow(dim, starts[i], n));
  },
  /** `count` pieces of nearly equal size along a dimension. Views. */
  chunk(this: Tensor, count: number, dim = 0): Tensor[] {
    const length = this.shape[resolveDim('chunk', dim, this.shape.length)];
    if (!(Number.isInteger(count) && count > 0)) {
      throw new ShapeError(`chunk: expected a positive number of pieces, got ${count}.`);
    }
    return this.split(Math.max(1, Math.ceil(length / count)), dim);
  },
  /** The slices along a dimension, which disappears. Views. */
  unbind(this: Tensor, dim = 0): Tensor[] {
    const length = this.shape[resolveDim('unbind', dim, this.shape.length)];
    return Array.from({ length }, (_, i) => this.select(dim, i));
  },
  /** The diagonal of two dimensions (the last two by default), as a new last dimension. A view. */
  diagonal(
    this: Tensor,
    options: { readonly offset?: number; readonly dim1?: number; readonly dim2?: number } = {},
  ): Tensor {
    const [dim1, dim2] = [options.dim1 ?? -2, options.dim2 ?? -1].map((d) =>
      resolveDim('diagonal', d, this.shape.length),
    );
    return apply('diagonal', [this], { dim1, dim2, offset: options.offset ?? 0 });
  },
  /** This if its elements lie in row-major order, else a copy in which they do. */
  contiguous(this: Tensor): Tensor {
    return isContiguous(this) ? this : this.clone();
  },
  isContiguous(this: Tensor): boolean {
    return isContiguous(this);
  },
  /** A copy with memory of its own; gradients flow through it. */
  clone(this: Tensor): Tensor {
    return apply('clone', [this], none);
  },
};
