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

/** Sums are taken in double precision, so a float32 tensor's statistics are exact to its own precision. */
export function measure(data: ArrayLike<number>): Measure {
  const { length } = data;
  let sum = 0;
  let squares = 0;
  let min = Infinity;
  let max = -Infinity;
  let zeros = 0;
  for (let i = 0; i < length; i++) {
    const x = data[i];
    sum += x;
    squares += x * x;
    if (x < min) min = x;
    if (x > max) max = x;
    if (x === 0) zeros++;
  }
  // A sum of squares of finite float32 numbers is finite, so counting waits until there's something to count.
  const nonFinite = Number.isFinite(squares) ? 0 : countNonFinite(data);
  const mean = sum / length;
  const std = Math.sqrt(Math.max(0, squares / length - mean * mean));
  return { norm: Math.sqrt(squares), mean, std, min, max, zeroShare: zeros / length, nonFinite };
}

function countNonFinite(data: ArrayLike<number>): number {
  let count = 0;
  for (let i = 0; i < data.length; i++) if (!Number.isFinite(data[i])) count++;
  return count;
}

/** ‖a − b‖ of two arrays of the same length. */
export function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let squares = 0;
  for (let i = 0; i < a.length; i++) {
    const d = a[i] - b[i];
    squares += d * d;
  }
  return Math.sqrt(squares);
}
