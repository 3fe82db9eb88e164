// The innermost loops of matrix products: tiles of C whose sums stay in registers. 6 × 8 fills the sixteen 128-bit
// registers; 4 × 16, unrolled by two in k, is what V8's revectorizer turns into 256-bit instructions.
import { madd } from '../simd';

/**
 * C[6, 8] (+)= A[6, kc] · panel[kc, 8], and as many such tiles one below the other as `count` rows are: where k is short, getting in and
 * out of a function counts. `down` is the distance between rows of A in bytes, `step` that of the panel, `line` that of C.
 */
export function tile6x8(a: usize, down: usize, panel: usize, step: usize, kc: i32, c: usize, line: usize, count: i32, add: bool): void {
  for (const last = c + <usize>count * line; c < last; c += 6 * line, a += 6 * down) sum6x8(a, down, panel, step, kc, c, line, add);
}

// @ts-ignore: decorator
@inline
function sum6x8(a: usize, down: usize, panel: usize, step: usize, kc: i32, c: usize, line: usize, add: bool): void {
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
    panel += step;
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

/** The same for tiles C[4, 8]: sixes often leave four rows over. */
export function tile4x8(a: usize, down: usize, panel: usize, step: usize, kc: i32, c: usize, line: usize, count: i32, add: bool): void {
  for (const last = c + <usize>count * line; c < last; c += 4 * line, a += 4 * down) sum4x8(a, down, panel, step, kc, c, line, add);
}

// @ts-ignore: decorator
@inline
function sum4x8(a: usize, down: usize, panel: usize, step: usize, kc: i32, c: usize, line: usize, add: bool): void {
  let c00 = f32x4.splat(0);
  let c01 = c00;
  let c10 = c00;
  let c11 = c00;
  let c20 = c00;
  let c21 = c00;
  let c30 = c00;
  let c31 = c00;
  const a1 = a + down;
  const a2 = a1 + down;
  const a3 = a2 + down;
  const end = <usize>kc << 2;
  for (let p: usize = 0; p < end; p += 4) {
    const b0 = v128.load(panel);
    const b1 = v128.load(panel, 16);
    panel += step;
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
  }
  put2(c, c00, c01, add);
  c += line;
  put2(c, c10, c11, add);
  c += line;
  put2(c, c20, c21, add);
  c += line;
  put2(c, c30, c31, add);
}

// @ts-ignore: decorator
@inline
export function put2(c: usize, left: v128, right: v128, add: bool): void {
  if (add) {
    v128.store(c, f32x4.add(v128.load(c), left));
    v128.store(c, f32x4.add(v128.load(c, 16), right), 16);
  } else {
    v128.store(c, left);
    v128.store(c, right, 16);
  }
}

/** The same for C[4, 16] and a panel in one piece. Neighbouring vectors are always used alike, so that pairs of them can become one. */
export function tile4x16(a: usize, down: usize, panel: usize, kc: i32, c: usize, line: usize, count: i32, add: bool): void {
  for (const last = c + <usize>count * line; c < last; c += 4 * line, a += 4 * down) sum4x16(a, down, panel, kc, c, line, add);
}

// @ts-ignore: decorator
@inline
function sum4x16(a: usize, down: usize, panel: usize, kc: i32, c: usize, line: usize, add: bool): void {
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
export function put4(c: usize, v0: v128, v1: v128, v2: v128, v3: v128, add: bool): void {
  if (add) {
    // all loads first: a store between two of them would keep them from becoming one
    v0 = f32x4.add(v128.load(c), v0);
    v1 = f32x4.add(v128.load(c, 16), v1);
    v2 = f32x4.add(v128.load(c, 32), v2);
    v3 = f32x4.add(v128.load(c, 48), v3);
  }
  v128.store(c, v0);
  v128.store(c, v1, 16);
  v128.store(c, v2, 32);
  v128.store(c, v3, 48);
}

/** One row of a tile, into the edge tile. */
// @ts-ignore: decorator
@inline
export function row(a: usize, panel: usize, step: usize, kc: i32, width: i32, out: usize): void {
  for (let half = 0; half < width; half += 8) {
    let c0 = f32x4.splat(0);
    let c1 = c0;
    let at = panel + (half << 2);
    const end = a + (<usize>kc << 2);
    for (let p = a; p < end; p += 4, at += step) {
      const x = v128.load_splat<f32>(p);
      c0 = madd(x, v128.load(at), c0);
      c1 = madd(x, v128.load(at, 16), c1);
    }
    v128.store(out + (half << 2), c0);
    v128.store(out + (half << 2), c1, 16);
  }
}
