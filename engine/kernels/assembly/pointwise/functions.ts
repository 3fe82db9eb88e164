// Elementary functions of four float32 at a time: range reduction and polynomials as in Cephes (Moshier 1989), whose
// single-precision versions stay within about 2 units in the last place; the tests know the bound of each. NaN passes
// through, ±Infinity and overflow as in IEEE 754; results below 2⁻¹²⁵ may be rounded to 0.
import { constant, half, one, sign, two } from './constants';
import { madd } from '../simd';

/** Bounds; 1/ln 2; 3·2²², which, added, rounds to an integer in the lowest bits; −ln 2 in two parts; the polynomial. */
const EXP = memory.data<f32>([
  -87.3, 89.0, 1.44269504088896341, 12582912.0, -0.693359375, 2.12194440e-4, 1.9875691500e-4, 1.3981999507e-3,
  8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1, 5.0000001201e-1,
]);

/** eˣ, to 2 units in the last place. No subnormal number comes up on the way, which would cost a hundred cycles. */
// @ts-ignore: decorator
@inline
export function exp(x: v128): v128 {
  // in this order NaN stays
  const bounded = f32x4.pmin(f32x4.pmax(x, constant(EXP, 0)), constant(EXP, 1));
  const rounding = constant(EXP, 3);
  const shifted = madd(bounded, constant(EXP, 2), rounding);
  const n = f32x4.sub(shifted, rounding);
  // in two steps, so that the rest is exact
  let r = madd(n, constant(EXP, 4), bounded);
  r = madd(n, constant(EXP, 5), r);
  let p = madd(constant(EXP, 6), r, constant(EXP, 7));
  p = madd(p, r, constant(EXP, 8));
  p = madd(p, r, constant(EXP, 9));
  p = madd(p, r, constant(EXP, 10));
  p = madd(p, r, constant(EXP, 11));
  p = f32x4.add(madd(p, f32x4.mul(r, r), r), one());
  // 2ⁿ⁻¹, as 2ⁿ itself is out of range for n = 128; 0 for n = −126. The bits of 1/2 are those of 126·2²³.
  const y = f32x4.mul(p, i32x4.add(i32x4.shl(shifted, 23), half()));
  return f32x4.add(y, y);
}

/**
 * The smallest normal number; 2²³ and its exponent; the exponent of 1/2; the bits of a mantissa; √½; ln 2 in two parts; ±∞
 * and NaN; the polynomial.
 */
const LOG = memory.data<f32>([
  1.17549435e-38, 8388608.0, 23.0, 126.0, 1.1754942106924411e-38, 0.707106781186547524, -2.12194440e-4, 0.693359375,
  Infinity, -Infinity, NaN, 7.0376836292e-2, -1.1514610310e-1, 1.1676998740e-1, -1.2420140846e-1, 1.4249322787e-1,
  -1.6668057665e-1, 2.0000714765e-1, -2.4999993993e-1, 3.3333331174e-1,
]);

/** ln x; −Infinity at 0, NaN below. To 2 units in the last place. */
// @ts-ignore: decorator
@inline
export function log(x: v128): v128 {
  // subnormal numbers are scaled up first
  const tiny = f32x4.lt(x, constant(LOG, 0));
  const bits = v128.bitselect(f32x4.mul(x, constant(LOG, 1)), x, tiny);
  let e = f32x4.sub(f32x4.convert_i32x4_s(i32x4.shr_u(bits, 23)), constant(LOG, 3));
  e = f32x4.sub(e, v128.and(tiny, constant(LOG, 2)));
  // the mantissa in [1/2, 1)
  let m = v128.or(v128.and(bits, constant(LOG, 4)), half());
  const low = f32x4.lt(m, constant(LOG, 5));
  e = f32x4.sub(e, v128.and(low, one()));
  m = f32x4.sub(f32x4.add(m, v128.and(low, m)), one());
  const z = f32x4.mul(m, m);
  let p = madd(constant(LOG, 11), m, constant(LOG, 12));
  p = madd(p, m, constant(LOG, 13));
  p = madd(p, m, constant(LOG, 14));
  p = madd(p, m, constant(LOG, 15));
  p = madd(p, m, constant(LOG, 16));
  p = madd(p, m, constant(LOG, 17));
  p = madd(p, m, constant(LOG, 18));
  p = madd(p, m, constant(LOG, 19));
  p = f32x4.mul(f32x4.mul(p, m), z);
  p = madd(e, constant(LOG, 6), p);
  p = f32x4.sub(p, f32x4.mul(z, half()));
  let result = madd(e, constant(LOG, 7), f32x4.add(m, p));
  result = v128.bitselect(x, result, f32x4.eq(x, constant(LOG, 8)));
  const zero = f32x4.splat(0);
  result = v128.bitselect(constant(LOG, 9), result, f32x4.eq(x, zero));
  // NaN, and all that is below 0
  return v128.bitselect(result, constant(LOG, 10), f32x4.ge(x, zero));
}

/** Where the polynomial ends; the polynomial. */
const TANH = memory.data<f32>([
  0.625, -5.70498872745e-3, 2.06390887954e-2, -5.37397155531e-2, 1.33314422036e-1, -3.33332819422e-1,
]);

/** (eˣ − e⁻ˣ)/(eˣ + e⁻ˣ), to 3 units in the last place. */
// @ts-ignore: decorator
@inline
export function tanh(x: v128): v128 {
  const a = f32x4.abs(x);
  const z = f32x4.mul(x, x);
  let p = madd(constant(TANH, 1), z, constant(TANH, 2));
  p = madd(p, z, constant(TANH, 3));
  p = madd(p, z, constant(TANH, 4));
  p = madd(p, z, constant(TANH, 5));
  const near = madd(f32x4.mul(p, z), x, x);
  const far = f32x4.sub(one(), f32x4.div(two(), f32x4.add(exp(f32x4.add(a, a)), one())));
  const signed = v128.or(far, v128.and(x, sign()));
  return v128.bitselect(near, signed, f32x4.lt(a, constant(TANH, 0)));
}

/** 1/(1 + e⁻ˣ), to 4 units in the last place. */
// @ts-ignore: decorator
@inline
export function sigmoid(x: v128): v128 {
  return f32x4.div(one(), f32x4.add(one(), exp(f32x4.neg(x))));
}

/** Polynomials for 1/2 … 2 and from 2 on. */
const ERFC = memory.data<f32>([
  2.326819970068386e-2, -1.387039388740657e-1, 3.687424674597105e-1, -5.824733027278666e-1, 6.210004621745983e-1,
  -4.944515323274145e-1, 3.404879937665872e-1, -2.741127028184656e-1, 5.638259427386472e-1, -1.047766399936249e1,
  1.297719955372516e1, -7.495518717768503, 2.921019019210786, -1.0152652792027, 4.218463358204948e-1,
  -2.820767439740514e-1, 5.641895067754075e-1,
]);

/** 1 − erf x for x ≥ 1/2. */
// @ts-ignore: decorator
@inline
function erfcTail(x: v128): v128 {
  const q = f32x4.div(one(), x);
  const y = f32x4.mul(q, q);
  let p = madd(constant(ERFC, 0), y, constant(ERFC, 1));
  p = madd(p, y, constant(ERFC, 2));
  p = madd(p, y, constant(ERFC, 3));
  p = madd(p, y, constant(ERFC, 4));
  p = madd(p, y, constant(ERFC, 5));
  p = madd(p, y, constant(ERFC, 6));
  p = madd(p, y, constant(ERFC, 7));
  p = madd(p, y, constant(ERFC, 8));
  let r = madd(constant(ERFC, 9), y, constant(ERFC, 10));
  r = madd(r, y, constant(ERFC, 11));
  r = madd(r, y, constant(ERFC, 12));
  r = madd(r, y, constant(ERFC, 13));
  r = madd(r, y, constant(ERFC, 14));
  r = madd(r, y, constant(ERFC, 15));
  r = madd(r, y, constant(ERFC, 16));
  const polynomial = v128.bitselect(p, r, f32x4.lt(x, two()));
  return f32x4.mul(f32x4.mul(exp(f32x4.neg(f32x4.mul(x, x))), q), polynomial);
}

const ERF = memory.data<f32>([
  7.853861353153693e-5, -8.010193625184903e-4, 5.188327685732524e-3, -2.685381193529856e-2, 1.128358514861418e-1,
  -3.761262582423300e-1, 1.128379165726710,
]);

/** erf x for |x| < 1. */
// @ts-ignore: decorator
@inline
function erfNear(x: v128): v128 {
  const z = f32x4.mul(x, x);
  let p = madd(constant(ERF, 0), z, constant(ERF, 1));
  p = madd(p, z, constant(ERF, 2));
  p = madd(p, z, constant(ERF, 3));
  p = madd(p, z, constant(ERF, 4));
  p = madd(p, z, constant(ERF, 5));
  p = madd(p, z, constant(ERF, 6));
  return f32x4.mul(x, p);
}

/** (2/√π)·∫₀ˣ e^(−t²) dt, to 4 units in the last place. */
// @ts-ignore: decorator
@inline
export function erf(x: v128): v128 {
  const a = f32x4.abs(x);
  // in this order NaN stays
  const far = f32x4.sub(one(), erfcTail(f32x4.pmax(a, half())));
  const signed = v128.or(far, v128.and(x, sign()));
  return v128.bitselect(erfNear(x), signed, f32x4.lt(a, one()));
}

/** e^(−x²/2). */
// @ts-ignore: decorator
@inline
export function bell(x: v128): v128 {
  return exp(f32x4.mul(f32x4.mul(x, x), f32x4.neg(half())));
}

/** 0.33/√2; the polynomial; 1/√(2π). */
const NORMAL = memory.data<f32>([
  0.233345237791560711, -0.135929297, 0.46269048, -0.355443133, 0.412545779, 0.0450082597, 0.201924602, 0.182837109,
  0.186366119, 0.3989422804014327,
]);

/**
 * Φ(x) = (1 + erf(x/√2))/2, given e^(−x²/2): with a = |x|/√2 and t = 1/(1 + 0.33a), e^(a²)·erfc(a) is a polynomial in t to
 * 8·10⁻⁸ of its value (fitted by least squares, reweighted until the errors were even). Nothing cancels for negative x.
 */
// @ts-ignore: decorator
@inline
export function cumulative(x: v128, bell: v128): v128 {
  const t = f32x4.div(one(), madd(f32x4.abs(x), constant(NORMAL, 0), one()));
  let p = madd(constant(NORMAL, 1), t, constant(NORMAL, 2));
  p = madd(p, t, constant(NORMAL, 3));
  p = madd(p, t, constant(NORMAL, 4));
  p = madd(p, t, constant(NORMAL, 5));
  p = madd(p, t, constant(NORMAL, 6));
  p = madd(p, t, constant(NORMAL, 7));
  p = madd(p, t, constant(NORMAL, 8));
  const tail = f32x4.mul(f32x4.mul(p, t), f32x4.mul(bell, half()));
  return v128.bitselect(tail, f32x4.sub(one(), tail), f32x4.lt(x, f32x4.splat(0)));
}

/** x·Φ(x), to 32 units in the last place, most of them far below 0. */
// @ts-ignore: decorator
@inline
export function gelu(x: v128): v128 {
  return f32x4.mul(x, cumulative(x, bell(x)));
}

/** (x·Φ(x))' = Φ(x) + x·φ(x). */
// @ts-ignore: decorator
@inline
export function geluSlope(x: v128): v128 {
  const e = bell(x);
  return madd(f32x4.mul(x, e), constant(NORMAL, 9), cumulative(x, e));
}

/** ln(1 + t) for t ≥ 0, exact also where 1 + t rounds (Kahan). */
// @ts-ignore: decorator
@inline
function log1p(t: v128): v128 {
  const u = f32x4.add(one(), t);
  const d = f32x4.sub(u, one());
  return v128.bitselect(t, f32x4.mul(log(u), f32x4.div(t, d)), f32x4.eq(d, f32x4.splat(0)));
}

/** ln σ(x) = min(x, 0) − ln(1 + e^−|x|), to 4 units in the last place. */
// @ts-ignore: decorator
@inline
export function logSigmoid(x: v128): v128 {
  return f32x4.sub(f32x4.pmin(x, f32x4.splat(0)), log1p(exp(f32x4.neg(f32x4.abs(x)))));
}
