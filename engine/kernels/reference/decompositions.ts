import {
  CholeskyDecomposition,
  determinant,
  EigenvalueDecomposition,
  inverse,
  Matrix,
  QrDecomposition,
  SingularValueDecomposition,
} from 'ml-matrix';
import type { Numbers } from '../../tensor/dtype.ts';

/** The `index`-th of a row of row-major matrices. */
const matrixAt = (data: Numbers, index: number, rows: number, columns: number): Matrix =>
  Matrix.from1DArray(rows, columns, Array.from(data.subarray(index * rows * columns, (index + 1) * rows * columns)));

function put(matrix: Matrix, out: Numbers, start: number): void {
  const { columns } = matrix;
  for (let r = 0; r < matrix.rows; r++) out.set(matrix.getRow(r), start + r * columns);
}

/** The columns turned so that the greatest component of each is positive: else a tiny change of A may turn them around. */
function withSigns(vectors: Matrix): Matrix {
  for (let c = 0; c < vectors.columns; c++) {
    const column = vectors.getColumn(c);
    const greatest = column.reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a), 0);
    if (greatest < 0) vectors.mulColumn(c, -1);
  }
  return vectors;
}

/** A square matrix made exactly symmetric. */
const symmetricPart = (matrix: Matrix): Matrix => Matrix.add(matrix, matrix.transpose()).mul(0.5);

/** Decompositions of batches of row-major matrices, by ml-matrix in float64. */
export const decompositions = {
  /** [n, n] each. Returns whether every matrix was regular. */
  inverse(a: Numbers, out: Numbers, n: number): boolean {
    for (let i = 0; i * n * n < a.length; i++) {
      const matrix = matrixAt(a, i, n, n);
      if (determinant(matrix) === 0) return false;
      put(inverse(matrix), out, i * n * n);
    }
    return true;
  },

  determinant(a: Numbers, out: Numbers, n: number): void {
    for (let i = 0; i < out.length; i++) out[i] = determinant(matrixAt(a, i, n, n));
  },

  /** The lower factor of (A + Aᵀ)/2. Returns whether every matrix was positive definite. */
  cholesky(a: Numbers, out: Numbers, n: number): boolean {
    for (let i = 0; i * n * n < a.length; i++) {
      const factors = new CholeskyDecomposition(symmetricPart(matrixAt(a, i, n, n)));
      if (!factors.isPositiveDefinite()) return false;
      put(factors.lowerTriangularMatrix, out, i * n * n);
    }
    return true;
  },

  /** Q [m, n] of matrices [m, n] with m ≥ n. */
  orthonormalize(a: Numbers, out: Numbers, m: number, n: number): void {
    for (let i = 0; i * m * n < a.length; i++) {
      put(new QrDecomposition(matrixAt(a, i, m, n)).orthogonalMatrix, out, i * m * n);
    }
  },

  /** U [m, k], the k singular values and V [n, k] one after the other, k = min(m, n). */
  singular(a: Numbers, out: Numbers, m: number, n: number): void {
    const k = Math.min(m, n);
    const size = (m + 1 + n) * k;
    for (let i = 0; i * m * n < a.length; i++) {
      const found = new SingularValueDecomposition(matrixAt(a, i, m, n), { autoTranspose: true });
      put(found.leftSingularVectors.subMatrix(0, m - 1, 0, k - 1), out, i * size);
      out.set(found.diagonal.slice(0, k), i * size + m * k);
      put(found.rightSingularVectors.subMatrix(0, n - 1, 0, k - 1), out, i * size + m * k + k);
    }
  },

  /** The n eigenvalues of (A + Aᵀ)/2, smallest first, and the orthonormal vectors [n, n] in columns, one after the other. */
  symmetric(a: Numbers, out: Numbers, n: number): void {
    const size = n + n * n;
    for (let i = 0; i * n * n < a.length; i++) {
      const found = new EigenvalueDecomposition(symmetricPart(matrixAt(a, i, n, n)), { assumeSymmetric: true });
      out.set(found.realEigenvalues, i * size);
      put(withSigns(found.eigenvectorMatrix), out, i * size + n);
    }
  },

  /** The pseudoinverse [n, m], with singular values below rtol·(the greatest) taken for 0. */
  pseudoinverse(a: Numbers, out: Numbers, m: number, n: number, rtol: number): void {
    const k = Math.min(m, n);
    const parts = new Float64Array((m + 1 + n) * k);
    for (let i = 0; i * m * n < a.length; i++) {
      decompositions.singular(a.subarray(i * m * n, (i + 1) * m * n), parts, m, n);
      const u = matrixAt(parts, 0, m, k);
      const scales = Array.from(parts.subarray(m * k, m * k + k), (s) => (s > rtol * parts[m * k] ? 1 / s : 0));
      const v = Matrix.from1DArray(n, k, Array.from(parts.subarray(m * k + k)));
      put(v.mulRowVector(scales).mmul(u.transpose()), out, i * m * n);
    }
  },
};
