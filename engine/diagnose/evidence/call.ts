import type { LossFrame } from '../../run/frame.ts';
import { areProbabilities } from './probabilities.ts';

/** What the targets of one call of a loss function let be known of it. */

/**
 * The entropy of few samples is too low by (C − 1)/2n (Miller 1955), a constant answer doesn't know the batch; but it's never above
 * ln C. Of a single sample nothing else is known.
 */
export function constantOf({ loss, baseline, classes, rows }: LossFrame): number | null {
  if (baseline === null || !(isOfClasses(loss) || isOfTwo(loss))) return baseline;
  if (rows === 1) return Math.log(isOfTwo(loss) ? 2 : classes);
  if (isOfTwo(loss)) return baseline;
  return baseline > 0
    ? Math.min(baseline + (classes - 1) / (2 * rows), Math.max(baseline, Math.log(classes)))
    : baseline;
}

/** How much of what can be learned a loss shows to be: 0 where a constant answer scores as well, 1 at the least there can be. */
export const shareLearned = (
  loss: number,
  { constant, least }: { readonly constant: number; readonly least: number },
): number => (constant - loss) / (constant - least);

/** Targets are classes, one of several. */
export const isOfClasses = (loss: string): boolean => loss === 'crossEntropy' || loss === 'nllLoss';

/** Targets are one of two, or shares of them. */
export const isOfTwo = (loss: string): boolean => loss.startsWith('binaryCrossEntropy');

/** The loss that takes logits was given what a sigmoid made: it can be no better than ln(1 + 1/e) for 1, ln 2 for 0. */
export const isSigmoidTwice = ({ loss, operation }: LossFrame): boolean =>
  loss === 'binaryCrossEntropyWithLogits' && operation === 'sigmoid';

/**
 * Exact: of the logarithms of probabilities in a row, one at the least isn't below ln(1/C). Where all of a batch are below,
 * they don't sum to 1 row by row: softmax was taken over the batch, whose n samples are as many as n classes.
 */
export const isOverBatch = ({ loss, classes, rows, max }: LossFrame): boolean =>
  loss === 'nllLoss' && classes > 1 && rows > classes && max < -Math.log(classes) - LOGARITHM_TOLERANCE;

/** By how far rounding and few samples may have it below. */
const LOGARITHM_TOLERANCE = 0.01;

/** The least loss that can be reached with what a loss function is given, where that isn't what it should be given; else null. */
export function floorOf(frame: LossFrame): number | null {
  const { loss, classes, baseline } = frame;
  if (isSigmoidTwice(frame)) {
    const ones = shareOfEntropy(baseline ?? Math.LN2);
    return ones * Math.log1p(1 / Math.E) + (1 - ones) * Math.LN2;
  }
  if (!isOfClasses(loss) || !areProbabilities(frame) || classes < 2) return null;
  return loss === 'nllLoss' ? -1 : Math.log1p((classes - 1) / Math.E);
}

/** What it's given isn't what it takes: a constant answer isn't what an ignorant model comes to. */
export const hasFloor = (frame: LossFrame): boolean => floorOf(frame) !== null || isOverBatch(frame);

/** The share, at most a half, of one of two classes with so much entropy (in nats). */
function shareOfEntropy(entropy: number): number {
  let [low, high] = [0, 0.5];
  for (let i = 0; i < 30; i++) {
    const share = (low + high) / 2;
    const own = -share * Math.log(share) - (1 - share) * Math.log(1 - share);
    if (own < entropy) low = share;
    else high = share;
  }
  return (low + high) / 2;
}

const OF_NUMBERS: ReadonlySet<string> = new Set(['mseLoss', 'l1Loss', 'smoothL1Loss', 'huberLoss', 'poissonNllLoss']);

/** Targets are numbers, which have noise of their own. */
export const isOfNumbers = ({ loss }: LossFrame): boolean => OF_NUMBERS.has(loss);

/** How a sentence calls what gave a loss. */
export const nameOf = ({ loss, written }: LossFrame): string => (written ? (WRITTEN[loss] ?? loss) : loss);

const WRITTEN: { readonly [loss: string]: string } = {
  mseLoss: 'the mean of the squares',
  l1Loss: 'the mean of the distances',
  binaryCrossEntropy: 'the cross entropy that is written by hand',
  nllLoss: 'the likelihood that is written by hand',
};
