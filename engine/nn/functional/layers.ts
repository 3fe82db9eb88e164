import { apply } from '../../autograd/apply.ts';
import { together } from '../../tensor/convert.ts';
import { ones, zeros } from '../../tensor/create.ts';
import { ShapeError, showShape } from '../../tensor/errors.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { dropout } from './activation.ts';

/** x [batch…, in], weight [out, in], bias [out] → x·weightᵀ + bias [batch…, out]. */
export function linear(x: Tensor, weight: Tensor, bias: Tensor | null = null): Tensor {
  const [input, w] = together(x, weight);
  return apply('linear', bias === null ? [input, w] : [input, w, bias], {});
}

/** int32 indices [any…], weight [count, width] → its rows [any…, width]. @throws ShapeError for an index out of range. */
export function embedding(indices: Tensor, weight: Tensor): Tensor {
  return weight.indexSelect(0, indices.reshape([-1])).reshape([...indices.shape, weight.shape[1]]);
}

/** int32 classes [any…] → float32 [any…, classes] with a 1 at each class. */
export function oneHot(classes: Tensor, count = classes.max().item() + 1): Tensor {
  const index = classes.unsqueeze(-1);
  return zeros([...classes.shape, count]).scatterAdd(-1, index, ones(index.shape));
}

/** Surrounds with a constant: [left, right] of the last dimension, then of the one before, and so on. */
export function pad(x: Tensor, amounts: readonly number[], value = 0): Tensor {
  let padded = value === 0 ? x : x.sub(value);
  for (let i = 0; i < amounts.length / 2; i++) {
    const dim = x.shape.length - 1 - i;
    const [before, after] = [amounts[2 * i], amounts[2 * i + 1]];
    if (before < 0 || after < 0) throw new ShapeError(`pad: amounts must not be negative, got ${showShape(amounts)}.`);
    const size = x.shape[dim];
    padded = apply('place', [padded], { dim, start: before, end: before + size, step: 1, size: before + size + after });
  }
  return value === 0 ? padded : padded.add(value);
}

export interface AttentionOptions {
  /** Hide the future: query i sees keys up to i. Default false. */
  readonly isCausal?: boolean;
  /** bool [.., queries, keys], true where a query may look; or a float added to the scores. */
  readonly mask?: Tensor;
  /** Probability with which attention weights are dropped. Default 0. */
  readonly dropout?: number;
  /** Default 1/√width. */
  readonly scale?: number;
}

/**
 * softmax(query·keyᵀ/√width)·value over [batch…, positions, width] (Vaswani et al. 2017).
 * @returns [batch…, queries, width of value].
 */
export function scaledDotProductAttention(
  query: Tensor,
  key: Tensor,
  value: Tensor,
  options: AttentionOptions = {},
): Tensor {
  const [queries, width] = query.shape.slice(-2);
  const keys = key.shape[key.shape.length - 2];
  let scores = query.mul(options.scale ?? 1 / Math.sqrt(width)).matmul(key.transpose(-2, -1));
  if (options.isCausal) scores = scores.maskedFill(ones([queries, keys], { dtype: 'bool' }).triu(1), -Infinity);
  const { mask } = options;
  if (mask !== undefined)
    scores = mask.dtype === 'bool' ? scores.maskedFill(mask.logicalNot(), -Infinity) : scores.add(mask);
  return dropout(scores.softmax(-1), { p: options.dropout ?? 0 }).matmul(value);
}
