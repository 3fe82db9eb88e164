// Convolution and the gradient of its input where both are made of tiles (winograd.ts): the gradient is a convolution of y with
// the weight's taps from the last to the first.
import { EDGE } from '../forward';
import { turnRows } from '../../floats';
import { aligned, Geometry } from '../planes';
import { padRows, packRows, tapProduct, tileHeight } from '../tapProduct';
import { frameFloats, PLACES, placeFloats, rowsTogether, tilesAcross, tilesDown } from './winograd';
import { weightsIntoTiles } from './filters';
import { fromTiles } from './results';
import { intoTiles } from './values';

/** Tiles of so many rows, up to whole pairs of octets. */
// @ts-ignore: decorator
@inline
function tilesOf(rows: i32, across: i32): i32 {
  return (rows * across + 15) & ~15;
}

/** Floats for one direction: channels that go in, channels that come out and its columns. */
function productScratch(g: Geometry, from: i32, to: i32, width: i32): i32 {
  const wide = g.wide != 0;
  const across = tilesAcross(width);
  const rows = rowsTogether(g, across);
  const tiles = tilesOf(rows, across);
  const padded = padRows(to, wide);
  return (
    PLACES * (placeFloats(from, tiles) + placeFloats(to, tiles) + placeFloats(padded, from)) +
    aligned(padded * from * 9) +
    aligned(padded) +
    frameFloats(rows, across) +
    aligned(from) +
    aligned(2 * (tiles / 8 + 3)) +
    EDGE
  );
}

/** Floats of scratch memory for either direction. */
export function winogradScratch(g: Geometry): i32 {
  return max(productScratch(g, g.channels, g.filters, g.outWidth), productScratch(g, g.filters, g.channels, g.width));
}

/** As `conv2d`. */
export function winogradForward(g: Geometry, x: usize, weight: usize, bias: usize, out: usize, scratch: usize): void {
  const taps = g.channels * 9;
  const packed = scratch;
  packRows(weight, taps, g.filters, taps, packed, g.wide != 0);
  product(g, false, x, bias, out, scratch);
}

/** As `conv2dInput`. */
export function winogradInput(g: Geometry, y: usize, weight: usize, out: usize, scratch: usize): void {
  const wide = g.wide != 0;
  const padded = padRows(g.channels, wide);
  if (padded > g.channels) memory.fill(scratch, 0, <usize>(padded * g.filters * 9) << 2);
  let to = scratch;
  for (let c = 0; c < g.channels; ) {
    const height = tileHeight(c, g.channels, wide);
    const here = min(height, g.channels - c);
    for (let f = 0; f < g.filters; f++, to += <usize>(height * 9) << 2)
      turnRows(weight + ((<usize>(f * g.filterStride + c * 9)) << 2), 36, here, to, height, 9);
    c += height;
  }
  product(g, true, y, 0, out, scratch);
}

/** `scratch` begins with the weight's rows, packed. */
function product(g: Geometry, backward: bool, source: usize, bias: usize, result: usize, scratch: usize): void {
  const wide = g.wide != 0;
  const from = backward ? g.filters : g.channels;
  const to = backward ? g.channels : g.filters;
  const height = backward ? g.outHeight : g.height;
  const width = backward ? g.outWidth : g.width;
  const outHeight = backward ? g.height : g.outHeight;
  const outWidth = backward ? g.width : g.outWidth;
  const above = backward ? 2 - g.padY : g.padY;
  const before = backward ? 2 - g.padX : g.padX;
  const sourceStride = backward ? g.outStride : g.imageStride;
  const resultStride = backward ? g.imageStride : g.outStride;
  const across = tilesAcross(outWidth);
  const down = tilesDown(outHeight);
  const all = g.batch * down;
  const together = rowsTogether(g, across);
  const tiles = tilesOf(together, across);
  const padded = padRows(to, wide);
  const line = <usize>tiles << 2;

  const packed = scratch;
  const weights = packed + (<usize>aligned(padded * from * 9) << 2);
  const weightPlaces = <usize>placeFloats(padded, from) << 2;
  const values = weights + PLACES * weightPlaces;
  const valuePlaces = <usize>placeFloats(from, tiles) << 2;
  const sums = values + PLACES * valuePlaces;
  const sumPlaces = <usize>placeFloats(to, tiles) << 2;
  const start = sums + PLACES * sumPlaces;
  const frame = start + (<usize>aligned(padded) << 2);
  const table = frame + (<usize>frameFloats(together, across) << 2);
  const octets = table + (<usize>aligned(from) << 2);
  const edge = octets + (<usize>aligned(2 * (tiles / 8 + 3)) << 2);

  memory.fill(start, 0, <usize>padded << 2);
  memory.fill(frame, 0, <usize>frameFloats(together, across) << 2);
  // what no tile fills is multiplied as well; in a last block that is smaller it's tiles of the one before
  if ((min(together, all) * across) & 15) memory.fill(values, 0, PLACES * valuePlaces);
  for (let s = 0; s < from; s++) store<i32>(table + (s << 2), <i32>(<usize>s * line));
  for (let o = 0; o < tiles / 8 + 3; o++) {
    const at = min(o, tiles / 8 - 1) << 5;
    store<i32>(octets + (o << 3), at);
    store<i32>(octets + (o << 3), at, 4);
  }
  for (let i = 0; i < to; ) {
    const rows = tileHeight(i, to, wide);
    const at = <usize>(i * from) << 2;
    weightsIntoTiles(packed + 9 * at, from, rows, backward, weights + at, weightPlaces);
    i += rows;
  }

  for (let block = 0; block < all; block += together) {
    const last = min(block + together, all);
    for (let row = block; row < last; ) {
      const image = row / down;
      const inside = row - image * down;
      const rows = min(down - inside, last - row);
      let channel = source + ((<usize>image * sourceStride) << 2);
      let place = values + (<usize>((row - block) * across) << 2);
      for (let s = 0; s < from; s++) {
        intoTiles(channel, height, width, 2 * inside - above, before, rows, across, frame, place, valuePlaces, wide);
        channel += (<usize>height * width) << 2;
        place += line;
      }
      row += rows;
    }
    const count = tilesOf(last - block, across) / 8;
    for (let p = 0; p < PLACES; p++) {
      const rows = weights + <usize>p * weightPlaces;
      const base = values + <usize>p * valuePlaces;
      tapProduct(rows, start, to, base, table, from, octets, count, sums + <usize>p * sumPlaces, line, edge, wide);
    }
    for (let row = block; row < last; ) {
      const image = row / down;
      const inside = row - image * down;
      const rows = min(down - inside, last - row);
      let channel = result + ((<usize>image * resultStride) << 2);
      let place = sums + (<usize>((row - block) * across) << 2);
      for (let r = 0; r < to; r++) {
        const add: f32 = bias ? load<f32>(bias + (r << 2)) : 0;
        fromTiles(place, sumPlaces, rows, across, add, channel, outHeight, outWidth, 2 * inside, edge, wide);
        channel += (<usize>outHeight * outWidth) << 2;
        place += line;
      }
      row += rows;
    }
  }
}
