// Tiles, as in tiles.ts, of an A that was copied in the order in which they read it: [k][rows of the tile]. One address serves all rows
// then, and a 6 × 16 tile just fits sixteen 256-bit registers; unrolled, it doesn't.
import { madd } from '../simd';
import { put2, put4 } from './tiles';

/**
 * C[6, 16] (+)= rows[kc, 6]ᵀ · panel[kc, 16], and as many such tiles one below the other as `count` rows are. `line` is the distance
 * between rows of C in bytes.
 */
export function packed6x16(rows: usize, panel: usize, kc: i32, c: usize, line: usize, count: i32, add: bool): void {
  for (const last = c + <usize>count * line; c < last; c += 6 * line, rows += <usize>(kc * 24)) sum6x16(rows, panel, kc, c, line, add);
}

// @ts-ignore: decorator
@inline
function sum6x16(rows: usize, panel: usize, kc: i32, c: usize, line: usize, add: bool): void {
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
  const end = rows + <usize>(kc * 24);
  for (; rows < end; rows += 24) {
    const b0 = v128.load(panel);
    const b1 = v128.load(panel, 16);
    const b2 = v128.load(panel, 32);
    const b3 = v128.load(panel, 48);
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
    panel += 64;
  }
  put4(c, c00, c01, c02, c03, add);
  c += line;
  put4(c, c10, c11, c12, c13, add);
  c += line;
  put4(c, c20, c21, c22, c23, add);
  c += line;
  put4(c, c30, c31, c32, c33, add);
  c += line;
  put4(c, c40, c41, c42, c43, add);
  c += line;
  put4(c, c50, c51, c52, c53, add);
}

/** The same for tiles C[4, 16]. */
export function packed4x16(rows: usize, panel: usize, kc: i32, c: usize, line: usize, count: i32, add: bool): void {
  for (const last = c + <usize>count * line; c < last; c += 4 * line, rows += <usize>(kc * 16)) sum4x16(rows, panel, kc, c, line, add);
}

// @ts-ignore: decorator
@inline
function sum4x16(rows: usize, panel: usize, kc: i32, c: usize, line: usize, add: bool): void {
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
  const end = rows + <usize>(kc * 16);
  for (; rows < end; rows += 16) {
    const b0 = v128.load(panel);
    const b1 = v128.load(panel, 16);
    const b2 = v128.load(panel, 32);
    const b3 = v128.load(panel, 48);
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
    panel += 64;
  }
  put4(c, c00, c01, c02, c03, add);
  c += line;
  put4(c, c10, c11, c12, c13, add);
  c += line;
  put4(c, c20, c21, c22, c23, add);
  c += line;
  put4(c, c30, c31, c32, c33, add);
}

/** The same for tiles C[6, 8]. */
export function packed6x8(rows: usize, panel: usize, kc: i32, c: usize, line: usize, count: i32, add: bool): void {
  for (const last = c + <usize>count * line; c < last; c += 6 * line, rows += <usize>(kc * 24)) sum6x8(rows, panel, kc, c, line, add);
}

// @ts-ignore: decorator
@inline
function sum6x8(rows: usize, panel: usize, kc: i32, c: usize, line: usize, add: bool): void {
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
  const end = rows + <usize>(kc * 24);
  for (; rows < end; rows += 24) {
    const b0 = v128.load(panel);
    const b1 = v128.load(panel, 16);
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
    panel += 32;
  }
  put2(c, c00, c01, add);
  c += line;
  put2(c, c10, c11, add);
  c += line;
  put2(c, c20, c21, add);
  c += line;
  put2(c, c30, c31, add);
  c += line;
  put2(c, c40, c41, add);
  c += line;
  put2(c, c50, c51, add);
}
