import type { Numbers } from '../../tensor/dtype.ts';

/**
 * One row of a reduction: `out[start + i * step]` takes in `x[p + i]`. A step of 0 folds the row into one element,
 * a step of 1 folds rows into each other. Sums are kept in float64 by the caller.
 */
export type ReduceKernel = (x: Numbers, p: number, out: Numbers, start: number, step: number, length: number) => void;

export const reduce = {
  sum(x, p, out, start, step, length) {
    if (step === 0) {
      let sum = 0;
      for (let i = p; i < p + length; i++) sum += x[i];
      out[start] += sum;
    } else for (let i = 0, o = start; i < length; i++, o += step) out[o] += x[p + i];
  },
  sumOfSquares(x, p, out, start, step, length) {
    for (let i = 0, o = start; i < length; i++, o += step) out[o] += x[p + i] * x[p + i];
  },
  prod(x, p, out, start, step, length) {
    for (let i = 0, o = start; i < length; i++, o += step) out[o] *= x[p + i];
  },
  // A NaN wins, as in PyTorch.
  amax(x, p, out, start, step, length) {
    for (let i = 0, o = start; i < length; i++, o += step) {
      const v = x[p + i];
      if (v > out[o] || Number.isNaN(v)) out[o] = v;
    }
  },
  amin(x, p, out, start, step, length) {
    for (let i = 0, o = start; i < length; i++, o += step) {
      const v = x[p + i];
      if (v < out[o] || Number.isNaN(v)) out[o] = v;
    }
  },
} satisfies Record<string, ReduceKernel>;

export type ReduceName = keyof typeof reduce;
