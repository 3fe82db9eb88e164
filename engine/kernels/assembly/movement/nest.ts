// A nest of up to four loops over several arrays at once, as the caller wrote it into memory: the sizes as four int32, the
// innermost first, then four strides in elements for each array. See engine/kernels/wasm/nest.ts.

// @ts-ignore: decorator
@inline
export function size(nest: usize, level: i32): i32 {
  return load<i32>(nest + (<usize>level << 2));
}

/** The stride of an array in the innermost loop. */
// @ts-ignore: decorator
@inline
export function step(nest: usize, array: i32, level: i32 = 0): i32 {
  return load<i32>(nest + 16 + (<usize>(4 * array + level) << 2));
}

/** Where the row at b, c, d begins in an array of four-byte elements, in bytes. */
// @ts-ignore: decorator
@inline
export function at(nest: usize, array: i32, b: i32, c: i32, d: i32): usize {
  return <usize>(b * step(nest, array, 1) + c * step(nest, array, 2) + d * step(nest, array, 3)) << 2;
}
