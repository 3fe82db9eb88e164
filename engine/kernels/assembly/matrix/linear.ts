// A linear layer in one call each way: for small ones the calls cost more than the products.
import { matmul, matmulWide } from './gemm';
import { madd, total } from '../simd';

/** Columns of the result up to which 4 × 16 tiles waste more than they gain. */
const NARROW: i32 = 8;

// @ts-ignore: decorator
@inline
function product(
  a: usize,
  aRow: i32,
  aColumn: i32,
  b: usize,
  bRow: i32,
  bColumn: i32,
  c: usize,
  m: i32,
  k: i32,
  n: i32,
  add: bool,
  wide: bool,
): void {
  if (wide && n > NARROW) matmulWide(a, aRow, aColumn, b, bRow, bColumn, c, n, m, k, n, add);
  else matmul(a, aRow, aColumn, b, bRow, bColumn, c, n, m, k, n, add);
}

/** out[m, n] = row[n], m times. */
export function fillRows(row: usize, out: usize, m: i32, n: i32): void {
  for (; m > 0; m--) {
    let from = row;
    let left = n;
    for (; left >= 4; left -= 4, from += 16, out += 16) v128.store(out, v128.load(from));
    for (; left > 0; left--, from += 4, out += 4) store<f32>(out, load<f32>(from));
  }
}

/** out[m] = x [m, k] · w [k] + b: a layer with one output, for which tiles would be almost empty. */
function oneOutput(x: usize, w: usize, b: f32, out: usize, m: i32, k: i32): void {
  for (; m > 0; m--, out += 4) {
    let sums = f32x4.splat(0);
    let from = w;
    let left = k;
    for (; left >= 4; left -= 4, from += 16, x += 16) sums = madd(v128.load(x), v128.load(from), sums);
    let sum = total(sums);
    for (; left > 0; left--, from += 4, x += 4) sum += load<f32>(x) * load<f32>(from);
    store<f32>(out, sum + b);
  }
}

/** dx[m, k] = g [m] · w [k]. */
function outer(g: usize, w: usize, dx: usize, m: i32, k: i32): void {
  for (; m > 0; m--, g += 4) {
    const factor = v128.load_splat<f32>(g);
    let from = w;
    let left = k;
    for (; left >= 4; left -= 4, from += 16, dx += 16) v128.store(dx, f32x4.mul(factor, v128.load(from)));
    for (; left > 0; left--, from += 4, dx += 4) store<f32>(dx, load<f32>(g) * load<f32>(from));
  }
}

/** dw[k] = g [m] · x [m, k]. */
function rowSums(g: usize, x: usize, dw: usize, m: i32, k: i32): void {
  const line = <usize>k << 2;
  let j = 0;
  for (; j + 4 <= k; j += 4) {
    let sums = f32x4.splat(0);
    let from = x + (<usize>j << 2);
    for (let i = 0; i < m; i++, from += line) {
      sums = madd(v128.load_splat<f32>(g + (<usize>i << 2)), v128.load(from), sums);
    }
    v128.store(dw + (<usize>j << 2), sums);
  }
  for (; j < k; j++) {
    let sum: f32 = 0;
    let from = x + (<usize>j << 2);
    for (let i = 0; i < m; i++, from += line) sum += load<f32>(g + (<usize>i << 2)) * load<f32>(from);
    store<f32>(dw + (<usize>j << 2), sum);
  }
}

/** sums[n] = Σ g[m, n] over m, added up in float64. */
export function columnSums(g: usize, sums: usize, m: i32, n: i32): void {
  const line = <usize>n << 2;
  let j = 0;
  for (; j + 4 <= n; j += 4) {
    let low = f64x2.splat(0);
    let high = low;
    let from = g + (<usize>j << 2);
    for (let i = 0; i < m; i++, from += line) {
      const v = v128.load(from);
      low = f64x2.add(low, f64x2.promote_low_f32x4(v));
      high = f64x2.add(high, f64x2.promote_low_f32x4(v128.shuffle<f32>(v, v, 2, 3, 2, 3)));
    }
    const both = v128.shuffle<f32>(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 1, 4, 5);
    v128.store(sums + (<usize>j << 2), both);
  }
  for (; j < n; j++) {
    let sum: f64 = 0;
    let from = g + (<usize>j << 2);
    for (let i = 0; i < m; i++, from += line) sum += load<f32>(from);
    store<f32>(sums + (<usize>j << 2), <f32>sum);
  }
}

/** x [m, k] · weight [n, k]ᵀ + bias [n] → out [m, n]; `bias` 0 for none. */
export function linear(
  x: usize,
  weight: usize,
  bias: usize,
  out: usize,
  m: i32,
  k: i32,
  n: i32,
  wide: bool,
): void {
  if (n == 1) {
    oneOutput(x, weight, bias == 0 ? 0 : load<f32>(bias), out, m, k);
    return;
  }
  if (bias != 0) fillRows(bias, out, m, n);
  product(x, k, 1, weight, 1, k, out, m, k, n, bias != 0, wide);
}

/** The gradients, given g [m, n]: dx = g·weight, dw = gᵀ·x, db = the sums of g's columns; 0 for what isn't wanted. */
export function linearBackward(
  g: usize,
  x: usize,
  weight: usize,
  dx: usize,
  dw: usize,
  db: usize,
  m: i32,
  k: i32,
  n: i32,
  wide: bool,
): void {
  if (n == 1) {
    if (dx != 0) outer(g, weight, dx, m, k);
    if (dw != 0) rowSums(g, x, dw, m, k);
    if (db != 0) columnSums(g, db, m, 1);
    return;
  }
  if (dx != 0) product(g, n, 1, weight, k, 1, dx, m, n, k, false, wide);
  if (dw != 0) product(g, 1, n, x, k, 1, dw, n, m, k, false, wide);
  if (db != 0) columnSums(g, db, m, n);
}
