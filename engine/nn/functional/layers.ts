import { apply } from '../../autograd/apply.ts';
import { noGrad } from '../../autograd/mode.ts';
import { together } from '../../tensor/convert.ts';
import { ones, zeros } from '../../tensor/create.ts';
import { isFloating } from '../../tensor/dtype.ts';
import { sameShape } from '../../tensor/shape.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { dropout } from './dropout.ts';
import { known } from './given.ts';
import { rowOf } from './sizes.ts';

/** x [batch…, in], weight [out, in], bias [out] → x·weightᵀ + bias [batch…, out]. */
export function linear(x: Tensor, weight: Tensor, bias: Tensor | null = null): Tensor {
  const [input, w] = together(x, weight);
  return apply('linear', bias === null ? [input, w] : [input, w, bias], {});
}

export interface EmbeddingOptions {
  /** A row that is not trained; negative counts from the end. Default none. */
  readonly paddingIdx?: number | null;
  /** Rows that are looked up are first shortened, in place, to this norm at most. Default none. */
  readonly maxNorm?: number | null;
  /** Which norm that is. Default 2. */
  readonly normType?: number;
}

function limitRows(indices: Tensor, weight: Tensor, maxNorm: number, normType: number): void {
  noGrad(() => {
    const used = indices.reshape([-1]).unique();
    const rows = weight.indexSelect(0, used);
    const lengths = rows.norm(normType, 1, true);
    weight.indexCopy_(0, used, lengths.gt(maxNorm).where(rows.mul(maxNorm).div(lengths.add(1e-7)), rows));
  });
}

/**
 * int32 indices [any…], weight [count, width] → its rows [any…, width]; the row `paddingIdx` gets no gradient.
 * @throws ShapeError for an index out of range.
 */
export function embedding(indices: Tensor, weight: Tensor, options: EmbeddingOptions = {}): Tensor {
  const { paddingIdx, maxNorm, normType = 2 } = known('embedding', options, ['paddingIdx', 'maxNorm', 'normType']);
  if (maxNorm !== undefined && maxNorm !== null) limitRows(indices, weight, maxNorm, normType);
  const rows = weight.indexSelect(0, indices.reshape([-1])).reshape([...indices.shape, weight.shape[1]]);
  if (paddingIdx === undefined || paddingIdx === null) return rows;
  return indices
    .eq(rowOf('embedding', paddingIdx, weight.shape[0]))
    .unsqueeze(-1)
    .where(rows.detach(), rows);
}

/** int32 classes [any…] → float32 [any…, classes] with a 1 at each class. */
export function oneHot(classes: Tensor, count = classes.max().item() + 1): Tensor {
  const index = classes.unsqueeze(-1);
  return zeros([...classes.shape, count]).scatterAdd(-1, index, ones(index.shape));
}

export interface AttentionOptions {
  /** Hide the future: query i sees keys up to i. Default false. */
  readonly isCausal?: boolean;
  /** bool [.., queries, keys], true where a query may look; or a float added to the scores. */
  readonly mask?: Tensor;
  /** PyTorch's name for `mask`. */
  readonly attnMask?: Tensor | null;
  /** Probability with which attention weights are dropped. Default 0. */
  readonly dropout?: number;
  /** PyTorch's name for `dropout`. */
  readonly dropoutP?: number;
  /** Default 1/√width. */
  readonly scale?: number;
}

const attentionNames = ['attnMask', 'dropoutP', 'isCausal', 'scale', 'mask', 'dropout'] as const;

/** softmax(query·keyᵀ/√width), with dropout: how much each query takes from each key, [batch…, queries, keys]. */
export function attentionWeights(query: Tensor, key: Tensor, options: AttentionOptions = {}): Tensor {
  known('scaledDotProductAttention', options, attentionNames);
  const [queries, width] = query.shape.slice(-2);
  const keys = key.shape[key.shape.length - 2];
  let scores = query.mul(options.scale ?? 1 / Math.sqrt(width)).matmul(key.transpose(-2, -1));
  if (options.isCausal) scores = scores.maskedFill(ones([queries, keys], { dtype: 'bool' }).triu(1), -Infinity);
  const mask = options.mask ?? options.attnMask ?? undefined;
  if (mask !== undefined)
    scores = mask.dtype === 'bool' ? scores.maskedFill(mask.logicalNot(), -Infinity) : scores.add(mask);
  return dropout(scores.softmax(-1), { p: options.dropout ?? options.dropoutP ?? 0 });
}

/** What a mask adds to the scores: 0, and −Infinity where a boolean one hides. `seen`: whether true means that one may look. */
export const addedMask = (mask: Tensor, like: Tensor, seen: boolean): Tensor =>
  (mask.dtype === 'bool' ? (seen ? mask.logicalNot() : mask).where(-Infinity, zeros([])) : mask).to(like.dtype);

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
  const { isCausal = false, scale, mask, attnMask } = known('scaledDotProductAttention', options, attentionNames);
  const dropped = options.dropout ?? options.dropoutP ?? 0;
  const inputs = [query, key, value];
  const rank = query.shape.length;
  const lead = query.shape.slice(0, -2);
  const alike = inputs.every(({ shape, dtype }) => dtype === query.dtype && sameShape(shape.slice(0, -2), lead));
  const hidden = mask ?? attnMask ?? undefined;
  if (dropped > 0 || rank < 3 || rank > 4 || !alike || !isFloating(query.dtype) || (hidden?.shape.length ?? 2) < 2)
    return attentionWeights(query, key, options).matmul(value);
  // as one operation, which takes [n, positions, heads, width]
  const heads = inputs.map((x) => (rank === 3 ? x.unsqueeze(2) : x.transpose(1, 2)));
  if (hidden !== undefined) {
    const added = addedMask(hidden, query, true);
    heads.push(rank === 3 && added.shape.length === 3 ? added.unsqueeze(1) : added);
  }
  const attributes = { scale: scale ?? 1 / Math.sqrt(query.shape[rank - 1]), causal: isCausal };
  const result = apply('attention', heads, attributes);
  return rank === 3 ? result.squeeze(2) : result.transpose(1, 2);
}
