import { apply } from '../autograd/apply.ts';
import { CustomFunction } from '../autograd/function.ts';
import { unpack, unpackSymmetric } from '../ops/linalg.ts';
import { none } from '../ops/operation.ts';
import { floating } from './convert.ts';
import { dtypes } from './dtype.ts';
import { ShapeError, showShape } from './errors.ts';
import { named } from './named.ts';
import type { Tensor } from './tensor.ts';

// PyTorch's `torch.linalg`, for matrices [m, n] and batches [batch…, m, n].

function sizes(name: string, { shape }: Tensor): [m: number, n: number] {
  if (shape.length < 2) throw new ShapeError(`${name}: expected a matrix or a batch of them, got ${showShape(shape)}.`);
  return [shape[shape.length - 2], shape[shape.length - 1]];
}

/** A⁻¹. @throws ArgumentError if a matrix is singular. */
export const inv = (a: Tensor): Tensor => a.inverse();

export const det = (a: Tensor): Tensor => a.det();

/** X with A·X = B, for B [batch…, n, k] or [n]. @throws ArgumentError if A is singular. */
export const solve = (a: Tensor, b: Tensor): Tensor => a.inverse().matmul(b);

/** L, lower triangular, with L·Lᵀ = A. @throws ArgumentError unless A is positive definite. */
export const cholesky = (a: Tensor): Tensor => apply('cholesky', [floating(a)], none);

/** Q [m, k] with orthonormal columns and R [k, n], upper triangular, with Q·R = A and k = min(m, n). */
export function qr(a: Tensor): { q: Tensor; r: Tensor } & Iterable<Tensor> {
  const [m, n] = sizes('qr', a);
  const q = apply('orthonormalize', [floating(a).slice(-1, 0, Math.min(m, n))], none);
  return named({ q, r: q.transpose(-2, -1).matmul(floating(a)).triu() });
}

/** U [m, k], singular values s [k], greatest first, and Vᵀ [k, n] with U·diag(s)·Vᵀ = A and k = min(m, n). */
export function svd(a: Tensor): { u: Tensor; s: Tensor; vh: Tensor } & Iterable<Tensor> {
  const [m, n] = sizes('svd', a);
  const { u, s, v } = unpack(apply('singular', [floating(a)], none), m, n);
  return named({ u, s, vh: v.transpose(-2, -1) });
}

export const svdvals = (a: Tensor): Tensor => svd(a).s;

/** The symmetric matrices that lower triangles stand for. */
class FromLower extends CustomFunction {
  static override forward(_: unknown, a: Tensor): Tensor {
    sizes('eigh', a);
    return a.tril().add(a.tril(-1).transpose(-2, -1));
  }

  static override backward(_: unknown, gradient: Tensor): Tensor {
    return gradient;
  }
}

/**
 * Eigenvalues of symmetric matrices, ascending [n], and orthonormal eigenvectors in columns [n, n], the greatest component of each
 * positive. Looks at the lower triangle only; the gradient is that of the whole symmetric matrix, as in PyTorch.
 */
export function eigh(a: Tensor): { eigenvalues: Tensor; eigenvectors: Tensor } & Iterable<Tensor> {
  const packed = apply('symmetric', [FromLower.apply(floating(a))], none);
  const { values: eigenvalues, vectors: eigenvectors } = unpackSymmetric(packed, a.shape[a.shape.length - 1]);
  return named({ eigenvalues, eigenvectors });
}

export const eigvalsh = (a: Tensor): Tensor => eigh(a).eigenvalues;

export interface RankOptions {
  /** Singular values below this share of the greatest count as 0. Default max(m, n)·ε of the element type. */
  readonly rtol?: number;
}

function cutoff(name: string, a: Tensor, { rtol }: RankOptions): number {
  return rtol ?? Math.max(...sizes(name, a)) * dtypes[floating(a).dtype].epsilon;
}

/** The pseudoinverse [n, m] (Moore–Penrose). Its gradient is right as long as the rank stays. */
export const pinv = (a: Tensor, options: RankOptions = {}): Tensor =>
  apply('pseudoinverse', [floating(a)], { rtol: cutoff('pinv', a, options) });

/** int32: how many singular values aren't 0. */
export function matrixRank(a: Tensor, options: RankOptions = {}): Tensor {
  const s = svdvals(a).detach();
  return s.gt(s.amax(-1, { keepdim: true }).mul(cutoff('matrixRank', a, options))).sum(-1);
}

export interface LeastSquares {
  /** [batch…, n, k]; [n] for a vector. Of several the shortest. */
  readonly solution: Tensor;
  /** The sums of squares that are left, per column; empty unless m > n and the rank is full. */
  readonly residuals: Tensor;
  /** int32, per matrix. */
  readonly rank: Tensor;
  /** Greatest first. */
  readonly singularValues: Tensor;
}

/** X with the least ‖A·X − B‖, for B [batch…, m, k] or [m]. */
export function lstsq(a: Tensor, b: Tensor, options: RankOptions = {}): LeastSquares {
  const [m, n] = sizes('lstsq', a);
  const rows = b.shape.length === 1 ? b.shape[0] : b.shape[b.shape.length - 2];
  if (rows !== m) {
    throw new ShapeError(
      `lstsq: expected a right side of ${m} rows for ${showShape(a.shape)}, got ${showShape(b.shape)}.`,
    );
  }
  const solution = pinv(a, options).matmul(b);
  const rank = matrixRank(a, options);
  const overdetermined = m > n && rank.eq(n).all().item() !== 0;
  const left = (): Tensor => a.matmul(solution).sub(b).square();
  const residuals = overdetermined ? left().sum(b.shape.length === 1 ? 0 : -2) : solution.newTensor([], [0]);
  return { solution, residuals, rank, singularValues: svdvals(a) };
}
