// What is said of a tensor at each step, in one pass over its elements.

/**
 * Σx, Σx², least, greatest and the number of zeros, as five float64 at `out`. NaN elements count in no comparison, so the
 * sums show them, and least and greatest don't.
 */
export function measure(x: usize, n: i32, out: usize): void {
  let sum: f64 = 0;
  let squares: f64 = 0;
  let zeros: i32 = 0;
  let least = f32x4.splat(Infinity);
  let greatest = f32x4.splat(-Infinity);
  const nought = f32x4.splat(0);
  while (n >= 4) {
    let s = f64x2.splat(0);
    let q = f64x2.splat(0);
    let z = i32x4.splat(0);
    const end = x + ((<usize>(min(n, 1 << 20) & ~3)) << 2);
    n -= min(n, 1 << 20) & ~3;
    for (; x < end; x += 16) {
      const v = v128.load(x);
      const low = f64x2.promote_low_f32x4(v);
      const high = f64x2.promote_low_f32x4(v128.shuffle<f32>(v, v, 2, 3, 2, 3));
      s = f64x2.add(s, f64x2.add(low, high));
      q = f64x2.add(q, f64x2.add(f64x2.mul(low, low), f64x2.mul(high, high)));
      least = f32x4.pmin(least, v);
      greatest = f32x4.pmax(greatest, v);
      z = i32x4.sub(z, f32x4.eq(v, nought));
    }
    sum += f64x2.extract_lane(s, 0) + f64x2.extract_lane(s, 1);
    squares += f64x2.extract_lane(q, 0) + f64x2.extract_lane(q, 1);
    zeros += i32x4.extract_lane(z, 0) + i32x4.extract_lane(z, 1) + i32x4.extract_lane(z, 2) + i32x4.extract_lane(z, 3);
  }
  let low: f32 = Infinity;
  let high: f32 = -Infinity;
  for (let i = 0; i < 4; i++) {
    const a =
      i == 0
        ? f32x4.extract_lane(least, 0)
        : i == 1
          ? f32x4.extract_lane(least, 1)
          : i == 2
            ? f32x4.extract_lane(least, 2)
            : f32x4.extract_lane(least, 3);
    const b =
      i == 0
        ? f32x4.extract_lane(greatest, 0)
        : i == 1
          ? f32x4.extract_lane(greatest, 1)
          : i == 2
            ? f32x4.extract_lane(greatest, 2)
            : f32x4.extract_lane(greatest, 3);
    if (a < low) low = a;
    if (b > high) high = b;
  }
  for (; n > 0; n--, x += 4) {
    const v = load<f32>(x);
    sum += v;
    squares += <f64>v * <f64>v;
    if (v < low) low = v;
    if (v > high) high = v;
    if (v == 0) zeros++;
  }
  store<f64>(out, sum);
  store<f64>(out, squares, 8);
  store<f64>(out, <f64>low, 16);
  store<f64>(out, <f64>high, 24);
  store<f64>(out, <f64>zeros, 32);
}

/** Σ(a − b)². */
export function squaredDistance(a: usize, b: usize, n: i32): f64 {
  let s = f64x2.splat(0);
  for (; n >= 4; n -= 4, a += 16, b += 16) {
    const d = f32x4.sub(v128.load(a), v128.load(b));
    const low = f64x2.promote_low_f32x4(d);
    const high = f64x2.promote_low_f32x4(v128.shuffle<f32>(d, d, 2, 3, 2, 3));
    s = f64x2.add(s, f64x2.add(f64x2.mul(low, low), f64x2.mul(high, high)));
  }
  let result = f64x2.extract_lane(s, 0) + f64x2.extract_lane(s, 1);
  for (; n > 0; n--, a += 4, b += 4) {
    const d = <f64>load<f32>(a) - <f64>load<f32>(b);
    result += d * d;
  }
  return result;
}
