// What a convolution is of, and how its image is laid out for it: see convolution.ts.

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

/** Sorts a padded image into planes: [channel][row remainder][column remainder][plane row][plane column]. */
export function toPlanes(g: Geometry, image: usize, planes: usize): void {
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
