// softmax(q·kᵀ·scale + mask)·v, head by head. A few queries are worked on at a time: their scores and weights for all keys
// stay in the first cache, and the matrix of all weights is never written. What is kept is the logarithm of each row's sum of
// exponentials, from which the rule computes the weights again (Dao et al. 2022).
import { log } from '../pointwise/functions';
import { packRight } from '../matrix/packing';
import { exponentials, greatest, scaled } from '../reduction/rows';
import { madd } from '../simd';
import { row, tile4x16, tile6x8 } from '../matrix/tiles';

/** A number of the geometry; `engine/kernels/wasm/attention.ts` writes it. Strides in elements. */
// @ts-ignore: decorator
@inline
export function word(geometry: usize, i: usize): i32 {
  return load<i32>(geometry + (i << 2));
}

/** Words of the geometry: counts. */
export const BATCHES: usize = 0;
export const HEADS: usize = 1;
export const QUERIES: usize = 2;
export const KEYS: usize = 3;
export const WIDTH: usize = 4;
export const VALUE_WIDTH: usize = 5;
/** Flags. */
export const CAUSAL: usize = 6;
export const WIDE: usize = 7;
/** A float32. */
export const SCALE: usize = 8;
/** Strides of batch, head and row: of each operand, and of its gradient. */
export const Q: usize = 9;
export const K: usize = 12;
export const V: usize = 15;
export const MASK: usize = 18;
export const OUT: usize = 21;
export const SUMS: usize = 24;
export const Q_GRADIENT: usize = 27;
export const K_GRADIENT: usize = 30;
export const V_GRADIENT: usize = 33;
/** For the rule, the stride of the mask from query to query: 1, or 0 where all share one. */
export const MASK_STEP: usize = 36;

/** How far into an operand a head lies, in bytes. */
// @ts-ignore: decorator
@inline
export function at(geometry: usize, strides: usize, batch: i32, head: i32): usize {
  return <usize>(batch * word(geometry, strides) + head * word(geometry, strides + 1)) << 2;
}

/** From one row of a head to the next, in elements. */
// @ts-ignore: decorator
@inline
export function rowOf(geometry: usize, strides: usize): i32 {
  return word(geometry, strides + 2);
}

/** A whole number of the widest tiles. */
// @ts-ignore: decorator
@inline
export function padded(n: i32): i32 {
  return (n + 15) & ~15;
}

/** Most rows of a tile. */
export const MOST_ROWS: i32 = 6;

/**
 * C[rows, columns] (+)= A[rows, kc] · panels, with at most as many rows as a tile has. `depth`: rows of a panel, of which the
 * first kc count. The lines of C have room for whole tiles.
 */
export function product(
  a: usize,
  down: usize,
  rows: i32,
  panels: usize,
  depth: i32,
  kc: i32,
  columns: i32,
  c: usize,
  line: usize,
  wide: bool,
): void {
  const width = wide ? 16 : 8;
  const whole = rows == (wide ? 4 : 6);
  for (let j = 0; j < columns; j += width) {
    const panel = panels + ((<usize>j * depth) << 2);
    const to = c + (<usize>j << 2);
    if (!whole) for (let r = 0; r < rows; r++) row(a + <usize>r * down, panel, <usize>width << 2, kc, width, to + <usize>r * line);
    else if (wide) tile4x16(a, down, panel, kc, to, line, 4, false);
    else tile6x8(a, down, panel, 32, kc, to, line, 6, false);
  }
}

/**
 * For each query, how many keys there are up to the last that it may look at; all, where it may look at none. `mask` is 0 if
 * there is none.
 */
export function reach(geometry: usize, mask: usize, ends: usize): void {
  const keys = word(geometry, KEYS);
  const queries = word(geometry, QUERIES);
  const causal = word(geometry, CAUSAL) != 0;
  const line = <usize>rowOf(geometry, MASK) << 2;
  for (let i = 0; i < queries; i++) {
    let end = keys;
    if (mask != 0) {
      const from = mask + <usize>i * line;
      while (end > 0 && load<f32>(from + (<usize>(end - 1) << 2)) == -Infinity) end--;
      if (end == 0) end = keys;
    }
    if (causal) end = min(end, i + 1);
    store<i32>(ends + (<usize>i << 2), end);
  }
}

/** Bytes of scratch memory that `attention` needs. */
export function attentionScratch(geometry: usize): i32 {
  const keys = padded(word(geometry, KEYS));
  const width = word(geometry, WIDTH);
  const valueWidth = padded(word(geometry, VALUE_WIDTH));
  return (keys * (width + valueWidth + MOST_ROWS) + MOST_ROWS * valueWidth + padded(word(geometry, QUERIES)) + 16) << 2;
}

/** out, and ln Σ e^(scores) of each query. `mask`: added to the scores; 0 for none. */
export function attention(
  geometry: usize,
  q: usize,
  k: usize,
  v: usize,
  mask: usize,
  out: usize,
  sums: usize,
  scratch: usize,
): void {
  const keys = word(geometry, KEYS);
  const valueWidth = word(geometry, VALUE_WIDTH);
  const wide = word(geometry, WIDE) != 0;
  const packedK = scratch;
  const packedV = packedK + ((<usize>padded(keys) * word(geometry, WIDTH)) << 2);
  const weights = packedV + ((<usize>padded(keys) * padded(valueWidth)) << 2);
  const result = weights + ((<usize>MOST_ROWS * padded(keys)) << 2);
  const masses = result + ((<usize>MOST_ROWS * padded(valueWidth)) << 2);
  const ends = masses + 64;
  let reached: usize = 1;
  for (let b = 0; b < word(geometry, BATCHES); b++) {
    for (let h = 0; h < word(geometry, HEADS); h++) {
      const m: usize = mask == 0 ? 0 : mask + at(geometry, MASK, b, h);
      if (m != reached) reach(geometry, m, ends);
      reached = m;
      const width = word(geometry, WIDTH);
      packRight(packedK, k + at(geometry, K, b, h), 1, rowOf(geometry, K), width, keys, wide ? 16 : 8);
      packRight(packedV, v + at(geometry, V, b, h), rowOf(geometry, V), 1, keys, valueWidth, wide ? 16 : 8);
      const from = q + at(geometry, Q, b, h);
      const to = out + at(geometry, OUT, b, h);
      head(geometry, from, packedK, packedV, m, to, sums + at(geometry, SUMS, b, h), weights, result, masses, ends);
    }
  }
}

function head(
  geometry: usize,
  q: usize,
  packedK: usize,
  packedV: usize,
  mask: usize,
  out: usize,
  sums: usize,
  weights: usize,
  result: usize,
  masses: usize,
  ends: usize,
): void {
  const queries = word(geometry, QUERIES);
  const keys = word(geometry, KEYS);
  const width = word(geometry, WIDTH);
  const valueWidth = word(geometry, VALUE_WIDTH);
  const wide = word(geometry, WIDE) != 0;
  const scale = load<f32>(geometry + (SCALE << 2));
  const step = wide ? 4 : 6;
  const down = <usize>rowOf(geometry, Q) << 2;
  const maskLine = <usize>rowOf(geometry, MASK) << 2;
  const outLine = <usize>rowOf(geometry, OUT) << 2;
  const line = <usize>padded(keys) << 2;
  const resultLine = <usize>padded(valueWidth) << 2;
  for (let i = 0; i < queries; i += step) {
    const rows = min(step, queries - i);
    let most = 0;
    for (let r = 0; r < rows; r++) most = max(most, load<i32>(ends + (<usize>(i + r) << 2)));
    product(q + <usize>i * down, down, rows, packedK, width, width, most, weights, line, wide);
    for (let r = 0; r < rows; r++) {
      const at = weights + <usize>r * line;
      const m: usize = mask == 0 ? 0 : mask + <usize>(i + r) * maskLine;
      const end = load<i32>(ends + (<usize>(i + r) << 2));
      const whole = (end + 7) & ~7;
      score(at, m, whole, scale);
      for (let j = end; j < whole; j++) store<f32>(at + (<usize>j << 2), -Infinity);
      const top = greatest(at, whole);
      store<f32>(masses + (<usize>r << 2), top);
      store<f32>(masses + (<usize>r << 2), exponentials(at, at, whole, top), 32);
      for (let j = whole; j < most; j++) store<f32>(at + (<usize>j << 2), 0);
    }
    product(weights, line, rows, packedV, keys, most, valueWidth, result, resultLine, wide);
    for (let r = 0; r < rows; r++) {
      const to = out + <usize>(i + r) * outLine;
      scaled(result + <usize>r * resultLine, to, valueWidth, 1 / load<f32>(masses + (<usize>r << 2), 32));
    }
    for (let r = 0; r < rows; r += 4) {
      const at = masses + (<usize>r << 2);
      v128.store(at, f32x4.add(v128.load(at), log(v128.load(at, 32))));
    }
    for (let r = 0; r < rows; r++) store<f32>(sums + (<usize>(i + r) << 2), load<f32>(masses + (<usize>r << 2)));
  }
}

/** x = scale·x + mask, in whole pairs of vectors. */
// @ts-ignore: decorator
@inline
function score(x: usize, mask: usize, length: i32, scale: f32): void {
  const s = f32x4.splat(scale);
  const end = x + (<usize>length << 2);
  if (mask == 0) {
    for (; x < end; x += 32) {
      const x0 = v128.load(x);
      const x1 = v128.load(x, 16);
      v128.store(x, f32x4.mul(x0, s));
      v128.store(x, f32x4.mul(x1, s), 16);
    }
    return;
  }
  for (; x < end; x += 32, mask += 32) {
    const x0 = v128.load(x);
    const x1 = v128.load(x, 16);
    const m0 = v128.load(mask);
    const m1 = v128.load(mask, 16);
    v128.store(x, madd(x0, s, m0));
    v128.store(x, madd(x1, s, m1), 16);
  }
}
