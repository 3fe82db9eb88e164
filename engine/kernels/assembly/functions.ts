// Elementary functions of four float32 at a time: range reduction and polynomials as in Cephes (Moshier 1989), whose
// single-precision versions stay within about 2 units in the last place. NaN passes through, ±Infinity and overflow as in
// IEEE 754; results below the smallest normal number may be rounded to it or to 0.
import { madd } from './simd';

// @ts-ignore: decorator
@inline
function splat(x: f32): v128 {
  return f32x4.splat(x);
}

/** 2ⁿ for integers n in −126 … 127. */
// @ts-ignore: decorator
@inline
function powerOfTwo(n: v128): v128 {
  return i32x4.shl(i32x4.add(n, i32x4.splat(127)), 23);
}

/** eˣ. */
// @ts-ignore: decorator
@inline
export function exp(x: v128): v128 {
  const bounded = f32x4.max(f32x4.min(x, splat(89)), splat(-104));
  const n = f32x4.nearest(f32x4.mul(bounded, splat(1.44269504088896341)));
  // ln 2 in two parts, so that the rest is exact
  let r = madd(n, splat(-0.693359375), bounded);
  r = madd(n, splat(2.12194440e-4), r);
  let p = madd(splat(1.9875691500e-4), r, splat(1.3981999507e-3));
  p = madd(p, r, splat(8.3334519073e-3));
  p = madd(p, r, splat(4.1665795894e-2));
  p = madd(p, r, splat(1.6666665459e-1));
  p = madd(p, r, splat(5.0000001201e-1));
  p = f32x4.add(madd(p, f32x4.mul(r, r), r), splat(1));
  // in two halves: 2ⁿ itself may be out of range where 2ⁿ·p is not
  const whole = i32x4.trunc_sat_f32x4_s(n);
  const half = i32x4.shr_s(whole, 1);
  return f32x4.mul(f32x4.mul(p, powerOfTwo(half)), powerOfTwo(i32x4.sub(whole, half)));
}

/** ln x; −Infinity at 0, NaN below. */
// @ts-ignore: decorator
@inline
export function log(x: v128): v128 {
  // subnormal numbers are scaled up first
  const tiny = f32x4.lt(x, splat(1.17549435e-38));
  const y = v128.bitselect(f32x4.mul(x, splat(8388608)), x, tiny);
  const bits = y;
  let e = f32x4.convert_i32x4_s(i32x4.sub(i32x4.shr_u(bits, 23), i32x4.splat(126)));
  e = f32x4.sub(e, v128.and(tiny, splat(23)));
  // the mantissa in [1/2, 1)
  let m = v128.or(v128.and(bits, i32x4.splat(0x007fffff)), i32x4.splat(0x3f000000));
  const low = f32x4.lt(m, splat(0.707106781186547524));
  e = f32x4.sub(e, v128.and(low, splat(1)));
  m = f32x4.sub(f32x4.add(m, v128.and(low, m)), splat(1));
  const z = f32x4.mul(m, m);
  let p = madd(splat(7.0376836292e-2), m, splat(-1.1514610310e-1));
  p = madd(p, m, splat(1.1676998740e-1));
  p = madd(p, m, splat(-1.2420140846e-1));
  p = madd(p, m, splat(1.4249322787e-1));
  p = madd(p, m, splat(-1.6668057665e-1));
  p = madd(p, m, splat(2.0000714765e-1));
  p = madd(p, m, splat(-2.4999993993e-1));
  p = madd(p, m, splat(3.3333331174e-1));
  p = f32x4.mul(f32x4.mul(p, m), z);
  p = madd(e, splat(-2.12194440e-4), p);
  p = madd(z, splat(-0.5), p);
  let result = madd(e, splat(0.693359375), f32x4.add(m, p));
  result = v128.bitselect(x, result, f32x4.eq(x, splat(Infinity)));
  result = v128.bitselect(splat(-Infinity), result, f32x4.eq(x, splat(0)));
  // NaN, and all that is below 0
  return v128.bitselect(result, splat(NaN), f32x4.ge(x, splat(0)));
}

/** (eˣ − e⁻ˣ)/(eˣ + e⁻ˣ). */
// @ts-ignore: decorator
@inline
export function tanh(x: v128): v128 {
  const a = f32x4.abs(x);
  const z = f32x4.mul(x, x);
  let p = madd(splat(-5.70498872745e-3), z, splat(2.06390887954e-2));
  p = madd(p, z, splat(-5.37397155531e-2));
  p = madd(p, z, splat(1.33314422036e-1));
  p = madd(p, z, splat(-3.33332819422e-1));
  const near = madd(f32x4.mul(p, z), x, x);
  const far = f32x4.sub(splat(1), f32x4.div(splat(2), f32x4.add(exp(f32x4.add(a, a)), splat(1))));
  const signed = v128.or(far, v128.and(x, i32x4.splat(0x80000000)));
  return v128.bitselect(near, signed, f32x4.lt(a, splat(0.625)));
}

/** 1/(1 + e⁻ˣ). */
// @ts-ignore: decorator
@inline
export function sigmoid(x: v128): v128 {
  return f32x4.div(splat(1), f32x4.add(splat(1), exp(f32x4.neg(x))));
}

/** 1 − erf x for x ≥ 1/2. */
// @ts-ignore: decorator
@inline
function erfcTail(x: v128): v128 {
  const q = f32x4.div(splat(1), x);
  const y = f32x4.mul(q, q);
  let p = madd(splat(2.326819970068386e-2), y, splat(-1.387039388740657e-1));
  p = madd(p, y, splat(3.687424674597105e-1));
  p = madd(p, y, splat(-5.824733027278666e-1));
  p = madd(p, y, splat(6.210004621745983e-1));
  p = madd(p, y, splat(-4.944515323274145e-1));
  p = madd(p, y, splat(3.404879937665872e-1));
  p = madd(p, y, splat(-2.741127028184656e-1));
  p = madd(p, y, splat(5.638259427386472e-1));
  let r = madd(splat(-1.047766399936249e1), y, splat(1.297719955372516e1));
  r = madd(r, y, splat(-7.495518717768503));
  r = madd(r, y, splat(2.921019019210786));
  r = madd(r, y, splat(-1.0152652792027));
  r = madd(r, y, splat(4.218463358204948e-1));
  r = madd(r, y, splat(-2.820767439740514e-1));
  r = madd(r, y, splat(5.641895067754075e-1));
  const polynomial = v128.bitselect(p, r, f32x4.lt(x, splat(2)));
  return f32x4.mul(f32x4.mul(exp(f32x4.neg(f32x4.mul(x, x))), q), polynomial);
}

/** erf x for |x| < 1. */
// @ts-ignore: decorator
@inline
function erfNear(x: v128): v128 {
  const z = f32x4.mul(x, x);
  let p = madd(splat(7.853861353153693e-5), z, splat(-8.010193625184903e-4));
  p = madd(p, z, splat(5.188327685732524e-3));
  p = madd(p, z, splat(-2.685381193529856e-2));
  p = madd(p, z, splat(1.128358514861418e-1));
  p = madd(p, z, splat(-3.761262582423300e-1));
  p = madd(p, z, splat(1.128379165726710));
  return f32x4.mul(x, p);
}

/** (2/√π)·∫₀ˣ e^(−t²) dt. */
// @ts-ignore: decorator
@inline
export function erf(x: v128): v128 {
  const a = f32x4.abs(x);
  const far = f32x4.sub(splat(1), erfcTail(f32x4.max(a, splat(0.5))));
  const signed = v128.or(far, v128.and(x, i32x4.splat(0x80000000)));
  return v128.bitselect(erfNear(x), signed, f32x4.lt(a, splat(1)));
}

/** e^(−x²/2). */
// @ts-ignore: decorator
@inline
export function bell(x: v128): v128 {
  return exp(f32x4.mul(f32x4.mul(x, x), splat(-0.5)));
}

/**
 * Φ(x) = (1 + erf(x/√2))/2, given e^(−x²/2): with a = |x|/√2 and t = 1/(1 + 0.33a), e^(a²)·erfc(a) is a polynomial in t to
 * 8·10⁻⁸ of its value (fitted by least squares, reweighted until the errors were even). Nothing cancels for negative x.
 */
// @ts-ignore: decorator
@inline
export function cumulative(x: v128, bell: v128): v128 {
  const t = f32x4.div(splat(1), madd(f32x4.abs(x), splat(0.33 * 0.70710678118654752), splat(1)));
  let p = madd(splat(-0.135929297), t, splat(0.46269048));
  p = madd(p, t, splat(-0.355443133));
  p = madd(p, t, splat(0.412545779));
  p = madd(p, t, splat(0.0450082597));
  p = madd(p, t, splat(0.201924602));
  p = madd(p, t, splat(0.182837109));
  p = madd(p, t, splat(0.186366119));
  const tail = f32x4.mul(f32x4.mul(p, t), f32x4.mul(bell, splat(0.5)));
  return v128.bitselect(tail, f32x4.sub(splat(1), tail), f32x4.lt(x, splat(0)));
}

/** x·Φ(x). */
// @ts-ignore: decorator
@inline
export function gelu(x: v128): v128 {
  return f32x4.mul(x, cumulative(x, bell(x)));
}

/** ln(1 + t) for t ≥ 0, exact also where 1 + t rounds (Kahan). */
// @ts-ignore: decorator
@inline
function log1p(t: v128): v128 {
  const u = f32x4.add(splat(1), t);
  const d = f32x4.sub(u, splat(1));
  return v128.bitselect(t, f32x4.mul(log(u), f32x4.div(t, d)), f32x4.eq(d, splat(0)));
}

/** ln σ(x) = min(x, 0) − ln(1 + e^−|x|). */
// @ts-ignore: decorator
@inline
export function logSigmoid(x: v128): v128 {
  return f32x4.sub(f32x4.min(x, splat(0)), log1p(exp(f32x4.neg(f32x4.abs(x)))));
}
