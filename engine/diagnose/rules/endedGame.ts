import type { OptimizerFrame } from '../../run/frame.ts';
import type { Run } from '../../run/run.ts';
import { aboutLayers, remedy } from '../about.ts';
import { isAdversarial } from '../evidence/adversarial.ts';
import { median } from '../evidence/median.ts';
import { ratiosOf } from '../evidence/updates.ts';
import { number, plural } from '../phrases.ts';
import type { Rule } from '../rule.ts';

/** Steps of a player, and how many of them tell how it began and what it has come to. */
const STEPS = 100;
const WINDOW = 20;
/** To such a share of what they were updates fade, the learning rate being the same. */
const FADED = 1 / 20;

/** Players take turns: so many times as many updates as steps are those of optimizers that update at once. */
const TOGETHER = 1.5;

/**
 * Of two players that learn from each other, one hardly learns any more: the other has won, or both want the same. While a game
 * goes on, its losses stay about where they are and its updates about as large as they were.
 */
export const endedGame: Rule = {
  id: 'loss-plateau',
  source:
    'Goodfellow et al. 2014 (a discriminator that rejects with certainty leaves no gradient); Arjovsky & Bottou 2017',
  needs: { facts: ['updateNorm', 'weightNorm', 'optimizer'], steps: STEPS },
  yieldsTo: [
    'not-optimized',
    'frozen-parameter',
    'missing-zero-grad',
    'learning-rate-high',
    'learning-rate-low',
    'non-finite',
    'bad-initialization',
  ],
  examine(run) {
    if (!isAdversarial(run)) return null;
    const courses = [...run.optimizers.values()].map((optimizer) => ({ optimizer, ...courseOf(run, optimizer) }));
    // Optimizers that update together are one player's.
    const turns = courses.reduce((sum, { steps }) => sum + steps, 0);
    if (turns > TOGETHER * run.history.length) return null;
    for (const { optimizer, first, last, steps } of courses) {
      if (!(steps >= STEPS && last < FADED * first)) continue;
      return {
        id: 'loss-plateau',
        severity: 'warning',
        strength: 'usual',
        ...aboutLayers(run, [], optimizer.site),
        step: Math.floor(run.stepCount / 2),
        cause: 'stalled',
        evidence: `The updates of one of two players have faded to ${number((100 * last) / first)} % of what they were in ${plural(steps, 'step')}: it has nothing to learn from the other any more. No known fix.`,
        remedies: [
          remedy('data', 'Check that the two losses are each other’s opposite, and that neither player is far ahead'),
        ],
      };
    }
    return null;
  },
};

/** By how much an optimizer changes its weights for each unit of the learning rate, at first and at last. */
function courseOf(run: Run, { parameters }: OptimizerFrame) {
  const own = new Set(parameters);
  const perRate = run.history.steps.flatMap((step) => {
    const [ratio = 0] = ratiosOf(run, [step], own);
    return ratio > 0 ? [ratio / step.learningRate] : [];
  });
  return { first: median(perRate.slice(0, WINDOW)), last: median(perRate.slice(-WINDOW)), steps: perRate.length };
}
