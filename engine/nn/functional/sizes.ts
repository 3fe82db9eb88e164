import { ArgumentError, ShapeError, showShape } from '../../tensor/errors.ts';
import type { Tensor } from '../../tensor/tensor.ts';

/** One number for all dimensions, or one for each. */
export type Size1 = number | readonly [length: number];
/** One number for height and width, or both. */
export type Size = number | readonly [height: number, width: number];
/** One number for depth, height and width, or all three. */
export type Size3 = number | readonly [depth: number, height: number, width: number];
export type AnySize = number | readonly number[];

export type Pair = readonly [number, number];

/** One number for each of `rank` dimensions. @throws ShapeError for a list of another length. */
export function sizes(owner: string, name: string, size: AnySize, rank: number): readonly number[] {
  if (typeof size === 'number') return new Array<number>(rank).fill(size);
  if (Array.isArray(size) && size.length === rank) return size;
  throw new ShapeError(`${owner}: expected ${name} as one number or a list of ${rank}, got ${JSON.stringify(size)}.`);
}

/** The last two of a list, with a neutral number where there is but one. */
export const lastTwo = (list: readonly number[], neutral: number): Pair =>
  list.length === 1 ? [neutral, list[0]] : [list[list.length - 2], list[list.length - 1]];

/** Runs `f` on [n, c, …]; one sample [c, …] gets its batch dimension for the while. */
export function batched(owner: string, x: Tensor, rank: number, f: (x: Tensor) => Tensor): Tensor {
  if (x.shape.length === rank + 2) return f(x);
  if (x.shape.length === rank + 1) return f(x.unsqueeze(0)).squeeze(0);
  const dims = ['length', 'height, width', 'depth, height, width'][rank - 1];
  throw new ShapeError(
    `${owner}: expected an input [batch, channels, ${dims}] or [channels, ${dims}], got ${showShape(x.shape)}.`,
  );
}

/** Runs `f` on images [n, c, h, w]: those of lower rank get a height of 1. */
export const asImage = (x: Tensor, rank: number, f: (x: Tensor) => Tensor): Tensor =>
  rank === 1 ? f(x.unsqueeze(2)).squeeze(2) : f(x);

/** A size as height and width. */
export const pair = (size: Size): Pair => (typeof size === 'number' ? [size, size] : size);

/** A row counted from the front. @throws ArgumentError if there is no such row. */
export function rowOf(owner: string, row: number, count: number): number {
  if (Number.isInteger(row) && row >= -count && row < count) return row < 0 ? row + count : row;
  throw new ArgumentError(`${owner}: expected a paddingIdx from ${-count} to ${count - 1}, got ${row}.`);
}
