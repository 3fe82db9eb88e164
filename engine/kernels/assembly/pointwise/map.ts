// One loop for all functions of one array, and one for all of two: a function is a class without fields whose method is
// inlined where it is called, so that each gets a loop of its own. Vectors are loaded, worked on and stored in pairs: that is
// what V8's revectorizer makes 256 bits of.
import { at, size, step } from '../movement/nest';

/** out[i] = T(x[i]); `a` and `b` are the function's own parameters. */
// @ts-ignore: decorator
@inline
export function map<T>(x: usize, out: usize, n: i32, a: f32 = 0, b: f32 = 0): void {
  const f = changetype<T>(0);
  const va = f32x4.splat(a);
  const vb = f32x4.splat(b);
  const pairs = out + (<usize>(n & ~7) << 2);
  for (; out < pairs; x += 32, out += 32) {
    const left = v128.load(x);
    const right = v128.load(x, 16);
    const first = f.of(left, va, vb);
    const second = f.of(right, va, vb);
    v128.store(out, first);
    v128.store(out, second, 16);
  }
  if (n & 4) {
    v128.store(out, f.of(v128.load(x), va, vb));
    x += 16;
    out += 16;
  }
  for (let rest = n & 3; rest > 0; rest--, x += 4, out += 4)
    v128.store_lane<f32>(out, f.of(v128.load_zero<f32>(x), va, vb), 0);
}

/** A row of `zip`; steps in elements. */
// @ts-ignore: decorator
@inline
function zipRow<T>(x: usize, xStep: i32, y: usize, yStep: i32, out: usize, n: i32): void {
  const f = changetype<T>(0);
  const pairs = out + (<usize>(n & ~7) << 2);
  let rest = n & 3;
  if (xStep == 1 && yStep == 1) {
    for (; out < pairs; x += 32, y += 32, out += 32) {
      const x0 = v128.load(x);
      const x1 = v128.load(x, 16);
      const y0 = v128.load(y);
      const y1 = v128.load(y, 16);
      const first = f.of(x0, y0);
      const second = f.of(x1, y1);
      v128.store(out, first);
      v128.store(out, second, 16);
    }
    if (n & 4) {
      v128.store(out, f.of(v128.load(x), v128.load(y)));
      x += 16;
      y += 16;
      out += 16;
    }
  } else if (xStep == 1 && yStep == 0) {
    const right = v128.load_splat<f32>(y);
    for (; out < pairs; x += 32, out += 32) {
      const x0 = v128.load(x);
      const x1 = v128.load(x, 16);
      const first = f.of(x0, right);
      const second = f.of(x1, right);
      v128.store(out, first);
      v128.store(out, second, 16);
    }
    if (n & 4) {
      v128.store(out, f.of(v128.load(x), right));
      x += 16;
      out += 16;
    }
  } else if (xStep == 0 && yStep == 1) {
    const left = v128.load_splat<f32>(x);
    for (; out < pairs; y += 32, out += 32) {
      const y0 = v128.load(y);
      const y1 = v128.load(y, 16);
      const first = f.of(left, y0);
      const second = f.of(left, y1);
      v128.store(out, first);
      v128.store(out, second, 16);
    }
    if (n & 4) {
      v128.store(out, f.of(left, v128.load(y)));
      y += 16;
      out += 16;
    }
  } else rest = n;
  for (; rest > 0; rest--) {
    v128.store_lane<f32>(out, f.of(v128.load_zero<f32>(x), v128.load_zero<f32>(y)), 0);
    x += xStep << 2;
    y += yStep << 2;
    out += 4;
  }
}

/** out = T(x, y) along a nest of loops over both; `out` is contiguous. */
// @ts-ignore: decorator
@inline
export function zip<T>(x: usize, y: usize, out: usize, nest: usize): void {
  const n = size(nest, 0);
  for (let d = 0; d < size(nest, 3); d++) {
    for (let c = 0; c < size(nest, 2); c++) {
      for (let b = 0; b < size(nest, 1); b++) {
        zipRow<T>(x + at(nest, 0, b, c, d), step(nest, 0), y + at(nest, 1, b, c, d), step(nest, 1), out, n);
        out += <usize>n << 2;
      }
    }
  }
}
