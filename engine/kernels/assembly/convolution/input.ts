// The gradient of a convolution's input: every plane of it (see planes.ts) is a convolution of y, framed by zeros, with some of the taps.
import { EDGE } from './forward';
import { copyFloats, interleaveFloats, turnRows } from '../floats';
import { mostOctets, octetTable, withinRows } from './octets';
import { aligned, endInside, firstInside, Geometry } from './planes';
import { padRows, tapProduct, tileHeight } from './tapProduct';
import { winogradInput } from './winograd/product';

/** Rows of a plane here, where it must cover all of the image, also what no tap reaches. */
// @ts-ignore: decorator
@inline
function frameRows(g: Geometry): i32 {
  return (g.height + g.padY - 1) / g.strideY + 1;
}
// @ts-ignore: decorator
@inline
function frameColumns(g: Geometry): i32 {
  return (g.width + g.padX - 1) / g.strideX + 1;
}
/** Rows of the frame above y. */
// @ts-ignore: decorator
@inline
function above(g: Geometry): i32 {
  return ((g.kernelHeight - 1) * g.dilationY) / g.strideY;
}
/** Columns of the frame before y. */
// @ts-ignore: decorator
@inline
function before(g: Geometry): i32 {
  return ((g.kernelWidth - 1) * g.dilationX) / g.strideX;
}
// @ts-ignore: decorator
@inline
function frameWidth(g: Geometry): i32 {
  return frameColumns(g) + before(g);
}
// @ts-ignore: decorator
@inline
function frameSize(g: Geometry): i32 {
  return aligned(g.filters * (frameRows(g) + above(g)) * frameWidth(g) + 32);
}
// @ts-ignore: decorator
@inline
function octetsOfPlane(g: Geometry): i32 {
  const columns = frameColumns(g);
  return max(mostOctets(frameRows(g), columns, frameWidth(g)), mostOctets(frameRows(g), 1, frameWidth(g)));
}

/** Floats of scratch memory that `conv2dInput` needs. */
export function inputScratch(g: Geometry): i32 {
  const rows = padRows(g.channels, g.wide != 0);
  const taps = g.filters * g.kernelHeight * g.kernelWidth;
  const planes = g.strideY * g.strideX;
  return (
    frameSize(g) +
    aligned(taps) +
    aligned(rows * taps) +
    aligned(rows) +
    EDGE +
    planes * aligned(2 * octetsOfPlane(g)) +
    g.strideX * aligned(g.channels * octetsOfPlane(g) * 8) +
    aligned(4 * planes)
  );
}

/** out = the gradient of the input. */
export function conv2dInput(g: Geometry, y: usize, weight: usize, out: usize, scratch: usize): void {
  if (g.tiles != 0) {
    winogradInput(g, y, weight, out, scratch);
    return;
  }
  const wide = g.wide != 0;
  const fw = frameWidth(g);
  const kernel = g.kernelHeight * g.kernelWidth;
  const padded = padRows(g.channels, wide);
  const frame = scratch;
  const table = frame + (<usize>frameSize(g) << 2);
  const rows = table + (<usize>aligned(g.filters * kernel) << 2);
  const start = rows + (<usize>aligned(padded * g.filters * kernel) << 2);
  const edge = start + (<usize>aligned(padded) << 2);
  const octets = edge + (EDGE << 2);
  const octetBytes = <usize>aligned(2 * octetsOfPlane(g)) << 2;
  const results = octets + <usize>(g.strideY * g.strideX) * octetBytes;
  const resultBytes = <usize>aligned(g.channels * octetsOfPlane(g) * 8) << 2;
  const outPlane = (<usize>g.height * g.width) << 2;
  const yPlane = (<usize>g.outHeight * g.outWidth) << 2;
  memory.fill(frame, 0, <usize>frameSize(g) << 2);
  memory.fill(start, 0, <usize>padded << 2);
  for (let group = 0; group < g.groups; group++) {
    packTaps(g, weight + ((<usize>group * g.filters * g.filterStride) << 2), rows, table, wide);
    for (let i = 0; i < g.batch; i++) {
      intoFrame(g, y + ((<usize>i * g.outStride) << 2) + <usize>group * g.filters * yPlane, frame);
      const image = out + ((<usize>i * g.imageStride) << 2) + <usize>group * g.channels * outPlane;
      let first = 0;
      for (let a = 0; a < g.strideY; a++) {
        const top = firstInside(a, g.strideY, g.padY);
        const count = endInside(a, g.strideY, g.padY, g.height) - top;
        const target = image + ((<usize>(top * g.strideY + a - g.padY) * g.width) << 2);
        const toRow = <usize>(g.strideY * g.width) << 2;
        for (let b = 0; b < g.strideX; b++) {
          const k = g.filters * tapsOf(g, a, b);
          const left = firstInside(b, g.strideX, g.padX);
          const columns = endInside(b, g.strideX, g.padX, g.width) - left;
          const direct = g.strideX == 1 && withinRows(columns);
          const n = octetTable(octets, count, columns, fw << 2, <i32>(direct ? toRow : rowBytes(columns, fw)));
          const line = direct ? outPlane : resultLine(count, columns, fw);
          const result = direct ? target : results + <usize>b * resultBytes;
          const base = frame + ((<usize>top * fw + left) << 2);
          const panel = rows + ((<usize>padded * first) << 2);
          tapProduct(panel, start, g.channels, base, table + (first << 2), k, octets, n, result, line, edge, wide);
          first += k;
        }
        if (g.strideX == 1 && withinRows(g.width)) continue;
        for (let c = 0; c < g.channels; c++)
          for (let r = 0; r < count; r++)
            gather(g, results, resultBytes, c, r, count, fw, target + <usize>c * outPlane + <usize>r * toRow);
      }
    }
  }
}

/** Taps of one filter that fall on the plane of these remainders. */
function tapsOf(g: Geometry, a: i32, b: i32): i32 {
  let count = 0;
  for (let ky = 0; ky < g.kernelHeight; ky++)
    for (let kx = 0; kx < g.kernelWidth; kx++)
      if ((ky * g.dilationY) % g.strideY == a && (kx * g.dilationX) % g.strideX == b) count++;
  return count;
}

/** Bytes from one row of a plane's result to the next. */
// @ts-ignore: decorator
@inline
function rowBytes(columns: i32, fw: i32): usize {
  return <usize>(withinRows(columns) ? columns : fw) << 2;
}
/** Bytes from one channel of a plane's result to the next: its octets, however they lie. */
// @ts-ignore: decorator
@inline
function resultLine(rows: i32, columns: i32, fw: i32): usize {
  return <usize>((rows * (withinRows(columns) ? columns : fw) + 7) & ~7) << 2;
}

/** Puts row r of channel c of the image together from the planes' results. */
// @ts-ignore: decorator
@inline
function gather(g: Geometry, results: usize, bytes: usize, c: i32, r: i32, rows: i32, fw: i32, to: usize): void {
  if (g.strideX == 2) {
    // the image begins within the padding's remainder
    const even = g.padX & 1;
    interleaveFloats(
      resultRow(g, results, bytes, even, c, r, rows, fw),
      resultRow(g, results, bytes, 1 - even, c, r, rows, fw),
      to,
      g.width,
    );
    return;
  }
  for (let b = 0; b < g.strideX; b++) {
    const left = firstInside(b, g.strideX, g.padX);
    const columns = endInside(b, g.strideX, g.padX, g.width) - left;
    const from = resultRow(g, results, bytes, b, c, r, rows, fw);
    const first = to + ((left * g.strideX + b - g.padX) << 2);
    if (g.strideX == 1) copyFloats(from, first, columns);
    else for (let s = 0; s < columns; s++) store<f32>(first + ((s * g.strideX) << 2), load<f32>(from + (s << 2)));
  }
}

// @ts-ignore: decorator
@inline
function resultRow(g: Geometry, results: usize, bytes: usize, b: i32, c: i32, r: i32, rows: i32, fw: i32): usize {
  const columns = endInside(b, g.strideX, g.padX, g.width) - firstInside(b, g.strideX, g.padX);
  return results + <usize>b * bytes + <usize>c * resultLine(rows, columns, fw) + <usize>r * rowBytes(columns, fw);
}

/**
 * The weights of all planes one after the other, by channel, in the order in which tiles read them, and where each tap finds its
 * values in the frame.
 */
function packTaps(g: Geometry, weight: usize, rows: usize, table: usize, wide: bool): void {
  const kernel = g.kernelHeight * g.kernelWidth;
  const fw = frameWidth(g);
  const plane = (frameRows(g) + above(g)) * fw;
  const padded = padRows(g.channels, wide);
  const line = <usize>kernel << 2;
  for (let a = 0; a < g.strideY; a++)
    for (let b = 0; b < g.strideX; b++) {
      let k = 0;
      for (let f = 0; f < g.filters; f++)
        for (let ky = 0; ky < g.kernelHeight; ky++)
          for (let kx = 0; kx < g.kernelWidth; kx++) {
            const ty = ky * g.dilationY;
            const tx = kx * g.dilationX;
            if (ty % g.strideY != a || tx % g.strideX != b) continue;
            const at = f * plane + (above(g) - ty / g.strideY) * fw + before(g) - tx / g.strideX;
            store<i32>(table + (k << 2), at << 2);
            k++;
          }
      table += k << 2;
      if (padded > g.channels) memory.fill(rows, 0, <usize>(padded * k) << 2);
      for (let c = 0; c < g.channels; ) {
        const height = tileHeight(c, g.channels, wide);
        let to = rows + ((<usize>c * k) << 2);
        const here = min(height, g.channels - c);
        for (let f = 0; f < g.filters; f++) {
          const from = weight + ((<usize>f * g.filterStride) << 2) + <usize>c * line;
          if (g.strideY * g.strideX == 1) {
            turnRows(from, line, here, to, height, kernel);
            to += <usize>(height * kernel) << 2;
            continue;
          }
          for (let ky = 0; ky < g.kernelHeight; ky++) {
            if ((ky * g.dilationY) % g.strideY != a) continue;
            for (let kx = 0; kx < g.kernelWidth; kx++) {
              if ((kx * g.dilationX) % g.strideX != b) continue;
              const tap = from + ((ky * g.kernelWidth + kx) << 2);
              for (let r = 0; r < here; r++) store<f32>(to + (r << 2), load<f32>(tap + <usize>r * line));
              to += height << 2;
            }
          }
        }
        c += height;
      }
      rows += <usize>(padded * k) << 2;
    }
}

/** y [filters, outHeight, outWidth] into the middle of a frame whose zeros stay. */
function intoFrame(g: Geometry, y: usize, frame: usize): void {
  const fw = frameWidth(g);
  const fh = frameRows(g) + above(g);
  // an output beyond the planes' last row or column has no tap in the image
  const height = min(g.outHeight, frameRows(g));
  const width = min(g.outWidth, frameColumns(g));
  for (let f = 0; f < g.filters; f++)
    for (let r = 0; r < height; r++) {
      const to = frame + ((<usize>(f * fh + r + above(g)) * fw + before(g)) << 2);
      copyFloats(y + ((<usize>(f * g.outHeight + r) * g.outWidth) << 2), to, width);
    }
}
