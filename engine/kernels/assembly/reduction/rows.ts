// Along rows of `length` contiguous elements.
import { exp } from '../pointwise/functions';
import { sum, sumOfSquares } from './reduce';
import { madd, total } from '../simd';

/** The greatest element that isn't NaN; −Infinity if there is none. */
// @ts-ignore: decorator
@inline
export function greatest(x: usize, length: i32): f32 {
  let top0 = f32x4.splat(-Infinity);
  let top1 = top0;
  let top2 = top0;
  let top3 = top0;
  let n = length;
  // several at once: each waits for the one before
  for (; n >= 16; n -= 16, x += 64) {
    top0 = f32x4.pmax(top0, v128.load(x));
    top1 = f32x4.pmax(top1, v128.load(x, 16));
    top2 = f32x4.pmax(top2, v128.load(x, 32));
    top3 = f32x4.pmax(top3, v128.load(x, 48));
  }
  for (; n >= 4; n -= 4, x += 16) top0 = f32x4.pmax(top0, v128.load(x));
  for (; n > 0; n--, x += 4) top1 = f32x4.pmax(top1, v128.load_splat<f32>(x));
  const top = f32x4.pmax(f32x4.pmax(top0, top1), f32x4.pmax(top2, top3));
  return max(
    max(f32x4.extract_lane(top, 0), f32x4.extract_lane(top, 1)),
    max(f32x4.extract_lane(top, 2), f32x4.extract_lane(top, 3)),
  );
}

/** out = e^(x − shift); returns its sum. */
// @ts-ignore: decorator
@inline
export function exponentials(x: usize, out: usize, length: i32, shift: f32): f32 {
  const s = f32x4.splat(shift);
  let sum0 = f32x4.splat(0);
  let sum1 = sum0;
  let n = length;
  for (; n >= 8; n -= 8, x += 32, out += 32) {
    const x0 = v128.load(x);
    const x1 = v128.load(x, 16);
    const e0 = exp(f32x4.sub(x0, s));
    const e1 = exp(f32x4.sub(x1, s));
    v128.store(out, e0);
    v128.store(out, e1, 16);
    sum0 = f32x4.add(sum0, e0);
    sum1 = f32x4.add(sum1, e1);
  }
  if (n >= 4) {
    const e = exp(f32x4.sub(v128.load(x), s));
    v128.store(out, e);
    sum0 = f32x4.add(sum0, e);
    n -= 4;
    x += 16;
    out += 16;
  }
  let result = total(f32x4.add(sum0, sum1));
  for (; n > 0; n--, x += 4, out += 4) {
    const e = exp(f32x4.sub(v128.load_zero<f32>(x), s));
    v128.store_lane<f32>(out, e, 0);
    result += f32x4.extract_lane(e, 0);
  }
  return result;
}

/** Σ e^(x − shift). */
// @ts-ignore: decorator
@inline
export function sumOfExponentials(x: usize, length: i32, shift: f32): f32 {
  const s = f32x4.splat(shift);
  let sum0 = f32x4.splat(0);
  let sum1 = sum0;
  let n = length;
  for (; n >= 8; n -= 8, x += 32) {
    sum0 = f32x4.add(sum0, exp(f32x4.sub(v128.load(x), s)));
    sum1 = f32x4.add(sum1, exp(f32x4.sub(v128.load(x, 16), s)));
  }
  for (; n >= 4; n -= 4, x += 16) sum0 = f32x4.add(sum0, exp(f32x4.sub(v128.load(x), s)));
  let result = total(f32x4.add(sum0, sum1));
  for (; n > 0; n--, x += 4) result += f32x4.extract_lane(exp(f32x4.sub(v128.load_zero<f32>(x), s)), 0);
  return result;
}

/** out = scale·x. */
// @ts-ignore: decorator
@inline
export function scaled(x: usize, out: usize, length: i32, scale: f32): void {
  const s = f32x4.splat(scale);
  let n = length;
  for (; n >= 8; n -= 8, x += 32, out += 32) {
    const x0 = v128.load(x);
    const x1 = v128.load(x, 16);
    v128.store(out, f32x4.mul(x0, s));
    v128.store(out, f32x4.mul(x1, s), 16);
  }
  for (; n > 0; n--, x += 4, out += 4) store<f32>(out, load<f32>(x) * scale);
}

/** eˣ/Σeˣ of each row; with `log`, its logarithm. */
export function softmax(x: usize, out: usize, rows: i32, length: i32, log: bool): void {
  const bytes = <usize>length << 2;
  for (; rows > 0; rows--, x += bytes, out += bytes) {
    const shift = greatest(x, length);
    const mass = exponentials(x, out, length, shift);
    if (log) {
      const below: f32 = shift + <f32>Math.log(mass);
      const v = f32x4.splat(below);
      let i: usize = 0;
      for (; i + 16 <= bytes; i += 16) v128.store(out + i, f32x4.sub(v128.load(x + i), v));
      for (; i < bytes; i += 4) store<f32>(out + i, load<f32>(x + i) - below);
    } else scaled(out, out, length, 1 / mass);
  }
}

/** (x − mean)/√(variance + eps) of each row, and 1/√(variance + eps). */
export function standardize(x: usize, out: usize, inverseStd: usize, rows: i32, length: i32, eps: f64): void {
  const bytes = <usize>length << 2;
  for (; rows > 0; rows--, x += bytes, out += bytes, inverseStd += 4) {
    const mean = <f32>(sum(x, length) / <f64>length);
    const m = f32x4.splat(mean);
    let i: usize = 0;
    for (; i + 16 <= bytes; i += 16) v128.store(out + i, f32x4.sub(v128.load(x + i), m));
    for (; i < bytes; i += 4) store<f32>(out + i, load<f32>(x + i) - mean);
    const scale = <f32>(1 / Math.sqrt(sumOfSquares(out, length) / <f64>length + eps));
    const s = f32x4.splat(scale);
    for (i = 0; i + 16 <= bytes; i += 16) v128.store(out + i, f32x4.mul(v128.load(out + i), s));
    for (; i < bytes; i += 4) store<f32>(out + i, load<f32>(out + i) * scale);
    store<f32>(inverseStd, scale);
  }
}

/** Σ x·y. */
// @ts-ignore: decorator
@inline
export function dot(x: usize, y: usize, length: i32): f32 {
  let sum = f32x4.splat(0);
  let n = length;
  for (; n >= 4; n -= 4, x += 16, y += 16) sum = madd(v128.load(x), v128.load(y), sum);
  let result = total(sum);
  for (; n > 0; n--, x += 4, y += 4) result += load<f32>(x) * load<f32>(y);
  return result;
}

/** With y = softmax x: y(g − Σgy) of each row; with `log` and y = ln softmax x: g − e^y·Σg. */
export function softmaxBackward(g: usize, y: usize, out: usize, rows: i32, length: i32, log: bool): void {
  const bytes = <usize>length << 2;
  for (; rows > 0; rows--, g += bytes, y += bytes, out += bytes) {
    const along: f32 = log ? <f32>sum(g, length) : dot(g, y, length);
    const a = f32x4.splat(along);
    let i: usize = 0;
    if (log) {
      for (; i + 16 <= bytes; i += 16) {
        v128.store(out + i, f32x4.sub(v128.load(g + i), f32x4.mul(exp(v128.load(y + i)), a)));
      }
      for (; i < bytes; i += 4) {
        const v = f32x4.mul(exp(v128.load_zero<f32>(y + i)), a);
        v128.store_lane<f32>(out + i, f32x4.sub(v128.load_zero<f32>(g + i), v), 0);
      }
    } else {
      for (; i + 16 <= bytes; i += 16) {
        v128.store(out + i, f32x4.mul(v128.load(y + i), f32x4.sub(v128.load(g + i), a)));
      }
      for (; i < bytes; i += 4) store<f32>(out + i, load<f32>(y + i) * (load<f32>(g + i) - along));
    }
  }
}

/** s·(g − mean g − y·mean(g·y)) of each row, with y standardized and s = 1/√(variance + eps). */
export function standardizeBackward(g: usize, y: usize, s: usize, out: usize, rows: i32, length: i32): void {
  const bytes = <usize>length << 2;
  for (; rows > 0; rows--, g += bytes, y += bytes, out += bytes, s += 4) {
    const mean = <f32>(sum(g, length) / <f64>length);
    const along: f32 = dot(g, y, length) / <f32>length;
    const scale = load<f32>(s);
    const m = f32x4.splat(mean);
    const a = f32x4.splat(along);
    const f = f32x4.splat(scale);
    let i: usize = 0;
    for (; i + 16 <= bytes; i += 16) {
      const d = f32x4.sub(f32x4.sub(v128.load(g + i), m), f32x4.mul(v128.load(y + i), a));
      v128.store(out + i, f32x4.mul(d, f));
    }
    for (; i < bytes; i += 4) store<f32>(out + i, (load<f32>(g + i) - mean - load<f32>(y + i) * along) * scale);
  }
}
