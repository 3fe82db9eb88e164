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

const sums = new Float64Array(6);

/** Exact to about float32's own precision. */
export function measure(data: Numbers): Measure {
  const { length } = data;
  kernels.measure(data, sums);
  const [sum, squares, min, max, zeros, nonFinite] = sums;
  const mean = sum / length;
  const std = Math.sqrt(Math.max(0, squares / length - mean * mean));
  return { norm: Math.sqrt(squares), mean, std, min, max, zeroShare: zeros / length, nonFinite };
}
