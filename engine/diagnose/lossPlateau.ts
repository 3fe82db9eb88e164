import { aboutLayers, remedy } from './about.ts';
import type { FindingId } from './finding.ts';
import { number } from './phrases.ts';
import { constantScore, isAdversarial, lossesOf, median } from './progress.ts';
import type { Rule } from './rule.ts';

/** Steps without progress. */
const STEPS = 200;
/** Within so much of what a constant answer scores. */
const MARGIN = 0.03;

/** Everything that can be the reason. */
const REASONS: readonly FindingId[] = [
  'vanishing-gradient',
  'exploding-gradient',
  'non-finite',
  'dead-units',
  'saturated-activation',
  'bad-initialization',
  'frozen-parameter',
  'not-optimized',
  'missing-zero-grad',
  'double-softmax',
  'learning-rate-high',
  'learning-rate-low',
  'oscillating-loss',
  'unscaled-input',
  'small-batch-norm',
  'gradient-check-failed',
];

/**
 * After hundreds of steps the model scores no better than a constant: the entropy of the classes, the variance of the
 * targets. A loss that merely stands still may have reached what can be reached, so nothing is said of it.
 */
export const lossPlateau: Rule = {
  id: 'loss-plateau',
  source: 'ARC Lens: ≥ 300 stalled steps; here against the exact score of the best constant answer',
  needs: { facts: ['loss', 'loss-of-step'], steps: STEPS },
  yieldsTo: REASONS,
  examine(run) {
    if (isAdversarial(run) || run.losses.length === 0) return null;
    const [first] = run.losses;
    const baseline = constantScore(run);
    const losses = lossesOf(run);
    const half = losses.slice(-Math.floor(losses.length / 2));
    const [recent, before] = [median(half.slice(-half.length / 2)), median(half.slice(0, half.length / 2))];
    if (!(recent > (1 - MARGIN) * baseline && recent < (1 + MARGIN) * baseline && recent > 0.99 * before)) return null;
    return {
      id: 'loss-plateau',
      severity: 'warning',
      confidence: 0.7,
      ...aboutLayers(run, [], first.site),
      step: Math.floor(run.stepCount / 2),
      cause: 'no-better-than-constant',
      evidence: `After ${run.stepCount} steps the loss is ${number(recent)}, and a constant answer scores ${number(baseline)} on these targets: the model has learned nothing of its input. No known fix.`,
      remedies: [
        remedy('data', 'Check that inputs and targets belong together, and that the input tells of the target'),
      ],
    };
  },
};
