import type { Run } from '../../run/run.ts';
import { isAdversarial } from './adversarial.ts';
import { lossesOf } from './course.ts';
import { median } from './median.ts';
import { recentRatios } from './updates.ts';

/** Steps that are looked at: the last. */
export const STEPS_OF_SWINGS = 40;
/** Share of steps after which the loss turns around; chance has 2/3. */
const TURNS = 0.85;
/** Size of a swing against the loss. */
const SWING = 0.3;
/** Updates so large that the swings are the optimizer's, not those of the batches. */
const RATIO = 0.01;

/** Of late, how far the loss goes from step to step, about which level, while each update changes the weights by a share. */
interface Swings {
  readonly swing: number;
  readonly level: number;
  readonly ratio: number;
}

/** Null unless the loss swings up and down from step to step by a good part of itself, with large updates, and falls no more. */
export function swingsOf(run: Run): Swings | null {
  if (isAdversarial(run)) return null;
  const losses = lossesOf(run).slice(-STEPS_OF_SWINGS);
  if (losses.length < STEPS_OF_SWINGS || losses.some((loss) => !(loss > 0))) return null;
  const steps = losses.slice(1).map((loss, i) => loss - losses[i]);
  const turns = steps.slice(1).filter((step, i) => step * steps[i] < 0).length / (steps.length - 1);
  const level = median(losses);
  const swing = median(steps.map(Math.abs));
  const ratio = median(recentRatios(run, STEPS_OF_SWINGS));
  const half = STEPS_OF_SWINGS / 2;
  const falls = median(losses.slice(half)) <= 0.9 * median(losses.slice(0, half));
  return turns >= TURNS && swing > SWING * level && ratio > RATIO && !falls ? { swing, level, ratio } : null;
}
