// What goes into the tiles of a convolution (winograd.ts).
import { copyFloats } from '../../floats';
import { frameWidth, LANES, tilesInEights } from './winograd';

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
  wide: bool,
): void {
  const line = <usize>frameWidth(across) << 2;
  let at = frame + (left << 2);
  for (let y = top; y < top + 2 * rows + 2; y++, at += line) {
    if (y >= 0 && y < height) copyFloats(channel + ((<usize>y * width) << 2), at, width);
    else memory.fill(at, 0, width << 2);
  }
  const eights = tilesInEights(across, wide);
  let x = 0;
  for (; x < eights; x += 2 * LANES) eightIntoTiles(frame + (x << 3), rows, across, to + (x << 2), places);
  for (; x < across; x += LANES) fourIntoTiles(frame + (x << 3), rows, across, to + (x << 2), places);
}

/** Four columns of tiles, from the frame. */
function fourIntoTiles(from: usize, rows: i32, across: i32, to: usize, places: usize): void {
  const step = <usize>across << 2;
  const line = <usize>frameWidth(across) << 2;
  let a0 = f32x4.splat(0);
  let a1 = a0;
  let a2 = a0;
  let a3 = a0;
  let b0 = a0;
  let b1 = a0;
  let b2 = a0;
  let b3 = a0;
  let p = a0;
  let q = a0;
  let r = a0;
  let s = a0;
  let d1 = a0;
  let d2 = a0;
  // two rows of the frame at a time; the first two complete no tile yet
  for (let i = -1; i < rows; i++) {
    p = v128.load(from);
    q = v128.load(from, 16);
    r = v128.load(from, 8);
    s = v128.load(from, 24);
    d1 = v128.shuffle<f32>(p, q, 1, 3, 5, 7);
    d2 = v128.shuffle<f32>(r, s, 0, 2, 4, 6);
    const c0 = f32x4.sub(v128.shuffle<f32>(p, q, 0, 2, 4, 6), d2);
    const c1 = f32x4.add(d1, d2);
    const c2 = f32x4.sub(d2, d1);
    const c3 = f32x4.sub(v128.shuffle<f32>(r, s, 1, 3, 5, 7), d1);
    from += line;
    p = v128.load(from);
    q = v128.load(from, 16);
    r = v128.load(from, 8);
    s = v128.load(from, 24);
    d1 = v128.shuffle<f32>(p, q, 1, 3, 5, 7);
    d2 = v128.shuffle<f32>(r, s, 0, 2, 4, 6);
    const e0 = f32x4.sub(v128.shuffle<f32>(p, q, 0, 2, 4, 6), d2);
    const e1 = f32x4.add(d1, d2);
    const e2 = f32x4.sub(d2, d1);
    const e3 = f32x4.sub(v128.shuffle<f32>(r, s, 1, 3, 5, 7), d1);
    from += line;
    if (i >= 0) {
      let out = to + <usize>i * step;
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
      v128.store(out, f32x4.sub(e0, b0));
      out += places;
      v128.store(out, f32x4.sub(e1, b1));
      out += places;
      v128.store(out, f32x4.sub(e2, b2));
      out += places;
      v128.store(out, f32x4.sub(e3, b3));
    }
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

/** The same of eight. */
function eightIntoTiles(from: usize, rows: i32, across: i32, to: usize, places: usize): void {
  const step = <usize>across << 2;
  const line = <usize>frameWidth(across) << 2;
  let a0 = f32x4.splat(0);
  let a0_ = a0;
  let a1 = a0;
  let a1_ = a0;
  let a2 = a0;
  let a2_ = a0;
  let a3 = a0;
  let a3_ = a0;
  let b0 = a0;
  let b0_ = a0;
  let b1 = a0;
  let b1_ = a0;
  let b2 = a0;
  let b2_ = a0;
  let b3 = a0;
  let b3_ = a0;
  let p = a0;
  let p_ = a0;
  let q = a0;
  let q_ = a0;
  let r = a0;
  let r_ = a0;
  let s = a0;
  let s_ = a0;
  let d1 = a0;
  let d1_ = a0;
  let d2 = a0;
  let d2_ = a0;
  // two rows of the frame at a time; the first two complete no tile yet
  for (let i = -1; i < rows; i++) {
    p = v128.load(from);
    p_ = v128.load(from, 16);
    q = v128.load(from, 32);
    q_ = v128.load(from, 48);
    r = v128.load(from, 8);
    r_ = v128.load(from, 24);
    s = v128.load(from, 40);
    s_ = v128.load(from, 56);
    d1 = v128.shuffle<f32>(p, q, 1, 3, 5, 7);
    d1_ = v128.shuffle<f32>(p_, q_, 1, 3, 5, 7);
    d2 = v128.shuffle<f32>(r, s, 0, 2, 4, 6);
    d2_ = v128.shuffle<f32>(r_, s_, 0, 2, 4, 6);
    const c0 = f32x4.sub(v128.shuffle<f32>(p, q, 0, 2, 4, 6), d2);
    const c0_ = f32x4.sub(v128.shuffle<f32>(p_, q_, 0, 2, 4, 6), d2_);
    const c1 = f32x4.add(d1, d2);
    const c1_ = f32x4.add(d1_, d2_);
    const c2 = f32x4.sub(d2, d1);
    const c2_ = f32x4.sub(d2_, d1_);
    const c3 = f32x4.sub(v128.shuffle<f32>(r, s, 1, 3, 5, 7), d1);
    const c3_ = f32x4.sub(v128.shuffle<f32>(r_, s_, 1, 3, 5, 7), d1_);
    from += line;
    p = v128.load(from);
    p_ = v128.load(from, 16);
    q = v128.load(from, 32);
    q_ = v128.load(from, 48);
    r = v128.load(from, 8);
    r_ = v128.load(from, 24);
    s = v128.load(from, 40);
    s_ = v128.load(from, 56);
    d1 = v128.shuffle<f32>(p, q, 1, 3, 5, 7);
    d1_ = v128.shuffle<f32>(p_, q_, 1, 3, 5, 7);
    d2 = v128.shuffle<f32>(r, s, 0, 2, 4, 6);
    d2_ = v128.shuffle<f32>(r_, s_, 0, 2, 4, 6);
    const e0 = f32x4.sub(v128.shuffle<f32>(p, q, 0, 2, 4, 6), d2);
    const e0_ = f32x4.sub(v128.shuffle<f32>(p_, q_, 0, 2, 4, 6), d2_);
    const e1 = f32x4.add(d1, d2);
    const e1_ = f32x4.add(d1_, d2_);
    const e2 = f32x4.sub(d2, d1);
    const e2_ = f32x4.sub(d2_, d1_);
    const e3 = f32x4.sub(v128.shuffle<f32>(r, s, 1, 3, 5, 7), d1);
    const e3_ = f32x4.sub(v128.shuffle<f32>(r_, s_, 1, 3, 5, 7), d1_);
    from += line;
    if (i >= 0) {
      let out = to + <usize>i * step;
      v128.store(out, f32x4.sub(a0, c0));
      v128.store(out, f32x4.sub(a0_, c0_), 16);
      out += places;
      v128.store(out, f32x4.sub(a1, c1));
      v128.store(out, f32x4.sub(a1_, c1_), 16);
      out += places;
      v128.store(out, f32x4.sub(a2, c2));
      v128.store(out, f32x4.sub(a2_, c2_), 16);
      out += places;
      v128.store(out, f32x4.sub(a3, c3));
      v128.store(out, f32x4.sub(a3_, c3_), 16);
      out += places;
      v128.store(out, f32x4.add(b0, c0));
      v128.store(out, f32x4.add(b0_, c0_), 16);
      out += places;
      v128.store(out, f32x4.add(b1, c1));
      v128.store(out, f32x4.add(b1_, c1_), 16);
      out += places;
      v128.store(out, f32x4.add(b2, c2));
      v128.store(out, f32x4.add(b2_, c2_), 16);
      out += places;
      v128.store(out, f32x4.add(b3, c3));
      v128.store(out, f32x4.add(b3_, c3_), 16);
      out += places;
      v128.store(out, f32x4.sub(c0, b0));
      v128.store(out, f32x4.sub(c0_, b0_), 16);
      out += places;
      v128.store(out, f32x4.sub(c1, b1));
      v128.store(out, f32x4.sub(c1_, b1_), 16);
      out += places;
      v128.store(out, f32x4.sub(c2, b2));
      v128.store(out, f32x4.sub(c2_, b2_), 16);
      out += places;
      v128.store(out, f32x4.sub(c3, b3));
      v128.store(out, f32x4.sub(c3_, b3_), 16);
      out += places;
      v128.store(out, f32x4.sub(e0, b0));
      v128.store(out, f32x4.sub(e0_, b0_), 16);
      out += places;
      v128.store(out, f32x4.sub(e1, b1));
      v128.store(out, f32x4.sub(e1_, b1_), 16);
      out += places;
      v128.store(out, f32x4.sub(e2, b2));
      v128.store(out, f32x4.sub(e2_, b2_), 16);
      out += places;
      v128.store(out, f32x4.sub(e3, b3));
      v128.store(out, f32x4.sub(e3_, b3_), 16);
    }
    a0 = c0;
    a0_ = c0_;
    a1 = c1;
    a1_ = c1_;
    a2 = c2;
    a2_ = c2_;
    a3 = c3;
    a3_ = c3_;
    b0 = e0;
    b0_ = e0_;
    b1 = e1;
    b1_ = e1_;
    b2 = e2;
    b2_ = e2_;
    b3 = e3;
    b3_ = e3_;
  }
}
