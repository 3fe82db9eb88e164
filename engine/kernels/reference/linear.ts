import type { Numbers } from '../../tensor/dtype.ts';
import type { Matrix } from './matmul.ts';

type Product = (
  a: Matrix,
  b: Matrix,
  out: Numbers,
  start: number,
  m: number,
  k: number,
  n: number,
  add: boolean,
) => void;

const rows = (data: Numbers, width: number): Matrix => ({ data, start: 0, rowStride: width, columnStride: 1 });
const turned = (data: Numbers, width: number): Matrix => ({ data, start: 0, rowStride: 1, columnStride: width });

/** A linear layer, with products of one kind or another. All arrays are row-major. */
export const linearBy = (matmul: Product) => ({
  /** x [m, k] · weight [n, k]ᵀ + bias [n] → out [m, n]. */
  linear(x: Numbers, weight: Numbers, bias: Numbers | null, out: Numbers, m: number, k: number, n: number): void {
    if (bias !== null) for (let i = 0; i < m; i++) out.set(bias, i * n);
    matmul(rows(x, k), turned(weight, k), out, 0, m, k, n, bias !== null);
  },

  /** Given g [m, n]: dx = g·weight, dw = gᵀ·x, db = the sums of g's columns, in float64; null for what isn't wanted. */
  linearBackward(
    g: Numbers,
    x: Numbers,
    weight: Numbers,
    dx: Numbers | null,
    dw: Numbers | null,
    db: Numbers | null,
    m: number,
    k: number,
    n: number,
  ): void {
    if (dx !== null) matmul(rows(g, n), rows(weight, k), dx, 0, m, n, k, false);
    if (dw !== null) matmul(turned(g, n), rows(x, k), dw, 0, n, m, k, false);
    if (db === null) return;
    const sums = new Float64Array(n);
    for (let i = 0, at = 0; i < m; i++) for (let j = 0; j < n; j++) sums[j] += g[at++];
    db.set(sums);
  },
});
