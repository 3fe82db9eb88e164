import { isFloating } from '../../tensor/dtype.ts';
import { ArgumentError, DTypeError, ShapeError, showShape } from '../../tensor/errors.ts';
import { sameShape } from '../../tensor/shape.ts';
import type { Tensor } from '../../tensor/tensor.ts';

/** How the losses of elements become one: their mean, their sum, or left apart. */
export type Reduction = 'mean' | 'sum' | 'none';

export interface LossOptions {
  /** Default mean. */
  readonly reduction?: Reduction;
}

function reduce(loss: Tensor, reduction: Reduction = 'mean'): Tensor {
  return reduction === 'mean' ? loss.mean() : reduction === 'sum' ? loss.sum() : loss;
}

/** Broadcasting a target by accident ([n] against [n, 1]) would train on wrong pairs without a word. */
function checkPair(loss: string, input: Tensor, target: Tensor): void {
  if (sameShape(input.shape, target.shape)) return;
  throw new ShapeError(
    `${loss}: input ${showShape(input.shape)} and target ${showShape(target.shape)} must have the same shape. ` +
      'Use reshape, squeeze or unsqueeze on one of them.',
  );
}

/** (x − y)². */
export function mseLoss(input: Tensor, target: Tensor, { reduction }: LossOptions = {}): Tensor {
  checkPair('mseLoss', input, target);
  return reduce(input.sub(target).square(), reduction);
}

/** |x − y|. */
export function l1Loss(input: Tensor, target: Tensor, { reduction }: LossOptions = {}): Tensor {
  checkPair('l1Loss', input, target);
  return reduce(input.sub(target).abs(), reduction);
}

/** d²/2 for |d| < delta, delta·(|d| − delta/2) beyond, with d = x − y (Huber 1964). */
export function huberLoss(
  input: Tensor,
  target: Tensor,
  options: LossOptions & { readonly delta?: number } = {},
): Tensor {
  checkPair('huberLoss', input, target);
  const { delta = 1, reduction } = options;
  const distance = input.sub(target).abs();
  // With c = min(|d|, delta) both cases are c·(|d| − c/2).
  const near = distance.clamp({ max: delta });
  return reduce(near.mul(distance.sub(near.mul(0.5))), reduction);
}

/** Huber's loss divided by `beta`, its delta; the L1 loss for beta 0 (Girshick 2015). */
export function smoothL1Loss(
  input: Tensor,
  target: Tensor,
  options: LossOptions & { readonly beta?: number } = {},
): Tensor {
  const { beta = 1, reduction } = options;
  if (beta === 0) return l1Loss(input, target, { reduction });
  return huberLoss(input, target, { delta: beta, reduction }).div(beta);
}

/** −y·ln x − (1 − y)·ln(1 − x) for probabilities x, each logarithm at least −100. */
export function binaryCrossEntropy(input: Tensor, target: Tensor, { reduction }: LossOptions = {}): Tensor {
  checkPair('binaryCrossEntropy', input, target);
  const yes = target.mul(input.log().clamp({ min: -100 }));
  const no = target
    .neg()
    .add(1)
    .mul(input.neg().add(1).log().clamp({ min: -100 }));
  return reduce(yes.add(no).neg(), reduction);
}

/** The same for logits, without overflow: (1 − y)·x − ln σ(x). `posWeight` multiplies the loss of positive targets. */
export function binaryCrossEntropyWithLogits(
  input: Tensor,
  target: Tensor,
  { reduction, posWeight }: LossOptions & { readonly posWeight?: Tensor } = {},
): Tensor {
  checkPair('binaryCrossEntropyWithLogits', input, target);
  const negative = target.neg().add(1).mul(input);
  const log = input.logSigmoid();
  if (posWeight === undefined) return reduce(negative.sub(log), reduction);
  // (1 − y)·x − (1 + (p − 1)·y)·ln σ(x)
  return reduce(negative.sub(posWeight.sub(1).mul(target).add(1).mul(log)), reduction);
}

export interface ClassOptions extends LossOptions {
  /** [classes]: how much each class counts; the mean is weighted by it. */
  readonly weight?: Tensor;
  /** A target class that doesn't count. Default −100. */
  readonly ignoreIndex?: number;
}

/** Classes [n, …] as positions along dimension 1 of [n, c, …], with those to ignore set to 0 and masked. */
function targets(loss: string, input: Tensor, target: Tensor, ignoreIndex: number): { index: Tensor; counts: Tensor } {
  const expected = input.shape.length === 1 ? [] : input.shape.toSpliced(1, 1);
  if (!sameShape(expected, target.shape)) {
    throw new ShapeError(
      `${loss}: for an input of shape ${showShape(input.shape)} the classes must have shape ${showShape(expected)}, got ${showShape(target.shape)}.`,
    );
  }
  if (target.dtype !== 'int32') {
    throw new DTypeError(`${loss}: classes must be int32, got ${target.dtype}. Convert with target.to('int32').`);
  }
  const counts = target.ne(ignoreIndex);
  return { index: counts.where(target, 0), counts };
}

/** −x[class] of log-probabilities [n, c, …] for int32 classes [n, …]. */
export function nllLoss(input: Tensor, target: Tensor, options: ClassOptions = {}): Tensor {
  const { weight, ignoreIndex = -100, reduction = 'mean' } = options;
  const { index, counts } = targets('nllLoss', input, target, ignoreIndex);
  const dim = input.shape.length === 1 ? 0 : 1;
  const picked = input.gather(dim, index.unsqueeze(dim)).squeeze(dim).neg();
  const plain = counts.to(input.dtype);
  const factor =
    weight === undefined ? plain : plain.mul(weight.indexSelect(0, index.reshape([-1])).reshape(index.shape));
  const losses = picked.mul(factor);
  return reduction === 'mean' ? losses.sum().div(factor.sum()) : reduce(losses, reduction);
}

export interface CrossEntropyOptions extends ClassOptions {
  /** Mixes the target with the uniform distribution (Szegedy et al. 2015). Default 0. */
  readonly labelSmoothing?: number;
}

/**
 * −ln softmax(x)[class] for logits [n, c, …] (or [c]): the classes are int32 [n, …], or probabilities of the shape of the logits.
 * @throws ShapeError, DTypeError for targets that are neither.
 */
export function crossEntropy(input: Tensor, target: Tensor, options: CrossEntropyOptions = {}): Tensor {
  const { labelSmoothing = 0, weight, reduction = 'mean' } = options;
  const dim = input.shape.length === 1 ? 0 : 1;
  const log = input.logSoftmax(dim);
  if (isFloating(target.dtype)) return withProbabilities(log, target, options);
  const hard = nllLoss(log, target, options);
  if (labelSmoothing === 0) return hard;
  if (weight !== undefined) {
    throw new ArgumentError(
      'crossEntropy: labelSmoothing together with class weights is not supported for class targets; give probabilities.',
    );
  }
  const { counts } = targets('crossEntropy', input, target, options.ignoreIndex ?? -100);
  const kept = counts.to(log.dtype);
  const uniform = log.mean(dim).neg().mul(kept);
  const smooth = reduction === 'mean' ? uniform.sum().div(kept.sum()) : reduce(uniform, reduction);
  return hard.mul(1 - labelSmoothing).add(smooth.mul(labelSmoothing));
}

function withProbabilities(
  log: Tensor,
  target: Tensor,
  { labelSmoothing = 0, weight, reduction = 'mean' }: CrossEntropyOptions,
): Tensor {
  checkPair('crossEntropy', log, target);
  const dim = log.shape.length === 1 ? 0 : 1;
  const soft = labelSmoothing === 0 ? target : target.mul(1 - labelSmoothing).add(labelSmoothing / log.shape[dim]);
  const weighted = weight === undefined ? log : log.mul(weight.reshape([-1, ...log.shape.slice(2).map(() => 1)]));
  return reduce(weighted.mul(soft).sum(dim).neg(), reduction);
}

/** y·(ln y − x) for log-probabilities x; `batchMean` divides the sum by the batch, as the definition has it. */
export function klDiv(
  input: Tensor,
  target: Tensor,
  {
    reduction = 'mean',
    logTarget = false,
  }: { readonly reduction?: Reduction | 'batchMean'; readonly logTarget?: boolean } = {},
): Tensor {
  checkPair('klDiv', input, target);
  const terms = logTarget
    ? target.exp().mul(target.sub(input))
    : target
        .gt(0)
        .where(target.mul(target.clamp({ min: 1e-45 }).log()), 0)
        .sub(target.mul(input));
  return reduction === 'batchMean' ? terms.sum().div(input.shape[0]) : reduce(terms, reduction);
}

/** eˣ − y·x for the logarithm x of a rate. */
export function poissonNllLoss(input: Tensor, target: Tensor, { reduction }: LossOptions = {}): Tensor {
  checkPair('poissonNllLoss', input, target);
  return reduce(input.exp().sub(target.mul(input)), reduction);
}

/** max(0, 1 − y·x) for targets y of ±1 is hinge; here the margin between two scores: max(0, −y·(x₁ − x₂) + margin). */
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
