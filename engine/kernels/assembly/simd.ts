// What every kernel is written in. A build without relaxed SIMD multiplies and adds in two roundings.

/** a·b + c. */
// @ts-ignore: decorator
@inline
export function madd(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c);
  return f32x4.add(f32x4.mul(a, b), c);
}

/** The sum of four lanes. */
// @ts-ignore: decorator
@inline
export function total(v: v128): f32 {
  return (
    f32x4.extract_lane(v, 0) + f32x4.extract_lane(v, 1) + (f32x4.extract_lane(v, 2) + f32x4.extract_lane(v, 3))
  );
}

/** Turns over the 4 × 4 floats at `from`, whose rows are `stride` bytes apart, into rows `line` bytes apart. */
// @ts-ignore: decorator
@inline
export function transpose4x4(from: usize, stride: usize, to: usize, line: usize): void {
  const r0 = v128.load(from);
  const r1 = v128.load(from + stride);
  const r2 = v128.load(from + 2 * stride);
  const r3 = v128.load(from + 3 * stride);
  const t0 = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5);
  const t1 = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
  const t2 = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5);
  const t3 = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
  v128.store(to, v128.shuffle<f32>(t0, t2, 0, 1, 4, 5));
  v128.store(to + line, v128.shuffle<f32>(t0, t2, 2, 3, 6, 7));
  v128.store(to + 2 * line, v128.shuffle<f32>(t1, t3, 0, 1, 4, 5));
  v128.store(to + 3 * line, v128.shuffle<f32>(t1, t3, 2, 3, 6, 7));
}
