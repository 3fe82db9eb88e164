import type { Run } from '../../run/run.ts';
import { aboutLayers, remedy } from '../about.ts';
import { median } from '../evidence/median.ts';
import { type Player, playersOf } from '../evidence/players.ts';
import { ratiosOf } from '../evidence/updates.ts';
import { number, plural } from '../phrases.ts';
import type { Rule } from '../rule.ts';

/** Turns of a player, and how many of them tell how it began and what it has come to. */
const TURNS = 100;
const WINDOW = 20;
/** To such a share of what they were updates fade, the learning rate being the same. */
const FADED = 1 / 20;

/**
 * Of two players that learn from each other, one hardly learns any more: the other has won, or both want the same. While a game
 * goes on, its losses stay about where they are and its updates about as large as they were.
 */
export const endedGame: Rule = {
  id: 'loss-plateau',
  source:
    'Goodfellow et al. 2014 (a discriminator that rejects with certainty leaves no gradient); Arjovsky & Bottou 2017',
  needs: { facts: ['updateNorm', 'weightNorm', 'optimizer'], steps: TURNS },
  yieldsTo: [
    'not-optimized',
    'frozen-parameter',
    'missing-zero-grad',
    'learning-rate-high',
    'learning-rate-low',
    'non-finite',
    'bad-initialization',
    'wrong-loss-scale',
  ],
  examine(run) {
    for (const player of playersOf(run)) {
      const { first, last, turns } = courseOf(run, player);
      if (!(turns >= TURNS && last < FADED * first)) continue;
      return {
        id: 'loss-plateau',
        severity: 'warning',
        strength: 'usual',
        ...aboutLayers(run, [], player.optimizer.site),
        step: Math.floor(run.stepCount / 2),
        cause: 'stalled',
        evidence: `The updates of one of two players have faded to ${number((100 * last) / first)} % of what they were in ${plural(turns, 'turn')}: it has nothing to learn from the other any more. No known fix.`,
        remedies: [
          remedy('data', 'Check that the two losses are each other’s opposite, and that neither player is far ahead'),
        ],
      };
    }
    return null;
  },
};

/** By how much a player's updates change its weights for each unit of the learning rate, at first and at last. */
function courseOf(run: Run, { parameters, turns }: Player) {
  const perRate = turns.flatMap((turn) => {
    const [ratio = 0] = ratiosOf(run, [turn], parameters);
    return ratio > 0 ? [ratio / turn.learningRate] : [];
  });
  return { first: median(perRate.slice(0, WINDOW)), last: median(perRate.slice(-WINDOW)), turns: perRate.length };
}
