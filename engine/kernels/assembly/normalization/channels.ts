// Normalization by the statistics of each channel: x is [outer, channels, inner], row-major. What belongs to a channel is
// float64, one array after the other.
import { madd } from '../simd';
import { widen } from '../reduction/reduce';

/** Elements whose sum is kept in float32, in sixteen parts. */
const STRETCH: i32 = 256;

/** The sum of what four vectors hold, in float64. */
// @ts-ignore: decorator
@inline
function widenFour(a: v128, b: v128, c: v128, d: v128): f64 {
  return widen(f32x4.add(f32x4.add(a, b), f32x4.add(c, d)));
}

/** Mean and variance (divided by the count) of each channel. `stride`: elements from one sample to the next. */
export function moments(
  x: usize,
  means: usize,
  variances: usize,
  outer: i32,
  channels: i32,
  inner: i32,
  stride: i32,
): void {
  const count = <f64>outer * <f64>inner;
  for (let c = 0; c < channels; c++) {
    // a value of the channel is taken off, so that the squares don't swamp the variance
    const shift = load<f32>(x + ((<usize>c * inner) << 2));
    const s = f32x4.splat(shift);
    let sum: f64 = 0;
    let squares: f64 = 0;
    for (let o = 0; o < outer; o++) {
      let at = x + ((<usize>o * stride + <usize>c * inner) << 2);
      let n = inner;
      while (n >= 16) {
        const length = min(n, STRETCH) & ~15;
        let a0 = f32x4.splat(0);
        let a1 = a0;
        let a2 = a0;
        let a3 = a0;
        let b0 = a0;
        let b1 = a0;
        let b2 = a0;
        let b3 = a0;
        const end = at + (<usize>length << 2);
        for (; at < end; at += 64) {
          const d0 = f32x4.sub(v128.load(at), s);
          const d1 = f32x4.sub(v128.load(at, 16), s);
          const d2 = f32x4.sub(v128.load(at, 32), s);
          const d3 = f32x4.sub(v128.load(at, 48), s);
          a0 = f32x4.add(a0, d0);
          a1 = f32x4.add(a1, d1);
          a2 = f32x4.add(a2, d2);
          a3 = f32x4.add(a3, d3);
          b0 = madd(d0, d0, b0);
          b1 = madd(d1, d1, b1);
          b2 = madd(d2, d2, b2);
          b3 = madd(d3, d3, b3);
        }
        sum += widenFour(a0, a1, a2, a3);
        squares += widenFour(b0, b1, b2, b3);
        n -= length;
      }
      for (; n > 0; n--, at += 4) {
        const d = <f64>load<f32>(at) - <f64>shift;
        sum += d;
        squares += d * d;
      }
    }
    const mean = sum / count;
    store<f64>(means + (c << 3), mean + <f64>shift);
    store<f64>(variances + (c << 3), max(0, squares / count - mean * mean));
  }
}

/** out = a·x + b; `table`: a, then b, by channel. */
export function scaleShift(x: usize, table: usize, out: usize, outer: i32, channels: i32, inner: i32): void {
  for (let o = 0; o < outer; o++) {
    for (let c = 0; c < channels; c++) {
      const a = f32x4.splat(<f32>load<f64>(table + (c << 3)));
      const b = f32x4.splat(<f32>load<f64>(table + ((channels + c) << 3)));
      let n = inner;
      for (; n >= 8; n -= 8, x += 32, out += 32) {
        const left = madd(a, v128.load(x), b);
        const right = madd(a, v128.load(x, 16), b);
        v128.store(out, left);
        v128.store(out, right, 16);
      }
      for (; n > 0; n--, x += 4, out += 4) v128.store_lane<f32>(out, madd(a, v128.load_zero<f32>(x), b), 0);
    }
  }
}

/** Σg and Σg·(x − mean) of each channel. `stride`: elements from one sample to the next. */
export function channelSums(
  g: usize,
  x: usize,
  means: usize,
  sums: usize,
  alongs: usize,
  outer: i32,
  channels: i32,
  inner: i32,
  stride: i32,
): void {
  for (let c = 0; c < channels; c++) {
    const mean = <f32>load<f64>(means + (c << 3));
    const m = f32x4.splat(mean);
    let sum: f64 = 0;
    let along: f64 = 0;
    for (let o = 0; o < outer; o++) {
      const start = (<usize>o * stride + <usize>c * inner) << 2;
      let p = g + start;
      let q = x + start;
      let n = inner;
      while (n >= 16) {
        const length = min(n, STRETCH) & ~15;
        let a0 = f32x4.splat(0);
        let a1 = a0;
        let a2 = a0;
        let a3 = a0;
        let b0 = a0;
        let b1 = a0;
        let b2 = a0;
        let b3 = a0;
        const end = p + (<usize>length << 2);
        for (; p < end; p += 64, q += 64) {
          const v0 = v128.load(p);
          const v1 = v128.load(p, 16);
          const v2 = v128.load(p, 32);
          const v3 = v128.load(p, 48);
          const d0 = f32x4.sub(v128.load(q), m);
          const d1 = f32x4.sub(v128.load(q, 16), m);
          const d2 = f32x4.sub(v128.load(q, 32), m);
          const d3 = f32x4.sub(v128.load(q, 48), m);
          a0 = f32x4.add(a0, v0);
          a1 = f32x4.add(a1, v1);
          a2 = f32x4.add(a2, v2);
          a3 = f32x4.add(a3, v3);
          b0 = madd(v0, d0, b0);
          b1 = madd(v1, d1, b1);
          b2 = madd(v2, d2, b2);
          b3 = madd(v3, d3, b3);
        }
        sum += widenFour(a0, a1, a2, a3);
        along += widenFour(b0, b1, b2, b3);
        n -= length;
      }
      for (; n > 0; n--, p += 4, q += 4) {
        const v = <f64>load<f32>(p);
        sum += v;
        along += v * (<f64>load<f32>(q) - <f64>mean);
      }
    }
    store<f64>(sums + (c << 3), sum);
    store<f64>(alongs + (c << 3), along);
  }
}

/** out = a·g + b·x + c; `table`: a, b, c by channel. */
export function combine(g: usize, x: usize, table: usize, out: usize, outer: i32, channels: i32, inner: i32): void {
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < channels; i++) {
      const a = f32x4.splat(<f32>load<f64>(table + (i << 3)));
      const b = f32x4.splat(<f32>load<f64>(table + ((channels + i) << 3)));
      const c = f32x4.splat(<f32>load<f64>(table + ((2 * channels + i) << 3)));
      let n = inner;
      for (; n >= 8; n -= 8, g += 32, x += 32, out += 32) {
        const x0 = v128.load(x);
        const x1 = v128.load(x, 16);
        const left = madd(a, v128.load(g), madd(b, x0, c));
        const right = madd(a, v128.load(g, 16), madd(b, x1, c));
        v128.store(out, left);
        v128.store(out, right, 16);
      }
      for (; n > 0; n--, g += 4, x += 4, out += 4) {
        v128.store_lane<f32>(out, madd(a, v128.load_zero<f32>(g), madd(b, v128.load_zero<f32>(x), c)), 0);
      }
    }
  }
}
