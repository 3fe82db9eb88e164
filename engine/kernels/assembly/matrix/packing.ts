// Copies of operands in the order in which tiles read them.
import { turnRows } from '../floats';
import { transpose4x4 } from '../simd';
import { tileHeight } from '../convolution/tapProduct';

/** Copies kc × nc of B (strides in elements) into panels of `width` columns, filled up with zeros. */
// @ts-ignore: decorator
@inline
export function packRight(packed: usize, b: usize, rowStride: i32, columnStride: i32, kc: i32, nc: i32, width: i32): void {
  let to = packed;
  for (let j = 0; j < nc; j += width) {
    const columns = min(width, nc - j);
    const from = b + ((<usize>j * columnStride) << 2);
    if (columns == width && columnStride == 1) {
      for (let p = 0; p < kc; p++) {
        const row = from + ((<usize>p * rowStride) << 2);
        for (let c = 0; c < width; c += 4) v128.store(to + (c << 2), v128.load(row + (c << 2)));
        to += width << 2;
      }
    } else if (columns == width && rowStride == 1) {
      // four rows and four columns at a time, turned over in registers
      const stride = <usize>columnStride << 2;
      let p = 0;
      for (; p + 4 <= kc; p += 4) {
        for (let c = 0; c < width; c += 4) {
          transpose4x4(from + (p << 2) + <usize>c * stride, stride, to + (c << 2), (width << 2));
        }
        to += width << 4;
      }
      for (; p < kc; p++) {
        for (let c = 0; c < width; c++) store<f32>(to + (c << 2), load<f32>(from + (p << 2) + <usize>c * stride));
        to += width << 2;
      }
    } else {
      for (let p = 0; p < kc; p++) {
        let at = from + ((<usize>p * rowStride) << 2);
        for (let c = 0; c < columns; c++, at += <usize>columnStride << 2) store<f32>(to + (c << 2), load<f32>(at));
        for (let c = columns; c < width; c++) store<f32>(to + (c << 2), 0);
        to += width << 2;
      }
    }
  }
}

/**
 * Copies mc × kc of A (strides in elements) into tiles of rows: [tile][k][row of the tile]. Rows that a tile lacks stay as they are: nobody
 * reads what they give.
 */
export function packLeft(packed: usize, a: usize, rowStride: i32, columnStride: i32, mc: i32, kc: i32, wide: bool): void {
  let i = 0;
  if (rowStride == 1 && columnStride != 1) {
    i = copySixes(a, <usize>columnStride << 2, packed, mc, kc, wide);
    packed += <usize>(i * kc) << 2;
  }
  while (i < mc) {
    const height = matrixTileHeight(i, mc, wide);
    const rows = min(height, mc - i);
    const from = a + ((<usize>i * rowStride) << 2);
    if (columnStride == 1) turnRows(from, <usize>rowStride << 2, rows, packed, height, kc);
    else
      for (let p = 0; p < kc; p++)
        for (let r = 0; r < rows; r++)
          store<f32>(packed + ((p * height + r) << 2), load<f32>(from + ((<usize>r * rowStride + <usize>p * columnStride) << 2)));
    packed += <usize>(height * kc) << 2;
    i += height;
  }
}

/**
 * Copies the whole tiles of six rows where rows lie side by side, column by column, so that what is read lies in the cache's order.
 * @returns How many rows that were.
 */
// @ts-ignore: decorator
@inline
function copySixes(from: usize, stride: usize, packed: usize, mc: i32, kc: i32, wide: bool): i32 {
  let whole = 0;
  while (whole + 6 <= mc && matrixTileHeight(whole, mc, wide) == 6) whole += 6;
  const tile = <usize>(kc * 24);
  for (let p = 0; p < kc; p++, from += stride, packed += 24) {
    let to = packed;
    const end = from + (whole << 2);
    for (let at = from; at < end; at += 24, to += tile) {
      v128.store(to, v128.load(at));
      store<u64>(to, load<u64>(at, 16), 16);
    }
  }
  return whole;
}

/** Rows of the tile at row i of m. */
// @ts-ignore: decorator
@inline
export function matrixTileHeight(i: i32, m: i32, wide: bool): i32 {
  return m == 1 ? 6 : tileHeight(i, m, wide);
}
