import type { TensorRequest, TensorView } from '../protocol.ts';

/** Rows and columns seen at once; of a vector, so many elements in rows of `FOLD`. */
export const PAGE = { rows: 16, columns: 12 } as const;
export const FOLD = 8;

/** Which part of a tensor is looked at: two of its dimensions as rows and columns, one index of each other. */
export interface Slice {
  /** Dimension shown from top to bottom; null for a vector or a single number. */
  readonly rows: number | null;
  /** Dimension shown from left to right; null for a single number. */
  readonly columns: number | null;
  /** In each dimension the first index that is seen. */
  readonly at: readonly number[];
}

/** The last two dimensions, from the beginning. */
export function firstSlice(shape: readonly number[]): Slice {
  const { length } = shape;
  return {
    rows: length > 1 ? length - 2 : null,
    columns: length > 0 ? length - 1 : null,
    at: shape.map(() => 0),
  };
}

/** How many indices are seen of a dimension. */
export function pageOf(slice: Slice, dimension: number): number {
  if (dimension === slice.rows) return PAGE.rows;
  if (dimension !== slice.columns) return 1;
  return slice.rows === null ? PAGE.rows * FOLD : PAGE.columns;
}

export function requestOf(slice: Slice): Pick<TensorRequest, 'start' | 'count'> {
  return { start: slice.at, count: slice.at.map((_, i) => pageOf(slice, i)) };
}

/** Another place in a dimension, within the shape. */
export function moved(slice: Slice, shape: readonly number[], dimension: number, to: number): Slice {
  const last = Math.max(0, shape[dimension] - 1);
  const at = Math.min(last, Math.max(0, Number.isFinite(to) ? Math.floor(to) : 0));
  return { ...slice, at: slice.at.map((from, i) => (i === dimension ? at : from)) };
}

/** Shows another dimension as rows or columns; the two change places if it's the other one. */
export function turned(slice: Slice, axis: 'rows' | 'columns', dimension: number): Slice {
  const other = axis === 'rows' ? 'columns' : 'rows';
  const at = slice.at.map(() => 0);
  return { ...slice, at, [axis]: dimension, [other]: slice[other] === dimension ? slice[axis] : slice[other] };
}

export interface Cell {
  /** What a person reads of the index: `3, 0, 7`. */
  readonly index: string;
  readonly value: number | string;
}

export interface Grid {
  /** Heads of the columns; empty where they say nothing. */
  readonly columns: readonly string[];
  readonly rows: readonly { readonly head: string; readonly cells: readonly Cell[] }[];
}

/** What was answered, as rows and columns. */
export function gridOf({ start, count, values }: TensorView, slice: Slice): Grid {
  const total = values.length;
  const stride = (dimension: number) => count.slice(dimension + 1).reduce((a, b) => a * b, 1);
  const index = (changes: readonly (readonly [number, number])[]) =>
    start.map((from, i) => changes.find(([dimension]) => dimension === i)?.[1] ?? from).join(', ');
  if (slice.columns === null)
    return { columns: [], rows: total ? [{ head: '', cells: [{ index: '', value: values[0] }] }] : [] };
  const across = slice.columns;
  if (slice.rows === null) {
    const first = start[across];
    return {
      columns: Array.from({ length: Math.min(FOLD, total) }, (_, i) => `+${i}`),
      rows: Array.from({ length: Math.ceil(total / FOLD) }, (_, r) => ({
        head: String(first + r * FOLD),
        cells: values
          .slice(r * FOLD, (r + 1) * FOLD)
          .map((value, i) => ({ index: String(first + r * FOLD + i), value })),
      })),
    };
  }
  const down = slice.rows;
  return {
    columns: Array.from({ length: count[across] }, (_, c) => String(start[across] + c)),
    rows: Array.from({ length: count[down] }, (_, r) => ({
      head: String(start[down] + r),
      cells: Array.from({ length: count[across] }, (_, c) => ({
        index: index([
          [down, start[down] + r],
          [across, start[across] + c],
        ]),
        value: values[r * stride(down) + c * stride(across)],
      })),
    })),
  };
}

const LEVELS = 5;

/**
 * How a number is tinted: `p1` … `p5` for positive ones, `n1` … `n5` for negative ones by their size relative to the
 * largest, `zero`, or `bad` for what isn't finite. The root of the size, so that small ones are told apart as well.
 */
export function tintOf(value: number | string, largest: number): string {
  if (typeof value !== 'number' || !Number.isFinite(value)) return 'bad';
  if (value === 0 || !(largest > 0)) return 'zero';
  const level = Math.max(1, Math.min(LEVELS, Math.ceil(LEVELS * Math.sqrt(Math.abs(value) / largest))));
  return `${value > 0 ? 'p' : 'n'}${level}`;
}

/** The largest magnitude among those that are finite. */
export const largestOf = (values: readonly (number | string)[]): number =>
  values.reduce<number>((most, value) => (typeof value === 'number' ? Math.max(most, Math.abs(value)) : most), 0);
