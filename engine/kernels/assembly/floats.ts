// Copies of rows that are often too short for `memory.copy`, whose call alone takes as long as moving a hundred floats.
import { transpose4x4 } from './simd';

/** n floats from one place to another that doesn't overlap. */
// @ts-ignore: decorator
@inline
export function copyFloats(from: usize, to: usize, n: i32): void {
  let i = 0;
  for (; i + 16 <= n; i += 16, from += 64, to += 64) {
    const a = v128.load(from);
    const b = v128.load(from, 16);
    const c = v128.load(from, 32);
    const d = v128.load(from, 48);
    v128.store(to, a);
    v128.store(to, b, 16);
    v128.store(to, c, 32);
    v128.store(to, d, 48);
  }
  for (; i + 4 <= n; i += 4, from += 16, to += 16) v128.store(to, v128.load(from));
  for (; i < n; i++, from += 4, to += 4) store<f32>(to, load<f32>(from));
}

/** n floats, of which `from` holds every second. */
// @ts-ignore: decorator
@inline
export function evenFloats(from: usize, to: usize, n: i32): void {
  let i = 0;
  // whole vectors, but nothing past the last float that is wanted
  for (; i + 5 <= n; i += 4, from += 32) {
    v128.store(to + (i << 2), v128.shuffle<f32>(v128.load(from), v128.load(from, 16), 0, 2, 4, 6));
  }
  for (; i < n; i++, from += 8) store<f32>(to + (i << 2), load<f32>(from));
}

/** n floats by turns from `even`, which begins, and `odd`. */
// @ts-ignore: decorator
@inline
export function interleaveFloats(even: usize, odd: usize, to: usize, n: i32): void {
  let i = 0;
  for (; i + 8 <= n; i += 8, even += 16, odd += 16, to += 32) {
    const a = v128.load(even);
    const b = v128.load(odd);
    v128.store(to, v128.shuffle<f32>(a, b, 0, 4, 1, 5));
    v128.store(to, v128.shuffle<f32>(a, b, 2, 6, 3, 7), 16);
  }
  for (; i < n; i += 2, even += 4, odd += 4, to += 8) {
    store<f32>(to, load<f32>(even));
    if (i + 1 < n) store<f32>(to, load<f32>(odd), 4);
  }
}

/** [4][n] floats, whose rows are `stride` bytes apart, as [n][4] with `line` bytes from one to the next. */
// @ts-ignore: decorator
@inline
export function turnFour(from: usize, stride: usize, to: usize, line: usize, n: i32): void {
  let i = 0;
  for (; i + 4 <= n; i += 4, from += 16, to += 4 * line) transpose4x4(from, stride, to, line);
  for (; i < n; i++, from += 4, to += line) {
    store<f32>(to, load<f32>(from));
    store<f32>(to, load<f32>(from + stride), 4);
    store<f32>(to, load<f32>(from + 2 * stride), 8);
    store<f32>(to, load<f32>(from + 3 * stride), 12);
  }
}

/** `rows` rows of n floats, `stride` bytes apart, as [n][width], of which the first `rows` are written. */
export function turnRows(from: usize, stride: usize, rows: i32, to: usize, width: i32, n: i32): void {
  let r = 0;
  for (; r + 4 <= rows; r += 4) turnFour(from + <usize>r * stride, stride, to + (r << 2), <usize>width << 2, n);
  for (; r < rows; r++)
    for (let i = 0; i < n; i++)
      store<f32>(to + ((i * width + r) << 2), load<f32>(from + <usize>r * stride + (i << 2)));
}

/** [n][columns] floats, of which the first `rows` of each are wanted, as [rows][n], `stride` floats from one to the next. */
export function turnBack(from: usize, columns: i32, rows: i32, to: usize, stride: i32, n: i32): void {
  const line = <usize>columns << 2;
  const step = <usize>stride << 2;
  let r = 0;
  for (; r + 4 <= rows; r += 4, from += 16, to += 4 * step) {
    let t = 0;
    for (; t + 4 <= n; t += 4) transpose4x4(from + <usize>t * line, line, to + (t << 2), step);
    for (; t < n; t++)
      for (let q = 0; q < 4; q++)
        store<f32>(to + <usize>q * step + (t << 2), load<f32>(from + <usize>t * line + (q << 2)));
  }
  for (; r < rows; r++, from += 4, to += step)
    for (let t = 0; t < n; t++) store<f32>(to + (t << 2), load<f32>(from + <usize>t * line));
}
