// The gradient of a 3 × 3 convolution's weight where it's made of tiles (winograd.ts): the transpose, in the weight, of what the
// convolution does. The 16 products sum up over tiles, with the image's channels as rows and the gradient y in panels of filters.
import { turnBack, turnFour } from '../../floats';
import { rows4x8, rows4x16 } from '../gradientTiles';
import { aligned, Geometry } from '../planes';
import { frameFloats, PLACES, placeFloats, rowsTogether, tilesAcross, tilesDown, tilesInEights } from './winograd';
import { intoTiles } from './values';

// @ts-ignore: decorator
@inline
function panelWidth(g: Geometry): i32 {
  return g.wide != 0 && g.filters > 8 ? 16 : 8;
}
/** Filters up to whole panels. */
// @ts-ignore: decorator
@inline
function columnsOf(g: Geometry): i32 {
  return ((g.filters + panelWidth(g) - 1) / panelWidth(g)) * panelWidth(g);
}
/** Channels up to whole tiles. */
// @ts-ignore: decorator
@inline
function rowsOf(g: Geometry): i32 {
  return (g.channels + 3) & ~3;
}

/** Floats of scratch memory that `winogradWeight` needs. */
export function winogradWeightScratch(g: Geometry): i32 {
  const across = tilesAcross(g.outWidth);
  const together = rowsTogether(g, across);
  const tiles = together * across;
  const columns = columnsOf(g);
  return (
    PLACES * (placeFloats(g.channels, tiles) + placeFloats(columns, tiles) + placeFloats(rowsOf(g), columns)) +
    frameFloats(together, across) +
    aligned(4 * across * panelWidth(g)) +
    aligned(g.channels * 9 * columns) +
    16
  );
}

/** As `conv2dWeight`. */
export function winogradWeight(g: Geometry, y: usize, x: usize, out: usize, scratch: usize): void {
  const across = tilesAcross(g.outWidth);
  const down = tilesDown(g.outHeight);
  const together = rowsTogether(g, across);
  const most = together * across;
  const width = panelWidth(g);
  const columns = columnsOf(g);
  const line = <usize>most << 2;
  const eights = tilesInEights(across, g.wide != 0);

  const values = scratch;
  const valuePlaces = <usize>placeFloats(g.channels, most) << 2;
  const gradients = values + PLACES * valuePlaces;
  const gradientPlaces = <usize>placeFloats(columns, most) << 2;
  const sums = gradients + PLACES * gradientPlaces;
  const sumPlaces = <usize>placeFloats(rowsOf(g), columns) << 2;
  const frame = sums + PLACES * sumPlaces;
  const turned = frame + (<usize>frameFloats(together, across) << 2);
  const turnedFloats = 4 * across * width;
  const taps = turned + (<usize>aligned(turnedFloats) << 2);
  const one = taps + (<usize>aligned(g.channels * 9 * columns) << 2);

  memory.fill(frame, 0, <usize>frameFloats(together, across) << 2);
  memory.fill(turned, 0, <usize>turnedFloats << 2);
  memory.fill(sums, 0, PLACES * sumPlaces);
  store<i32>(one, 0); // tiles lie in one stretch

  const all = g.batch * down;
  for (let block = 0; block < all; block += together) {
    const last = min(block + together, all);
    const tiles = (last - block) * across;
    for (let row = block; row < last; ) {
      const image = row / down;
      const inside = row - image * down;
      const rows = min(down - inside, last - row);
      const tile = (row - block) * across;
      let channel = x + ((<usize>image * g.imageStride) << 2);
      let place = values + (<usize>tile << 2);
      for (let s = 0; s < g.channels; s++) {
        intoTiles(channel, g.height, g.width, 2 * inside - g.padY, g.padX, rows, across, frame, place, valuePlaces, g.wide != 0);
        channel += (<usize>g.height * g.width) << 2;
        place += line;
      }
      for (let f = 0; f < g.filters; f += width) {
        const from = y + ((<usize>image * g.outStride + <usize>f * g.outHeight * g.outWidth) << 2);
        const panel = gradients + (<usize>(f * most + tile * width) << 2);
        for (let i = 0; i < rows; i++) {
          turnRow(g, from, min(width, g.filters - f), 2 * (inside + i), across, turned, width);
          gradientsIntoTiles(turned, across, eights, width, panel + (<usize>(i * across * width) << 2), gradientPlaces);
        }
      }
      row += rows;
    }
    const top = g.channels - 1;
    for (let p = 0; p < PLACES; p++) {
      const left = values + <usize>p * valuePlaces;
      for (let f = 0; f < columns; f += width) {
        const panel = gradients + <usize>p * gradientPlaces + (<usize>(f * most) << 2);
        for (let c = 0; c < g.channels; c += 4) {
          const a0 = left + <usize>c * line;
          const a1 = left + <usize>min(c + 1, top) * line;
          const a2 = left + <usize>min(c + 2, top) * line;
          const a3 = left + <usize>min(c + 3, top) * line;
          const to = sums + <usize>p * sumPlaces + (<usize>(c * columns + f) << 2);
          if (width == 16) rows4x16(a0, a1, a2, a3, one, 1, tiles, panel, to, <usize>columns << 2);
          else rows4x8(a0, a1, a2, a3, one, 1, tiles, panel, to, <usize>columns << 2);
        }
      }
    }
  }

  for (let c = 0; c < g.channels; c++)
    for (let f = 0; f < columns; f += 4)
      tapsFromTiles(sums + (<usize>(c * columns + f) << 2), sumPlaces, taps + (<usize>(9 * c * columns + f) << 2), <usize>columns << 2);
  turnBack(taps, columns, g.filters, out, g.filterStride, g.channels * 9);
}

/** Two rows from `top` of some filters' y as [row][column][filter], with zeros where a tile reaches beyond them. */
function turnRow(g: Geometry, from: usize, filters: i32, top: i32, across: i32, to: usize, width: i32): void {
  const plane = (<usize>g.outHeight * g.outWidth) << 2;
  const step = <usize>width << 2;
  const line = <usize>(2 * across) * step;
  for (let r = 0; r < 2; r++, to += line) {
    if (top + r >= g.outHeight) {
      memory.fill(to, 0, line);
      continue;
    }
    const row = from + ((<usize>(top + r) * g.outWidth) << 2);
    let f = 0;
    for (; f + 4 <= filters; f += 4) turnFour(row + <usize>f * plane, plane, to + (f << 2), step, g.outWidth);
    for (; f < filters; f++)
      for (let s = 0; s < g.outWidth; s++)
        store<f32>(to + <usize>s * step + (f << 2), load<f32>(row + <usize>f * plane + (s << 2)));
  }
}

/** [2 rows][columns][filters] → [place][tile][filters]: in one dimension y₀, y₀ + y₁, y₀ − y₁, y₁. Pairs of vectors are used alike. */
function gradientsIntoTiles(from: usize, across: i32, eights: i32, width: i32, to: usize, places: usize): void {
  const step = <usize>width << 2;
  const line = <usize>(2 * across) * step;
  for (let t = 0; t < across; t++, to += step) {
    // of eight, the third and fourth change places with the fifth and sixth
    const tile = t < eights && ((t >> 1) + 1) & 2 ? t ^ 6 : t;
    const row = from + <usize>(2 * tile) * step;
    for (let f: usize = 0; f < step; f += 32) {
      const at = row + f;
      const a = v128.load(at);
      const a_ = v128.load(at, 16);
      const b = v128.load(at + step);
      const b_ = v128.load(at + step, 16);
      const c = v128.load(at + line);
      const c_ = v128.load(at + line, 16);
      const d = v128.load(at + line + step);
      const d_ = v128.load(at + line + step, 16);
      const out = across4(to + f, places, a, a_, b, b_);
      const ac = f32x4.add(a, c);
      const ac_ = f32x4.add(a_, c_);
      const bd = f32x4.add(b, d);
      const bd_ = f32x4.add(b_, d_);
      const next = across4(out, places, ac, ac_, bd, bd_);
      const ca = f32x4.sub(a, c);
      const ca_ = f32x4.sub(a_, c_);
      const db = f32x4.sub(b, d);
      const db_ = f32x4.sub(b_, d_);
      across4(across4(next, places, ca, ca_, db, db_), places, c, c_, d, d_);
    }
  }
}

/** Four places of a row. @returns Where the next row's begin. */
// @ts-ignore: decorator
@inline
function across4(to: usize, places: usize, a: v128, a_: v128, b: v128, b_: v128): usize {
  v128.store(to, a);
  v128.store(to, a_, 16);
  to += places;
  const plus = f32x4.add(a, b);
  const plus_ = f32x4.add(a_, b_);
  v128.store(to, plus);
  v128.store(to, plus_, 16);
  to += places;
  const minus = f32x4.sub(a, b);
  const minus_ = f32x4.sub(a_, b_);
  v128.store(to, minus);
  v128.store(to, minus_, 16);
  to += places;
  v128.store(to, b);
  v128.store(to, b_, 16);
  return to + places;
}

/** Four filters of a channel's sums in 16 places → its 9 taps, `line` bytes apart: Gᵀ · sums · G. */
function tapsFromTiles(from: usize, places: usize, to: usize, line: usize): void {
  const half = f32x4.splat(0.5);
  const down = 4 * places;
  for (let row = 0; row < 3; row++) {
    // one of three rows, from four places down in each of four columns
    const u0 = tapOf(from, down, row, half);
    const u1 = tapOf(from + places, down, row, half);
    const u2 = tapOf(from + 2 * places, down, row, half);
    const u3 = tapOf(from + 3 * places, down, row, half);
    const both = f32x4.mul(half, f32x4.add(u1, u2));
    v128.store(to, f32x4.add(u0, both));
    v128.store(to + line, f32x4.mul(half, f32x4.sub(u1, u2)));
    v128.store(to + 2 * line, f32x4.add(both, u3));
    to += 3 * line;
  }
}

// @ts-ignore: decorator
@inline
function tapOf(from: usize, down: usize, tap: i32, half: v128): v128 {
  const u1 = v128.load(from + down);
  const u2 = v128.load(from + 2 * down);
  if (tap == 1) return f32x4.mul(half, f32x4.sub(u1, u2));
  const both = f32x4.mul(half, f32x4.add(u1, u2));
  return f32x4.add(both, v128.load(tap == 0 ? from : from + 3 * down));
}
