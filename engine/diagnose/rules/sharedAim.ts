import { aboutLayers, remedy } from '../about.ts';
import { isOfTwo } from '../evidence/call.ts';
import { median } from '../evidence/median.ts';
import { callOf, learnsThrough, type Player, playersOf } from '../evidence/players.ts';
import { number, plural } from '../phrases.ts';
import type { Rule } from '../rule.ts';

/** Turns of a player, and how many of them tell how it began and what it has come to. */
const TURNS = 50;
const WINDOW = 10;
/** Both losses have fallen by so much of what they were. Where players are opponents one's loss is the other's gain. */
const FALLEN = 0.8;
/** And so low: who knows nothing of two kinds has ln 2. */
const WON = Math.LN2 / 2;

/**
 * Of two players that are told apart by a cross entropy both win: the one that is to deceive the other helps it. Its loss has the
 * wrong sign, or the other's labels.
 */
export const sharedAim: Rule = {
  id: 'wrong-loss-scale',
  source: 'Goodfellow et al. 2014: a game of opponents has no end in which both lose nothing',
  needs: { facts: ['loss', 'loss-of-step', 'updateNorm', 'optimizer'], steps: 2 * TURNS },
  examine(run) {
    if (!run.losses.some(({ loss }) => isOfTwo(loss))) return null;
    const players = playersOf(run);
    for (const deceiver of players) {
      const other = players.find(
        (player) => learnsThrough(run, deceiver, player) && !learnsThrough(run, player, deceiver),
      );
      if (!other || !hasWon(deceiver) || !hasWon(other)) continue;
      const [own, others] = [courseOf(deceiver), courseOf(other)];
      return {
        id: 'wrong-loss-scale',
        severity: 'error',
        strength: 'usual',
        ...aboutLayers(run, [], callOf(run, deceiver)?.site ?? deceiver.optimizer.site),
        step: deceiver.turns[0].step,
        cause: 'wrong-sign',
        evidence: `In ${plural(deceiver.turns.length, 'turn')} the loss of one of two players has fallen from ${number(own.first)} to ${number(own.last)}, and with it that of the other, through which it learns (from ${number(others.first)} to ${number(others.last)}): both want the same, so nobody is deceived.`,
        remedies: [
          remedy('sign', 'Give the player that is to deceive the other the opposite sign, or the opposite labels'),
        ],
      };
    }
    return null;
  },
};

/** A player's loss at first and at last. */
function courseOf({ turns }: Player) {
  const losses = turns.map(({ loss }) => loss);
  return { first: median(losses.slice(0, WINDOW)), last: median(losses.slice(-WINDOW)) };
}

function hasWon(player: Player): boolean {
  const { first, last } = courseOf(player);
  return player.turns.length >= TURNS && last < WON && first - last > FALLEN * Math.abs(first);
}
