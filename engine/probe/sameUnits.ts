import type { Numbers } from '../tensor/dtype.ts';
import type { Tensor } from '../tensor/tensor.ts';

/**
 * 1 if all units of a weight (the indices of its first dimension; of a matrix without a module, of either) are the same,
 * 0 if not, NaN if there are no units to compare. The first elements nearly always tell.
 */
export function sameUnits({ shape }: Tensor, weights: Numbers, loose: boolean): number {
  if (shape.length < 2 || shape[0] < 2) return Number.NaN;
  const inner = weights.length / shape[0];
  if (sameRows(weights, inner)) return 1;
  return loose && shape.length === 2 && inner > 1 && sameColumns(weights, inner) ? 1 : 0;
}

function sameRows(x: Numbers, inner: number): boolean {
  for (let i = inner; i < x.length; i++) if (x[i] !== x[i - inner]) return false;
  return true;
}

function sameColumns(x: Numbers, inner: number): boolean {
  for (let i = 1; i < x.length; i++) if (i % inner && x[i] !== x[i - 1]) return false;
  return true;
}
