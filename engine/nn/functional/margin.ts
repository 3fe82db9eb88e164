import type { Tensor } from '../../tensor/tensor.ts';
import { checkPair, type LossOptions, reduce } from './reduction.ts';

// Losses that ask for a distance, up to a margin.

/** The margin between two scores, for targets y of ±1: max(0, −y·(x₁ − x₂) + margin). */
export function marginRankingLoss(
  input1: Tensor,
  input2: Tensor,
  target: Tensor,
  { reduction, margin = 0 }: LossOptions & { readonly margin?: number } = {},
): Tensor {
  checkPair('marginRankingLoss', input1, input2);
  return reduce(target.neg().mul(input1.sub(input2)).add(margin).relu(), reduction);
}

/** max(0, ‖a − p‖ − ‖a − n‖ + margin) over [n, features]: the positive nearer to the anchor than the negative. */
export function tripletMarginLoss(
  anchor: Tensor,
  positive: Tensor,
  negative: Tensor,
  { reduction, margin = 1 }: LossOptions & { readonly margin?: number } = {},
): Tensor {
  checkPair('tripletMarginLoss', anchor, positive);
  checkPair('tripletMarginLoss', anchor, negative);
  // PyTorch adds 1e-6 to each difference, so that the norm has a derivative where they are equal.
  const distance = (other: Tensor) => anchor.sub(other).add(1e-6).norm(-1);
  return reduce(distance(positive).sub(distance(negative)).add(margin).relu(), reduction);
}

/** For targets y of ±1 [n]: 1 − cos(x₁, x₂) where y = 1, max(0, cos(x₁, x₂) − margin) where y = −1. */
export function cosineEmbeddingLoss(
  input1: Tensor,
  input2: Tensor,
  target: Tensor,
  { reduction, margin = 0 }: LossOptions & { readonly margin?: number } = {},
): Tensor {
  const cosine = cosineSimilarity(input1, input2);
  checkPair('cosineEmbeddingLoss', cosine, target);
  return reduce(target.eq(1).where(cosine.neg().add(1), cosine.sub(margin).relu()), reduction);
}

/** x·y/(‖x‖‖y‖) along a dimension; norms below `eps` count as eps. */
export function cosineSimilarity(
  x: Tensor,
  y: Tensor,
  { dim = 1, eps = 1e-8 }: { readonly dim?: number; readonly eps?: number } = {},
): Tensor {
  const lengths = x
    .norm(dim)
    .clamp({ min: eps })
    .mul(y.norm(dim).clamp({ min: eps }));
  return x.mul(y).sum(dim).div(lengths);
}

/** For targets y of ±1: x where y = 1, max(0, margin − x) where y = −1. */
export function hingeEmbeddingLoss(
  input: Tensor,
  target: Tensor,
  { reduction, margin = 1 }: LossOptions & { readonly margin?: number } = {},
): Tensor {
  checkPair('hingeEmbeddingLoss', input, target);
  return reduce(target.eq(1).where(input, input.neg().add(margin).relu()), reduction);
}

/** ln(1 + e^(−y·x)) for targets y of ±1. */
export function softMarginLoss(input: Tensor, target: Tensor, { reduction }: LossOptions = {}): Tensor {
  checkPair('softMarginLoss', input, target);
  return reduce(target.mul(input).logSigmoid().neg(), reduction);
}

/** ½(ln max(v, eps) + (x − y)²/max(v, eps)) for a predicted variance v. */
export function gaussianNllLoss(
  input: Tensor,
  target: Tensor,
  variance: Tensor,
  { reduction, eps = 1e-6, full = false }: LossOptions & { readonly eps?: number; readonly full?: boolean } = {},
): Tensor {
  checkPair('gaussianNllLoss', input, target);
  const v = variance.clamp({ min: eps });
  const losses = v.log().add(input.sub(target).square().div(v)).mul(0.5);
  return reduce(full ? losses.add(0.5 * Math.log(2 * Math.PI)) : losses, reduction);
}
