import { ShapeError, showShape } from './errors.ts';

/** Where a tensor's elements lie in its storage, counted in elements. */
export interface Layout {
  readonly shape: readonly number[];
  readonly strides: readonly number[];
  readonly offset: number;
}

export function sizeOf(shape: readonly number[]): number {
  let size = 1;
  for (const n of shape) size *= n;
  return size;
}

const NO_STRIDES: readonly number[] = [];
const STRIDE: readonly number[] = [1];
/** Of matrices, by their number of columns: layers have few widths. */
const MATRICES: (readonly number[])[] = [];
const MOST_COLUMNS = 4096;

/** Row-major strides. */
export function contiguousStrides(shape: readonly number[]): readonly number[] {
  if (shape.length === 0) return NO_STRIDES;
  if (shape.length === 1) return STRIDE;
  if (shape.length === 2 && shape[1] < MOST_COLUMNS) {
    const columns = shape[1];
    for (let n = MATRICES.length; n <= columns; n++) MATRICES.push([n, 1]);
    return MATRICES[columns];
  }
  const strides = new Array<number>(shape.length);
  for (let d = shape.length - 1, stride = 1; d >= 0; d--) {
    strides[d] = stride;
    stride *= shape[d];
  }
  return strides;
}

export function isContiguous({ shape, strides }: Layout): boolean {
  for (let d = shape.length - 1, stride = 1; d >= 0; d--) {
    if (shape[d] !== 1 && strides[d] !== stride) return false;
    stride *= shape[d];
  }
  return true;
}

export function sameShape(a: readonly number[], b: readonly number[]): boolean {
  if (a.length !== b.length) return false;
  for (let d = 0; d < a.length; d++) if (a[d] !== b[d]) return false;
  return true;
}

/** Aligned at the last dimension; sizes must be equal or 1. */
export function broadcastShapes(operation: string, a: readonly number[], b: readonly number[]): readonly number[] {
  if (sameShape(a, b)) return a;
  const rank = Math.max(a.length, b.length);
  const shape = new Array<number>(rank);
  for (let d = 1; d <= rank; d++) {
    const [n, m] = [a[a.length - d] ?? 1, b[b.length - d] ?? 1];
    if (n !== m && n !== 1 && m !== 1) {
      throw new ShapeError(
        `${operation}: shapes ${showShape(a)} and ${showShape(b)} can't be broadcast together: counted from the end, ` +
          `dimension ${d} is ${n} on the left and ${m} on the right. They must be equal, or one of them 1.`,
      );
    }
    shape[rank - d] = n === 1 ? m : n;
  }
  return shape;
}

/** Strides that read `layout` as if it had `shape`; 0 where it is repeated. The shapes must broadcast. */
export function broadcastStrides({ shape, strides }: Layout, to: readonly number[]): number[] {
  const missing = to.length - shape.length;
  return to.map((_, d) => (d < missing || shape[d - missing] === 1 ? 0 : strides[d - missing]));
}

/** A dimension counted from the front; negative ones count from the end. */
export function resolveDim(operation: string, dim: number, rank: number): number {
  if (!Number.isInteger(dim) || dim < -rank || dim >= rank) {
    const range = rank === 0 ? 'the tensor has no dimensions' : `expected ${-rank} … ${rank - 1}`;
    throw new ShapeError(`${operation}: there is no dimension ${dim}; ${range}.`);
  }
  return dim < 0 ? dim + rank : dim;
}

/** All dimensions of a few ranks. */
const ALL: readonly (readonly number[])[] = Array.from({ length: 9 }, (_, rank) =>
  Array.from({ length: rank }, (__, d) => d),
);

/** Sorted, distinct dimensions; undefined means all of them. */
export function resolveDims(
  operation: string,
  dims: number | readonly number[] | undefined,
  rank: number,
): readonly number[] {
  if (dims === undefined) return ALL[rank] ?? Array.from({ length: rank }, (_, d) => d);
  const list = typeof dims === 'number' ? [dims] : dims;
  const resolved = list.map((dim) => resolveDim(operation, dim, rank)).sort((a, b) => a - b);
  if (new Set(resolved).size < resolved.length) {
    throw new ShapeError(`${operation}: a dimension is named twice in ${showShape(list)}.`);
  }
  return resolved;
}

/** The shape after reducing `dims`. */
export function reducedShape(shape: readonly number[], dims: readonly number[], keepdim: boolean): number[] {
  const kept = shape.map((n, d) => (dims.includes(d) ? 1 : n));
  return keepdim ? kept : kept.filter((_, d) => !dims.includes(d));
}

/** Fills in the one −1 of a requested shape. */
export function resolveShape(operation: string, shape: readonly number[], size: number): number[] {
  const known = sizeOf(shape.filter((n) => n !== -1));
  const unknown = shape.filter((n) => n === -1).length;
  const fits = unknown === 0 ? known === size : unknown === 1 && known > 0 && size % known === 0;
  if (!fits || shape.some((n) => !Number.isInteger(n) || n < -1)) {
    throw new ShapeError(`${operation}: ${size} elements don't fit the shape ${showShape(shape)}.`);
  }
  return shape.map((n) => (n === -1 ? size / known : n));
}

/** Strides that show the same elements under another shape, or null when only a copy can. */
export function viewStrides(layout: Layout, shape: readonly number[]): readonly number[] | null {
  if (isContiguous(layout) || sizeOf(shape) === 0) return contiguousStrides(shape);
  const strides = new Array<number>(shape.length).fill(1);
  // Walk both shapes from the end in blocks of equal size; inside a block the old dimensions must be mergeable.
  let to = shape.length - 1;
  let old = layout.shape.length - 1;
  while (old >= 0) {
    let size = layout.shape[old];
    const stride = layout.strides[old];
    let next = stride * size;
    for (old--; old >= 0 && (layout.shape[old] === 1 || layout.strides[old] === next); old--) {
      size *= layout.shape[old];
      next = stride * size;
    }
    let block = 1;
    for (; to >= 0 && (block < size || shape[to] === 1); to--) {
      strides[to] = stride * block;
      block *= shape[to];
    }
    if (block !== size) return null;
  }
  return strides;
}
