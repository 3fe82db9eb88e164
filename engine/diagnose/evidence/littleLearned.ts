import type { LossFrame } from '../../run/frame.ts';
import type { Run } from '../../run/run.ts';
import { isOfClasses, isOfNumbers, isOfTwo } from './call.ts';
import { lateProgress } from './course.ts';
import { isCompromise, learned } from './learned.ts';
import { stuckTerm } from './terms.ts';

/** With more classes than this (words, say), nobody knows the next one: how much can be learned can't be told. */
const FEW_CLASSES = 20;
/** Less than this has been learned of what can be: of classes, of two, of numbers, of anything else. */
const LITTLE = { classes: 0.65, manyClasses: Number.NEGATIVE_INFINITY, two: 0.5, numbers: 0.4, other: 0.3 };
/** A loss that falls by less in the last quarter stands still; and who has learned no more than this isn't under way. */
const STANDS = 0.02;
export const BARELY = 0.2;

/** Little of what can be learned has been, by what usual networks come to, or nothing for one of several terms; false where it can't be told. */
export function hasLearnedLittle(run: Run): boolean {
  const [first] = run.losses;
  if (first === undefined) return false;
  const little = isCompromise(run) ? Math.min(BARELY, LITTLE[kindOf(first)]) : LITTLE[kindOf(first)];
  return learned(run) < little || stuckTerm(run) !== undefined;
}

/** Less than a share of what can be learned has been; false where that can't be told. */
export function hasLearnedLess(run: Run, share: number): boolean {
  const [first] = run.losses;
  return first !== undefined && kindOf(first) !== 'manyClasses' && learned(run) < share;
}

function kindOf(frame: LossFrame): keyof typeof LITTLE {
  if (isOfClasses(frame.loss)) return frame.classes > FEW_CLASSES ? 'manyClasses' : 'classes';
  if (isOfTwo(frame.loss)) return 'two';
  return isOfNumbers(frame) ? 'numbers' : 'other';
}

/** How a run that is over and has learned little ended: under way, or at a standstill; null of any other. */
export function endedEarly(run: Run): 'unfinished' | 'stalled' | null {
  if (run.end?.ended !== 'completed' || !hasLearnedLittle(run)) return null;
  return lateProgress(run) > STANDS && learned(run) > BARELY ? 'unfinished' : 'stalled';
}
