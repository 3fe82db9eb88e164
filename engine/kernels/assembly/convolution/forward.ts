// Two-dimensional convolution without a matrix of patches. The padded image is laid out so that the values under one tap
// of the kernel, along a row of positions, lie one after the other: then a convolution is a matrix product whose
// right-hand rows overlap and are found through a table of offsets. For a stride of s, rows and columns are sorted into
// s × s planes by their remainder first.
import { mostOctets, octetTable, withinRows } from './octets';
import { aligned, Geometry, isPlain, planesSize, planeHeight, planeWidth, tapTable, toPlanes } from './planes';
import { padRows, packRows, tapProduct } from './tapProduct';
import { copyFloats } from '../floats';
import { winogradForward } from './winograd/product';

/** Floats that a tile takes. */
export const EDGE: i32 = 96;

/** Rows of positions as they are computed. Where planes are as wide as the result, all of them make one row. */
// @ts-ignore: decorator
@inline
function rowsOf(g: Geometry): i32 {
  return planeWidth(g) == g.outWidth ? 1 : g.outHeight;
}
// @ts-ignore: decorator
@inline
function columnsOf(g: Geometry): i32 {
  return planeWidth(g) == g.outWidth ? g.outHeight * g.outWidth : g.outWidth;
}

/** Floats of scratch memory that `conv2d` needs. */
export function forwardScratch(g: Geometry): i32 {
  const taps = g.channels * g.kernelHeight * g.kernelWidth;
  const rows = padRows(g.filters, g.wide != 0);
  const most = mostOctets(rowsOf(g), columnsOf(g), planeWidth(g));
  const result = withinRows(columnsOf(g)) ? 0 : g.filters * most * 8;
  return (
    planesSize(g) + aligned(taps) + aligned(rows * taps) + aligned(rows) + EDGE + aligned(2 * most) + aligned(result)
  );
}

/** out = bias + weight ⋆ x. `bias` 0: none. */
export function conv2d(g: Geometry, x: usize, weight: usize, bias: usize, out: usize, scratch: usize): void {
  if (g.tiles != 0) {
    winogradForward(g, x, weight, bias, out, scratch);
    return;
  }
  const wide = g.wide != 0;
  const w = planeWidth(g);
  const taps = g.channels * g.kernelHeight * g.kernelWidth;
  const plain = isPlain(g);
  const padded = padRows(g.filters, wide);
  const planes = scratch;
  const table = planes + (<usize>planesSize(g) << 2);
  const rows = table + (<usize>aligned(taps) << 2);
  const start = rows + (<usize>aligned(padded * taps) << 2);
  const edge = start + (<usize>aligned(padded) << 2);
  const octets = edge + (EDGE << 2);
  const result = octets + (<usize>aligned(2 * mostOctets(rowsOf(g), columnsOf(g), w)) << 2);
  const image = (<usize>g.channels * g.height * g.width) << 2;
  const plane = (<usize>g.outHeight * g.outWidth) << 2;
  const direct = withinRows(columnsOf(g));
  tapTable(g, table);
  const count = octetTable(octets, rowsOf(g), columnsOf(g), w << 2, g.outWidth << 2);
  const line = direct ? plane : <usize>count << 5;
  if (!plain) memory.fill(planes, 0, <usize>planesSize(g) << 2);
  memory.fill(start, 0, <usize>padded << 2);
  for (let group = 0; group < g.groups; group++) {
    packRows(weight + ((<usize>group * g.filters * taps) << 2), taps, g.filters, taps, rows, wide);
    if (bias) copyFloats(bias + ((<usize>group * g.filters) << 2), start, g.filters);
    for (let i = 0; i < g.batch; i++) {
      const from = x + ((<usize>i * g.imageStride) << 2) + <usize>group * image;
      if (!plain) toPlanes(g, from, planes);
      const to = out + ((<usize>i * g.outStride) << 2) + <usize>(group * g.filters) * plane;
      const base = plain ? from : planes;
      tapProduct(rows, start, g.filters, base, table, taps, octets, count, direct ? to : result, line, edge, wide);
      if (direct) continue;
      const columns = columnsOf(g);
      for (let f = 0; f < g.filters; f++)
        for (let r = 0; r < rowsOf(g); r++)
          copyFloats(
            result + <usize>f * line + ((<usize>r * w) << 2),
            to + <usize>f * plane + ((<usize>r * columns) << 2),
            columns,
          );
    }
  }
}
