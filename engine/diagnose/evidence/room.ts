import type { StepFrame } from '../../run/frame.ts';
import { elementCount } from '../../run/groups.ts';
import type { Run } from '../../run/run.ts';
import { hasSlowedDown, lossesOf, won } from './course.ts';
import { shareOfBound } from './curvature.ts';
import { median } from './median.ts';
import { BEYOND_DOUBT, trend } from './trend.ts';
import { travelled } from './updates.ts';

/** Whether larger steps could lead anywhere, of a model that has learned nothing so far. */

/** Where rate·λ is so far below its bound, larger steps are safe. */
export const ROOM = 0.01;
/** So little can all updates together have changed the weights … */
const NO_WAY = 0.2;
/** … or so little, where rate·λ is far below its bound and nothing has been learned, or where what has been isn't much and grows. */
export const SOME_WAY = 1;
/** What the loss has lost of itself by now, where steps were large enough. */
const WON = 0.5;
/** So far weights have moved where a loss that can fall would. */
const IN_VAIN = 0.15;
/** Of all elements of weights. */
const MOST = 0.5;
const RECENT = 100;

/** The weights are about what they were, and so is the loss (one that has crossed 0 can't be compared with its first). */
export const goesNowhere = (run: Run): boolean => travelled(run) < NO_WAY && !(won(run) >= WON && won(run) <= 1);

/** Steps have been too small to learn anything, or larger ones are safe. */
export const hasRoom = (run: Run): boolean =>
  !isInVain(run) && (goesNowhere(run) || (shareOfBound(run) < ROOM && travelled(run) < SOME_WAY));

/**
 * No gradient asks for larger steps: it is exactly 0 for most weights, or weights have been moved as far as lets a loss fall that
 * can, and it doesn't. (Of a rate that a schedule has taken away that says nothing.)
 */
function isInVain(run: Run): boolean {
  if (hasSlowedDown(run)) return false;
  const shares = run.history.steps.slice(-RECENT).map((step) => shareWithoutGradient(run, step));
  return (
    median(shares.filter(Number.isFinite)) > MOST || (travelled(run) > IN_VAIN && trend(lossesOf(run)) > BEYOND_DOUBT)
  );
}

/** At a step, most weights that were measured had a gradient. */
export const hasGradients = (run: Run, step: StepFrame): boolean => shareWithoutGradient(run, step) < MOST;

/** Of the matrices and filters that were measured at a step, how many elements are in those that had no gradient at all. */
function shareWithoutGradient(run: Run, step: StepFrame): number {
  let [without, all] = [0, 0];
  for (const id of step.parameters.ids) {
    const parameter = run.parameters[id];
    if (parameter.shape.length < 2) continue;
    const size = elementCount(parameter);
    all += size;
    if (run.parameterAt(step, id)('gradientNorm') === 0) without += size;
  }
  return without / all;
}
