import { apply } from '../autograd/apply.ts';
import { unpack } from '../ops/linalg.ts';
import { none } from '../ops/operation.ts';
import { floating } from './convert.ts';
import { ShapeError, showShape } from './errors.ts';
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
export function qr(a: Tensor): { q: Tensor; r: Tensor } {
  const [m, n] = sizes('qr', a);
  const q = apply('orthonormalize', [floating(a).slice(-1, 0, Math.min(m, n))], none);
  return { q, r: q.transpose(-2, -1).matmul(floating(a)).triu() };
}

/** U [m, k], singular values s [k], greatest first, and Vᵀ [k, n] with U·diag(s)·Vᵀ = A and k = min(m, n). */
export function svd(a: Tensor): { u: Tensor; s: Tensor; vh: Tensor } {
  const [m, n] = sizes('svd', a);
  const { u, s, v } = unpack(apply('singular', [floating(a)], none), m, n);
  return { u, s, vh: v.transpose(-2, -1) };
}

export const svdvals = (a: Tensor): Tensor => svd(a).s;
