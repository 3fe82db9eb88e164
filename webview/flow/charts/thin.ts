import type { Axis } from './axis.ts';

export interface Point {
  readonly x: number;
  readonly y: number;
  /** Index in the history. */
  readonly at: number;
}

/**
 * A line's points, at most two for each of `columns`: the lowest and the highest there, so that no peak, zero or NaN
 * (they lie in bands below and above everything else) is lost. Values that weren't measured are left out.
 */
export function thin(
  steps: Float64Array,
  values: Float32Array,
  axis: Axis,
  columns: number,
  nanIsMissing: boolean,
): Point[] {
  const points: Point[] = [];
  const width = Math.max(1, values.length / Math.max(1, columns));
  const push = (at: number) => points.push({ x: steps[at], y: axis.place(values[at]), at });
  for (let column = 0; column * width < values.length - 1e-9; column++) {
    const end = Math.min(values.length, Math.round((column + 1) * width));
    let lowest = -1;
    let highest = -1;
    let low = Infinity;
    let high = -Infinity;
    for (let i = Math.round(column * width); i < end; i++) {
      if (nanIsMissing && Number.isNaN(values[i])) continue;
      const y = axis.place(values[i]);
      if (y < low) {
        low = y;
        lowest = i;
      }
      if (y > high) {
        high = y;
        highest = i;
      }
    }
    if (lowest < 0) continue;
    push(Math.min(lowest, highest));
    if (lowest !== highest) push(Math.max(lowest, highest));
  }
  return points;
}

/** `count` of `total` indices, evenly spread, the first and the last among them. */
export function spread(total: number, count: number): number[] {
  if (total <= count) return Array.from({ length: total }, (_, i) => i);
  return Array.from({ length: count }, (_, i) => Math.round((i * (total - 1)) / (count - 1)));
}
