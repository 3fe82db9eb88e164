import type { Numbers } from '../../tensor/dtype.ts';
import { errorFunction, inverseErrorFunction, logGamma, polygamma, roundHalfToEven } from './special.ts';

// One loop per function, not one loop that takes a function: a shared loop would call through a pointer per element.
export const unary = {
  neg(x: Numbers, out: Numbers): void {
    for (let i = 0; i < out.length; i++) out[i] = -x[i];
  },
  abs(x: Numbers, out: Numbers): void {
    for (let i = 0; i < out.length; i++) out[i] = Math.abs(x[i]);
  },
  sign(x: Numbers, out: Numbers): void {
    for (let i = 0; i < out.length; i++) out[i] = Number(x[i] > 0) - Number(x[i] < 0);
  },
  exp(x: Numbers, out: Numbers): void {
    for (let i = 0; i < out.length; i++) out[i] = Math.exp(x[i]);
  },
  expm1(x: Numbers, out: Numbers): void {
    for (let i = 0; i < out.length; i++) out[i] = Math.expm1(x[i]);
  },
  log(x: Numbers, out: Numbers): void {
    for (let i = 0; i < out.length; i++) out[i] = Math.log(x[i]);
  },
  log1p(x: Numbers, out: Numbers): void {
    for (let i = 0; i < out.length; i++) out[i] = Math.log1p(x[i]);
  },
  log2(x: Numbers, out: Numbers): void {
    for (let i = 0; i < out.length; i++) out[i] = Math.log2(x[i]);
  },
  log10(x: Numbers, out: Numbers): void {
    for (let i = 0; i < out.length; i++) out[i] = Math.log10(x[i]);
  },
  sqrt(x: Numbers, out: Numbers): void {
    for (let i = 0; i < out.length; i++) out[i] = Math.sqrt(x[i]);
  },
  rsqrt(x: Numbers, out: Numbers): void {
    for (let i = 0; i < out.length; i++) out[i] = 1 / Math.sqrt(x[i]);
  },
  square(x: Numbers, out: Numbers): void {
    for (let i = 0; i < out.length; i++) out[i] = x[i] * x[i];
  },
  reciprocal(x: Numbers, out: Numbers): void {
    for (let i = 0; i < out.length; i++) out[i] = 1 / x[i];
  },
  sin(x: Numbers, out: Numbers): void {
    for (let i = 0; i < out.length; i++) out[i] = Math.sin(x[i]);
  },
  cos(x: Numbers, out: Numbers): void {
    for (let i = 0; i < out.length; i++) out[i] = Math.cos(x[i]);
  },
  tan(x: Numbers, out: Numbers): void {
    for (let i = 0; i < out.length; i++) out[i] = Math.tan(x[i]);
  },
  asin(x: Numbers, out: Numbers): void {
    for (let i = 0; i < out.length; i++) out[i] = Math.asin(x[i]);
  },
  acos(x: Numbers, out: Numbers): void {
    for (let i = 0; i < out.length; i++) out[i] = Math.acos(x[i]);
  },
  atan(x: Numbers, out: Numbers): void {
    for (let i = 0; i < out.length; i++) out[i] = Math.atan(x[i]);
  },
  sinh(x: Numbers, out: Numbers): void {
    for (let i = 0; i < out.length; i++) out[i] = Math.sinh(x[i]);
  },
  cosh(x: Numbers, out: Numbers): void {
    for (let i = 0; i < out.length; i++) out[i] = Math.cosh(x[i]);
  },
  asinh(x: Numbers, out: Numbers): void {
    for (let i = 0; i < out.length; i++) out[i] = Math.asinh(x[i]);
  },
  acosh(x: Numbers, out: Numbers): void {
    for (let i = 0; i < out.length; i++) out[i] = Math.acosh(x[i]);
  },
  atanh(x: Numbers, out: Numbers): void {
    for (let i = 0; i < out.length; i++) out[i] = Math.atanh(x[i]);
  },
  tanh(x: Numbers, out: Numbers): void {
    for (let i = 0; i < out.length; i++) out[i] = Math.tanh(x[i]);
  },
  sigmoid(x: Numbers, out: Numbers): void {
    for (let i = 0; i < out.length; i++) out[i] = 1 / (1 + Math.exp(-x[i]));
  },
  erf(x: Numbers, out: Numbers): void {
    for (let i = 0; i < out.length; i++) out[i] = errorFunction(x[i]);
  },
  erfinv(x: Numbers, out: Numbers): void {
    for (let i = 0; i < out.length; i++) out[i] = inverseErrorFunction(x[i]);
  },
  lgamma(x: Numbers, out: Numbers): void {
    for (let i = 0; i < out.length; i++) out[i] = logGamma(x[i]);
  },
  polygamma(x: Numbers, out: Numbers, order: number): void {
    for (let i = 0; i < out.length; i++) out[i] = polygamma(order, x[i]);
  },
  frac(x: Numbers, out: Numbers): void {
    for (let i = 0; i < out.length; i++) out[i] = x[i] - Math.trunc(x[i]);
  },
  gelu(x: Numbers, out: Numbers): void {
    for (let i = 0; i < out.length; i++) out[i] = 0.5 * x[i] * (1 + errorFunction(x[i] * Math.SQRT1_2));
  },
  silu(x: Numbers, out: Numbers): void {
    for (let i = 0; i < out.length; i++) out[i] = x[i] / (1 + Math.exp(-x[i]));
  },
  floor(x: Numbers, out: Numbers): void {
    for (let i = 0; i < out.length; i++) out[i] = Math.floor(x[i]);
  },
  ceil(x: Numbers, out: Numbers): void {
    for (let i = 0; i < out.length; i++) out[i] = Math.ceil(x[i]);
  },
  round(x: Numbers, out: Numbers): void {
    for (let i = 0; i < out.length; i++) out[i] = roundHalfToEven(x[i]);
  },
  trunc(x: Numbers, out: Numbers): void {
    for (let i = 0; i < out.length; i++) out[i] = Math.trunc(x[i]);
  },
  isnan(x: Numbers, out: Numbers): void {
    for (let i = 0; i < out.length; i++) out[i] = Number.isNaN(x[i]) ? 1 : 0;
  },
  isfinite(x: Numbers, out: Numbers): void {
    for (let i = 0; i < out.length; i++) out[i] = Number.isFinite(x[i]) ? 1 : 0;
  },
  isinf(x: Numbers, out: Numbers): void {
    for (let i = 0; i < out.length; i++) out[i] = Math.abs(x[i]) === Infinity ? 1 : 0;
  },
  logicalNot(x: Numbers, out: Numbers): void {
    for (let i = 0; i < out.length; i++) out[i] = x[i] === 0 ? 1 : 0;
  },
  nonzero(x: Numbers, out: Numbers): void {
    for (let i = 0; i < out.length; i++) out[i] = x[i] === 0 ? 0 : 1;
  },
  /** max(x, 0), NaN kept. */
  relu(x: Numbers, out: Numbers): void {
    for (let i = 0; i < out.length; i++) out[i] = x[i] < 0 ? 0 : x[i];
  },
  /** log σ(x) = min(x, 0) − log(1 + e^−|x|), which neither overflows nor cancels. */
  logSigmoid(x: Numbers, out: Numbers): void {
    for (let i = 0; i < out.length; i++) out[i] = Math.min(x[i], 0) - Math.log1p(Math.exp(-Math.abs(x[i])));
  },
  leakyRelu(x: Numbers, out: Numbers, slope: number): void {
    for (let i = 0; i < out.length; i++) out[i] = x[i] < 0 ? x[i] * slope : x[i];
  },
  elu(x: Numbers, out: Numbers, alpha: number): void {
    for (let i = 0; i < out.length; i++) out[i] = x[i] > 0 ? x[i] : alpha * Math.expm1(x[i]);
  },
  clamp(x: Numbers, out: Numbers, min: number, max: number): void {
    for (let i = 0; i < out.length; i++) out[i] = x[i] < min ? min : x[i] > max ? max : x[i];
  },
};
