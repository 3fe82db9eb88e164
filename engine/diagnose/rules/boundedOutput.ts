import type { LossFrame } from '../../run/frame.ts';
import type { Run } from '../../run/run.ts';
import { aboutLayers, remedy, siteOfLast } from '../about.ts';
import { isFailing, lateProgress, median, toldProgress } from '../evidence/progress.ts';
import type { Symptom } from '../finding.ts';
import { number } from '../phrases.ts';
import type { Rule } from '../rule.ts';

/** Batches whose targets must show it. */
const CALLS = 5;
const STEPS = 20;
/** Width of what an activation can give. */
const WIDTHS: { readonly [operation: string]: number } = { sigmoid: 1, softmax: 1, tanh: 2 };

/** A half-line has no bound for a variance; there it takes a model that has had its time, and falls by no more than this. */
const STEPS_OF_HALF = 150;
const FALLING = 0.1;

/**
 * Exact: numbers within an interval have at most a quarter of its squared width as their variance (Popoviciu 1935). A model
 * whose last operation is a sigmoid can't answer to targets whose variance is larger. One whose last is a ReLU can't answer to
 * what is below 0; whether anything is isn't known, so it's told only where the model has stopped far from its targets.
 */
export const boundedOutput: Rule = {
  id: 'loss-plateau',
  source: 'exact: targets that vary by more than the output’s interval allows (Popoviciu 1935)',
  needs: { facts: ['loss', 'loss-of-step', 'operation'], steps: STEPS },
  yieldsTo: ['dead-units'],
  examine(run) {
    const calls = run.losses.filter(({ loss }) => loss === 'mseLoss');
    const [first] = calls;
    const width = WIDTHS[first?.operation ?? ''];
    if (first?.operation === 'relu') return neverNegative(run, calls);
    if (width === undefined || calls.length < CALLS || !isFailing(run)) return null;
    // Of mean squared error the best constant answer scores the variance.
    const variance = median(calls.flatMap(({ baseline }) => baseline ?? []));
    if (!(variance > width ** 2 / 4)) return null;
    return {
      id: 'loss-plateau',
      severity: 'warning',
      strength: 'usual',
      ...aboutLayers(run, [first.layer], siteOfLast(run, first, first.operation as string)),
      step: first.step,
      cause: 'bounded-output',
      evidence: `The answers come from ${first.operation} and lie in [${number(first.min)}, ${number(first.max)}], an interval of width ${width} at the most. The targets have a variance of ${number(variance)}; within such an interval there can be none above ${number(width ** 2 / 4)}.`,
      remedies: [
        remedy('unbounded', `Leave ${first.operation} out at the end, or scale the targets into its interval`),
      ],
    };
  },
};

function neverNegative(run: Run, calls: readonly LossFrame[]): Symptom | null {
  const [first] = calls;
  if (calls.length < CALLS || run.stepCount < STEPS_OF_HALF || !calls.every(({ min }) => min >= 0)) return null;
  if (!calls.some(({ min }) => min === 0)) return null;
  if (!isFailing(run) || lateProgress(run) > FALLING) return null;
  return {
    id: 'loss-plateau',
    severity: 'warning',
    strength: 'usual',
    ...aboutLayers(run, [first.layer], siteOfLast(run, first, 'relu')),
    step: first.step,
    cause: 'bounded-output',
    evidence: `The answers come from relu: none is below 0, and many are 0, where no gradient passes. ${toldProgress(run)} It hardly falls any more.`,
    remedies: [remedy('unbounded', 'Leave relu out at the end, unless no target is negative')],
  };
}
