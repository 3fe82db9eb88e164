import { apply } from '../../autograd/apply.ts';
import { observer } from '../../autograd/observer.ts';
import { none } from '../../ops/operation.ts';
import { floating, together } from '../../tensor/convert.ts';
import { isFloating } from '../../tensor/dtype.ts';
import { elements } from '../../tensor/elements.ts';
import { DTypeError, ShapeError, showShape } from '../../tensor/errors.ts';
import { sameShape } from '../../tensor/shape.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { known } from './given.ts';
import { checkPair, type LossOptions, type Reduction, reduce } from './reduction.ts';

export type { LossOptions, Reduction };

/** (x − y)². */
export function mseLoss(input: Tensor, target: Tensor, options: LossOptions = {}): Tensor {
  const { reduction } = known('mseLoss', options, ['reduction']);
  checkPair('mseLoss', input, target);
  observer?.lossGiven('mseLoss', input, target, {});
  return reduce(input.sub(target).square(), reduction);
}

/** |x − y|. */
export function l1Loss(input: Tensor, target: Tensor, options: LossOptions = {}): Tensor {
  const { reduction } = known('l1Loss', options, ['reduction']);
  checkPair('l1Loss', input, target);
  observer?.lossGiven('l1Loss', input, target, {});
  return reduce(input.sub(target).abs(), reduction);
}

/** d²/2 for |d| < delta, delta·(|d| − delta/2) beyond, with d = x − y (Huber 1964). */
export function huberLoss(
  input: Tensor,
  target: Tensor,
  options: LossOptions & { readonly delta?: number } = {},
): Tensor {
  checkPair('huberLoss', input, target);
  const { delta = 1, reduction } = known('huberLoss', options, ['reduction', 'delta']);
  observer?.lossGiven('huberLoss', input, target, { delta });
  return reduce(huber(input, target, delta), reduction);
}

function huber(input: Tensor, target: Tensor, delta: number): Tensor {
  const distance = input.sub(target).abs();
  // With c = min(|d|, delta) both cases are c·(|d| − c/2).
  const near = distance.clamp({ max: delta });
  return near.mul(distance.sub(near.mul(0.5)));
}

/** Huber's loss divided by `beta`, its delta; the L1 loss for beta 0 (Girshick 2015). */
export function smoothL1Loss(
  input: Tensor,
  target: Tensor,
  options: LossOptions & { readonly beta?: number } = {},
): Tensor {
  const { beta = 1, reduction } = known('smoothL1Loss', options, ['reduction', 'beta']);
  if (beta === 0) return l1Loss(input, target, { reduction });
  checkPair('smoothL1Loss', input, target);
  observer?.lossGiven('smoothL1Loss', input, target, { beta });
  return reduce(huber(input, target, beta), reduction).div(beta);
}

export interface WeightedOptions extends LossOptions {
  /** Multiplies the losses of elements; any shape that broadcasts to theirs. */
  readonly weight?: Tensor;
}

const weighted = (losses: Tensor, weight: Tensor | undefined): Tensor =>
  weight === undefined ? losses : losses.mul(weight);

/** −y·ln x − (1 − y)·ln(1 − x) for probabilities x, each logarithm at least −100. */
export function binaryCrossEntropy(input: Tensor, target: Tensor, options: WeightedOptions = {}): Tensor {
  const { reduction, weight } = known('binaryCrossEntropy', options, ['reduction', 'weight']);
  checkPair('binaryCrossEntropy', input, target);
  observer?.lossGiven('binaryCrossEntropy', input, target, {});
  return reduce(weighted(apply('probabilityLoss', together(input, target), none), weight), reduction);
}

/** The same for logits, without overflow: (1 − y)·x − ln σ(x). `posWeight` multiplies the loss of positive targets. */
export function binaryCrossEntropyWithLogits(
  input: Tensor,
  target: Tensor,
  options: WeightedOptions & { readonly posWeight?: Tensor } = {},
): Tensor {
  const { reduction, weight, posWeight } = known('binaryCrossEntropyWithLogits', options, [
    'reduction',
    'weight',
    'posWeight',
  ]);
  checkPair('binaryCrossEntropyWithLogits', input, target);
  observer?.lossGiven('binaryCrossEntropyWithLogits', input, target, {});
  if (posWeight === undefined) {
    return reduce(weighted(apply('logitLoss', together(input, target), none), weight), reduction);
  }
  // (1 − y)·x − (1 + (p − 1)·y)·ln σ(x)
  const negative = target.neg().add(1).mul(input);
  const positive = posWeight.sub(1).mul(target).add(1).mul(input.logSigmoid());
  return reduce(weighted(negative.sub(positive), weight), reduction);
}

/** The mean over the classes (the last dimension) of −y·ln σ(x) − (1 − y)·ln σ(−x), for logits x and targets of 0 and 1. */
export function multilabelSoftMarginLoss(input: Tensor, target: Tensor, options: WeightedOptions = {}): Tensor {
  const { reduction, weight } = known('multilabelSoftMarginLoss', options, ['reduction', 'weight']);
  return reduce(binaryCrossEntropyWithLogits(input, target, { weight, reduction: 'none' }).mean(-1), reduction);
}

export interface ClassOptions extends LossOptions {
  /** [classes]: how much each class counts; the mean is weighted by it. */
  readonly weight?: Tensor;
  /** A target class that doesn't count. Default −100. */
  readonly ignoreIndex?: number;
}

function checkClasses(loss: string, input: Tensor, target: Tensor): void {
  const expected = input.shape.length === 1 ? [] : input.shape.toSpliced(1, 1);
  if (!sameShape(expected, target.shape)) {
    throw new ShapeError(
      `${loss}: for an input of shape ${showShape(input.shape)} the classes must have shape ${showShape(expected)}, got ${showShape(target.shape)}.`,
    );
  }
  if (target.dtype !== 'int32') {
    throw new DTypeError(`${loss}: classes must be int32, got ${target.dtype}. Convert with target.to('int32').`);
  }
}

/** Classes [n, …] as positions along dimension 1 of [n, c, …], with those to ignore set to 0 and masked. */
function targets(loss: string, input: Tensor, target: Tensor, ignoreIndex: number): { index: Tensor; counts: Tensor } {
  checkClasses(loss, input, target);
  const counts = target.ne(ignoreIndex);
  return { index: counts.where(target, 0), counts };
}

/** −x[class] of log-probabilities [n, c, …] for int32 classes [n, …]. */
export function nllLoss(input: Tensor, target: Tensor, options: ClassOptions = {}): Tensor {
  known('nllLoss', options, ['weight', 'ignoreIndex', 'reduction']);
  observer?.lossGiven('nllLoss', input, target, options);
  return ofLogProbabilities(input, target, options);
}

function ofLogProbabilities(input: Tensor, target: Tensor, options: ClassOptions): Tensor {
  const { weight, ignoreIndex = -100, reduction = 'mean' } = options;
  const { index, counts } = targets('nllLoss', input, target, ignoreIndex);
  const dim = input.shape.length === 1 ? 0 : 1;
  const picked = input.gather(dim, index.unsqueeze(dim)).squeeze(dim).neg();
  const factor = classWeights(counts.to(input.dtype), index, weight);
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
  const names = ['weight', 'ignoreIndex', 'reduction', 'labelSmoothing'] as const;
  const { labelSmoothing = 0, weight, reduction = 'mean', ignoreIndex } = known('crossEntropy', options, names);
  const dim = input.shape.length === 1 ? 0 : 1;
  observer?.lossGiven('crossEntropy', input, target, options);
  if (isFloating(target.dtype) && target.shape.length === input.shape.length - 1) {
    throw new DTypeError(
      `crossEntropy: for an input ${showShape(input.shape)} expected class indices as int32 ${showShape(target.shape)} or ` +
        `probabilities ${showShape(input.shape)}, got ${target.dtype} ${showShape(target.shape)}. Convert indices with to('int32').`,
    );
  }
  if (!isFloating(target.dtype) && labelSmoothing === 0 && weight === undefined) {
    return ofClasses(input, target, dim, options);
  }
  const log = input.logSoftmax(dim);
  if (isFloating(target.dtype)) return withProbabilities(log, target, options);
  const hard = ofLogProbabilities(log, target, options);
  if (labelSmoothing === 0) return hard;
  // The uniform part: each class counts by its weight, and the mean is over the weights of the target classes.
  const { index, counts } = targets('crossEntropy', input, target, ignoreIndex ?? -100);
  const kept = counts.to(log.dtype);
  const uniform = perClass(log, weight).sum(dim).neg().mul(kept).div(log.shape[dim]);
  const smooth =
    reduction === 'mean' ? uniform.sum().div(classWeights(kept, index, weight).sum()) : reduce(uniform, reduction);
  return hard.mul(1 - labelSmoothing).add(smooth.mul(labelSmoothing));
}

/** Classes that count the same: no log-probabilities are kept. */
function ofClasses(
  input: Tensor,
  target: Tensor,
  dim: number,
  { ignoreIndex = -100, reduction = 'mean' }: CrossEntropyOptions,
): Tensor {
  checkClasses('crossEntropy', input, target);
  const losses = apply('crossEntropy', [floating(input), target], { dim, ignoreIndex });
  if (reduction !== 'mean') return reduce(losses, reduction);
  let counting = 0;
  for (const c of elements(target)) if (c !== ignoreIndex) counting++;
  return losses.sum().div(counting);
}

/** Log-probabilities [n, c, …] times the weights of their classes. */
const perClass = (log: Tensor, weight: Tensor | undefined): Tensor =>
  weight === undefined ? log : log.mul(weight.reshape([-1, ...log.shape.slice(2).map(() => 1)]));

/** How much each target counts: 0 if ignored, else the weight of its class. */
const classWeights = (counts: Tensor, index: Tensor, weight: Tensor | undefined): Tensor =>
  weight === undefined ? counts : counts.mul(weight.indexSelect(0, index.reshape([-1])).reshape(index.shape));

function withProbabilities(
  log: Tensor,
  target: Tensor,
  { labelSmoothing = 0, weight, reduction = 'mean' }: CrossEntropyOptions,
): Tensor {
  checkPair('crossEntropy', log, target);
  const dim = log.shape.length === 1 ? 0 : 1;
  const soft = labelSmoothing === 0 ? target : target.mul(1 - labelSmoothing).add(labelSmoothing / log.shape[dim]);
  const losses = perClass(log, weight).mul(soft).sum(dim).neg();
  return reduction === 'mean' ? losses.sum().div(losses.numel()) : reduce(losses, reduction);
}

/** y·(ln y − x) for log-probabilities x; `batchMean` divides the sum by the batch, as the definition has it. */
export function klDiv(
  input: Tensor,
  target: Tensor,
  options: { readonly reduction?: Reduction | 'batchMean' | 'batchmean'; readonly logTarget?: boolean } = {},
): Tensor {
  const { reduction = 'mean', logTarget = false } = known('klDiv', options, ['reduction', 'logTarget']);
  checkPair('klDiv', input, target);
  observer?.lossGiven('klDiv', input, target, { logTarget });
  const terms = logTarget
    ? target.exp().mul(target.sub(input))
    : target
        .gt(0)
        .where(target.mul(target.clamp({ min: 1e-45 }).log()), 0)
        .sub(target.mul(input));
  if (reduction === 'batchMean' || reduction === 'batchmean') return terms.sum().div(input.shape[0]);
  return reduce(terms, reduction);
}
