import type { StepFrame } from '../../run/frame.ts';
import type { Run } from '../../run/run.ts';
import { median } from './median.ts';

/** The losses that are kept, in order, as far as they were measured. */
export const lossesOf = (run: Run): number[] =>
  run.history.steps.map(({ loss }) => loss).filter((loss) => !Number.isNaN(loss));

/**
 * What is decided by how a loop is written shows in its first steps; looking at all of a long run again and again, for
 * every parameter, would take seconds.
 */
export const earlySteps = (run: Run): readonly StepFrame[] => run.history.steps.slice(0, 256);

const WINDOW = 10;

/** The median of the last steps, so that a lucky batch is no progress. */
export const recentLoss = (run: Run): number => median(lossesOf(run).slice(-WINDOW));

/** The share of the first loss that has been won; negative where it was lost, NaN without losses. */
export const won = (run: Run): number => (run.firstLoss - recentLoss(run)) / Math.abs(run.firstLoss);

/** As `won`, of the median of the first steps but the very first; of a loss that isn't above 0 by then all. */
export function wonAfterStart(run: Run): number {
  const losses = lossesOf(run);
  const start = median(losses.slice(WINDOW / 2, WINDOW / 2 + WINDOW));
  return start > 0 ? 1 - recentLoss(run) / start : 1;
}

/** Steps over which a rate that grows is seen to grow, and by how much. */
const WARM_UP = { steps: 100, growth: 2 };

const SLOWED_DOWN = 10;

/** The learning rate has grown much of late, and may go on. */
export function isWarmingUp({ history: { steps } }: Run): boolean {
  const { learningRate: before } = steps[Math.max(0, steps.length - WARM_UP.steps)] ?? { learningRate: Number.NaN };
  return (steps[steps.length - 1]?.learningRate ?? Number.NaN) > WARM_UP.growth * before;
}

/** By how much the loss has fallen from the third quarter of the run to the last, as a share; negative if it rose. */
export function lateProgress(run: Run): number {
  const losses = lossesOf(run);
  const quarter = Math.floor(losses.length / 4);
  const [before, after] = [median(losses.slice(-2 * quarter, -quarter)), median(losses.slice(-quarter))];
  return (before - after) / Math.abs(before);
}

/** The learning rate has fallen to less than a tenth of what it was at first. */
export function hasSlowedDown({ history: { steps } }: Run): boolean {
  return steps[steps.length - 1].learningRate < steps[0].learningRate / SLOWED_DOWN;
}
