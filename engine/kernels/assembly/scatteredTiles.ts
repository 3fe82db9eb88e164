// Tiles, as in tiles.ts, of products whose rows lie scattered: those of B are found through a table, or those of A anywhere.
import { madd } from './simd';

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
export function indirect(
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
export function padRows(m: i32, wide: bool): i32 {
  return wide ? (m + 3) & ~3 : ((m + 5) / 6) * 6;
}

/** C[4, 16] += A[4, k] · panel[k, 16], with the rows of A wherever they lie. */
export function rows4x16(a0: usize, a1: usize, a2: usize, a3: usize, panel: usize, k: i32, c: usize, line: usize): void {
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
export function rows4x8(a0: usize, a1: usize, a2: usize, a3: usize, panel: usize, k: i32, c: usize, line: usize): void {
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
