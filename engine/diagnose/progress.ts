import type { StepFrame } from '../run/frame.ts';
import { rememberByStep } from '../run/remember.ts';
import type { Run } from '../run/run.ts';

/** Median; NaN of nothing. */
export function median(values: readonly number[]): number {
  if (values.length === 0) return Number.NaN;
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** The losses that are kept, in order, as far as they were measured. */
export const lossesOf = (run: Run): number[] =>
  run.history.steps.map(({ loss }) => loss).filter((loss) => !Number.isNaN(loss));

/**
 * What is decided by how a loop is written shows in its first steps; looking at all of a long run again and again, for
 * every parameter, would take seconds.
 */
export const earlySteps = (run: Run): readonly StepFrame[] => run.history.steps.slice(0, 256);

const WINDOW = 10;

/**
 * The share of the first loss that has been won, by medians of the last steps, so that a lucky batch is no progress;
 * negative where it was lost, NaN without losses.
 */
export function won(run: Run): number {
  const recent = median(lossesOf(run).slice(-WINDOW));
  return (run.firstLoss - recent) / Math.abs(run.firstLoss);
}

/** The score of the best constant answer, where the loss of a step is what the loss function gave, and no more; else NaN. */
export function constantScore(run: Run): number {
  const [first] = run.losses;
  // A sum of several losses, or another reduction, can't be compared.
  if (!first || first.value === null || !(Math.abs(first.value - run.firstLoss) <= 0.01 * run.firstLoss))
    return Number.NaN;
  return median(run.losses.flatMap(({ baseline }) => (baseline !== null && baseline > 0 ? [baseline] : [])));
}

/** Better than a constant answer by this share. */
const BETTER = 0.05;

/**
 * True if so much of the first loss was won, and more than by learning to answer always the same: a first loss that is far
 * too large falls quickly all the same.
 */
export function learns(run: Run, share: number): boolean {
  const recent = median(lossesOf(run).slice(-WINDOW));
  return won(run) >= share && !(recent > (1 - BETTER) * constantScore(run));
}

/**
 * Several optimizers that hold different parameters, a generator's and a discriminator's say: steps alternate, and no
 * loss of theirs has to fall.
 */
export const isAdversarial = (run: Run): boolean => run.optimizers.size > 1;

/** ‖update‖ ÷ ‖weight‖ over all matrices and filters that were updated at a step; NaN if none was. */
export const stepRatio = rememberByStep(
  () => '',
  (run: Run, step: StepFrame, _all: null): number => {
    let updates = 0;
    let weights = 0;
    for (const id of step.parameters.ids) {
      if ((run.parameters[id]?.shape.length ?? 0) < 2) continue; // biases begin at 0, where a ratio says nothing
      const row = run.parameterAt(step, id);
      const update = row('updateNorm');
      if (Number.isNaN(update)) continue;
      updates += update ** 2;
      weights += row('weightNorm') ** 2;
    }
    return weights > 0 ? Math.sqrt(updates / weights) : Number.NaN;
  },
);

/** The ratios of some steps, as far as they are known. */
export const ratiosOf = (run: Run, steps: readonly StepFrame[]): number[] =>
  steps.map((step) => stepRatio(run, step, null)).filter((ratio) => !Number.isNaN(ratio));

/** Where only some steps are measured, so many of those stand for any number of steps. */
const SAMPLED_STEPS = 10;

const isMeasured = (step: StepFrame): boolean => step.parameters.ids.length > 0;

/** The ratios of the last `count` steps; where only some steps are measured, of the last of those. */
export function recentRatios(run: Run, count: number): number[] {
  const { steps } = run.history;
  return ratiosOf(run, run.start?.sampling ? steps.filter(isMeasured).slice(-SAMPLED_STEPS) : steps.slice(-count));
}
