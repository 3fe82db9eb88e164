// Constants in memory. One that stands in the code V8 builds anew at each use, out of integers and in four instructions;
// reading it takes one, and the revectorizer reads it for both halves at once.

/** Element `i` of a table of float32, in all lanes. */
// @ts-ignore: decorator
@inline
export function constant(table: usize, i: usize): v128 {
  return v128.load_splat<f32>(table + (i << 2));
}

const COMMON = memory.data<f32>([0.5, 1, 2, -0.0]);

// @ts-ignore: decorator
@inline
export function half(): v128 {
  return constant(COMMON, 0);
}

// @ts-ignore: decorator
@inline
export function one(): v128 {
  return constant(COMMON, 1);
}

// @ts-ignore: decorator
@inline
export function two(): v128 {
  return constant(COMMON, 2);
}

/** The bit of the sign. */
// @ts-ignore: decorator
@inline
export function sign(): v128 {
  return constant(COMMON, 3);
}
