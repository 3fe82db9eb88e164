// Sums are taken in float32 over short stretches, and the stretches in float64: nearly as exact as float64 throughout.
import { at, size, step } from '../movement/nest';
import { madd } from '../simd';

/** Elements whose sum is kept in float32. */
const STRETCH: i32 = 64;

// @ts-ignore: decorator
@inline
export function widen(v: v128): f64 {
  const low = f64x2.promote_low_f32x4(v);
  const high = f64x2.promote_low_f32x4(v128.shuffle<f32>(v, v, 2, 3, 2, 3));
  const both = f64x2.add(low, high);
  return f64x2.extract_lane(both, 0) + f64x2.extract_lane(both, 1);
}

/** Σ x. */
export function sum(x: usize, n: i32): f64 {
  let result: f64 = 0;
  while (n >= 8) {
    let a = f32x4.splat(0);
    let b = a;
    const length = min(n, STRETCH) & ~7;
    const end = x + (<usize>length << 2);
    for (; x < end; x += 32) {
      a = f32x4.add(a, v128.load(x));
      b = f32x4.add(b, v128.load(x, 16));
    }
    result += widen(f32x4.add(a, b));
    n -= length;
  }
  for (; n > 0; n--, x += 4) result += load<f32>(x);
  return result;
}

/** Σ x². */
export function sumOfSquares(x: usize, n: i32): f64 {
  let result: f64 = 0;
  while (n >= 8) {
    let a = f32x4.splat(0);
    let b = a;
    const length = min(n, STRETCH) & ~7;
    const end = x + (<usize>length << 2);
    for (; x < end; x += 32) {
      const u = v128.load(x);
      const v = v128.load(x, 16);
      a = madd(u, u, a);
      b = madd(v, v, b);
    }
    result += widen(f32x4.add(a, b));
    n -= length;
  }
  for (; n > 0; n--, x += 4) result += <f64>load<f32>(x) * <f64>load<f32>(x);
  return result;
}

/** sums[i] += x[i], in float64. */
// @ts-ignore: decorator
@inline
function addRow(x: usize, sums: usize, n: i32): void {
  for (; n >= 4; n -= 4, x += 16, sums += 32) {
    const v = v128.load(x);
    v128.store(sums, f64x2.add(v128.load(sums), f64x2.promote_low_f32x4(v)));
    const high = f64x2.promote_low_f32x4(v128.shuffle<f32>(v, v, 2, 3, 2, 3));
    v128.store(sums, f64x2.add(v128.load(sums, 16), high), 16);
  }
  for (; n > 0; n--, x += 4, sums += 8) store<f64>(sums, load<f64>(sums) + load<f32>(x));
}

/** sums[i] += x[i]², in float64. */
// @ts-ignore: decorator
@inline
function addSquares(x: usize, sums: usize, n: i32): void {
  for (; n > 0; n--, x += 4, sums += 8) store<f64>(sums, load<f64>(sums) + <f64>load<f32>(x) * <f64>load<f32>(x));
}

/**
 * sums += x, or x², along a nest of loops over x (0) and the sums (1, float64), whose innermost stride is 0 where the row
 * is added up and 1 where rows are added to each other.
 */
export function fold(x: usize, sums: usize, nest: usize, squares: bool): void {
  const n = size(nest, 0);
  const along = step(nest, 1) == 0;
  for (let d = 0; d < size(nest, 3); d++) {
    for (let c = 0; c < size(nest, 2); c++) {
      for (let b = 0; b < size(nest, 1); b++) {
        const p = x + at(nest, 0, b, c, d);
        const o = sums + (at(nest, 1, b, c, d) << 1);
        if (along) store<f64>(o, load<f64>(o) + (squares ? sumOfSquares(p, n) : sum(p, n)));
        else if (squares) addSquares(p, o, n);
        else addRow(p, o, n);
      }
    }
  }
}
