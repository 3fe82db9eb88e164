import type { LossFrame } from '../../run/frame.ts';
import type { Run } from '../../run/run.ts';
import { recentLoss } from './course.ts';
import { asLoss, meaningOf } from './lossMeaning.ts';
import { median } from './median.ts';
import { areProbabilities } from './probabilities.ts';

/** The standard error of that score, as a share of it: every batch has targets of its own. 0 where there is one batch only. */
export function constantScoreError(run: Run): number {
  const scores = run.losses.flatMap(({ baseline }) => (baseline !== null && baseline > 0 ? [baseline] : []));
  const mean = scores.reduce((a, b) => a + b, 0) / scores.length;
  const variance = scores.reduce((sum, score) => sum + (score - mean) ** 2, 0) / (scores.length - 1);
  return scores.length > 1 ? Math.sqrt(variance / scores.length) / mean : 0;
}

/** The score of the best constant answer as a loss of a step; NaN where that can't be told. */
export const constantScore = (run: Run): number => scoresOf(run).constant;

/** As losses of a step: what the best constant answer scores, and the best answers there are; NaN where they can't be told. */
function scoresOf(run: Run, meaning = meaningOf(run)): { readonly constant: number; readonly least: number } {
  const scores = [...Map.groupBy(run.losses, ({ step }) => step).values()]
    .map((calls) => ({
      constant: asLoss(meaning, calls, constantOf),
      least: asLoss(meaning, calls, ({ least }) => least ?? 0),
    }))
    .filter(({ constant, least }) => constant > least);
  return { constant: median(scores.map((s) => s.constant)), least: median(scores.map((s) => s.least)) };
}

/**
 * The entropy of few samples is too low by (C − 1)/2n (Miller 1955), a constant answer doesn't know the batch; but it's never above
 * ln C. Of a single sample nothing else is known.
 */
function constantOf({ loss, baseline, classes, rows }: LossFrame): number | null {
  if (baseline === null || !isOfClasses(loss)) return baseline;
  if (rows === 1) return Math.log(classes);
  return baseline > 0
    ? Math.min(baseline + (classes - 1) / (2 * rows), Math.max(baseline, Math.log(classes)))
    : baseline;
}

/** Targets are classes, one of several. */
export const isOfClasses = (loss: string): boolean => loss === 'crossEntropy' || loss === 'nllLoss';

const OF_NUMBERS: ReadonlySet<string> = new Set(['mseLoss', 'l1Loss', 'smoothL1Loss', 'huberLoss', 'poissonNllLoss']);

/** Targets are numbers, which have noise of their own. */
export const isOfNumbers = ({ loss }: LossFrame): boolean => OF_NUMBERS.has(loss);

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
function floorOf(frame: LossFrame): number | null {
  const { loss, classes, baseline } = frame;
  if (isSigmoidTwice(frame)) {
    const ones = shareOfEntropy(baseline ?? Math.LN2);
    return ones * Math.log1p(1 / Math.E) + (1 - ones) * Math.LN2;
  }
  if (!isOfClasses(loss) || !areProbabilities(frame) || classes < 2) return null;
  return loss === 'nllLoss' ? -1 : Math.log1p((classes - 1) / Math.E);
}

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

/** What a constant answer scores, and the least loss that's possible; NaN where they can't be told. */
function span(run: Run): { readonly constant: number; readonly least: number } {
  const [first] = run.losses;
  if (!first) return { constant: Number.NaN, least: Number.NaN };
  const meaning = meaningOf(run);
  const { offset } = meaning;
  const factor = meaning.weight(0);
  // Over a batch of n, nothing known is ln n, and all known that the samples of a class share: the entropy less.
  if (isOverBatch(first)) {
    const constant = factor * Math.log(first.rows) + offset;
    return { constant, least: constant - (scoresOf(run, meaning).constant - offset) };
  }
  const floor = floorOf(first);
  if (floor === null) return scoresOf(run, meaning);
  const constant = floor < 0 ? offset - factor / first.classes : scoresOf(run, meaning).constant;
  return { constant, least: factor * floor + offset };
}

/**
 * How much of what can be learned a loss shows to be: 0 where a constant answer scores as well, 1 at the least loss that's
 * possible. NaN where the losses of the run can't be compared with those.
 */
export function learnedBy(run: Run, loss: number): number {
  const { constant, least } = span(run);
  const share = (constant - loss) / (constant - least);
  // Distances are what others take the squares of: half as far away is a quarter of those.
  return run.losses.every((call) => call.loss === 'l1Loss') ? 1 - (1 - share) ** 2 : share;
}

/** The same of what the run has come to. */
export const learned = (run: Run): number => learnedBy(run, recentLoss(run));
