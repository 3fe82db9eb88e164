import type { Numbers } from '../../tensor/dtype.ts';

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
  pow(x, p, u, y, q, v, out, start, length) {
    if (v === 0 && y[q] === 2) for (let o = start; o < start + length; o++, p += u) out[o] = x[p] * x[p];
    else for (let o = start; o < start + length; o++, p += u, q += v) out[o] = x[p] ** y[q];
  },
} satisfies Record<string, BinaryKernel>;

export type BinaryName = keyof typeof binary;
