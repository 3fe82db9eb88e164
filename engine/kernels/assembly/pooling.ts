/** The first tap of a window that lies inside. */
// @ts-ignore: decorator
@inline
function firstTap(start: i32, dilation: i32): i32 {
  return start >= 0 ? 0 : (dilation - 1 - start) / dilation;
}

/** One past the last. */
// @ts-ignore: decorator
@inline
function endTap(start: i32, dilation: i32, kernel: i32, length: i32): i32 {
  return min(kernel, (length - start + dilation - 1) / dilation);
}

/** The greatest element of each window, and where it lies in its plane; the first of equals, a NaN before all. */
export function maxPool(
  x: usize,
  out: usize,
  indices: usize,
  planes: i32,
  height: i32,
  width: i32,
  rows: i32,
  columns: i32,
  kernelY: i32,
  kernelX: i32,
  strideY: i32,
  strideX: i32,
  paddingY: i32,
  paddingX: i32,
  dilationY: i32,
  dilationX: i32,
): void {
  for (let plane = 0; plane < planes; plane++, x += <usize>(height * width) << 2) {
    for (let oy = 0; oy < rows; oy++) {
      const y = oy * strideY - paddingY;
      const ky0 = firstTap(y, dilationY);
      const ky1 = endTap(y, dilationY, kernelY, height);
      for (let ox = 0; ox < columns; ox++, out += 4, indices += 4) {
        const column = ox * strideX - paddingX;
        const kx0 = firstTap(column, dilationX);
        const kx1 = endTap(column, dilationX, kernelX, width);
        let best = (y + ky0 * dilationY) * width + column + kx0 * dilationX;
        let top = load<f32>(x + (<usize>best << 2));
        for (let ky = ky0; ky < ky1; ky++) {
          let at = (y + ky * dilationY) * width + column + kx0 * dilationX;
          for (let kx = kx0; kx < kx1; kx++, at += dilationX) {
            const v = load<f32>(x + (<usize>at << 2));
            if (v > top || v != v) {
              top = v;
              best = at;
            }
          }
        }
        store<f32>(out, top);
        store<i32>(indices, best);
      }
    }
  }
}
