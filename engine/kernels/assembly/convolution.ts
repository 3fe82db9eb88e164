// Two-dimensional convolution without a matrix of patches. The padded image is laid out so that the values under one tap
// of the kernel, for all positions in turn, lie one after the other: then a convolution is a matrix product whose
// right-hand rows overlap and are found through a table of offsets. For a stride of s, rows and columns are sorted into
// s × s planes by their remainder first. Where an output row is shorter than a row of the plane, a few positions too many
// are computed and left out when the result is copied.
import { madd } from './simd';

/** One group of one image. Sizes are those of the forward convolution, in all three directions. */
@unmanaged
class Geometry {
  channels: i32;
  height: i32;
  width: i32;
  filters: i32;
  kernelHeight: i32;
  kernelWidth: i32;
  outHeight: i32;
  outWidth: i32;
  strideY: i32;
  strideX: i32;
  padY: i32;
  padX: i32;
  dilationY: i32;
  dilationX: i32;
  batch: i32;
  groups: i32;
  wide: i32;
}

// @ts-ignore: decorator
@inline
function aligned(floats: i32): i32 {
  return (floats + 15) & ~15;
}

/** Rows and columns of a plane: those of the padded image that the kernel reaches, divided by the stride. */
// @ts-ignore: decorator
@inline
function planeHeight(g: Geometry): i32 {
  return ((g.outHeight - 1) * g.strideY + (g.kernelHeight - 1) * g.dilationY) / g.strideY + 1;
}
// @ts-ignore: decorator
@inline
function planeWidth(g: Geometry): i32 {
  return ((g.outWidth - 1) * g.strideX + (g.kernelWidth - 1) * g.dilationX) / g.strideX + 1;
}

/** Whether an image is its own plane: every pixel is reached, nothing is padded. */
// @ts-ignore: decorator
@inline
function isPlain(g: Geometry): bool {
  return (
    g.strideY == 1 &&
    g.strideX == 1 &&
    g.padY == 0 &&
    g.padX == 0 &&
    planeHeight(g) == g.height &&
    planeWidth(g) == g.width
  );
}

// ————— matrix products with a table of offsets

/** C[4, 16] = A[4, k] · B, whose row p starts at base + table[p]. */
function indirect4x16(a: usize, down: usize, base: usize, table: usize, k: i32, c: usize, line: usize): void {
  let c00 = f32x4.splat(0);
  let c01 = c00;
  let c02 = c00;
  let c03 = c00;
  let c10 = c00;
  let c11 = c00;
  let c12 = c00;
  let c13 = c00;
  let c20 = c00;
  let c21 = c00;
  let c22 = c00;
  let c23 = c00;
  let c30 = c00;
  let c31 = c00;
  let c32 = c00;
  let c33 = c00;
  const a1 = a + down;
  const a2 = a1 + down;
  const a3 = a2 + down;
  const end = <usize>k << 2;
  for (let p: usize = 0; p < end; p += 4) {
    const b = base + load<i32>(table + p);
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    const b2 = v128.load(b, 32);
    const b3 = v128.load(b, 48);
    let x = v128.load_splat<f32>(a + p);
    c00 = madd(x, b0, c00);
    c01 = madd(x, b1, c01);
    c02 = madd(x, b2, c02);
    c03 = madd(x, b3, c03);
    x = v128.load_splat<f32>(a1 + p);
    c10 = madd(x, b0, c10);
    c11 = madd(x, b1, c11);
    c12 = madd(x, b2, c12);
    c13 = madd(x, b3, c13);
    x = v128.load_splat<f32>(a2 + p);
    c20 = madd(x, b0, c20);
    c21 = madd(x, b1, c21);
    c22 = madd(x, b2, c22);
    c23 = madd(x, b3, c23);
    x = v128.load_splat<f32>(a3 + p);
    c30 = madd(x, b0, c30);
    c31 = madd(x, b1, c31);
    c32 = madd(x, b2, c32);
    c33 = madd(x, b3, c33);
  }
  v128.store(c, c00);
  v128.store(c, c01, 16);
  v128.store(c, c02, 32);
  v128.store(c, c03, 48);
  c += line;
  v128.store(c, c10);
  v128.store(c, c11, 16);
  v128.store(c, c12, 32);
  v128.store(c, c13, 48);
  c += line;
  v128.store(c, c20);
  v128.store(c, c21, 16);
  v128.store(c, c22, 32);
  v128.store(c, c23, 48);
  c += line;
  v128.store(c, c30);
  v128.store(c, c31, 16);
  v128.store(c, c32, 32);
  v128.store(c, c33, 48);
}

/** The same for C[6, 8]. */
function indirect6x8(a: usize, down: usize, base: usize, table: usize, k: i32, c: usize, line: usize): void {
  let c00 = f32x4.splat(0);
  let c01 = c00;
  let c10 = c00;
  let c11 = c00;
  let c20 = c00;
  let c21 = c00;
  let c30 = c00;
  let c31 = c00;
  let c40 = c00;
  let c41 = c00;
  let c50 = c00;
  let c51 = c00;
  const a1 = a + down;
  const a2 = a1 + down;
  const a3 = a2 + down;
  const a4 = a3 + down;
  const a5 = a4 + down;
  const end = <usize>k << 2;
  for (let p: usize = 0; p < end; p += 4) {
    const b = base + load<i32>(table + p);
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    let x = v128.load_splat<f32>(a + p);
    c00 = madd(x, b0, c00);
    c01 = madd(x, b1, c01);
    x = v128.load_splat<f32>(a1 + p);
    c10 = madd(x, b0, c10);
    c11 = madd(x, b1, c11);
    x = v128.load_splat<f32>(a2 + p);
    c20 = madd(x, b0, c20);
    c21 = madd(x, b1, c21);
    x = v128.load_splat<f32>(a3 + p);
    c30 = madd(x, b0, c30);
    c31 = madd(x, b1, c31);
    x = v128.load_splat<f32>(a4 + p);
    c40 = madd(x, b0, c40);
    c41 = madd(x, b1, c41);
    x = v128.load_splat<f32>(a5 + p);
    c50 = madd(x, b0, c50);
    c51 = madd(x, b1, c51);
  }
  v128.store(c, c00);
  v128.store(c, c01, 16);
  c += line;
  v128.store(c, c10);
  v128.store(c, c11, 16);
  c += line;
  v128.store(c, c20);
  v128.store(c, c21, 16);
  c += line;
  v128.store(c, c30);
  v128.store(c, c31, 16);
  c += line;
  v128.store(c, c40);
  v128.store(c, c41, 16);
  c += line;
  v128.store(c, c50);
  v128.store(c, c51, 16);
}

/**
 * C[m, n] = A[m, k] · B through the table. A has as many rows as whole tiles need (see `padRows`); C's rows are `line`
 * bytes apart, and both its rows and B's are read and written in whole tiles.
 */
// @ts-ignore: decorator
@inline
function indirect(
  a: usize,
  m: i32,
  base: usize,
  table: usize,
  k: i32,
  n: i32,
  c: usize,
  line: usize,
  wide: bool,
): void {
  const down = <usize>k << 2;
  const width = wide ? 16 : 8;
  const rows = wide ? 4 : 6;
  for (let j = 0; j < n; j += width)
    for (let i = 0; i < m; i += rows) {
      const from = a + <usize>i * down;
      const to = c + <usize>i * line + (<usize>j << 2);
      if (wide) indirect4x16(from, down, base + (<usize>j << 2), table, k, to, line);
      else indirect6x8(from, down, base + (<usize>j << 2), table, k, to, line);
    }
}

/** Rows of A and C that are touched for m rows. */
// @ts-ignore: decorator
@inline
function padRows(m: i32, wide: bool): i32 {
  return wide ? (m + 3) & ~3 : ((m + 5) / 6) * 6;
}

// ————— layouts

/** Sorts a padded image into planes: [channel][row remainder][column remainder][plane row][plane column]. */
function toPlanes(g: Geometry, image: usize, planes: usize): void {
  const h = planeHeight(g);
  const w = planeWidth(g);
  let to = planes;
  for (let c = 0; c < g.channels; c++) {
    const plane = image + ((<usize>c * g.height * g.width) << 2);
    for (let a = 0; a < g.strideY; a++)
      for (let b = 0; b < g.strideX; b++) {
        // columns that lie in the image
        let first = 0;
        while (first < w && first * g.strideX + b - g.padX < 0) first++;
        let last = w;
        while (last > first && (last - 1) * g.strideX + b - g.padX >= g.width) last--;
        for (let r = 0; r < h; r++, to += <usize>w << 2) {
          const y = r * g.strideY + a - g.padY;
          if (y < 0 || y >= g.height || first >= last) {
            memory.fill(to, 0, <usize>w << 2);
            continue;
          }
          const row = plane + ((<usize>y * g.width) << 2);
          for (let s = 0; s < first; s++) store<f32>(to + (s << 2), 0);
          if (g.strideX == 1) {
            memory.copy(to + (first << 2), row + ((first + b - g.padX) << 2), <usize>(last - first) << 2);
          } else {
            for (let s = first; s < last; s++)
              store<f32>(to + (s << 2), load<f32>(row + ((s * g.strideX + b - g.padX) << 2)));
          }
          for (let s = last; s < w; s++) store<f32>(to + (s << 2), 0);
        }
      }
  }
  // what whole tiles read past the end
  memory.fill(to, 0, 64);
}

/** Where each tap finds its first value in the planes, in bytes; taps in the order of a weight's row. */
function tapTable(g: Geometry, table: usize): void {
  const h = planeHeight(g);
  const w = planeWidth(g);
  for (let c = 0; c < g.channels; c++)
    for (let ky = 0; ky < g.kernelHeight; ky++)
      for (let kx = 0; kx < g.kernelWidth; kx++, table += 4) {
        const y = ky * g.dilationY;
        const x = kx * g.dilationX;
        const plane = (c * g.strideY + (y % g.strideY)) * g.strideX + (x % g.strideX);
        store<i32>(table, (plane * h * w + (y / g.strideY) * w + x / g.strideX) << 2);
      }
}

/** `rows` rows of k floats, and zeros up to whole tiles. */
function withPadRows(from: usize, rows: i32, k: i32, to: usize, wide: bool): void {
  const bytes = <usize>(rows * k) << 2;
  memory.copy(to, from, bytes);
  memory.fill(to + bytes, 0, <usize>((padRows(rows, wide) - rows) * k) << 2);
}

// ————— the three directions

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
  tapTable(g, table);
  for (let group = 0; group < g.groups; group++) {
    withPadRows(weight + ((<usize>group * g.filters * taps) << 2), g.filters, taps, rows, wide);
    for (let i = 0; i < g.batch; i++) {
      const image = x + <usize>(i * g.groups + group) * inBytes;
      if (!plain) toPlanes(g, image, planes);
      indirect(rows, g.filters, plain ? image : planes, table, taps, positions, result, line, wide);
      let to = out + <usize>(i * g.groups + group) * (<usize>(g.filters * g.outHeight) * outRow);
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
                const at = ((group * g.filters + f) * g.channels + c) * taps + ky * g.kernelWidth + kx;
                store<f32>(to, load<f32>(weight + (<usize>at << 2)));
                to += 4;
              }
        memory.fill(to, 0, <usize>((padRows(g.channels, wide) - g.channels) * k) << 2);
        for (let i = 0; i < g.batch; i++) {
          intoFrame(g, y + ((<usize>(i * g.groups + group) * g.filters * g.outHeight * g.outWidth) << 2), frame, frameHeight, frameWidth, reachY, reachX, h, w);
          indirect(rows, g.channels, frame, table, k, positions, result, line, wide);
          for (let c = 0; c < g.channels; c++) {
            const plane = out + <usize>((i * g.groups + group) * g.channels + c) * outPlane;
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

/** C[4, 16] += A[4, k] · panel[k, 16], with the rows of A wherever they lie. */
function rows4x16(a0: usize, a1: usize, a2: usize, a3: usize, panel: usize, k: i32, c: usize, line: usize): void {
  let c1 = c + line;
  let c2 = c1 + line;
  let c3 = c2 + line;
  let c00 = v128.load(c);
  let c01 = v128.load(c, 16);
  let c02 = v128.load(c, 32);
  let c03 = v128.load(c, 48);
  let c10 = v128.load(c1);
  let c11 = v128.load(c1, 16);
  let c12 = v128.load(c1, 32);
  let c13 = v128.load(c1, 48);
  let c20 = v128.load(c2);
  let c21 = v128.load(c2, 16);
  let c22 = v128.load(c2, 32);
  let c23 = v128.load(c2, 48);
  let c30 = v128.load(c3);
  let c31 = v128.load(c3, 16);
  let c32 = v128.load(c3, 32);
  let c33 = v128.load(c3, 48);
  const end = <usize>k << 2;
  for (let p: usize = 0; p < end; p += 4) {
    const b0 = v128.load(panel);
    const b1 = v128.load(panel, 16);
    const b2 = v128.load(panel, 32);
    const b3 = v128.load(panel, 48);
    panel += 64;
    let x = v128.load_splat<f32>(a0 + p);
    c00 = madd(x, b0, c00);
    c01 = madd(x, b1, c01);
    c02 = madd(x, b2, c02);
    c03 = madd(x, b3, c03);
    x = v128.load_splat<f32>(a1 + p);
    c10 = madd(x, b0, c10);
    c11 = madd(x, b1, c11);
    c12 = madd(x, b2, c12);
    c13 = madd(x, b3, c13);
    x = v128.load_splat<f32>(a2 + p);
    c20 = madd(x, b0, c20);
    c21 = madd(x, b1, c21);
    c22 = madd(x, b2, c22);
    c23 = madd(x, b3, c23);
    x = v128.load_splat<f32>(a3 + p);
    c30 = madd(x, b0, c30);
    c31 = madd(x, b1, c31);
    c32 = madd(x, b2, c32);
    c33 = madd(x, b3, c33);
  }
  v128.store(c, c00);
  v128.store(c, c01, 16);
  v128.store(c, c02, 32);
  v128.store(c, c03, 48);
  v128.store(c1, c10);
  v128.store(c1, c11, 16);
  v128.store(c1, c12, 32);
  v128.store(c1, c13, 48);
  v128.store(c2, c20);
  v128.store(c2, c21, 16);
  v128.store(c2, c22, 32);
  v128.store(c2, c23, 48);
  v128.store(c3, c30);
  v128.store(c3, c31, 16);
  v128.store(c3, c32, 32);
  v128.store(c3, c33, 48);
}

/** The same for C[4, 8]. */
function rows4x8(a0: usize, a1: usize, a2: usize, a3: usize, panel: usize, k: i32, c: usize, line: usize): void {
  const c1 = c + line;
  const c2 = c1 + line;
  const c3 = c2 + line;
  let c00 = v128.load(c);
  let c01 = v128.load(c, 16);
  let c10 = v128.load(c1);
  let c11 = v128.load(c1, 16);
  let c20 = v128.load(c2);
  let c21 = v128.load(c2, 16);
  let c30 = v128.load(c3);
  let c31 = v128.load(c3, 16);
  const end = <usize>k << 2;
  for (let p: usize = 0; p < end; p += 4) {
    const b0 = v128.load(panel);
    const b1 = v128.load(panel, 16);
    panel += 32;
    let x = v128.load_splat<f32>(a0 + p);
    c00 = madd(x, b0, c00);
    c01 = madd(x, b1, c01);
    x = v128.load_splat<f32>(a1 + p);
    c10 = madd(x, b0, c10);
    c11 = madd(x, b1, c11);
    x = v128.load_splat<f32>(a2 + p);
    c20 = madd(x, b0, c20);
    c21 = madd(x, b1, c21);
    x = v128.load_splat<f32>(a3 + p);
    c30 = madd(x, b0, c30);
    c31 = madd(x, b1, c31);
  }
  v128.store(c, c00);
  v128.store(c, c01, 16);
  v128.store(c1, c10);
  v128.store(c1, c11, 16);
  v128.store(c2, c20);
  v128.store(c2, c21, 16);
  v128.store(c3, c30);
  v128.store(c3, c31, 16);
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
      const image = x + <usize>(i * g.groups + group) * inBytes;
      if (!plain) toPlanes(g, image, planes);
      const base = plain ? image : planes;
      packGradient(g, y + <usize>(i * g.groups + group) * outBytes, packed, w, positions, panelWidth);
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
    const to = out + ((<usize>group * g.filters * taps) << 2);
    for (let f = 0; f < g.filters; f++)
      for (let t = 0; t < taps; t++)
        store<f32>(to + ((<usize>f * taps + t) << 2), load<f32>(sums + <usize>t * line + (<usize>f << 2)));
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
          const at = f + (s << 2);
          const r0 = v128.load(at);
          const r1 = v128.load(at + plane);
          const r2 = v128.load(at + 2 * plane);
          const r3 = v128.load(at + 3 * plane);
          const t0 = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5);
          const t1 = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
          const t2 = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5);
          const t3 = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
          const o = row + <usize>s * step + (c << 2);
          v128.store(o, v128.shuffle<f32>(t0, t2, 0, 1, 4, 5));
          v128.store(o + step, v128.shuffle<f32>(t0, t2, 2, 3, 6, 7));
          v128.store(o + 2 * step, v128.shuffle<f32>(t1, t3, 0, 1, 4, 5));
          v128.store(o + 3 * step, v128.shuffle<f32>(t1, t3, 2, 3, 6, 7));
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
