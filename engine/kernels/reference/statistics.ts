import type { Numbers } from '../../tensor/dtype.ts';

export const statistics = {
  /**
   * Σx, Σx², least, greatest and the number of zeros, into `out`, in one pass and in float64. A NaN shows in the sums, and
   * is neither least nor greatest.
   */
  measure(x: Numbers, out: Float64Array): void {
    let sum = 0;
    let squares = 0;
    let least = Infinity;
    let greatest = -Infinity;
    let zeros = 0;
    for (let i = 0; i < x.length; i++) {
      const v = x[i];
      sum += v;
      squares += v * v;
      if (v < least) least = v;
      if (v > greatest) greatest = v;
      if (v === 0) zeros++;
    }
    out[0] = sum;
    out[1] = squares;
    out[2] = least;
    out[3] = greatest;
    out[4] = zeros;
  },

  /** Σ(a − b)². */
  squaredDistance(a: Numbers, b: Numbers): number {
    let squares = 0;
    for (let i = 0; i < a.length; i++) squares += (a[i] - b[i]) * (a[i] - b[i]);
    return squares;
  },
};
