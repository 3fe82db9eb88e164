import { kernels } from '../kernels/kernels.ts';
import type { Numbers } from '../tensor/dtype.ts';

/** What one pass over a tensor's elements tells. */
export interface Measure {
  /** L2. */
  readonly norm: number;
  readonly mean: number;
  /** The population's. */
  readonly std: number;
  readonly min: number;
  readonly max: number;
  /** Share of elements that are exactly 0, in [0, 1]. */
  readonly zeroShare: number;
  /** Number of NaN and ±Infinity. */
  readonly nonFinite: number;
}

const sums = new Float64Array(5);

/** Sums are taken in double precision, so a float32 tensor's statistics are exact to its own precision. */
export function measure(data: Numbers): Measure {
  const { length } = data;
  kernels.measure(data, sums);
  const [sum, squares, min, max, zeros] = sums;
  // A sum of squares of finite float32 numbers is finite, so counting waits until there's something to count.
  const nonFinite = Number.isFinite(squares) ? 0 : countNonFinite(data);
  const mean = sum / length;
  const std = Math.sqrt(Math.max(0, squares / length - mean * mean));
  return { norm: Math.sqrt(squares), mean, std, min, max, zeroShare: zeros / length, nonFinite };
}

function countNonFinite(data: Numbers): number {
  let count = 0;
  for (let i = 0; i < data.length; i++) if (!Number.isFinite(data[i])) count++;
  return count;
}

/** ‖a − b‖ of two arrays of the same length. */
export const distance = (a: Numbers, b: Numbers): number => Math.sqrt(kernels.squaredDistance(a, b));
