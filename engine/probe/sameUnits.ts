import { elements } from '../tensor/elements.ts';
import type { Tensor } from '../tensor/tensor.ts';

/**
 * 1 if all units of a weight (the indices of its first dimension) are the same, 0 if not, NaN if there are no units to
 * compare. The first elements nearly always tell.
 */
export function sameUnits(weight: Tensor): number {
  const { shape, strides, offset, storage } = weight;
  if (shape.length < 2 || shape[0] < 2) return Number.NaN;
  const { data } = storage;
  // where the type is known V8 reads at once
  if (data instanceof Float32Array) {
    if (data[offset] !== data[offset + strides[0]]) return 0;
  } else if (data[offset] !== data[offset + strides[0]]) return 0;
  const weights = elements(weight);
  const inner = weights.length / shape[0];
  for (let i = inner; i < weights.length; i++) if (weights[i] !== weights[i - inner]) return 0;
  return 1;
}
