import type { Tensor } from '../tensor/tensor.ts';
import { byName, type Given } from './functional/given.ts';
import * as F from './functional.ts';
import { Module } from './module.ts';

// Losses as modules: the formulas and their options are those of the functions in F.

// biome-ignore lint/suspicious/noExplicitAny: parameters of whatever function the loss is; they come out typed
type LossFunction = (...inputs: any[]) => Tensor;
/** The tensors a function takes before its options. */
type Inputs<L extends LossFunction> = Required<Parameters<L>> extends [...infer I, unknown] ? I : never;
type Options<L extends LossFunction> = Required<Parameters<L>> extends [...unknown[], infer O] ? O : never;

type LossClass<L extends LossFunction, O, Names extends readonly (keyof O)[]> = new (
  ...options: Given<{ [K in keyof Names]: NonNullable<O[Names[K]]> }, O>
) => Module<Inputs<L>, Tensor> & { readonly options: O };

/** A module around a loss; `names` are its options, in the order in which they may be given by position. */
function loss<L extends LossFunction, const Names extends readonly (keyof Options<L> & string)[]>(
  f: L,
  names: Names,
): LossClass<L, Options<L>, Names> {
  class Loss extends Module<unknown[], Tensor> {
    readonly options: object;

    constructor(...given: unknown[]) {
      super();
      this.options = byName<Record<string, unknown>>(new.target.name, names, given);
    }

    override forward(...inputs: unknown[]): Tensor {
      return f(...inputs, this.options);
    }
  }
  return Loss as unknown as LossClass<L, Options<L>, Names>;
}

/** (x − y)². */
export class MSELoss extends loss(F.mseLoss, ['reduction']) {}
/** |x − y|. */
export class L1Loss extends loss(F.l1Loss, ['reduction']) {}
/** d²/2 near 0, linear beyond `delta`, with d = x − y. */
export class HuberLoss extends loss(F.huberLoss, ['reduction', 'delta']) {}
/** Huber's loss divided by `beta`, its delta. */
export class SmoothL1Loss extends loss(F.smoothL1Loss, ['reduction', 'beta']) {}
/** Takes logits: it applies the logarithm of softmax itself. */
export class CrossEntropyLoss extends loss(F.crossEntropy, ['weight', 'ignoreIndex', 'reduction', 'labelSmoothing']) {}
/** Takes log-probabilities. */
export class NLLLoss extends loss(F.nllLoss, ['weight', 'ignoreIndex', 'reduction']) {}
/** Takes probabilities. */
export class BCELoss extends loss(F.binaryCrossEntropy, ['weight', 'reduction']) {}
/** Takes logits. */
export class BCEWithLogitsLoss extends loss(F.binaryCrossEntropyWithLogits, ['weight', 'reduction', 'posWeight']) {}
/** Takes log-probabilities. */
export class KLDivLoss extends loss(F.klDiv, ['reduction', 'logTarget']) {}
/** Takes logarithms of rates, or rates with { logInput: false }. */
export class PoissonNLLLoss extends loss(F.poissonNllLoss, ['logInput', 'full', 'eps', 'reduction']) {}
/** Takes means, targets and predicted variances. */
export class GaussianNLLLoss extends loss(F.gaussianNllLoss, ['full', 'eps', 'reduction']) {}
/** Takes a distance and whether the two belong together: 1 or −1. */
export class HingeEmbeddingLoss extends loss(F.hingeEmbeddingLoss, ['margin', 'reduction']) {}
/** Takes scores and targets of ±1. */
export class SoftMarginLoss extends loss(F.softMarginLoss, ['reduction']) {}
/** Takes scores [n, classes] and int32 classes [n]. */
export class MultiMarginLoss extends loss(F.multiMarginLoss, ['p', 'margin', 'weight', 'reduction']) {}
/** Takes scores [n, classes] and int32 lists [n, classes] of the right classes, each ended by −1. */
export class MultiLabelMarginLoss extends loss(F.multilabelMarginLoss, ['reduction']) {}
/** Takes logits [n, classes] and targets of 0 and 1. */
export class MultiLabelSoftMarginLoss extends loss(F.multilabelSoftMarginLoss, ['weight', 'reduction']) {}
/** Takes two scores and which should be the greater: 1 or −1. */
export class MarginRankingLoss extends loss(F.marginRankingLoss, ['margin', 'reduction']) {}
/** Takes anchors, positives and negatives. */
export class TripletMarginLoss extends loss(F.tripletMarginLoss, ['margin', 'p', 'eps', 'swap', 'reduction']) {}
/** Takes anchors, positives and negatives, and any distance. */
export class TripletMarginWithDistanceLoss extends loss(F.tripletMarginWithDistanceLoss, [
  'distanceFunction',
  'margin',
  'swap',
  'reduction',
]) {}
/** Takes two vectors and whether they belong together: 1 or −1. */
export class CosineEmbeddingLoss extends loss(F.cosineEmbeddingLoss, ['margin', 'reduction']) {}
/** Takes log-probabilities [steps, n, classes], targets [n, longest] and the lengths of both. */
export class CTCLoss extends loss(F.ctcLoss, ['blank', 'reduction', 'zeroInfinity']) {}
