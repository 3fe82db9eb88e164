// Normalization of rows with a weight and a bias for each column, both ways in one go over each row.
import { sum } from '../reduction/reduce';
import { madd, total } from '../simd';

/** As in engine/kernels/reference/layerNorm.ts. */
const BLOCK: i32 = 64;

/** weight·(x − mean)/√(variance + eps) + bias; mean and 1/√(variance + eps) of each row go to `stats`. */
export function layerNorm(
  x: usize,
  weight: usize,
  bias: usize,
  out: usize,
  stats: usize,
  rows: i32,
  length: i32,
  eps: f64,
): void {
  const bytes = <usize>length << 2;
  const pairs = <usize>(length & ~7) << 2;
  for (; rows > 0; rows--, x += bytes, out += bytes, stats += 8) {
    const mean = <f32>(sum(x, length) / <f64>length);
    const m = f32x4.splat(mean);
    let s0 = f32x4.splat(0);
    let s1 = s0;
    let i: usize = 0;
    for (; i < pairs; i += 32) {
      const d0 = f32x4.sub(v128.load(x + i), m);
      const d1 = f32x4.sub(v128.load(x + i, 16), m);
      s0 = madd(d0, d0, s0);
      s1 = madd(d1, d1, s1);
    }
    let squares = <f64>total(f32x4.add(s0, s1));
    for (; i < bytes; i += 4) {
      const d = load<f32>(x + i) - mean;
      squares += d * d;
    }
    const scale = <f32>(1 / Math.sqrt(squares / <f64>length + eps));
    const s = f32x4.splat(scale);
    for (i = 0; i < pairs; i += 32) {
      const x0 = v128.load(x + i);
      const x1 = v128.load(x + i, 16);
      const w0 = v128.load(weight + i);
      const w1 = v128.load(weight + i, 16);
      const b0 = v128.load(bias + i);
      const b1 = v128.load(bias + i, 16);
      const y0 = f32x4.mul(f32x4.sub(x0, m), s);
      const y1 = f32x4.mul(f32x4.sub(x1, m), s);
      v128.store(out + i, madd(y0, w0, b0));
      v128.store(out + i, madd(y1, w1, b1), 16);
    }
    for (; i < bytes; i += 4) {
      store<f32>(out + i, (load<f32>(x + i) - mean) * scale * load<f32>(weight + i) + load<f32>(bias + i));
    }
    store<f32>(stats, mean);
    store<f32>(stats, scale, 4);
  }
}

/**
 * The gradient of x, and for each block of rows those of weight and bias, one after the other in `parts`. The rows begin
 * where a block does.
 */
export function layerNormBackward(
  g: usize,
  x: usize,
  weight: usize,
  stats: usize,
  dx: usize,
  parts: usize,
  rows: i32,
  length: i32,
): void {
  const bytes = <usize>length << 2;
  const pairs = <usize>(length & ~7) << 2;
  for (let first = 0; first < rows; first += BLOCK, parts += 2 * bytes) {
    memory.fill(parts, 0, 2 * bytes);
    const sums = parts + bytes;
    for (let r = min(BLOCK, rows - first); r > 0; r--, g += bytes, x += bytes, dx += bytes, stats += 8) {
      const mean = load<f32>(stats);
      const scale = load<f32>(stats, 4);
      const m = f32x4.splat(mean);
      const s = f32x4.splat(scale);
      let h0 = f32x4.splat(0);
      let h1 = h0;
      let a0 = h0;
      let a1 = h0;
      let i: usize = 0;
      for (; i < pairs; i += 32) {
        const g0 = v128.load(g + i);
        const g1 = v128.load(g + i, 16);
        const x0 = v128.load(x + i);
        const x1 = v128.load(x + i, 16);
        const w0 = v128.load(weight + i);
        const w1 = v128.load(weight + i, 16);
        const p0 = v128.load(parts + i);
        const p1 = v128.load(parts + i, 16);
        const q0 = v128.load(sums + i);
        const q1 = v128.load(sums + i, 16);
        const y0 = f32x4.mul(f32x4.sub(x0, m), s);
        const y1 = f32x4.mul(f32x4.sub(x1, m), s);
        const k0 = f32x4.mul(g0, w0);
        const k1 = f32x4.mul(g1, w1);
        v128.store(parts + i, madd(g0, y0, p0));
        v128.store(parts + i, madd(g1, y1, p1), 16);
        v128.store(sums + i, f32x4.add(g0, q0));
        v128.store(sums + i, f32x4.add(g1, q1), 16);
        h0 = f32x4.add(h0, k0);
        h1 = f32x4.add(h1, k1);
        a0 = madd(k0, y0, a0);
        a1 = madd(k1, y1, a1);
      }
      let sum = total(f32x4.add(h0, h1));
      let along = total(f32x4.add(a0, a1));
      for (; i < bytes; i += 4) {
        const v = load<f32>(g + i);
        const y = (load<f32>(x + i) - mean) * scale;
        const k = v * load<f32>(weight + i);
        store<f32>(parts + i, load<f32>(parts + i) + v * y);
        store<f32>(sums + i, load<f32>(sums + i) + v);
        sum += k;
        along += k * y;
      }
      sum /= <f32>length;
      along /= <f32>length;
      const h = f32x4.splat(sum);
      const a = f32x4.splat(along);
      for (i = 0; i < pairs; i += 32) {
        const g0 = v128.load(g + i);
        const g1 = v128.load(g + i, 16);
        const x0 = v128.load(x + i);
        const x1 = v128.load(x + i, 16);
        const w0 = v128.load(weight + i);
        const w1 = v128.load(weight + i, 16);
        const y0 = f32x4.mul(f32x4.sub(x0, m), s);
        const y1 = f32x4.mul(f32x4.sub(x1, m), s);
        const d0 = f32x4.sub(f32x4.sub(f32x4.mul(g0, w0), h), f32x4.mul(y0, a));
        const d1 = f32x4.sub(f32x4.sub(f32x4.mul(g1, w1), h), f32x4.mul(y1, a));
        v128.store(dx + i, f32x4.mul(d0, s));
        v128.store(dx + i, f32x4.mul(d1, s), 16);
      }
      for (; i < bytes; i += 4) {
        const y = (load<f32>(x + i) - mean) * scale;
        store<f32>(dx + i, (load<f32>(g + i) * load<f32>(weight + i) - sum - y * along) * scale);
      }
    }
  }
}
