// What comes out of the tiles of a convolution (winograd.ts).
import { copyFloats } from '../../floats';
import { LANES, tilesInEights } from './winograd';

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

/**
 * Rows of tiles of one channel into the rows from `top` of the result [height, width], plus `bias`. `edge`: room for two rows of
 * eight tiles.
 */
export function fromTiles(
  tiles: usize,
  places: usize,
  rows: i32,
  across: i32,
  bias: f32,
  channel: usize,
  height: i32,
  width: i32,
  top: i32,
  edge: usize,
  wide: bool,
): void {
  const start = f32x4.splat(bias);
  const eights = tilesInEights(across, wide);
  for (let i = 0; i < rows; i++) {
    const y = top + 2 * i;
    for (let x = 0; x < across; ) {
      const columns = width - 2 * x;
      if (columns <= 0) break;
      const count = x < eights ? 2 * LANES : LANES;
      const whole = columns >= 2 * count && y + 1 < height;
      const line = whole ? <usize>width << 2 : <usize>count << 3;
      const to = channel + ((<usize>y * width + 2 * x) << 2);
      const from = tiles + ((i * across + x) << 2);
      if (x < eights) eightFromTiles(from, places, start, whole ? to : edge, line);
      else fourFromTiles(from, places, start, whole ? to : edge, line);
      x += count;
      if (whole) continue;
      copyFloats(edge, to, min(columns, 2 * count));
      if (y + 1 < height) copyFloats(edge + line, to + (<usize>width << 2), min(columns, 2 * count));
    }
  }
}

/** Four tiles as two rows, `line` bytes apart. */
// @ts-ignore: decorator
@inline
function fourFromTiles(m: usize, places: usize, start: v128, out: usize, line: usize): void {
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
  const y00 = f32x4.add(first(a0, b0, c0), start);
  const y01 = f32x4.add(first(a1, b1, c1), start);
  const y10 = f32x4.add(second(b0, c0, e0), start);
  const y11 = f32x4.add(second(b1, c1, e1), start);
  v128.store(out, v128.shuffle<f32>(y00, y01, 0, 4, 1, 5));
  v128.store(out, v128.shuffle<f32>(y00, y01, 2, 6, 3, 7), 16);
  v128.store(out + line, v128.shuffle<f32>(y10, y11, 0, 4, 1, 5));
  v128.store(out + line, v128.shuffle<f32>(y10, y11, 2, 6, 3, 7), 16);
}

/** The same of eight. */
// @ts-ignore: decorator
@inline
function eightFromTiles(m: usize, places: usize, start: v128, out: usize, line: usize): void {
  let m0 = v128.load(m);
  let m0_ = v128.load(m, 16);
  m += places;
  let m1 = v128.load(m);
  let m1_ = v128.load(m, 16);
  m += places;
  let m2 = v128.load(m);
  let m2_ = v128.load(m, 16);
  m += places;
  let m3 = v128.load(m);
  let m3_ = v128.load(m, 16);
  m += places;
  const a0 = first(m0, m1, m2);
  const a0_ = first(m0_, m1_, m2_);
  const a1 = second(m1, m2, m3);
  const a1_ = second(m1_, m2_, m3_);
  m0 = v128.load(m);
  m0_ = v128.load(m, 16);
  m += places;
  m1 = v128.load(m);
  m1_ = v128.load(m, 16);
  m += places;
  m2 = v128.load(m);
  m2_ = v128.load(m, 16);
  m += places;
  m3 = v128.load(m);
  m3_ = v128.load(m, 16);
  m += places;
  const b0 = first(m0, m1, m2);
  const b0_ = first(m0_, m1_, m2_);
  const b1 = second(m1, m2, m3);
  const b1_ = second(m1_, m2_, m3_);
  m0 = v128.load(m);
  m0_ = v128.load(m, 16);
  m += places;
  m1 = v128.load(m);
  m1_ = v128.load(m, 16);
  m += places;
  m2 = v128.load(m);
  m2_ = v128.load(m, 16);
  m += places;
  m3 = v128.load(m);
  m3_ = v128.load(m, 16);
  m += places;
  const c0 = first(m0, m1, m2);
  const c0_ = first(m0_, m1_, m2_);
  const c1 = second(m1, m2, m3);
  const c1_ = second(m1_, m2_, m3_);
  m0 = v128.load(m);
  m0_ = v128.load(m, 16);
  m += places;
  m1 = v128.load(m);
  m1_ = v128.load(m, 16);
  m += places;
  m2 = v128.load(m);
  m2_ = v128.load(m, 16);
  m += places;
  m3 = v128.load(m);
  m3_ = v128.load(m, 16);
  const e0 = first(m0, m1, m2);
  const e0_ = first(m0_, m1_, m2_);
  const e1 = second(m1, m2, m3);
  const e1_ = second(m1_, m2_, m3_);
  const y00 = f32x4.add(first(a0, b0, c0), start);
  const y00_ = f32x4.add(first(a0_, b0_, c0_), start);
  const y01 = f32x4.add(first(a1, b1, c1), start);
  const y01_ = f32x4.add(first(a1_, b1_, c1_), start);
  const y10 = f32x4.add(second(b0, c0, e0), start);
  const y10_ = f32x4.add(second(b0_, c0_, e0_), start);
  const y11 = f32x4.add(second(b1, c1, e1), start);
  const y11_ = f32x4.add(second(b1_, c1_, e1_), start);
  v128.store(out, v128.shuffle<f32>(y00, y01, 0, 4, 1, 5));
  v128.store(out, v128.shuffle<f32>(y00_, y01_, 0, 4, 1, 5), 16);
  v128.store(out, v128.shuffle<f32>(y00, y01, 2, 6, 3, 7), 32);
  v128.store(out, v128.shuffle<f32>(y00_, y01_, 2, 6, 3, 7), 48);
  v128.store(out + line, v128.shuffle<f32>(y10, y11, 0, 4, 1, 5));
  v128.store(out + line, v128.shuffle<f32>(y10_, y11_, 0, 4, 1, 5), 16);
  v128.store(out + line, v128.shuffle<f32>(y10, y11, 2, 6, 3, 7), 32);
  v128.store(out + line, v128.shuffle<f32>(y10_, y11_, 2, 6, 3, 7), 48);
}
