import type { Run } from '../../run/run.ts';
import { number } from '../phrases.ts';
import { isAdversarial } from './adversarial.ts';
import { won, wonAfterStart } from './course.ts';
import { learned } from './learned.ts';

/** Learned of what can be; of the first loss, where that can't be told. */
const WELL = 0.75;
const WELL_WHEN_UNKNOWN = 0.8;

/** The model learns well, whatever is odd about it; false where that can't be told. */
export const flourishes = (run: Run): boolean => learned(run) >= WELL;

/** Of what the loss was after the first steps: those of a bad start say nothing, and make it fall by nearly all of itself. */
const WELL_AFTER_START = 0.5;

/** It learns well, or, where that can't be told, the loss has fallen by most of itself (below 0 it may fall for ever). */
export const seemsWell = (run: Run): boolean => {
  if (!Number.isNaN(learned(run))) return flourishes(run);
  return (
    won(run) >= WELL_WHEN_UNKNOWN && won(run) <= 1 && !isAdversarial(run) && wonAfterStart(run) >= WELL_AFTER_START
  );
};

/** Early on, something learned is enough; later it has to be well. */
const STEPS_TO_LEARN = 100;
const SOMETHING = 0.3;

/** So many steps of those that a verdict takes will do, where no more are to come. */
const STEPS_WHEN_OVER = 2 / 3;

/** Enough steps for a verdict on what a model has learned. */
export const hasHadTime = (run: Run, steps: number): boolean =>
  run.stepCount >= (run.end?.ended === 'completed' ? STEPS_WHEN_OVER : 1) * steps;

/** The model hasn't learned what it should have by now. */
export const isFailing = (run: Run): boolean =>
  run.stepCount < STEPS_TO_LEARN ? !learns(run, SOMETHING) && !seemsWell(run) : !seemsWell(run);

/** How far it has come, in a sentence. */
export function toldProgress(run: Run): string {
  const share = learned(run);
  if (!Number.isNaN(share))
    return `After ${run.stepCount} steps the model has learned ${number(100 * Math.max(0, share))} % of what could be learned.`;
  return Number.isFinite(won(run))
    ? `After ${run.stepCount} steps the loss has fallen by ${number(100 * won(run))} %.`
    : 'The loss is no longer finite.';
}

/**
 * True if so much of what can be learned has been; where that can't be told, if so much of the first loss was won. A first
 * loss that is far too large falls quickly, and says nothing.
 */
export function learns(run: Run, share: number): boolean {
  const known = learned(run);
  return (Number.isNaN(known) ? won(run) : known) >= share;
}
