import { observer } from '../../autograd/observer.ts';
import { zerosLike } from '../../tensor/create.ts';
import { DTypeError, ShapeError, showShape } from '../../tensor/errors.ts';
import { sameShape } from '../../tensor/shape.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { known } from './given.ts';
import { checkPair, type LossOptions, reduce } from './reduction.ts';

// Losses that ask for a distance, up to a margin.

/** The margin between two scores, for targets y of ±1: max(0, −y·(x₁ − x₂) + margin). */
export function marginRankingLoss(
  input1: Tensor,
  input2: Tensor,
  target: Tensor,
  options: LossOptions & { readonly margin?: number } = {},
): Tensor {
  const { reduction, margin = 0 } = known('marginRankingLoss', options, ['reduction', 'margin']);
  checkPair('marginRankingLoss', input1, input2);
  return reduce(target.neg().mul(input1.sub(input2)).add(margin).relu(), reduction);
}

/** For targets y of ±1 [n]: 1 − cos(x₁, x₂) where y = 1, max(0, cos(x₁, x₂) − margin) where y = −1. */
export function cosineEmbeddingLoss(
  input1: Tensor,
  input2: Tensor,
  target: Tensor,
  options: LossOptions & { readonly margin?: number } = {},
): Tensor {
  const { reduction, margin = 0 } = known('cosineEmbeddingLoss', options, ['reduction', 'margin']);
  const cosine = cosineSimilarity(input1, input2);
  checkPair('cosineEmbeddingLoss', cosine, target);
  return reduce(target.eq(1).where(cosine.neg().add(1), cosine.sub(margin).relu()), reduction);
}

/** x·y/(‖x‖‖y‖) along a dimension; norms below `eps` count as eps. */
export function cosineSimilarity(
  x: Tensor,
  y: Tensor,
  options: { readonly dim?: number; readonly eps?: number } = {},
): Tensor {
  const { dim = 1, eps = 1e-8 } = known('cosineSimilarity', options, ['dim', 'eps']);
  const lengths = x
    .norm(2, dim)
    .clamp({ min: eps })
    .mul(y.norm(2, dim).clamp({ min: eps }));
  return x.mul(y).sum(dim).div(lengths);
}

/** For targets y of ±1: x where y = 1, max(0, margin − x) where y = −1. */
export function hingeEmbeddingLoss(
  input: Tensor,
  target: Tensor,
  options: LossOptions & { readonly margin?: number } = {},
): Tensor {
  const { reduction, margin = 1 } = known('hingeEmbeddingLoss', options, ['reduction', 'margin']);
  checkPair('hingeEmbeddingLoss', input, target);
  return reduce(target.eq(1).where(input, input.neg().add(margin).relu()), reduction);
}

/** ln(1 + e^(−y·x)) for targets y of ±1. */
export function softMarginLoss(input: Tensor, target: Tensor, options: LossOptions = {}): Tensor {
  const { reduction } = known('softMarginLoss', options, ['reduction']);
  checkPair('softMarginLoss', input, target);
  observer?.lossGiven('softMarginLoss', input, target, {});
  return reduce(target.mul(input).logSigmoid().neg(), reduction);
}

export interface MultiMarginOptions extends LossOptions {
  /** The power of each hinge: 1 or 2. Default 1. */
  readonly p?: 1 | 2;
  /** Default 1. */
  readonly margin?: number;
  /** [classes]: how much each class counts. */
  readonly weight?: Tensor;
}

/** The mean over the classes j ≠ y of max(0, margin − x[y] + x[j])ᵖ, for scores x [n, classes] and int32 classes y [n] (Crammer & Singer 2001). */
export function multiMarginLoss(input: Tensor, target: Tensor, options: MultiMarginOptions = {}): Tensor {
  const {
    reduction,
    p = 1,
    margin = 1,
    weight,
  } = known('multiMarginLoss', options, ['reduction', 'p', 'margin', 'weight']);
  if (input.shape.length === 1) {
    return multiMarginLoss(input.unsqueeze(0), target.reshape([1]), { reduction, p, margin, weight });
  }
  const classes = rightClasses('multiMarginLoss', input, target, [input.shape[0]]).unsqueeze(1);
  const hinges = input.sub(input.gather(1, classes)).add(margin).relu();
  const powers = p === 2 ? hinges.square() : hinges;
  const weights = weight === undefined ? powers : powers.mul(weight.take(classes));
  const others = zerosLike(input).scatter(1, classes, 1).eq(0);
  return reduce(others.where(weights, 0).mean(1), reduction);
}

/**
 * Σ max(0, 1 − x[y] + x[j])/classes over all right classes y and wrong classes j of each sample: scores x [n, classes], and int32
 * lists [n, classes] of the right classes, each ended by −1.
 */
export function multilabelMarginLoss(input: Tensor, target: Tensor, options: LossOptions = {}): Tensor {
  const { reduction } = known('multilabelMarginLoss', options, ['reduction']);
  if (input.shape.length === 1) {
    return multilabelMarginLoss(input.unsqueeze(0), target.unsqueeze(0), { reduction });
  }
  const listed = rightClasses('multilabelMarginLoss', input, target, input.shape).lt(0).to('int32').cumsum(1).eq(0);
  const classes = listed.where(target, 0);
  const right = zerosLike(input).scatterAdd(1, classes, listed.to(input.dtype));
  // [n, right, wrong]
  const hinges = input.unsqueeze(1).sub(input.gather(1, classes).unsqueeze(2)).add(1).relu();
  const counted = listed.unsqueeze(2).logicalAnd(right.eq(0).unsqueeze(1));
  const losses = counted.where(hinges, 0).sum([1, 2]).div(input.shape[1]);
  return reduce(losses, reduction);
}

function rightClasses(loss: string, input: Tensor, target: Tensor, shape: readonly number[]): Tensor {
  if (input.shape.length !== 2 || !sameShape(target.shape, shape)) {
    throw new ShapeError(
      `${loss}: expected scores [n, classes] and classes ${showShape(shape)}, got ${showShape(input.shape)} and ${showShape(target.shape)}.`,
    );
  }
  if (target.dtype !== 'int32') throw new DTypeError(`${loss}: classes must be int32, got ${target.dtype}.`);
  return target;
}
