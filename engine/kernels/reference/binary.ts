import type { Numbers } from '../../tensor/dtype.ts';
import { errorFunction } from './special.ts';

/** One row of an elementwise operation on two arrays; a step of 0 repeats one element along the row. */
export type BinaryKernel = (
  x: Numbers,
  xStart: number,
  xStep: number,
  y: Numbers,
  yStart: number,
  yStep: number,
  out: Numbers,
  start: number,
  length: number,
) => void;

// Written out rather than made from a function per element, for the reason given in unary.ts.
export const binary = {
  add(x, p, u, y, q, v, out, start, length) {
    for (let o = start; o < start + length; o++, p += u, q += v) out[o] = x[p] + y[q];
  },
  sub(x, p, u, y, q, v, out, start, length) {
    for (let o = start; o < start + length; o++, p += u, q += v) out[o] = x[p] - y[q];
  },
  mul(x, p, u, y, q, v, out, start, length) {
    for (let o = start; o < start + length; o++, p += u, q += v) out[o] = x[p] * y[q];
  },
  div(x, p, u, y, q, v, out, start, length) {
    for (let o = start; o < start + length; o++, p += u, q += v) out[o] = x[p] / y[q];
  },
  remainder(x, p, u, y, q, v, out, start, length) {
    for (let o = start; o < start + length; o++, p += u, q += v) out[o] = x[p] - y[q] * Math.floor(x[p] / y[q]);
  },
  fmod(x, p, u, y, q, v, out, start, length) {
    for (let o = start; o < start + length; o++, p += u, q += v) out[o] = x[p] % y[q];
  },
  maximum(x, p, u, y, q, v, out, start, length) {
    for (let o = start; o < start + length; o++, p += u, q += v)
      out[o] = x[p] > y[q] || Number.isNaN(x[p]) ? x[p] : y[q];
  },
  minimum(x, p, u, y, q, v, out, start, length) {
    for (let o = start; o < start + length; o++, p += u, q += v)
      out[o] = x[p] < y[q] || Number.isNaN(x[p]) ? x[p] : y[q];
  },
  atan2(x, p, u, y, q, v, out, start, length) {
    for (let o = start; o < start + length; o++, p += u, q += v) out[o] = Math.atan2(x[p], y[q]);
  },
  eq(x, p, u, y, q, v, out, start, length) {
    for (let o = start; o < start + length; o++, p += u, q += v) out[o] = x[p] === y[q] ? 1 : 0;
  },
  ne(x, p, u, y, q, v, out, start, length) {
    for (let o = start; o < start + length; o++, p += u, q += v) out[o] = x[p] !== y[q] ? 1 : 0;
  },
  lt(x, p, u, y, q, v, out, start, length) {
    for (let o = start; o < start + length; o++, p += u, q += v) out[o] = x[p] < y[q] ? 1 : 0;
  },
  le(x, p, u, y, q, v, out, start, length) {
    for (let o = start; o < start + length; o++, p += u, q += v) out[o] = x[p] <= y[q] ? 1 : 0;
  },
  gt(x, p, u, y, q, v, out, start, length) {
    for (let o = start; o < start + length; o++, p += u, q += v) out[o] = x[p] > y[q] ? 1 : 0;
  },
  ge(x, p, u, y, q, v, out, start, length) {
    for (let o = start; o < start + length; o++, p += u, q += v) out[o] = x[p] >= y[q] ? 1 : 0;
  },
  logicalAnd(x, p, u, y, q, v, out, start, length) {
    for (let o = start; o < start + length; o++, p += u, q += v) out[o] = x[p] !== 0 && y[q] !== 0 ? 1 : 0;
  },
  logicalOr(x, p, u, y, q, v, out, start, length) {
    for (let o = start; o < start + length; o++, p += u, q += v) out[o] = x[p] !== 0 || y[q] !== 0 ? 1 : 0;
  },
  logicalXor(x, p, u, y, q, v, out, start, length) {
    for (let o = start; o < start + length; o++, p += u, q += v) out[o] = (x[p] !== 0) !== (y[q] !== 0) ? 1 : 0;
  },
  /** g, y = σ(x): g·y·(1 − y). */
  sigmoidBackward(x, p, u, y, q, v, out, start, length) {
    for (let o = start; o < start + length; o++, p += u, q += v) out[o] = x[p] * y[q] * (1 - y[q]);
  },
  /** g, y = tanh x: g·(1 − y²). */
  tanhBackward(x, p, u, y, q, v, out, start, length) {
    for (let o = start; o < start + length; o++, p += u, q += v) out[o] = x[p] * (1 - y[q] * y[q]);
  },
  /** g, y = relu x: g unless y ≤ 0, so that NaN passes. */
  reluBackward(x, p, u, y, q, v, out, start, length) {
    for (let o = start; o < start + length; o++, p += u, q += v) out[o] = y[q] <= 0 ? 0 : x[p];
  },
  /** g, x: g·(Φ(x) + x·φ(x)). */
  geluBackward(x, p, u, y, q, v, out, start, length) {
    for (let o = start; o < start + length; o++, p += u, q += v) {
      const density = Math.exp(-0.5 * y[q] * y[q]) / Math.sqrt(2 * Math.PI);
      out[o] = x[p] * (0.5 * (1 + errorFunction(y[q] * Math.SQRT1_2)) + y[q] * density);
    }
  },
  /** g, x: g·σ(1 + x(1 − σ)). */
  siluBackward(x, p, u, y, q, v, out, start, length) {
    for (let o = start; o < start + length; o++, p += u, q += v) {
      const s = 1 / (1 + Math.exp(-y[q]));
      out[o] = x[p] * s * (1 + y[q] * (1 - s));
    }
  },
  /** −y·ln x − (1 − y)·ln(1 − x), with logarithms of at least −100, as in PyTorch. */
  probabilityLoss(x, p, u, y, q, v, out, start, length) {
    for (let o = start; o < start + length; o++, p += u, q += v) {
      const [yes, no] = [Math.max(Math.log(x[p]), -100), Math.max(Math.log(1 - x[p]), -100)];
      out[o] = -y[q] * yes - (1 - y[q]) * no;
    }
  },
  /** Logit x, target y: (1 − y)·x − ln σ(x). */
  logitLoss(x, p, u, y, q, v, out, start, length) {
    for (let o = start; o < start + length; o++, p += u, q += v) {
      out[o] = (1 - y[q]) * x[p] - Math.min(x[p], 0) + Math.log1p(Math.exp(-Math.abs(x[p])));
    }
  },
  pow(x, p, u, y, q, v, out, start, length) {
    if (v === 0 && y[q] === 2) for (let o = start; o < start + length; o++, p += u) out[o] = x[p] * x[p];
    else for (let o = start; o < start + length; o++, p += u, q += v) out[o] = x[p] ** y[q];
  },
} satisfies Record<string, BinaryKernel>;

export type BinaryName = keyof typeof binary;
