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

/** Four neighbours, `stride` (1 or 2) floats apart. */
// @ts-ignore: decorator
@inline
function four(x: usize, stride: i32): v128 {
  const v = v128.load(x);
  return stride == 1 ? v : v128.shuffle<f32>(v, v128.load(x, 16), 0, 2, 4, 6);
}

/**
 * The greatest of each of four windows side by side, whose `rows` × `columns` taps all lie inside, `down` and `right` elements
 * apart. `at`: the place in the plane of the first tap of the first window. Nothing branches here: which tap is the greatest can't
 * be foreseen.
 */
// @ts-ignore: decorator
@inline
function greatestOfFour(
  x: usize,
  out: usize,
  indices: usize,
  at: i32,
  down: i32,
  right: i32,
  rows: i32,
  columns: i32,
  stride: i32,
): void {
  let best = i32x4.mul(i32x4(0, 1, 2, 3), i32x4.splat(stride));
  best = i32x4.add(best, i32x4.splat(at));
  let here = best;
  let top = four(x + (<usize>at << 2), stride);
  for (let ky = 0; ky < rows; ky++) {
    let from = x + (<usize>(at + ky * down) << 2);
    let index = here;
    for (let kx = 0; kx < columns; kx++) {
      const v = four(from, stride);
      const takes = v128.or(f32x4.gt(v, top), f32x4.ne(v, v));
      top = v128.bitselect(v, top, takes);
      best = v128.bitselect(index, best, takes);
      from += <usize>right << 2;
      index = i32x4.add(index, i32x4.splat(right));
    }
    here = i32x4.add(here, i32x4.splat(down));
  }
  v128.store(out, top);
  v128.store(indices, best);
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
  // windows whose columns all lie inside
  const whole = (paddingX + strideX - 1) / strideX;
  const last = width - 1 - (kernelX - 1) * dilationX + paddingX;
  const end = last < 0 ? 0 : min(columns, last / strideX + 1);
  for (let plane = 0; plane < planes; plane++, x += <usize>(height * width) << 2) {
    for (let oy = 0; oy < rows; oy++) {
      const y = oy * strideY - paddingY;
      const ky0 = firstTap(y, dilationY);
      const ky1 = endTap(y, dilationY, kernelY, height);
      const line = (y + ky0 * dilationY) * width - paddingX;
      for (let ox = 0; ox < columns; ox++, out += 4, indices += 4) {
        if (strideX <= 2 && ox >= whole && ox < end && end - whole >= 4) {
          // the last four overlap those before
          const back = max(0, ox + 4 - end);
          ox -= back;
          out -= back << 2;
          indices -= back << 2;
          const at = line + ox * strideX;
          const down = dilationY * width;
          if (strideX == 1) greatestOfFour(x, out, indices, at, down, dilationX, ky1 - ky0, kernelX, 1);
          else greatestOfFour(x, out, indices, at, down, dilationX, ky1 - ky0, kernelX, 2);
          ox += 3;
          out += 12;
          indices += 12;
          continue;
        }
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
