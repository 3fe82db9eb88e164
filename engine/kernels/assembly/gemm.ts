// General matrix multiplication in blocks that fit the caches (Goto & van de Geijn 2008): B is copied into panels as
// wide as a tile, A is read where it lies if its rows are contiguous and copied otherwise, and a tile's sums stay in
// registers for a whole block of k. Two tile shapes: 6 × 8 fills the sixteen 128-bit registers; 4 × 16, unrolled by
// two in k, is what V8's revectorizer turns into 256-bit instructions.
import { madd } from './simd';

/** Rows and columns of k that are worked on at a time: a panel of B stays in the first cache, a block of A in the second. */
const KC: i32 = 256;
const MC: i32 = 96;
const NC: i32 = 1024;

/** Where the copies and a tile at the edge are kept; given by the caller at start. Sizes in bytes. */
let packedA: usize = 0;
let packedB: usize = 0;
let edge: usize = 0;

/** Bytes of scratch memory that `gemmInit` needs. */
export function gemmScratch(): i32 {
  return (MC * KC + KC * (NC + 16) + 4 * 16 + 6 * 8 + 64) * 4;
}

export function gemmInit(scratch: usize): void {
  packedA = scratch;
  packedB = packedA + ((MC * KC) << 2);
  edge = packedB + ((KC * (NC + 16)) << 2);
}

/** Copies kc × nc of B (strides in elements) into panels of `width` columns, filled up with zeros. */
// @ts-ignore: decorator
@inline
function packRight(b: usize, rowStride: i32, columnStride: i32, kc: i32, nc: i32, width: i32): void {
  let to = packedB;
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
          const at = from + (p << 2) + <usize>c * stride;
          const r0 = v128.load(at);
          const r1 = v128.load(at + stride);
          const r2 = v128.load(at + 2 * stride);
          const r3 = v128.load(at + 3 * stride);
          const t0 = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5);
          const t1 = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
          const t2 = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5);
          const t3 = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
          const o = to + (c << 2);
          v128.store(o, v128.shuffle<f32>(t0, t2, 0, 1, 4, 5));
          v128.store(o + (width << 2), v128.shuffle<f32>(t0, t2, 2, 3, 6, 7));
          v128.store(o + (width << 3), v128.shuffle<f32>(t1, t3, 0, 1, 4, 5));
          v128.store(o + (width << 2) * 3, v128.shuffle<f32>(t1, t3, 2, 3, 6, 7));
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
function packLeft(a: usize, rowStride: i32, columnStride: i32, mc: i32, kc: i32): void {
  let p = 0;
  if (rowStride == 1) {
    // four by four, turned over in registers
    const stride = <usize>columnStride << 2;
    const line = <usize>kc << 2;
    for (; p + 4 <= kc; p += 4) {
      const from = a + <usize>p * stride;
      const to = packedA + (p << 2);
      let i = 0;
      for (; i + 4 <= mc; i += 4) {
        const at = from + (i << 2);
        const r0 = v128.load(at);
        const r1 = v128.load(at + stride);
        const r2 = v128.load(at + 2 * stride);
        const r3 = v128.load(at + 3 * stride);
        const t0 = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5);
        const t1 = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
        const t2 = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5);
        const t3 = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
        const o = to + <usize>i * line;
        v128.store(o, v128.shuffle<f32>(t0, t2, 0, 1, 4, 5));
        v128.store(o + line, v128.shuffle<f32>(t0, t2, 2, 3, 6, 7));
        v128.store(o + 2 * line, v128.shuffle<f32>(t1, t3, 0, 1, 4, 5));
        v128.store(o + 3 * line, v128.shuffle<f32>(t1, t3, 2, 3, 6, 7));
      }
      for (; i < mc; i++)
        for (let q: usize = 0; q < 4; q++)
          store<f32>(to + <usize>i * line + (q << 2), load<f32>(from + q * stride + (i << 2)));
    }
  }
  for (; p < kc; p++) {
    let at = a + ((<usize>p * columnStride) << 2);
    let to = packedA + (p << 2);
    for (let i = 0; i < mc; i++) {
      store<f32>(to, load<f32>(at));
      at += <usize>rowStride << 2;
      to += <usize>kc << 2;
    }
  }
}

/** C[6, 8] (+)= A[6, kc] · panel[kc, 8]. `down` is the distance between rows of A in bytes, `line` that of C. */
function tile6x8(a: usize, down: usize, panel: usize, kc: i32, c: usize, line: usize, add: bool): void {
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
  const end = <usize>kc << 2;
  for (let p: usize = 0; p < end; p += 4) {
    const b0 = v128.load(panel);
    const b1 = v128.load(panel, 16);
    panel += 32;
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
  put(c, c00, c01, add);
  c += line;
  put(c, c10, c11, add);
  c += line;
  put(c, c20, c21, add);
  c += line;
  put(c, c30, c31, add);
  c += line;
  put(c, c40, c41, add);
  c += line;
  put(c, c50, c51, add);
}

// @ts-ignore: decorator
@inline
function put(c: usize, left: v128, right: v128, add: bool): void {
  if (add) {
    v128.store(c, f32x4.add(v128.load(c), left));
    v128.store(c, f32x4.add(v128.load(c, 16), right), 16);
  } else {
    v128.store(c, left);
    v128.store(c, right, 16);
  }
}

/** As `tile6x8`, for C[4, 16]. Neighbouring vectors are always used alike, so that pairs of them can become one. */
function tile4x16(a: usize, down: usize, panel: usize, kc: i32, c: usize, line: usize, add: bool): void {
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
  const pairs = <usize>(kc & ~1) << 2;
  let p: usize = 0;
  for (; p < pairs; p += 8) {
    let b0 = v128.load(panel);
    let b1 = v128.load(panel, 16);
    let b2 = v128.load(panel, 32);
    let b3 = v128.load(panel, 48);
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
    b0 = v128.load(panel, 64);
    b1 = v128.load(panel, 80);
    b2 = v128.load(panel, 96);
    b3 = v128.load(panel, 112);
    x = v128.load_splat<f32>(a + p, 4);
    c00 = madd(x, b0, c00);
    c01 = madd(x, b1, c01);
    c02 = madd(x, b2, c02);
    c03 = madd(x, b3, c03);
    x = v128.load_splat<f32>(a1 + p, 4);
    c10 = madd(x, b0, c10);
    c11 = madd(x, b1, c11);
    c12 = madd(x, b2, c12);
    c13 = madd(x, b3, c13);
    x = v128.load_splat<f32>(a2 + p, 4);
    c20 = madd(x, b0, c20);
    c21 = madd(x, b1, c21);
    c22 = madd(x, b2, c22);
    c23 = madd(x, b3, c23);
    x = v128.load_splat<f32>(a3 + p, 4);
    c30 = madd(x, b0, c30);
    c31 = madd(x, b1, c31);
    c32 = madd(x, b2, c32);
    c33 = madd(x, b3, c33);
    panel += 128;
  }
  if (kc & 1) {
    const b0 = v128.load(panel);
    const b1 = v128.load(panel, 16);
    const b2 = v128.load(panel, 32);
    const b3 = v128.load(panel, 48);
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
  put4(c, c00, c01, c02, c03, add);
  c += line;
  put4(c, c10, c11, c12, c13, add);
  c += line;
  put4(c, c20, c21, c22, c23, add);
  c += line;
  put4(c, c30, c31, c32, c33, add);
}

// @ts-ignore: decorator
@inline
function put4(c: usize, v0: v128, v1: v128, v2: v128, v3: v128, add: bool): void {
  if (add) {
    v128.store(c, f32x4.add(v128.load(c), v0));
    v128.store(c, f32x4.add(v128.load(c, 16), v1), 16);
    v128.store(c, f32x4.add(v128.load(c, 32), v2), 32);
    v128.store(c, f32x4.add(v128.load(c, 48), v3), 48);
  } else {
    v128.store(c, v0);
    v128.store(c, v1, 16);
    v128.store(c, v2, 32);
    v128.store(c, v3, 48);
  }
}

// The loops around a tile, for both shapes. Rows past the end of A repeat the last whole row's place (`down` 0): what
// they give goes to the edge tile and is left there.
// @ts-ignore: decorator
@inline
function gemm(
  a: usize,
  aRow: i32,
  aColumn: i32,
  b: usize,
  bRow: i32,
  bColumn: i32,
  c: usize,
  cRow: i32,
  m: i32,
  k: i32,
  n: i32,
  accumulate: bool,
  wide: bool,
): void {
  const MR = wide ? 4 : 6;
  const NR = wide ? 16 : 8;
  const line = <usize>cRow << 2;
  const edgeLine = <usize>NR << 2;
  for (let jc = 0; jc < n; jc += NC) {
    const nc = min(NC, n - jc);
    for (let pc = 0; pc < k; pc += KC) {
      const kc = min(KC, k - pc);
      const add = accumulate || pc > 0;
      packRight(b + ((<usize>pc * bRow + <usize>jc * bColumn) << 2), bRow, bColumn, kc, nc, NR);
      for (let ic = 0; ic < m; ic += MC) {
        const mc = min(MC, m - ic);
        let block = a + ((<usize>ic * aRow + <usize>pc * aColumn) << 2);
        let down = <usize>aRow << 2;
        if (aColumn != 1) {
          packLeft(block, aRow, aColumn, mc, kc);
          block = packedA;
          down = <usize>kc << 2;
        }
        for (let j = 0; j < nc; j += NR) {
          const panel = packedB + ((<usize>j * kc) << 2);
          const columns = min(NR, nc - j);
          for (let i = 0; i < mc; i += MR) {
            const rows = min(MR, mc - i);
            const from = block + <usize>i * down;
            const to = c + ((<usize>(ic + i) * cRow + jc + j) << 2);
            if (rows == MR && columns == NR) {
              if (wide) tile4x16(from, down, panel, kc, to, line, add);
              else tile6x8(from, down, panel, kc, to, line, add);
              continue;
            }
            if (rows == MR) {
              if (wide) tile4x16(from, down, panel, kc, edge, edgeLine, false);
              else tile6x8(from, down, panel, kc, edge, edgeLine, false);
              copyEdge(to, line, rows, columns, edgeLine, add);
            } else {
              // one row at a time: reading past A's end is not ours to do
              for (let r = 0; r < rows; r++) {
                row(from + <usize>r * down, panel, kc, NR, edge);
                copyEdge(to + <usize>r * line, line, 1, columns, edgeLine, add);
              }
            }
          }
        }
      }
    }
  }
}

/** One row of a tile, into the edge tile. */
// @ts-ignore: decorator
@inline
function row(a: usize, panel: usize, kc: i32, width: i32, out: usize): void {
  for (let half = 0; half < width; half += 8) {
    let c0 = f32x4.splat(0);
    let c1 = c0;
    let at = panel + (half << 2);
    const end = a + (<usize>kc << 2);
    for (let p = a; p < end; p += 4, at += width << 2) {
      const x = v128.load_splat<f32>(p);
      c0 = madd(x, v128.load(at), c0);
      c1 = madd(x, v128.load(at, 16), c1);
    }
    v128.store(out + (half << 2), c0);
    v128.store(out + (half << 2), c1, 16);
  }
}

// @ts-ignore: decorator
@inline
function copyEdge(to: usize, line: usize, rows: i32, columns: i32, edgeLine: usize, add: bool): void {
  for (let r = 0; r < rows; r++) {
    const o = to + <usize>r * line;
    const from = edge + <usize>r * edgeLine;
    for (let x = 0; x < columns; x++) {
      const v = load<f32>(from + (x << 2));
      store<f32>(o + (x << 2), add ? load<f32>(o + (x << 2)) + v : v);
    }
  }
}

/**
 * C[m, n] = A[m, k] · B[k, n], added to what is there if `accumulate`. Pointers in bytes, strides in elements; the
 * columns of C are contiguous.
 */
export function matmul(
  a: usize,
  aRow: i32,
  aColumn: i32,
  b: usize,
  bRow: i32,
  bColumn: i32,
  c: usize,
  cRow: i32,
  m: i32,
  k: i32,
  n: i32,
  accumulate: bool,
): void {
  gemm(a, aRow, aColumn, b, bRow, bColumn, c, cRow, m, k, n, accumulate, false);
}

/** The same in 4 × 16 tiles. */
export function matmulWide(
  a: usize,
  aRow: i32,
  aColumn: i32,
  b: usize,
  bRow: i32,
  bColumn: i32,
  c: usize,
  cRow: i32,
  m: i32,
  k: i32,
  n: i32,
  accumulate: bool,
): void {
  gemm(a, aRow, aColumn, b, bRow, bColumn, c, cRow, m, k, n, accumulate, true);
}
