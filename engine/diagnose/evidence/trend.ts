/** More values than this are put together, so that all pairs of them can be looked at. */
const MOST = 60;
/** The standard normal distribution's quantile of 1 %. */
export const FALLING = -2.33;
/** Below this one of a thousand. */
export const BEYOND_DOUBT = -3;

/**
 * Whether values fall or rise, whatever the shape: the standard score of Mann’s and Kendall’s test (Mann 1945), negative
 * where they fall. Below `FALLING` one of a hundred series without a trend lies.
 */
export function trend(values: readonly number[]): number {
  const length = Math.max(1, Math.ceil(values.length / MOST));
  const blocks: number[] = [];
  for (let i = 0; i + length <= values.length; i += length)
    blocks.push(values.slice(i, i + length).reduce((a, b) => a + b, 0) / length);
  const n = blocks.length;
  let sum = 0;
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) sum += Math.sign(blocks[i] - blocks[j]);
  return (sum - Math.sign(sum)) / Math.sqrt((n * (n - 1) * (2 * n + 5)) / 18);
}

/** Pearson's correlation of two lists of the same length, in [−1, 1]; NaN where one doesn't vary. */
export function correlation(xs: readonly number[], ys: readonly number[]): number {
  const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  const [x0, y0] = [mean(xs), mean(ys)];
  const [dx, dy] = [xs.map((x) => x - x0), ys.map((y) => y - y0)];
  return dx.reduce((sum, d, i) => sum + d * dy[i], 0) / (Math.hypot(...dx) * Math.hypot(...dy));
}
