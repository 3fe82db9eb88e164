import type { Tensor } from '../tensor/tensor.ts';
import * as F from './functional.ts';
import { Module } from './module.ts';

/** A loss as a module: the formula and its options are those of the function in F. */
abstract class Loss<Options> extends Module<[input: Tensor, target: Tensor], Tensor> {
  readonly options: Options;

  constructor(options: Options = {} as Options) {
    super();
    this.options = options;
  }
}

export class MSELoss extends Loss<F.LossOptions> {
  override forward(input: Tensor, target: Tensor): Tensor {
    return F.mseLoss(input, target, this.options);
  }
}

export class L1Loss extends Loss<F.LossOptions> {
  override forward(input: Tensor, target: Tensor): Tensor {
    return F.l1Loss(input, target, this.options);
  }
}

export class HuberLoss extends Loss<F.LossOptions & { readonly delta?: number }> {
  override forward(input: Tensor, target: Tensor): Tensor {
    return F.huberLoss(input, target, this.options);
  }
}

export class SmoothL1Loss extends Loss<F.LossOptions & { readonly beta?: number }> {
  override forward(input: Tensor, target: Tensor): Tensor {
    return F.smoothL1Loss(input, target, this.options);
  }
}

/** Takes probabilities. */
export class BCELoss extends Loss<F.LossOptions> {
  override forward(input: Tensor, target: Tensor): Tensor {
    return F.binaryCrossEntropy(input, target, this.options);
  }
}

/** Takes logits. */
export class BCEWithLogitsLoss extends Loss<F.LossOptions & { readonly posWeight?: Tensor }> {
  override forward(input: Tensor, target: Tensor): Tensor {
    return F.binaryCrossEntropyWithLogits(input, target, this.options);
  }
}

/** Takes logits: it applies the logarithm of softmax itself. */
export class CrossEntropyLoss extends Loss<F.CrossEntropyOptions> {
  override forward(input: Tensor, target: Tensor): Tensor {
    return F.crossEntropy(input, target, this.options);
  }
}

/** Takes log-probabilities. */
export class NLLLoss extends Loss<F.ClassOptions> {
  override forward(input: Tensor, target: Tensor): Tensor {
    return F.nllLoss(input, target, this.options);
  }
}

/** Takes log-probabilities. */
export class KLDivLoss extends Loss<NonNullable<Parameters<typeof F.klDiv>[2]>> {
  override forward(input: Tensor, target: Tensor): Tensor {
    return F.klDiv(input, target, this.options);
  }
}

/** Takes logarithms of rates. */
export class PoissonNLLLoss extends Loss<F.LossOptions> {
  override forward(input: Tensor, target: Tensor): Tensor {
    return F.poissonNllLoss(input, target, this.options);
  }
}

/** Takes a distance and whether the two belong together: 1 or −1. */
export class HingeEmbeddingLoss extends Loss<F.LossOptions & { readonly margin?: number }> {
  override forward(input: Tensor, target: Tensor): Tensor {
    return F.hingeEmbeddingLoss(input, target, this.options);
  }
}

/** Takes scores and targets of ±1. */
export class SoftMarginLoss extends Loss<F.LossOptions> {
  override forward(input: Tensor, target: Tensor): Tensor {
    return F.softMarginLoss(input, target, this.options);
  }
}

/** Takes log-probabilities [steps, n, classes], targets [n, longest] and the lengths of both. */
export class CTCLoss extends Module<
  [logProbabilities: Tensor, targets: Tensor, inputLengths: readonly number[], targetLengths: readonly number[]],
  Tensor
> {
  readonly options: F.CtcOptions;

  constructor(options: F.CtcOptions = {}) {
    super();
    this.options = options;
  }

  override forward(
    logProbabilities: Tensor,
    targets: Tensor,
    inputLengths: readonly number[],
    targetLengths: readonly number[],
  ): Tensor {
    return F.ctcLoss(logProbabilities, targets, inputLengths, targetLengths, this.options);
  }
}

abstract class TripleLoss extends Module<[a: Tensor, b: Tensor, c: Tensor], Tensor> {
  readonly options: F.LossOptions & { readonly margin?: number };

  constructor(options: F.LossOptions & { readonly margin?: number } = {}) {
    super();
    this.options = options;
  }
}

/** Takes two scores and which should be the greater: 1 or −1. */
export class MarginRankingLoss extends TripleLoss {
  override forward(input1: Tensor, input2: Tensor, target: Tensor): Tensor {
    return F.marginRankingLoss(input1, input2, target, this.options);
  }
}

/** Takes anchors, positives and negatives. */
export class TripletMarginLoss extends TripleLoss {
  override forward(anchor: Tensor, positive: Tensor, negative: Tensor): Tensor {
    return F.tripletMarginLoss(anchor, positive, negative, this.options);
  }
}

/** Takes two vectors and whether they belong together: 1 or −1. */
export class CosineEmbeddingLoss extends TripleLoss {
  override forward(input1: Tensor, input2: Tensor, target: Tensor): Tensor {
    return F.cosineEmbeddingLoss(input1, input2, target, this.options);
  }
}

/** Takes means, targets and predicted variances. */
export class GaussianNLLLoss extends Module<[input: Tensor, target: Tensor, variance: Tensor], Tensor> {
  readonly options: F.LossOptions & { readonly eps?: number; readonly full?: boolean };

  constructor(options: F.LossOptions & { readonly eps?: number; readonly full?: boolean } = {}) {
    super();
    this.options = options;
  }

  override forward(input: Tensor, target: Tensor, variance: Tensor): Tensor {
    return F.gaussianNllLoss(input, target, variance, this.options);
  }
}
