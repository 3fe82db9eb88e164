// Normalization by the statistics of each channel: x is [outer, channels, inner], row-major. What belongs to a channel is
// float64, one array after the other.
import { madd } from './simd';
import { widen } from './reduce';

/** Elements whose sum is kept in float32. */
const STRETCH: i32 = 64;

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
      while (n >= 4) {
        const length = min(n, STRETCH) & ~3;
        let a = f32x4.splat(0);
        let b = a;
        const end = at + (<usize>length << 2);
        for (; at < end; at += 16) {
          const d = f32x4.sub(v128.load(at), s);
          a = f32x4.add(a, d);
          b = madd(d, d, b);
        }
        sum += widen(a);
        squares += widen(b);
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
      for (; n >= 4; n -= 4, x += 16, out += 16) v128.store(out, madd(a, v128.load(x), b));
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
      while (n >= 4) {
        const length = min(n, STRETCH) & ~3;
        let a = f32x4.splat(0);
        let b = a;
        const end = p + (<usize>length << 2);
        for (; p < end; p += 16, q += 16) {
          const v = v128.load(p);
          a = f32x4.add(a, v);
          b = madd(v, f32x4.sub(v128.load(q), m), b);
        }
        sum += widen(a);
        along += widen(b);
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
      for (; n >= 4; n -= 4, g += 16, x += 16, out += 16) {
        v128.store(out, madd(a, v128.load(g), madd(b, v128.load(x), c)));
      }
      for (; n > 0; n--, g += 4, x += 4, out += 4) {
        v128.store_lane<f32>(out, madd(a, v128.load_zero<f32>(g), madd(b, v128.load_zero<f32>(x), c)), 0);
      }
    }
  }
}
