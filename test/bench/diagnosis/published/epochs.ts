import { learnedBy } from '../../../../engine/diagnose/evidence/learned.ts';
import { meaningOf } from '../../../../engine/diagnose/evidence/lossMeaning.ts';
import type { StepFrame } from '../../../../engine/run/frame.ts';
import type { Run } from '../../../../engine/run/run.ts';

/** So many steps stand for an epoch: logs know none, and the benchmark's programs take 5 to 30 steps to see their data once. */
export const STEPS_OF_EPOCH = 10;

/** What a callback of Keras is told at the end of an epoch. */
export interface Epoch {
  readonly steps: readonly StepFrame[];
  readonly last: StepFrame;
  /** Mean over the steps. */
  readonly loss: number;
  /** What stands for the accuracy at that loss, in [0, 1]. */
  readonly accuracy: number;
}

export function epochsOf(run: Run): Epoch[] {
  const accuracy = accuracyOf(run);
  return [...Map.groupBy(run.history.steps, ({ step }) => Math.floor(step / STEPS_OF_EPOCH)).values()].map((steps) => {
    const loss = steps.reduce((sum, step) => sum + step.loss, 0) / steps.length;
    return { steps, last: steps[steps.length - 1], loss, accuracy: accuracy(loss) };
  });
}

const CLASSIFYING = /^(?:crossEntropy|nllLoss|binaryCrossEntropy)/;

/**
 * What stands for the accuracy, which isn't recorded, at a loss. Of a classifier exp(−loss), the probability that the right class
 * is given: 1/C of one that guesses, 1 of one that knows. Of other models, for which the tools that ask for an accuracy weren't
 * made, the share learned of what can be, or else the share of the first loss that is won.
 */
function accuracyOf(run: Run): (loss: number) => number {
  const calls = run.losses.filter(({ step }) => step === run.losses[0].step);
  if (calls.length === 1 && CLASSIFYING.test(calls[0].loss)) {
    const { weight, offset } = meaningOf(run);
    if (!Number.isNaN(weight(0))) return (loss) => within(Math.exp((offset - loss) / weight(0)));
  }
  const isKnown = !Number.isNaN(learnedBy(run, run.firstLoss));
  return (loss) => within(isKnown ? learnedBy(run, loss) : (run.firstLoss - loss) / Math.abs(run.firstLoss));
}

const within = (share: number): number => Math.min(1, Math.max(0, share));
