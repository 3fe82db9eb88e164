// The innermost loops of the gradient of a convolution's weight: for four taps, the sums over all positions of what they read, times
// the gradient there. The positions under a tap come in stretches of one length, whose offsets stand in a table.
import { madd, total } from '../simd';

/** sums[4, 16] += A[4, positions] · panel[positions, 16], with the rows of A wherever they lie. */
export function rows4x16(a0: usize, a1: usize, a2: usize, a3: usize, stretches: usize, count: i32, length: i32, panel: usize, sums: usize, line: usize): void {
  const s1 = sums + line;
  const s2 = s1 + line;
  const s3 = s2 + line;
  let c00 = v128.load(sums);
  let c01 = v128.load(sums, 16);
  let c02 = v128.load(sums, 32);
  let c03 = v128.load(sums, 48);
  let c10 = v128.load(s1);
  let c11 = v128.load(s1, 16);
  let c12 = v128.load(s1, 32);
  let c13 = v128.load(s1, 48);
  let c20 = v128.load(s2);
  let c21 = v128.load(s2, 16);
  let c22 = v128.load(s2, 32);
  let c23 = v128.load(s2, 48);
  let c30 = v128.load(s3);
  let c31 = v128.load(s3, 16);
  let c32 = v128.load(s3, 32);
  let c33 = v128.load(s3, 48);
  const pairs = <usize>(length & ~1) << 2;
  for (let i = 0; i < count; i++) {
    const at = load<u32>(stretches + (i << 2));
    let p0 = a0 + at;
    let p1 = a1 + at;
    let p2 = a2 + at;
    let p3 = a3 + at;
    const end = p0 + pairs;
    while (p0 < end) {
      let b0 = v128.load(panel);
      let b1 = v128.load(panel, 16);
      let b2 = v128.load(panel, 32);
      let b3 = v128.load(panel, 48);
      let x = v128.load_splat<f32>(p0);
      c00 = madd(x, b0, c00);
      c01 = madd(x, b1, c01);
      c02 = madd(x, b2, c02);
      c03 = madd(x, b3, c03);
      x = v128.load_splat<f32>(p1);
      c10 = madd(x, b0, c10);
      c11 = madd(x, b1, c11);
      c12 = madd(x, b2, c12);
      c13 = madd(x, b3, c13);
      x = v128.load_splat<f32>(p2);
      c20 = madd(x, b0, c20);
      c21 = madd(x, b1, c21);
      c22 = madd(x, b2, c22);
      c23 = madd(x, b3, c23);
      x = v128.load_splat<f32>(p3);
      c30 = madd(x, b0, c30);
      c31 = madd(x, b1, c31);
      c32 = madd(x, b2, c32);
      c33 = madd(x, b3, c33);
      b0 = v128.load(panel, 64);
      b1 = v128.load(panel, 80);
      b2 = v128.load(panel, 96);
      b3 = v128.load(panel, 112);
      x = v128.load_splat<f32>(p0, 4);
      c00 = madd(x, b0, c00);
      c01 = madd(x, b1, c01);
      c02 = madd(x, b2, c02);
      c03 = madd(x, b3, c03);
      x = v128.load_splat<f32>(p1, 4);
      c10 = madd(x, b0, c10);
      c11 = madd(x, b1, c11);
      c12 = madd(x, b2, c12);
      c13 = madd(x, b3, c13);
      x = v128.load_splat<f32>(p2, 4);
      c20 = madd(x, b0, c20);
      c21 = madd(x, b1, c21);
      c22 = madd(x, b2, c22);
      c23 = madd(x, b3, c23);
      x = v128.load_splat<f32>(p3, 4);
      c30 = madd(x, b0, c30);
      c31 = madd(x, b1, c31);
      c32 = madd(x, b2, c32);
      c33 = madd(x, b3, c33);
      panel += 128;
      p0 += 8;
      p1 += 8;
      p2 += 8;
      p3 += 8;
    }
    if (length & 1) {
      let b0 = v128.load(panel);
      let b1 = v128.load(panel, 16);
      let b2 = v128.load(panel, 32);
      let b3 = v128.load(panel, 48);
      let x = v128.load_splat<f32>(p0);
      c00 = madd(x, b0, c00);
      c01 = madd(x, b1, c01);
      c02 = madd(x, b2, c02);
      c03 = madd(x, b3, c03);
      x = v128.load_splat<f32>(p1);
      c10 = madd(x, b0, c10);
      c11 = madd(x, b1, c11);
      c12 = madd(x, b2, c12);
      c13 = madd(x, b3, c13);
      x = v128.load_splat<f32>(p2);
      c20 = madd(x, b0, c20);
      c21 = madd(x, b1, c21);
      c22 = madd(x, b2, c22);
      c23 = madd(x, b3, c23);
      x = v128.load_splat<f32>(p3);
      c30 = madd(x, b0, c30);
      c31 = madd(x, b1, c31);
      c32 = madd(x, b2, c32);
      c33 = madd(x, b3, c33);
      panel += 64;
    }
  }
  v128.store(sums, c00);
  v128.store(sums, c01, 16);
  v128.store(sums, c02, 32);
  v128.store(sums, c03, 48);
  v128.store(s1, c10);
  v128.store(s1, c11, 16);
  v128.store(s1, c12, 32);
  v128.store(s1, c13, 48);
  v128.store(s2, c20);
  v128.store(s2, c21, 16);
  v128.store(s2, c22, 32);
  v128.store(s2, c23, 48);
  v128.store(s3, c30);
  v128.store(s3, c31, 16);
  v128.store(s3, c32, 32);
  v128.store(s3, c33, 48);
}

/** The same for sums[4, 8]. */
export function rows4x8(a0: usize, a1: usize, a2: usize, a3: usize, stretches: usize, count: i32, length: i32, panel: usize, sums: usize, line: usize): void {
  const s1 = sums + line;
  const s2 = s1 + line;
  const s3 = s2 + line;
  let c00 = v128.load(sums);
  let c01 = v128.load(sums, 16);
  let c10 = v128.load(s1);
  let c11 = v128.load(s1, 16);
  let c20 = v128.load(s2);
  let c21 = v128.load(s2, 16);
  let c30 = v128.load(s3);
  let c31 = v128.load(s3, 16);
  const pairs = <usize>(length & ~1) << 2;
  for (let i = 0; i < count; i++) {
    const at = load<u32>(stretches + (i << 2));
    let p0 = a0 + at;
    let p1 = a1 + at;
    let p2 = a2 + at;
    let p3 = a3 + at;
    const end = p0 + pairs;
    while (p0 < end) {
      let b0 = v128.load(panel);
      let b1 = v128.load(panel, 16);
      let x = v128.load_splat<f32>(p0);
      c00 = madd(x, b0, c00);
      c01 = madd(x, b1, c01);
      x = v128.load_splat<f32>(p1);
      c10 = madd(x, b0, c10);
      c11 = madd(x, b1, c11);
      x = v128.load_splat<f32>(p2);
      c20 = madd(x, b0, c20);
      c21 = madd(x, b1, c21);
      x = v128.load_splat<f32>(p3);
      c30 = madd(x, b0, c30);
      c31 = madd(x, b1, c31);
      b0 = v128.load(panel, 32);
      b1 = v128.load(panel, 48);
      x = v128.load_splat<f32>(p0, 4);
      c00 = madd(x, b0, c00);
      c01 = madd(x, b1, c01);
      x = v128.load_splat<f32>(p1, 4);
      c10 = madd(x, b0, c10);
      c11 = madd(x, b1, c11);
      x = v128.load_splat<f32>(p2, 4);
      c20 = madd(x, b0, c20);
      c21 = madd(x, b1, c21);
      x = v128.load_splat<f32>(p3, 4);
      c30 = madd(x, b0, c30);
      c31 = madd(x, b1, c31);
      panel += 64;
      p0 += 8;
      p1 += 8;
      p2 += 8;
      p3 += 8;
    }
    if (length & 1) {
      let b0 = v128.load(panel);
      let b1 = v128.load(panel, 16);
      let x = v128.load_splat<f32>(p0);
      c00 = madd(x, b0, c00);
      c01 = madd(x, b1, c01);
      x = v128.load_splat<f32>(p1);
      c10 = madd(x, b0, c10);
      c11 = madd(x, b1, c11);
      x = v128.load_splat<f32>(p2);
      c20 = madd(x, b0, c20);
      c21 = madd(x, b1, c21);
      x = v128.load_splat<f32>(p3);
      c30 = madd(x, b0, c30);
      c31 = madd(x, b1, c31);
      panel += 32;
    }
  }
  v128.store(sums, c00);
  v128.store(sums, c01, 16);
  v128.store(s1, c10);
  v128.store(s1, c11, 16);
  v128.store(s2, c20);
  v128.store(s2, c21, 16);
  v128.store(s3, c30);
  v128.store(s3, c31, 16);
}

/** sums[4] += A[4, positions] · y[positions], with the rows of A wherever they lie. */
export function rows4x1(a0: usize, a1: usize, a2: usize, a3: usize, stretches: usize, count: i32, length: i32, y: usize, sums: usize): void {
  let c00 = f32x4.splat(0);
  let c01 = c00;
  let c10 = c00;
  let c11 = c00;
  let c20 = c00;
  let c21 = c00;
  let c30 = c00;
  let c31 = c00;
  for (let i = 0; i < count; i++) {
    const at = load<u32>(stretches + (i << 2));
    let p0 = a0 + at;
    let p1 = a1 + at;
    let p2 = a2 + at;
    let p3 = a3 + at;
    let n = length;
    for (; n >= 8; n -= 8) {
      const y0 = v128.load(y);
      const y1 = v128.load(y, 16);
      y += 32;
      c00 = madd(v128.load(p0), y0, c00);
      c01 = madd(v128.load(p0, 16), y1, c01);
      p0 += 32;
      c10 = madd(v128.load(p1), y0, c10);
      c11 = madd(v128.load(p1, 16), y1, c11);
      p1 += 32;
      c20 = madd(v128.load(p2), y0, c20);
      c21 = madd(v128.load(p2, 16), y1, c21);
      p2 += 32;
      c30 = madd(v128.load(p3), y0, c30);
      c31 = madd(v128.load(p3, 16), y1, c31);
      p3 += 32;
    }
    for (; n > 0; n--) {
      const v = v128.load_zero<f32>(y);
      y += 4;
      c00 = madd(v128.load_zero<f32>(p0), v, c00);
      p0 += 4;
      c10 = madd(v128.load_zero<f32>(p1), v, c10);
      p1 += 4;
      c20 = madd(v128.load_zero<f32>(p2), v, c20);
      p2 += 4;
      c30 = madd(v128.load_zero<f32>(p3), v, c30);
      p3 += 4;
    }
  }
  store<f32>(sums, load<f32>(sums) + total(f32x4.add(c00, c01)));
  store<f32>(sums, load<f32>(sums, 4) + total(f32x4.add(c10, c11)), 4);
  store<f32>(sums, load<f32>(sums, 8) + total(f32x4.add(c20, c21)), 8);
  store<f32>(sums, load<f32>(sums, 12) + total(f32x4.add(c30, c31)), 12);
}
