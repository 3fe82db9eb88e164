// Copies of operands in the order in which tiles read them.
import { transpose4x4 } from './simd';

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

/** Copies mc × kc of A, row by row. */
// @ts-ignore: decorator
@inline
export function packLeft(packed: usize, a: usize, rowStride: i32, columnStride: i32, mc: i32, kc: i32): void {
  let p = 0;
  if (rowStride == 1) {
    // four by four, turned over in registers
    const stride = <usize>columnStride << 2;
    const line = <usize>kc << 2;
    for (; p + 4 <= kc; p += 4) {
      const from = a + <usize>p * stride;
      const to = packed + (p << 2);
      let i = 0;
      for (; i + 4 <= mc; i += 4) {
        transpose4x4(from + (i << 2), stride, to + <usize>i * line, line);
      }
      for (; i < mc; i++)
        for (let q: usize = 0; q < 4; q++)
          store<f32>(to + <usize>i * line + (q << 2), load<f32>(from + q * stride + (i << 2)));
    }
  }
  for (; p < kc; p++) {
    let at = a + ((<usize>p * columnStride) << 2);
    let to = packed + (p << 2);
    for (let i = 0; i < mc; i++) {
      store<f32>(to, load<f32>(at));
      at += <usize>rowStride << 2;
      to += <usize>kc << 2;
    }
  }
}
