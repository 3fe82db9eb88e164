// Convolution of 3 × 3 by Winograd's F(2 × 2, 3 × 3) (Lavin & Gray 2016): a tile of 2 × 2 results comes of 4 × 4 values and 16
// multiplications instead of 36; its error stays below a millionth of the result, root mean square. In one dimension, with values d,
// weights g and results y:
//
//   m = (d₀ − d₂)·g₀, (d₁ + d₂)·(g₀ + g₁ + g₂)/2, (d₂ − d₁)·(g₀ − g₁ + g₂)/2, (d₃ − d₁)·g₂;  y = m₀ + m₁ + m₂, m₁ − m₂ + m₃
//
// Each of the 16 places of a tile has an array of its own, so that what is left is 16 matrix products over channels. Infinities may
// become NaN, but only where they would be.
import { copyFloats } from './floats';
import { aligned, Geometry } from './planes';

/** Places of a tile. */
export const PLACES: i32 = 16;

/** Tiles side by side that are transformed together: as many as a vector has lanes. */
const LANES: i32 = 4;

/** Tiles in a row, up to whole vectors, of a result of so many columns. */
// @ts-ignore: decorator
@inline
export function tilesAcross(columns: i32): i32 {
  return ((columns + 1) / 2 + LANES - 1) & ~(LANES - 1);
}
// @ts-ignore: decorator
@inline
export function tilesDown(rows: i32): i32 {
  return (rows + 1) / 2;
}

/** Rows of tiles that are worked on at a time. */
// @ts-ignore: decorator
@inline
export function rowsTogether(g: Geometry, across: i32): i32 {
  return max(1, g.tiles / across);
}

/** Floats of a row of the frame from which tiles are made. */
// @ts-ignore: decorator
@inline
export function frameWidth(across: i32): i32 {
  return 2 * across + 4;
}
/** Floats of the frame for so many rows of tiles. */
// @ts-ignore: decorator
@inline
export function frameFloats(rows: i32, across: i32): i32 {
  return aligned((2 * rows + 2) * frameWidth(across));
}

/** Floats from one place's array to the next: not a power of two, so that they don't fall on the same lines of the cache. */
// @ts-ignore: decorator
@inline
export function placeFloats(channels: i32, tiles: i32): i32 {
  return aligned(channels * tiles) + 16;
}

/**
 * Some rows of tiles of one channel. `top`: the row of the channel [height, width] where the first begins, which may lie above it;
 * `left`: columns of padding. The frame's margins have to be zeros, and stay so. `places`: bytes from place to place.
 */
export function intoTiles(
  channel: usize,
  height: i32,
  width: i32,
  top: i32,
  left: i32,
  rows: i32,
  across: i32,
  frame: usize,
  to: usize,
  places: usize,
): void {
  const line = <usize>frameWidth(across) << 2;
  let at = frame + (left << 2);
  for (let y = top; y < top + 2 * rows + 2; y++, at += line) {
    if (y >= 0 && y < height) copyFloats(channel + ((<usize>y * width) << 2), at, width);
    else memory.fill(at, 0, width << 2);
  }
  for (let x = 0; x < across; x += LANES) {
    let from = frame + (x << 3);
    // of four rows, what they give across; two of them are the next tiles' as well
    let even = v128.load(from);
    let next = v128.load(from, 16);
    let far = v128.load(from, 8);
    let farther = v128.load(from, 24);
    let d1 = v128.shuffle<f32>(even, next, 1, 3, 5, 7);
    let d2 = v128.shuffle<f32>(far, farther, 0, 2, 4, 6);
    let a0 = f32x4.sub(v128.shuffle<f32>(even, next, 0, 2, 4, 6), d2);
    let a1 = f32x4.add(d1, d2);
    let a2 = f32x4.sub(d2, d1);
    let a3 = f32x4.sub(v128.shuffle<f32>(far, farther, 1, 3, 5, 7), d1);
    from += line;
    even = v128.load(from);
    next = v128.load(from, 16);
    far = v128.load(from, 8);
    farther = v128.load(from, 24);
    d1 = v128.shuffle<f32>(even, next, 1, 3, 5, 7);
    d2 = v128.shuffle<f32>(far, farther, 0, 2, 4, 6);
    let b0 = f32x4.sub(v128.shuffle<f32>(even, next, 0, 2, 4, 6), d2);
    let b1 = f32x4.add(d1, d2);
    let b2 = f32x4.sub(d2, d1);
    let b3 = f32x4.sub(v128.shuffle<f32>(far, farther, 1, 3, 5, 7), d1);
    for (let i = 0; i < rows; i++) {
      from += line;
      even = v128.load(from);
      next = v128.load(from, 16);
      far = v128.load(from, 8);
      farther = v128.load(from, 24);
      d1 = v128.shuffle<f32>(even, next, 1, 3, 5, 7);
      d2 = v128.shuffle<f32>(far, farther, 0, 2, 4, 6);
      const c0 = f32x4.sub(v128.shuffle<f32>(even, next, 0, 2, 4, 6), d2);
      const c1 = f32x4.add(d1, d2);
      const c2 = f32x4.sub(d2, d1);
      const c3 = f32x4.sub(v128.shuffle<f32>(far, farther, 1, 3, 5, 7), d1);
      let out = to + ((i * across + x) << 2);
      v128.store(out, f32x4.sub(a0, c0));
      out += places;
      v128.store(out, f32x4.sub(a1, c1));
      out += places;
      v128.store(out, f32x4.sub(a2, c2));
      out += places;
      v128.store(out, f32x4.sub(a3, c3));
      out += places;
      v128.store(out, f32x4.add(b0, c0));
      out += places;
      v128.store(out, f32x4.add(b1, c1));
      out += places;
      v128.store(out, f32x4.add(b2, c2));
      out += places;
      v128.store(out, f32x4.add(b3, c3));
      out += places;
      v128.store(out, f32x4.sub(c0, b0));
      out += places;
      v128.store(out, f32x4.sub(c1, b1));
      out += places;
      v128.store(out, f32x4.sub(c2, b2));
      out += places;
      v128.store(out, f32x4.sub(c3, b3));
      out += places;
      from += line;
      even = v128.load(from);
      next = v128.load(from, 16);
      far = v128.load(from, 8);
      farther = v128.load(from, 24);
      d1 = v128.shuffle<f32>(even, next, 1, 3, 5, 7);
      d2 = v128.shuffle<f32>(far, farther, 0, 2, 4, 6);
      const e0 = f32x4.sub(v128.shuffle<f32>(even, next, 0, 2, 4, 6), d2);
      const e1 = f32x4.add(d1, d2);
      const e2 = f32x4.sub(d2, d1);
      const e3 = f32x4.sub(v128.shuffle<f32>(far, farther, 1, 3, 5, 7), d1);
      v128.store(out, f32x4.sub(e0, b0));
      out += places;
      v128.store(out, f32x4.sub(e1, b1));
      out += places;
      v128.store(out, f32x4.sub(e2, b2));
      out += places;
      v128.store(out, f32x4.sub(e3, b3));
      a0 = c0;
      a1 = c1;
      a2 = c2;
      a3 = c3;
      b0 = e0;
      b1 = e1;
      b2 = e2;
      b3 = e3;
    }
  }
}

/** One place's row of a tile in one dimension: m₀ + m₁ + m₂. */
// @ts-ignore: decorator
@inline
function first(m0: v128, m1: v128, m2: v128): v128 {
  return f32x4.add(f32x4.add(m0, m1), m2);
}
/** m₁ − m₂ + m₃. */
// @ts-ignore: decorator
@inline
function second(m1: v128, m2: v128, m3: v128): v128 {
  return f32x4.add(f32x4.sub(m1, m2), m3);
}

/** The way back: rows of tiles of one channel into the rows from `top` of the result [height, width], plus `start`. */
export function fromTiles(
  tiles: usize,
  places: usize,
  rows: i32,
  across: i32,
  start: f32,
  channel: usize,
  height: i32,
  width: i32,
  top: i32,
  edge: usize,
): void {
  const bias = f32x4.splat(start);
  for (let i = 0; i < rows; i++) {
    const y = top + 2 * i;
    for (let x = 0; x < across; x += LANES) {
      const columns = width - 2 * x;
      if (columns <= 0) break;
      let m = tiles + ((i * across + x) << 2);
      let m0 = v128.load(m);
      m += places;
      let m1 = v128.load(m);
      m += places;
      let m2 = v128.load(m);
      m += places;
      let m3 = v128.load(m);
      m += places;
      const a0 = first(m0, m1, m2);
      const a1 = second(m1, m2, m3);
      m0 = v128.load(m);
      m += places;
      m1 = v128.load(m);
      m += places;
      m2 = v128.load(m);
      m += places;
      m3 = v128.load(m);
      m += places;
      const b0 = first(m0, m1, m2);
      const b1 = second(m1, m2, m3);
      m0 = v128.load(m);
      m += places;
      m1 = v128.load(m);
      m += places;
      m2 = v128.load(m);
      m += places;
      m3 = v128.load(m);
      m += places;
      const c0 = first(m0, m1, m2);
      const c1 = second(m1, m2, m3);
      m0 = v128.load(m);
      m += places;
      m1 = v128.load(m);
      m += places;
      m2 = v128.load(m);
      m += places;
      m3 = v128.load(m);
      const e0 = first(m0, m1, m2);
      const e1 = second(m1, m2, m3);
      const y00 = f32x4.add(first(a0, b0, c0), bias);
      const y01 = f32x4.add(first(a1, b1, c1), bias);
      const y10 = f32x4.add(second(b0, c0, e0), bias);
      const y11 = f32x4.add(second(b1, c1, e1), bias);
      const whole = columns >= 2 * LANES && y + 1 < height;
      const line = whole ? <usize>width << 2 : 32;
      const to = channel + ((<usize>y * width + 2 * x) << 2);
      const out = whole ? to : edge;
      v128.store(out, v128.shuffle<f32>(y00, y01, 0, 4, 1, 5));
      v128.store(out, v128.shuffle<f32>(y00, y01, 2, 6, 3, 7), 16);
      v128.store(out + line, v128.shuffle<f32>(y10, y11, 0, 4, 1, 5));
      v128.store(out + line, v128.shuffle<f32>(y10, y11, 2, 6, 3, 7), 16);
      if (whole) continue;
      const count = min(columns, 2 * LANES);
      copyFloats(edge, to, count);
      if (y + 1 < height) copyFloats(edge + 32, to + (<usize>width << 2), count);
    }
  }
}

/**
 * Weights of a tile of rows, [k][9 taps][height], as [place][k][height]; `flipped`: taps from the last to the first. `height`: at
 * least four.
 */
export function weightsIntoTiles(from: usize, k: i32, height: i32, flipped: bool, to: usize, places: usize): void {
  const half = f32x4.splat(0.5);
  const line = <usize>height << 2;
  const step = flipped ? -line : line;
  if (flipped) from += 8 * line;
  for (let i = 0; i < k; i++) {
    // a tile of six has two vectors that overlap
    for (let r = 0; ; r = height - LANES) {
      let at = from + (r << 2);
      for (let row = 0; row < 4; row++) {
        // a row of G·g, of three taps each
        let g0: v128;
        let g1: v128;
        let g2: v128;
        if (row == 0 || row == 3) {
          const tap = row == 0 ? at : at + 6 * step;
          g0 = v128.load(tap);
          g1 = v128.load(tap + step);
          g2 = v128.load(tap + 2 * step);
        } else {
          const sign = f32x4.splat(row == 1 ? 1 : -1);
          g0 = halved(at, step, sign, half);
          g1 = halved(at + step, step, sign, half);
          g2 = halved(at + 2 * step, step, sign, half);
        }
        const outer = f32x4.mul(half, f32x4.add(g0, g2));
        const inner = f32x4.mul(half, g1);
        let out = to + (r << 2) + <usize>(4 * row) * places;
        v128.store(out, g0);
        out += places;
        v128.store(out, f32x4.add(outer, inner));
        out += places;
        v128.store(out, f32x4.sub(outer, inner));
        out += places;
        v128.store(out, g2);
      }
      if (r + LANES >= height) break;
    }
    from += 9 * line;
    to += line;
  }
}

/** (g₀ ± g₁ + g₂)/2 down a column of taps. */
// @ts-ignore: decorator
@inline
function halved(at: usize, step: usize, sign: v128, half: v128): v128 {
  const outer = f32x4.add(v128.load(at), v128.load(at + 6 * step));
  return f32x4.mul(half, f32x4.add(outer, f32x4.mul(sign, v128.load(at + 3 * step))));
}
