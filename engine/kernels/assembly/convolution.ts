// Two-dimensional convolution without a matrix of patches. The padded image is laid out so that the values under one tap
// of the kernel, for all positions in turn, lie one after the other: then a convolution is a matrix product whose
// right-hand rows overlap and are found through a table of offsets. For a stride of s, rows and columns are sorted into
// s × s planes by their remainder first. Where an output row is shorter than a row of the plane, a few positions too many
// are computed and left out when the result is copied.
import { aligned, Geometry, isPlain, planeHeight, planeWidth, tapTable, toPlanes } from './planes';
import { indirect, padRows, rows4x8, rows4x16 } from './scatteredTiles';
import { transpose4x4 } from './simd';

/** `rows` rows of k floats, and zeros up to whole tiles. */
function withPadRows(from: usize, rows: i32, k: i32, to: usize, wide: bool): void {
  const bytes = <usize>(rows * k) << 2;
  memory.copy(to, from, bytes);
  memory.fill(to + bytes, 0, <usize>((padRows(rows, wide) - rows) * k) << 2);
}

/** Bytes of scratch memory that any of the three needs. */
export function convolutionScratch(g: Geometry): i32 {
  const h = max(planeHeight(g), (g.height + g.padY - 1) / g.strideY + 1);
  const w = max(planeWidth(g), (g.width + g.padX - 1) / g.strideX + 1);
  const taps = g.channels * g.kernelHeight * g.kernelWidth;
  const planes = aligned(g.channels * g.strideY * g.strideX * h * w + 32);
  const reachY = ((g.kernelHeight - 1) * g.dilationY) / g.strideY;
  const reachX = ((g.kernelWidth - 1) * g.dilationX) / g.strideX;
  // the gradient with its frame, and the most that a result or a packed operand takes
  const frame = aligned(g.filters * (h + reachY) * (w + reachX) + 32);
  const longest = aligned(h * (w + reachX)) + 16;
  const rows = max(padRows(g.filters, true), padRows(g.filters, false));
  const inputs = max(padRows(g.channels, true), padRows(g.channels, false));
  const all = g.filters * g.kernelHeight * g.kernelWidth;
  const weights = aligned(max(rows * taps, inputs * all));
  const result = max(rows, inputs) * longest;
  const packed = aligned((g.filters + 16) * (longest + 16)) + aligned((taps + 8) * (g.filters + 16));
  return (planes + frame + aligned(max(taps, all)) + weights + max(result, packed) + 64) << 2;
}

/** out = bias + weight ⋆ x. `bias` 0: none. */
export function conv2d(g: Geometry, x: usize, weight: usize, bias: usize, out: usize, scratch: usize): void {
  const wide = g.wide != 0;
  const h = planeHeight(g);
  const w = planeWidth(g);
  const taps = g.channels * g.kernelHeight * g.kernelWidth;
  const plain = isPlain(g);
  const planes = scratch;
  const table = planes + (<usize>aligned(g.channels * g.strideY * g.strideX * h * w + 32) << 2);
  const rows = table + (<usize>aligned(taps) << 2);
  const result = rows + (<usize>aligned(padRows(g.filters, wide) * taps) << 2);
  const positions = (g.outHeight - 1) * w + g.outWidth;
  const line = (<usize>aligned(positions)) << 2;
  const inBytes = (<usize>g.channels * g.height * g.width) << 2;
  const outRow = <usize>g.outWidth << 2;
  const outBytes = <usize>(g.filters * g.outHeight) * outRow;
  tapTable(g, table);
  for (let group = 0; group < g.groups; group++) {
    withPadRows(weight + ((<usize>group * g.filters * taps) << 2), g.filters, taps, rows, wide);
    for (let i = 0; i < g.batch; i++) {
      const image = x + ((<usize>i * g.imageStride) << 2) + <usize>group * inBytes;
      if (!plain) toPlanes(g, image, planes);
      indirect(rows, g.filters, plain ? image : planes, table, taps, positions, result, line, wide);
      let to = out + ((<usize>i * g.outStride) << 2) + <usize>group * outBytes;
      for (let f = 0; f < g.filters; f++) {
        const b: f32 = bias ? load<f32>(bias + ((group * g.filters + f) << 2)) : 0;
        for (let y = 0; y < g.outHeight; y++, to += outRow) {
          const from = result + <usize>f * line + ((<usize>y * w) << 2);
          addConstant(from, to, g.outWidth, b);
        }
      }
    }
  }
}

// @ts-ignore: decorator
@inline
function addConstant(from: usize, to: usize, n: i32, b: f32): void {
  const v = f32x4.splat(b);
  let i = 0;
  for (; i + 4 <= n; i += 4) v128.store(to + (i << 2), f32x4.add(v128.load(from + (i << 2)), v));
  for (; i < n; i++) store<f32>(to + (i << 2), load<f32>(from + (i << 2)) + b);
}

/** out = the gradient of the input: every plane of it is a convolution of y, framed by zeros, with some of the taps. */
export function conv2dInput(g: Geometry, y: usize, weight: usize, out: usize, scratch: usize): void {
  const wide = g.wide != 0;
  // A plane must cover all of the image here, also what no tap reaches.
  const h = (g.height + g.padY - 1) / g.strideY + 1;
  const w = (g.width + g.padX - 1) / g.strideX + 1;
  const reachY = ((g.kernelHeight - 1) * g.dilationY) / g.strideY;
  const reachX = ((g.kernelWidth - 1) * g.dilationX) / g.strideX;
  const frameHeight = h + reachY;
  const frameWidth = w + reachX;
  const taps = g.kernelHeight * g.kernelWidth;
  const frame = scratch;
  const table = frame + (<usize>aligned(g.filters * frameHeight * frameWidth + 32) << 2);
  const rows = table + (<usize>aligned(g.filters * taps) << 2);
  const result = rows + (<usize>aligned(padRows(g.channels, wide) * g.filters * taps) << 2);
  const positions = (h - 1) * frameWidth + w;
  const line = <usize>aligned(positions) << 2;
  const outPlane = (<usize>g.height * g.width) << 2;
  memory.fill(frame, 0, <usize>(g.filters * frameHeight * frameWidth + 32) << 2);
  for (let group = 0; group < g.groups; group++)
    for (let a = 0; a < g.strideY; a++)
      for (let b = 0; b < g.strideX; b++) {
        // the taps of this plane, and the weights in their order, by channel
        let k = 0;
        for (let f = 0; f < g.filters; f++)
          for (let ky = 0; ky < g.kernelHeight; ky++)
            for (let kx = 0; kx < g.kernelWidth; kx++) {
              const ty = ky * g.dilationY;
              const tx = kx * g.dilationX;
              if (ty % g.strideY != a || tx % g.strideX != b) continue;
              const at = (f * frameHeight + reachY - ty / g.strideY) * frameWidth + reachX - tx / g.strideX;
              store<i32>(table + (k << 2), at << 2);
              k++;
            }
        let to = rows;
        for (let c = 0; c < g.channels; c++)
          for (let f = 0; f < g.filters; f++)
            for (let ky = 0; ky < g.kernelHeight; ky++)
              for (let kx = 0; kx < g.kernelWidth; kx++) {
                if ((ky * g.dilationY) % g.strideY != a || (kx * g.dilationX) % g.strideX != b) continue;
                const at = (group * g.filters + f) * g.filterStride + c * taps + ky * g.kernelWidth + kx;
                store<f32>(to, load<f32>(weight + (<usize>at << 2)));
                to += 4;
              }
        memory.fill(to, 0, <usize>((padRows(g.channels, wide) - g.channels) * k) << 2);
        for (let i = 0; i < g.batch; i++) {
          const from = y + ((<usize>i * g.outStride + <usize>group * g.filters * g.outHeight * g.outWidth) << 2);
          intoFrame(g, from, frame, frameHeight, frameWidth, reachY, reachX, h, w);
          indirect(rows, g.channels, frame, table, k, positions, result, line, wide);
          for (let c = 0; c < g.channels; c++) {
            const plane = out + ((<usize>i * g.imageStride) << 2) + <usize>(group * g.channels + c) * outPlane;
            for (let r = 0; r < h; r++) {
              const row = r * g.strideY + a - g.padY;
              if (row < 0 || row >= g.height) continue;
              const from = result + <usize>c * line + ((<usize>r * frameWidth) << 2);
              const target = plane + ((<usize>row * g.width) << 2);
              let first = 0;
              while (first * g.strideX + b - g.padX < 0) first++;
              if (g.strideX == 1) {
                memory.copy(target + ((first - g.padX) << 2), from + (first << 2), <usize>g.width << 2);
              } else {
                for (let s = first, x = first * g.strideX + b - g.padX; x < g.width; s++, x += g.strideX)
                  store<f32>(target + (x << 2), load<f32>(from + (s << 2)));
              }
            }
          }
        }
      }
}

/** y [filters, outHeight, outWidth] into the middle of a frame whose zeros stay. */
// @ts-ignore: decorator
@inline
function intoFrame(
  g: Geometry,
  y: usize,
  frame: usize,
  frameHeight: i32,
  frameWidth: i32,
  reachY: i32,
  reachX: i32,
  h: i32,
  w: i32,
): void {
  // an output beyond the planes' last row or column has no tap in the image
  const height = min(g.outHeight, h);
  const width = min(g.outWidth, w);
  for (let f = 0; f < g.filters; f++)
    for (let r = 0; r < height; r++) {
      const to = frame + ((<usize>(f * frameHeight + r + reachY) * frameWidth + reachX) << 2);
      memory.copy(to, y + ((<usize>(f * g.outHeight + r) * g.outWidth) << 2), <usize>width << 2);
    }
}

/** Positions of a gradient that are worked on at a time, so that a panel stays in the first cache. */
const STRETCH: i32 = 256;

/** out = the gradient of the weight, summed over the batch. */
export function conv2dWeight(g: Geometry, y: usize, x: usize, out: usize, scratch: usize): void {
  const wide = g.wide != 0 && g.filters > 8;
  const panelWidth = wide ? 16 : 8;
  const h = planeHeight(g);
  const w = planeWidth(g);
  const taps = g.channels * g.kernelHeight * g.kernelWidth;
  const plain = isPlain(g);
  const planes = scratch;
  const table = planes + (<usize>aligned(g.channels * g.strideY * g.strideX * h * w + 32) << 2);
  const sums = table + (<usize>aligned(taps) << 2);
  const columns = ((g.filters + panelWidth - 1) / panelWidth) * panelWidth;
  const tapRows = (taps + 3) & ~3;
  const packed = sums + (<usize>aligned(tapRows * columns) << 2);
  const positions = (g.outHeight - 1) * w + g.outWidth;
  const line = <usize>columns << 2;
  const inBytes = (<usize>g.channels * g.height * g.width) << 2;
  const outBytes = (<usize>g.filters * g.outHeight * g.outWidth) << 2;
  tapTable(g, table);
  for (let group = 0; group < g.groups; group++) {
    memory.fill(sums, 0, <usize>tapRows * line);
    for (let i = 0; i < g.batch; i++) {
      const image = x + ((<usize>i * g.imageStride) << 2) + <usize>group * inBytes;
      if (!plain) toPlanes(g, image, planes);
      const base = plain ? image : planes;
      const gradient = y + ((<usize>i * g.outStride) << 2) + <usize>group * outBytes;
      packGradient(g, gradient, packed, w, positions, panelWidth);
      for (let from = 0; from < positions; from += STRETCH) {
        const k = min(STRETCH, positions - from);
        const start = base + (<usize>from << 2);
        for (let j = 0; j < columns; j += panelWidth) {
          const panel = packed + ((<usize>(j * positions) + <usize>from * panelWidth) << 2);
          for (let t = 0; t < taps; t += 4) {
            const a0 = start + load<i32>(table + (t << 2));
            const a1 = start + load<i32>(table + (min(t + 1, taps - 1) << 2));
            const a2 = start + load<i32>(table + (min(t + 2, taps - 1) << 2));
            const a3 = start + load<i32>(table + (min(t + 3, taps - 1) << 2));
            const c = sums + <usize>t * line + (<usize>j << 2);
            if (wide) rows4x16(a0, a1, a2, a3, panel, k, c, line);
            else rows4x8(a0, a1, a2, a3, panel, k, c, line);
          }
        }
      }
    }
    const to = out + ((<usize>group * g.filters * g.filterStride) << 2);
    for (let f = 0; f < g.filters; f++)
      for (let t = 0; t < taps; t++)
        store<f32>(to + ((<usize>f * g.filterStride + t) << 2), load<f32>(sums + <usize>t * line + (<usize>f << 2)));
  }
}

/** y [filters, outHeight, outWidth] → panels [position][panelWidth]; positions that are no output get zeros. */
function packGradient(g: Geometry, y: usize, to: usize, w: i32, positions: i32, panelWidth: i32): void {
  const plane = (<usize>g.outHeight * g.outWidth) << 2;
  const step = <usize>panelWidth << 2;
  for (let j = 0; j < g.filters; j += panelWidth) {
    const count = min(panelWidth, g.filters - j);
    const panel = to + ((<usize>j * positions) << 2);
    if (count < panelWidth || w > g.outWidth) memory.fill(panel, 0, <usize>positions * step);
    for (let r = 0; r < g.outHeight; r++) {
      const row = panel + <usize>r * w * step;
      const from = y + <usize>j * plane + ((<usize>r * g.outWidth) << 2);
      let c = 0;
      for (; c + 4 <= count; c += 4) {
        const f = from + <usize>c * plane;
        let s = 0;
        for (; s + 4 <= g.outWidth; s += 4) {
          transpose4x4(f + (s << 2), plane, row + <usize>s * step + (c << 2), step);
        }
        for (; s < g.outWidth; s++)
          for (let q = 0; q < 4; q++)
            store<f32>(row + <usize>s * step + ((c + q) << 2), load<f32>(f + <usize>q * plane + (s << 2)));
      }
      for (; c < count; c++)
        for (let s = 0; s < g.outWidth; s++)
          store<f32>(row + <usize>s * step + (c << 2), load<f32>(from + <usize>c * plane + (s << 2)));
    }
  }
}
