import { aboutLayers, remedy } from '../about.ts';
import { curvatureProof } from '../evidence/curvature.ts';
import { flourishes } from '../evidence/progress.ts';
import { STEPS_OF_SWINGS, swingsOf } from '../evidence/swings.ts';
import { number } from '../phrases.ts';
import type { Rule } from '../rule.ts';

/** The loss swings up and down from step to step by a good part of itself, with large updates, and falls no more. */
export const oscillatingLoss: Rule = {
  id: 'oscillating-loss',
  source: 'AutoTrainer’s oscillating loss; period-2 motion beyond the edge of stability (Cohen et al. 2021)',
  needs: { facts: ['loss-of-step', 'updateNorm', 'weightNorm'], steps: 1.5 * STEPS_OF_SWINGS },
  yieldsTo: ['learning-rate-high', 'exploding-gradient', 'missing-zero-grad', 'non-finite', 'unscaled-input'],
  examine(run) {
    const swings = swingsOf(run);
    if (!swings) return null;
    const { swing, level, ratio } = swings;
    const [optimizer] = run.optimizers.values();
    const { step } = run.history.steps[run.history.length - STEPS_OF_SWINGS];
    const { proves, sentence } = curvatureProof(run, run.stepCount);
    return {
      id: 'oscillating-loss',
      // AutoTrainer, too, asks for a model that isn't good: about a loss that is small by now, swings are small.
      severity: flourishes(run) ? 'information' : 'warning',
      strength: proves ? 'strong' : 'usual',
      ...aboutLayers(run, [], optimizer?.site ?? run.parameters[0]?.site ?? null),
      step,
      cause: 'large-updates',
      evidence: `For ${STEPS_OF_SWINGS} steps the loss has swung up and down by ${number(swing)} around ${number(level)} without falling, while each update changes the weights by ${number(100 * ratio)} %.${sentence}`,
      remedies: [
        remedy('learning-rate', 'Lower the learning rate, or let it fall by a schedule'),
        remedy('momentum', 'Use less momentum'),
      ],
    };
  },
};
