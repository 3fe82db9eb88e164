import { aboutParameters, remedy } from '../about.ts';
import { isAdversarial } from '../evidence/adversarial.ts';
import { bottleneckOf } from '../evidence/bottleneck.ts';
import { hasLearnedLittle } from '../evidence/littleLearned.ts';
import { toldProgress } from '../evidence/progress.ts';
import type { Rule } from '../rule.ts';

const STEPS = 150;

/** All that a model that has learned little knows of its input passes through a single unit. */
export const bottleneck: Rule = {
  id: 'loss-plateau',
  source: 'exact: what one unit tells is one number; the model answers with several, or makes several of it',
  needs: { facts: ['loss', 'loss-of-step'], steps: STEPS },
  yieldsTo: ['non-finite', 'not-optimized', 'frozen-parameter', 'missing-zero-grad', 'unscaled-input'],
  examine(run) {
    if (isAdversarial(run) || !hasLearnedLittle(run)) return null;
    const narrow = bottleneckOf(run);
    if (!narrow) return null;
    return {
      id: 'loss-plateau',
      severity: 'warning',
      strength: 'usual',
      ...aboutParameters(run, [narrow]),
      step: Math.floor(run.stepCount / 2),
      cause: 'bottleneck',
      evidence: `All that the layers behind ${run.layers[narrow.layer as number].name} know of the input is what its single unit tells them. ${toldProgress(run)}`,
      remedies: [remedy('widen', 'Give the layer more units')],
    };
  },
};
