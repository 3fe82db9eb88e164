import type { Numbers } from '../../tensor/dtype.ts';

/** A matrix inside an array: its start, and the distances between rows and between columns. */
export interface Matrix {
  readonly data: Numbers;
  readonly start: number;
  readonly rowStride: number;
  readonly columnStride: number;
}

let left = new Float64Array(0);
let right = new Float64Array(0);

// Panels are padded with zeros to whole tiles, so the inner loop has no edge cases.
function packLeft({ data, start, rowStride, columnStride }: Matrix, m: number, k: number): Float64Array {
  const rows = m + (m & 1);
  if (left.length < rows * k) left = new Float64Array(rows * k);
  for (let i = 0, o = 0; i < m; i++)
    for (let p = 0, at = start + i * rowStride; p < k; p++, at += columnStride) left[o++] = data[at];
  if (rows > m) left.fill(0, m * k, rows * k);
  return left;
}

function packRight({ data, start, rowStride, columnStride }: Matrix, k: number, n: number): Float64Array {
  const whole = n - (n % 4);
  if (right.length < k * (whole + 4)) right = new Float64Array(k * (whole + 4));
  let o = 0;
  for (let j = 0; j < whole; j += 4)
    for (let p = 0, at = start + j * columnStride; p < k; p++, at += rowStride, o += 4) {
      right[o] = data[at];
      right[o + 1] = data[at + columnStride];
      right[o + 2] = data[at + 2 * columnStride];
      right[o + 3] = data[at + 3 * columnStride];
    }
  if (whole === n) return right;
  for (let p = 0; p < k; p++)
    for (let c = whole; c < whole + 4; c++) right[o++] = c < n ? data[start + p * rowStride + c * columnStride] : 0;
  return right;
}

export const matmul = {
  /**
   * out[m, n] = a[m, k] · b[k, n], row-major from `start`, added to what is there if `accumulate`. Works in 2 × 4 tiles
   * whose sums stay in registers, in float64: each element is rounded once.
   */
  matmul(
    a: Matrix,
    b: Matrix,
    out: Numbers,
    start: number,
    m: number,
    k: number,
    n: number,
    accumulate: boolean,
  ): void {
    const x = packLeft(a, m, k);
    const y = packRight(b, k, n);
    for (let i = 0; i < m; i += 2) {
      for (let j = 0; j < n; j += 4) {
        let c0 = 0;
        let c1 = 0;
        let c2 = 0;
        let c3 = 0;
        let d0 = 0;
        let d1 = 0;
        let d2 = 0;
        let d3 = 0;
        for (let p = i * k, r = j * k, end = p + k; p < end; p++, r += 4) {
          const u = x[p];
          const v = x[p + k];
          c0 += u * y[r];
          c1 += u * y[r + 1];
          c2 += u * y[r + 2];
          c3 += u * y[r + 3];
          d0 += v * y[r];
          d1 += v * y[r + 1];
          d2 += v * y[r + 2];
          d3 += v * y[r + 3];
        }
        const o = start + i * n + j;
        const width = n - j;
        out[o] = accumulate ? out[o] + c0 : c0;
        if (width > 1) out[o + 1] = accumulate ? out[o + 1] + c1 : c1;
        if (width > 2) out[o + 2] = accumulate ? out[o + 2] + c2 : c2;
        if (width > 3) out[o + 3] = accumulate ? out[o + 3] + c3 : c3;
        if (i + 1 === m) continue;
        out[o + n] = accumulate ? out[o + n] + d0 : d0;
        if (width > 1) out[o + n + 1] = accumulate ? out[o + n + 1] + d1 : d1;
        if (width > 2) out[o + n + 2] = accumulate ? out[o + n + 2] + d2 : d2;
        if (width > 3) out[o + n + 3] = accumulate ? out[o + n + 3] + d3 : d3;
      }
    }
  },
};
