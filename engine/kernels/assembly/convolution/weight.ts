// The gradient of a convolution's weight: a product of what the taps read (see forward.ts), as rows, with y in panels.
import { copyFloats, turnBack, turnFour } from '../floats';
import { rows4x1, rows4x8, rows4x16 } from './gradientTiles';
import { aligned, Geometry, isPlain, planesSize, planeWidth, tapTable, toPlanes } from './planes';
import { winogradWeight } from './winograd/weight';

/** Positions that are worked on at a time, so that a panel stays in the first cache. */
const STRETCH: i32 = 256;

/** Images that are worked on together: as many as such a stretch takes. */
// @ts-ignore: decorator
@inline
function together(g: Geometry): i32 {
  return max(1, min(g.batch, STRETCH / (g.outHeight * g.outWidth)));
}

/** Positions that lie side by side: a row's, or, where planes are as wide as the result and it's small, all of an image. */
// @ts-ignore: decorator
@inline
function lengthOf(g: Geometry): i32 {
  const all = g.outHeight * g.outWidth;
  return planeWidth(g) == g.outWidth && all <= STRETCH ? all : g.outWidth;
}

/** Whether a group has so few filters that a panel would be mostly empty. Only where the filters aren't shared out. */
// @ts-ignore: decorator
@inline
function isSlim(g: Geometry): bool {
  return g.groups > 1 && g.filters <= 2;
}

// @ts-ignore: decorator
@inline
function panelWidth(g: Geometry): i32 {
  return g.wide != 0 && g.filters > 8 ? 16 : 8;
}
// @ts-ignore: decorator
@inline
function columnsOf(g: Geometry): i32 {
  return ((g.filters + panelWidth(g) - 1) / panelWidth(g)) * panelWidth(g);
}

/** Floats of scratch memory that `conv2dWeight` needs. */
export function weightScratch(g: Geometry): i32 {
  const taps = g.channels * g.kernelHeight * g.kernelWidth;
  const count = together(g);
  const positions = count * g.outHeight * g.outWidth;
  return (
    count * planesSize(g) +
    aligned(taps) +
    aligned(count * g.outHeight) +
    aligned(((taps + 3) & ~3) * columnsOf(g)) +
    aligned(positions * columnsOf(g))
  );
}

/** out = the gradient of the weight, summed over the batch. */
export function conv2dWeight(g: Geometry, y: usize, x: usize, out: usize, scratch: usize): void {
  if (g.tiles != 0) {
    winogradWeight(g, y, x, out, scratch);
    return;
  }
  const taps = g.channels * g.kernelHeight * g.kernelWidth;
  const plain = isPlain(g);
  const most = together(g);
  const columns = columnsOf(g);
  const tapRows = (taps + 3) & ~3;
  const planes = scratch;
  const table = planes + (<usize>(most * planesSize(g)) << 2);
  const stretches = table + (<usize>aligned(taps) << 2);
  const sums = stretches + (<usize>aligned(most * g.outHeight) << 2);
  const packed = sums + (<usize>aligned(tapRows * columns) << 2);
  const image = (<usize>g.channels * g.height * g.width) << 2;
  const outBytes = (<usize>g.filters * g.outHeight * g.outWidth) << 2;
  const imageBytes = (plain ? <usize>g.imageStride : <usize>planesSize(g)) << 2;
  tapTable(g, table);
  stretchTable(g, stretches, most, imageBytes);
  if (!plain) memory.fill(planes, 0, <usize>(most * planesSize(g)) << 2);
  for (let group = 0; group < g.groups; group++) {
    memory.fill(sums, 0, <usize>(tapRows * columns) << 2);
    for (let i = 0; i < g.batch; i += most) {
      const count = min(most, g.batch - i);
      const from = x + ((<usize>i * g.imageStride) << 2) + <usize>group * image;
      if (!plain)
        for (let j = 0; j < count; j++)
          toPlanes(g, from + ((<usize>j * g.imageStride) << 2), planes + <usize>j * imageBytes);
      const base = plain ? from : planes;
      const gradient = y + ((<usize>i * g.outStride) << 2) + <usize>group * outBytes;
      if (isSlim(g)) addDots(g, base, table, stretches, count, gradient, sums);
      else addProducts(g, base, table, stretches, count, gradient, packed, sums);
    }
    const to = out + ((<usize>group * g.filters * g.filterStride) << 2);
    if (!isSlim(g)) {
      turnBack(sums, columns, g.filters, to, g.filterStride, taps);
      continue;
    }
    for (let f = 0; f < g.filters; f++)
      copyFloats(sums + (<usize>(f * tapRows) << 2), to + ((<usize>f * g.filterStride) << 2), taps);
  }
}

/** Where the stretches of each image's positions begin under a tap whose first value is at 0, in bytes. */
function stretchTable(g: Geometry, table: usize, images: i32, imageBytes: usize): void {
  const length = lengthOf(g);
  const rows = (g.outHeight * g.outWidth) / length;
  const w = <usize>planeWidth(g) << 2;
  for (let i = 0; i < images; i++)
    for (let r = 0; r < rows; r++, table += 4) store<i32>(table, <i32>(<usize>i * imageBytes + <usize>r * w));
}

/** sums [taps, columns] += what `count` images give. */
function addProducts(
  g: Geometry,
  base: usize,
  table: usize,
  stretches: usize,
  count: i32,
  y: usize,
  packed: usize,
  sums: usize,
): void {
  const width = panelWidth(g);
  const columns = columnsOf(g);
  const taps = g.channels * g.kernelHeight * g.kernelWidth;
  const positions = g.outHeight * g.outWidth;
  const all = count * positions;
  const length = lengthOf(g);
  const rows = all / length;
  const most = max(1, STRETCH / length);
  const line = <usize>columns << 2;
  for (let j = 0; j < count; j++)
    packGradient(g, y + ((<usize>j * g.outStride) << 2), packed + ((<usize>j * positions * width) << 2), all, width);
  for (let r = 0; r < rows; r += most) {
    const here = min(most, rows - r);
    const at = stretches + (r << 2);
    for (let j = 0; j < columns; j += width) {
      const panel = packed + ((<usize>j * all + <usize>(r * length) * width) << 2);
      for (let t = 0; t < taps; t += 4) {
        const a0 = base + load<u32>(table + (t << 2));
        const a1 = base + load<u32>(table + (min(t + 1, taps - 1) << 2));
        const a2 = base + load<u32>(table + (min(t + 2, taps - 1) << 2));
        const a3 = base + load<u32>(table + (min(t + 3, taps - 1) << 2));
        const c = sums + <usize>t * line + (<usize>j << 2);
        if (width == 16) rows4x16(a0, a1, a2, a3, at, here, length, panel, c, line);
        else rows4x8(a0, a1, a2, a3, at, here, length, panel, c, line);
      }
    }
  }
}

/** sums [filters, taps up to whole tiles] += what `count` images give. */
function addDots(g: Geometry, base: usize, table: usize, stretches: usize, count: i32, y: usize, sums: usize): void {
  const taps = g.channels * g.kernelHeight * g.kernelWidth;
  const tapRows = (taps + 3) & ~3;
  const positions = g.outHeight * g.outWidth;
  const length = lengthOf(g);
  const rows = positions / length;
  for (let j = 0; j < count; j++)
    for (let f = 0; f < g.filters; f++) {
      const gradient = y + ((<usize>j * g.outStride + <usize>f * positions) << 2);
      for (let t = 0; t < taps; t += 4) {
        const a0 = base + load<u32>(table + (t << 2));
        const a1 = base + load<u32>(table + (min(t + 1, taps - 1) << 2));
        const a2 = base + load<u32>(table + (min(t + 2, taps - 1) << 2));
        const a3 = base + load<u32>(table + (min(t + 3, taps - 1) << 2));
        const at = stretches + ((<usize>j * rows) << 2);
        rows4x1(a0, a1, a2, a3, at, rows, length, gradient, sums + (<usize>(f * tapRows + t) << 2));
      }
    }
}

/** y [filters, positions] of one image → its place in panels [position of all images][width], zeros where there is no filter. */
function packGradient(g: Geometry, y: usize, to: usize, all: i32, width: i32): void {
  const positions = g.outHeight * g.outWidth;
  const plane = <usize>positions << 2;
  const step = <usize>width << 2;
  for (let j = 0; j < g.filters; j += width) {
    const count = min(width, g.filters - j);
    const panel = to + ((<usize>j * all) << 2);
    const from = y + <usize>j * plane;
    if (count < width) memory.fill(panel, 0, <usize>positions * step);
    let c = 0;
    for (; c + 4 <= count; c += 4) turnFour(from + <usize>c * plane, plane, panel + (c << 2), step, positions);
    for (; c < count; c++)
      for (let s = 0; s < positions; s++)
        store<f32>(panel + <usize>s * step + (c << 2), load<f32>(from + <usize>c * plane + (s << 2)));
  }
}
