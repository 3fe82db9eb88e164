// Comparisons, and choices by them. A bool is one byte, 0 or 1.
import { at, size, step } from '../movement/nest';

@unmanaged
class Eq {
  // @ts-ignore: decorator
  @inline
  of(x: v128, y: v128): v128 {
    return f32x4.eq(x, y);
  }
}
@unmanaged
class Lt {
  // @ts-ignore: decorator
  @inline
  of(x: v128, y: v128): v128 {
    return f32x4.lt(x, y);
  }
}
@unmanaged
class Le {
  // @ts-ignore: decorator
  @inline
  of(x: v128, y: v128): v128 {
    return f32x4.le(x, y);
  }
}

/** Four elements at the given step, which is 0 or 1. */
// @ts-ignore: decorator
@inline
function four(x: usize, step: i32): v128 {
  return step == 0 ? v128.load_splat<f32>(x) : v128.load(x);
}

// @ts-ignore: decorator
@inline
function compare<T>(x: usize, y: usize, out: usize, nest: usize, not: i32): void {
  const f = changetype<T>(0);
  const n = size(nest, 0);
  const xStep = step(nest, 0);
  const yStep = step(nest, 1);
  const whole = <u32>xStep <= 1 && <u32>yStep <= 1;
  const flip = i8x16.splat(<i8>not);
  for (let d = 0; d < size(nest, 3); d++) {
    for (let c = 0; c < size(nest, 2); c++) {
      for (let b = 0; b < size(nest, 1); b++) {
        let p = x + at(nest, 0, b, c, d);
        let q = y + at(nest, 1, b, c, d);
        const end = out + n;
        if (whole) {
          const u = <usize>xStep << 4;
          const v = <usize>yStep << 4;
          for (; out + 16 <= end; out += 16, p += 4 * u, q += 4 * v) {
            const low = i16x8.narrow_i32x4_s(
              f.of(four(p, xStep), four(q, yStep)),
              f.of(four(p + u, xStep), four(q + v, yStep)),
            );
            const high = i16x8.narrow_i32x4_s(
              f.of(four(p + 2 * u, xStep), four(q + 2 * v, yStep)),
              f.of(four(p + 3 * u, xStep), four(q + 3 * v, yStep)),
            );
            const ones = v128.and(i8x16.narrow_i16x8_s(low, high), i8x16.splat(1));
            v128.store(out, v128.xor(ones, flip));
          }
        }
        for (; out < end; out++, p += xStep << 2, q += yStep << 2) {
          const mask = f.of(v128.load_zero<f32>(p), v128.load_zero<f32>(q));
          store<u8>(out, (i32x4.extract_lane(mask, 0) & 1) ^ not);
        }
      }
    }
  }
}

export function eq(x: usize, y: usize, out: usize, nest: usize): void {
  compare<Eq>(x, y, out, nest, 0);
}
export function ne(x: usize, y: usize, out: usize, nest: usize): void {
  compare<Eq>(x, y, out, nest, 1);
}
export function lt(x: usize, y: usize, out: usize, nest: usize): void {
  compare<Lt>(x, y, out, nest, 0);
}
export function le(x: usize, y: usize, out: usize, nest: usize): void {
  compare<Le>(x, y, out, nest, 0);
}

/** out = condition ? x : y, for a condition in bytes and four-byte elements; `out` is contiguous. */
export function where(condition: usize, x: usize, y: usize, out: usize, nest: usize): void {
  const n = size(nest, 0);
  const cStep = step(nest, 0);
  const xStep = step(nest, 1);
  const yStep = step(nest, 2);
  const whole = cStep == 1 && <u32>xStep <= 1 && <u32>yStep <= 1;
  const zero = i32x4.splat(0);
  for (let d = 0; d < size(nest, 3); d++) {
    for (let c = 0; c < size(nest, 2); c++) {
      for (let b = 0; b < size(nest, 1); b++) {
        let r = condition + (at(nest, 0, b, c, d) >> 2);
        let p = x + at(nest, 1, b, c, d);
        let q = y + at(nest, 2, b, c, d);
        const end = out + (<usize>n << 2);
        if (whole) {
          for (; out + 16 <= end; out += 16, r += 4, p += <usize>xStep << 4, q += <usize>yStep << 4) {
            const bytes = v128.load_zero<u32>(r);
            const mask = i32x4.eq(i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(bytes)), zero);
            v128.store(out, v128.bitselect(four(q, yStep), four(p, xStep), mask));
          }
        }
        for (; out < end; out += 4, r += cStep, p += xStep << 2, q += yStep << 2) {
          store<u32>(out, load<u8>(r) != 0 ? load<u32>(p) : load<u32>(q));
        }
      }
    }
  }
}
