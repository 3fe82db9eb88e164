// What a convolution is of, and how its image is laid out for it: see forward.ts.
import { copyFloats, evenFloats } from '../floats';

/**
 * One group of one image. Sizes are those of the forward convolution, in all three directions. A part of the samples,
 * channels or filters is described by fewer of them and the same strides.
 */
@unmanaged
export class Geometry {
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
  /** Elements from one sample of the image to the next, and of what the filters give. */
  imageStride: i32;
  outStride: i32;
  /** Elements from one filter's weights to the next's. */
  filterStride: i32;
  /** How many tiles are worked on at a time (winograd/winograd.ts), the same for all parts of a convolution; 0: not in tiles. */
  tiles: i32;
}

// @ts-ignore: decorator
@inline
export function aligned(floats: i32): i32 {
  return (floats + 15) & ~15;
}

/** Rows and columns of a plane: those of the padded image that the kernel reaches, divided by the stride. */
// @ts-ignore: decorator
@inline
export function planeHeight(g: Geometry): i32 {
  return ((g.outHeight - 1) * g.strideY + (g.kernelHeight - 1) * g.dilationY) / g.strideY + 1;
}
// @ts-ignore: decorator
@inline
export function planeWidth(g: Geometry): i32 {
  return ((g.outWidth - 1) * g.strideX + (g.kernelWidth - 1) * g.dilationX) / g.strideX + 1;
}

/** Floats of the planes of one image, with what whole tiles read past their end. */
// @ts-ignore: decorator
@inline
export function planesSize(g: Geometry): i32 {
  return aligned(g.channels * g.strideY * g.strideX * planeHeight(g) * planeWidth(g) + 32);
}

/** Whether an image is its own plane: every pixel is reached, nothing is padded. */
// @ts-ignore: decorator
@inline
export function isPlain(g: Geometry): bool {
  return (
    g.strideY == 1 &&
    g.strideX == 1 &&
    g.padY == 0 &&
    g.padX == 0 &&
    planeHeight(g) == g.height &&
    planeWidth(g) == g.width
  );
}

/** The first of a plane's rows (or columns) that lies in the image. `remainder`: of the padded place by the stride. */
// @ts-ignore: decorator
@inline
export function firstInside(remainder: i32, stride: i32, pad: i32): i32 {
  return max(0, (pad - remainder + stride - 1) / stride);
}
/** One past the last. */
// @ts-ignore: decorator
@inline
export function endInside(remainder: i32, stride: i32, pad: i32, size: i32): i32 {
  const last = size - 1 + pad - remainder;
  return last < 0 ? 0 : last / stride + 1;
}

/** Whether any tap of the kernel falls on rows (or columns) of this remainder. */
// @ts-ignore: decorator
@inline
export function isReached(remainder: i32, stride: i32, dilation: i32, kernel: i32): bool {
  for (let k = 0; k < kernel; k++) if ((k * dilation) % stride == remainder) return true;
  return false;
}

/**
 * Sorts a padded image into planes: [channel][row remainder][column remainder][plane row][plane column]. The padding has to
 * be zeros already, and stays so from image to image; planes that no tap reaches are left out.
 */
export function toPlanes(g: Geometry, image: usize, planes: usize): void {
  const h = planeHeight(g);
  const w = planeWidth(g);
  const plane = (<usize>h * w) << 2;
  for (let a = 0; a < g.strideY; a++) {
    if (!isReached(a, g.strideY, g.dilationY, g.kernelHeight)) continue;
    const top = firstInside(a, g.strideY, g.padY);
    const bottom = min(h, endInside(a, g.strideY, g.padY, g.height));
    for (let b = 0; b < g.strideX; b++) {
      if (!isReached(b, g.strideX, g.dilationX, g.kernelWidth)) continue;
      const left = firstInside(b, g.strideX, g.padX);
      const n = min(w, endInside(b, g.strideX, g.padX, g.width)) - left;
      const corner = (top * g.strideY + a - g.padY) * g.width + left * g.strideX + b - g.padX;
      for (let c = 0; c < g.channels; c++) {
        let to = planes + <usize>((c * g.strideY + a) * g.strideX + b) * plane + ((<usize>top * w + left) << 2);
        let from = image + ((<usize>(c * g.height * g.width + corner)) << 2);
        for (let r = top; r < bottom; r++) {
          if (g.strideX == 1) copyFloats(from, to, n);
          else if (g.strideX == 2) evenFloats(from, to, n);
          else for (let s = 0; s < n; s++) store<f32>(to + (s << 2), load<f32>(from + ((s * g.strideX) << 2)));
          to += <usize>w << 2;
          from += (<usize>g.strideY * g.width) << 2;
        }
      }
    }
  }
}

/** Where each tap finds its first value in the planes, in bytes; taps in the order of a weight's row. */
export function tapTable(g: Geometry, table: usize): void {
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
