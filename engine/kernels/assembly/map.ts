// One loop for all functions of one array, and one for all of two: a function is a class without fields whose method is
// inlined where it is called, so that each gets a loop of its own.

/** out[i] = T(x[i]); `a` and `b` are the function's own parameters. */
// @ts-ignore: decorator
@inline
export function map<T>(x: usize, out: usize, n: i32, a: f32 = 0, b: f32 = 0): void {
  const f = changetype<T>(0);
  const va = f32x4.splat(a);
  const vb = f32x4.splat(b);
  const end = out + (<usize>(n & ~3) << 2);
  for (; out < end; x += 16, out += 16) v128.store(out, f.of(v128.load(x), va, vb));
  for (let rest = n & 3; rest > 0; rest--, x += 4, out += 4)
    v128.store_lane<f32>(out, f.of(v128.load_zero<f32>(x), va, vb), 0);
}

/** out[i] = T(x[i], y[i]); a step of 0 repeats the one element of that side. */
// @ts-ignore: decorator
@inline
export function zip<T>(x: usize, xStep: i32, y: usize, yStep: i32, out: usize, n: i32): void {
  const f = changetype<T>(0);
  const end = out + (<usize>(n & ~3) << 2);
  if (xStep == 0) {
    const left = v128.load_splat<f32>(x);
    for (; out < end; y += 16, out += 16) v128.store(out, f.of(left, v128.load(y)));
  } else if (yStep == 0) {
    const right = v128.load_splat<f32>(y);
    for (; out < end; x += 16, out += 16) v128.store(out, f.of(v128.load(x), right));
  } else {
    for (; out < end; x += 16, y += 16, out += 16) v128.store(out, f.of(v128.load(x), v128.load(y)));
  }
  for (let rest = n & 3; rest > 0; rest--) {
    v128.store_lane<f32>(out, f.of(v128.load_zero<f32>(x), v128.load_zero<f32>(y)), 0);
    x += xStep << 2;
    y += yStep << 2;
    out += 4;
  }
}
