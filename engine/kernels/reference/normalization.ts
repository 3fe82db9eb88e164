import type { Numbers } from '../../tensor/dtype.ts';

// Row-major data seen as [outer, channels, inner]; what belongs to a channel is float64.

type Sizes = readonly [outer: number, channels: number, inner: number];

/** Calls `visit(at, channel)` for every element. */
function eachElement([outer, channels, inner]: Sizes, visit: (at: number, channel: number) => void): void {
  for (let o = 0, at = 0; o < outer; o++)
    for (let c = 0; c < channels; c++) for (let i = 0; i < inner; i++) visit(at++, c);
}

export const normalization = {
  /** Mean and variance (divided by the count) of each channel. */
  moments(x: Numbers, mean: Float64Array, variance: Float64Array, sizes: Sizes): void {
    const count = sizes[0] * sizes[2];
    mean.fill(0);
    variance.fill(0);
    eachElement(sizes, (at, c) => {
      mean[c] += x[at] / count;
    });
    eachElement(sizes, (at, c) => {
      variance[c] += (x[at] - mean[c]) ** 2 / count;
    });
  },

  /** out = a·x + b. */
  scaleShift(x: Numbers, a: Float64Array, b: Float64Array, out: Numbers, sizes: Sizes): void {
    eachElement(sizes, (at, c) => {
      out[at] = a[c] * x[at] + b[c];
    });
  },

  /** Σg and Σg·(x − mean) of each channel. */
  channelSums(g: Numbers, x: Numbers, mean: Float64Array, sum: Float64Array, along: Float64Array, sizes: Sizes): void {
    sum.fill(0);
    along.fill(0);
    eachElement(sizes, (at, c) => {
      sum[c] += g[at];
      along[c] += g[at] * (x[at] - mean[c]);
    });
  },

  /** out = a·g + b·x + c. */
  combine(g: Numbers, x: Numbers, a: Float64Array, b: Float64Array, c: Float64Array, out: Numbers, sizes: Sizes): void {
    eachElement(sizes, (at, i) => {
      out[at] = a[i] * g[at] + b[i] * x[at] + c[i];
    });
  },
};
