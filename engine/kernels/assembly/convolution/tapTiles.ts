// The innermost loops of convolutions: tiles, as in matrix/tiles.ts, of the product of a weight with what its taps read. The rows of that
// are found through a table of offsets, and begin anywhere; positions go by octets (octets.ts).
import { madd } from '../simd';

/** Two vectors of a tile's row, plus what the row starts from. */
// @ts-ignore: decorator
@inline
export function put(to: usize, left: v128, right: v128, start: v128): void {
  v128.store(to, f32x4.add(left, start));
  v128.store(to, f32x4.add(right, start), 16);
}

/**
 * result[6, 16] = rows[k, 6]ᵀ · what the taps read at two octets + start[6]. Pairs of vectors are used alike, so that they can
 * become one. Not unrolled: then the sums just fit the registers.
 */
export function tile6x16(rows: usize, start: usize, base0: usize, base1: usize, table: usize, k: i32, to0: usize, to1: usize, line: usize): void {
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
  let c40 = c00;
  let c41 = c00;
  let c42 = c00;
  let c43 = c00;
  let c50 = c00;
  let c51 = c00;
  let c52 = c00;
  let c53 = c00;
  const end = table + (<usize>k << 2);
  for (; table < end; table += 4, rows += 24) {
    const at = load<u32>(table);
    const b0 = v128.load(base0 + at);
    const b1 = v128.load(base0 + at, 16);
    const b2 = v128.load(base1 + at);
    const b3 = v128.load(base1 + at, 16);
    let x = v128.load_splat<f32>(rows);
    c00 = madd(x, b0, c00);
    c01 = madd(x, b1, c01);
    c02 = madd(x, b2, c02);
    c03 = madd(x, b3, c03);
    x = v128.load_splat<f32>(rows, 4);
    c10 = madd(x, b0, c10);
    c11 = madd(x, b1, c11);
    c12 = madd(x, b2, c12);
    c13 = madd(x, b3, c13);
    x = v128.load_splat<f32>(rows, 8);
    c20 = madd(x, b0, c20);
    c21 = madd(x, b1, c21);
    c22 = madd(x, b2, c22);
    c23 = madd(x, b3, c23);
    x = v128.load_splat<f32>(rows, 12);
    c30 = madd(x, b0, c30);
    c31 = madd(x, b1, c31);
    c32 = madd(x, b2, c32);
    c33 = madd(x, b3, c33);
    x = v128.load_splat<f32>(rows, 16);
    c40 = madd(x, b0, c40);
    c41 = madd(x, b1, c41);
    c42 = madd(x, b2, c42);
    c43 = madd(x, b3, c43);
    x = v128.load_splat<f32>(rows, 20);
    c50 = madd(x, b0, c50);
    c51 = madd(x, b1, c51);
    c52 = madd(x, b2, c52);
    c53 = madd(x, b3, c53);
  }
  put(to0, c00, c01, v128.load_splat<f32>(start));
  put(to1, c02, c03, v128.load_splat<f32>(start));
  to0 += line;
  to1 += line;
  put(to0, c10, c11, v128.load_splat<f32>(start, 4));
  put(to1, c12, c13, v128.load_splat<f32>(start, 4));
  to0 += line;
  to1 += line;
  put(to0, c20, c21, v128.load_splat<f32>(start, 8));
  put(to1, c22, c23, v128.load_splat<f32>(start, 8));
  to0 += line;
  to1 += line;
  put(to0, c30, c31, v128.load_splat<f32>(start, 12));
  put(to1, c32, c33, v128.load_splat<f32>(start, 12));
  to0 += line;
  to1 += line;
  put(to0, c40, c41, v128.load_splat<f32>(start, 16));
  put(to1, c42, c43, v128.load_splat<f32>(start, 16));
  to0 += line;
  to1 += line;
  put(to0, c50, c51, v128.load_splat<f32>(start, 20));
  put(to1, c52, c53, v128.load_splat<f32>(start, 20));
}

/** The same for result[4, 16]. */
export function tile4x16(rows: usize, start: usize, base0: usize, base1: usize, table: usize, k: i32, to0: usize, to1: usize, line: usize): void {
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
  const end = table + (<usize>k << 2);
  for (; table < end; table += 4, rows += 16) {
    const at = load<u32>(table);
    const b0 = v128.load(base0 + at);
    const b1 = v128.load(base0 + at, 16);
    const b2 = v128.load(base1 + at);
    const b3 = v128.load(base1 + at, 16);
    let x = v128.load_splat<f32>(rows);
    c00 = madd(x, b0, c00);
    c01 = madd(x, b1, c01);
    c02 = madd(x, b2, c02);
    c03 = madd(x, b3, c03);
    x = v128.load_splat<f32>(rows, 4);
    c10 = madd(x, b0, c10);
    c11 = madd(x, b1, c11);
    c12 = madd(x, b2, c12);
    c13 = madd(x, b3, c13);
    x = v128.load_splat<f32>(rows, 8);
    c20 = madd(x, b0, c20);
    c21 = madd(x, b1, c21);
    c22 = madd(x, b2, c22);
    c23 = madd(x, b3, c23);
    x = v128.load_splat<f32>(rows, 12);
    c30 = madd(x, b0, c30);
    c31 = madd(x, b1, c31);
    c32 = madd(x, b2, c32);
    c33 = madd(x, b3, c33);
  }
  put(to0, c00, c01, v128.load_splat<f32>(start));
  put(to1, c02, c03, v128.load_splat<f32>(start));
  to0 += line;
  to1 += line;
  put(to0, c10, c11, v128.load_splat<f32>(start, 4));
  put(to1, c12, c13, v128.load_splat<f32>(start, 4));
  to0 += line;
  to1 += line;
  put(to0, c20, c21, v128.load_splat<f32>(start, 8));
  put(to1, c22, c23, v128.load_splat<f32>(start, 8));
  to0 += line;
  to1 += line;
  put(to0, c30, c31, v128.load_splat<f32>(start, 12));
  put(to1, c32, c33, v128.load_splat<f32>(start, 12));
}

/** The same for result[6, 8], one octet. */
export function tile6x8(rows: usize, start: usize, base: usize, table: usize, k: i32, to: usize, line: usize): void {
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
  const end = table + (<usize>k << 2);
  for (; table < end; table += 4, rows += 24) {
    const b = base + load<u32>(table);
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    let x = v128.load_splat<f32>(rows);
    c00 = madd(x, b0, c00);
    c01 = madd(x, b1, c01);
    x = v128.load_splat<f32>(rows, 4);
    c10 = madd(x, b0, c10);
    c11 = madd(x, b1, c11);
    x = v128.load_splat<f32>(rows, 8);
    c20 = madd(x, b0, c20);
    c21 = madd(x, b1, c21);
    x = v128.load_splat<f32>(rows, 12);
    c30 = madd(x, b0, c30);
    c31 = madd(x, b1, c31);
    x = v128.load_splat<f32>(rows, 16);
    c40 = madd(x, b0, c40);
    c41 = madd(x, b1, c41);
    x = v128.load_splat<f32>(rows, 20);
    c50 = madd(x, b0, c50);
    c51 = madd(x, b1, c51);
  }
  put(to, c00, c01, v128.load_splat<f32>(start));
  to += line;
  put(to, c10, c11, v128.load_splat<f32>(start, 4));
  to += line;
  put(to, c20, c21, v128.load_splat<f32>(start, 8));
  to += line;
  put(to, c30, c31, v128.load_splat<f32>(start, 12));
  to += line;
  put(to, c40, c41, v128.load_splat<f32>(start, 16));
  to += line;
  put(to, c50, c51, v128.load_splat<f32>(start, 20));
}

/** The same for one row and four octets. */
export function tile1x32(rows: usize, start: usize, base: usize, octets: usize, table: usize, k: i32, to: usize): void {
  const base0 = base + load<u32>(octets);
  const base1 = base + load<u32>(octets, 8);
  const base2 = base + load<u32>(octets, 16);
  const base3 = base + load<u32>(octets, 24);
  let c0 = f32x4.splat(0);
  let c1 = c0;
  let c2 = c0;
  let c3 = c0;
  let c4 = c0;
  let c5 = c0;
  let c6 = c0;
  let c7 = c0;
  const end = table + (<usize>k << 2);
  for (; table < end; table += 4, rows += 4) {
    const at = load<u32>(table);
    const x = v128.load_splat<f32>(rows);
    c0 = madd(x, v128.load(base0 + at), c0);
    c1 = madd(x, v128.load(base0 + at, 16), c1);
    c2 = madd(x, v128.load(base1 + at), c2);
    c3 = madd(x, v128.load(base1 + at, 16), c3);
    c4 = madd(x, v128.load(base2 + at), c4);
    c5 = madd(x, v128.load(base2 + at, 16), c5);
    c6 = madd(x, v128.load(base3 + at), c6);
    c7 = madd(x, v128.load(base3 + at, 16), c7);
  }
  const s = v128.load_splat<f32>(start);
  put(to + load<u32>(octets, 4), c0, c1, s);
  put(to + load<u32>(octets, 12), c2, c3, s);
  put(to + load<u32>(octets, 20), c4, c5, s);
  put(to + load<u32>(octets, 28), c6, c7, s);
}
