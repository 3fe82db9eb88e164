import { aboutLayers, remedy, siteOfLast } from '../about.ts';
import { isFailing, median } from '../evidence/progress.ts';
import { number } from '../phrases.ts';
import type { Rule } from '../rule.ts';

/** Batches whose targets must show it. */
const CALLS = 5;
const STEPS = 20;
/** Width of what an activation can give. */
const WIDTHS: { readonly [operation: string]: number } = { sigmoid: 1, softmax: 1, tanh: 2 };

/**
 * Exact: numbers within an interval have at most a quarter of its squared width as their variance (Popoviciu 1935). A model
 * whose last operation is a sigmoid can't answer to targets whose variance is larger.
 */
export const boundedOutput: Rule = {
  id: 'loss-plateau',
  source: 'exact: targets that vary by more than the output’s interval allows (Popoviciu 1935)',
  needs: { facts: ['loss', 'loss-of-step', 'operation'], steps: STEPS },
  examine(run) {
    const calls = run.losses.filter(({ loss }) => loss === 'mseLoss');
    const [first] = calls;
    const width = WIDTHS[first?.operation ?? ''];
    if (width === undefined || calls.length < CALLS || !isFailing(run)) return null;
    // Of mean squared error the best constant answer scores the variance.
    const variance = median(calls.flatMap(({ baseline }) => baseline ?? []));
    if (!(variance > width ** 2 / 4)) return null;
    return {
      id: 'loss-plateau',
      severity: 'warning',
      confidence: 0.9,
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
