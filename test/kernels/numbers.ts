import { contiguousStrides, type Layout } from '../../engine/tensor/shape.ts';

/** Whole vectors, rests of each length, and one that is longer than every inner block. */
export const LENGTHS = [1, 2, 3, 4, 5, 7, 8, 15, 16, 17, 63, 64, 65, 130, 1027];

/** Numbers in [−6, 6) that repeat from run to run. */
export function numbers(length: number, seed = 1): Float32Array {
  const out = new Float32Array(length);
  let state = seed * 2654435761;
  for (let i = 0; i < length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    out[i] = (state / 2 ** 32) * 12 - 6;
  }
  return out;
}

export function rowMajor(shape: number[], offset = 0): Layout {
  return { shape, strides: contiguousStrides(shape), offset };
}

/** How many elements an array must have for a layout. */
export const reach = ({ shape, strides, offset }: Layout): number =>
  shape.reduce((last, n, d) => last + (n - 1) * strides[d], offset) + 1;

/** All orders of n dimensions. */
export const orders = (n: number): number[][] =>
  n === 0 ? [[]] : orders(n - 1).flatMap((rest) => Array.from({ length: n }, (_, at) => rest.toSpliced(at, 0, n - 1)));
