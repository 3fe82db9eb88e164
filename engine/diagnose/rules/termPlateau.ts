import { aboutLayers, remedy } from '../about.ts';
import { isWarmingUp } from '../evidence/course.ts';
import { linearLayers } from '../evidence/linearModel.ts';
import { hasHadTime } from '../evidence/progress.ts';
import { hasRoom } from '../evidence/room.ts';
import { stuckTerm, termsOf } from '../evidence/terms.ts';
import { number, plural } from '../phrases.ts';
import type { Rule } from '../rule.ts';
import { REASONS } from './lossPlateau.ts';

const STEPS = 150;

/** Of a loss of several terms one is no better than a constant answer's, while others are learned. */
export const termPlateau: Rule = {
  id: 'loss-plateau',
  source: 'each term against the exact score of the best constant answer on its own targets',
  needs: { facts: ['loss', 'loss-of-step'], steps: STEPS },
  yieldsTo: REASONS,
  examine(run) {
    if (!hasHadTime(run, STEPS) || isWarmingUp(run) || hasRoom(run)) return null;
    const stuck = stuckTerm(run);
    if (!stuck || linearLayers(run)) return null;
    return {
      id: 'loss-plateau',
      severity: 'warning',
      strength: 'usual',
      ...aboutLayers(run, [], stuck.site),
      step: Math.floor(run.stepCount / 2),
      cause: 'one-term',
      evidence: `The loss has ${plural(termsOf(run).length, 'term')}, and this one is ${number(stuck.value)} after ${run.stepCount} steps, where a constant answer scores ${number(stuck.constant)}: nothing has been learned for it, while others are learned. No known fix.`,
      remedies: [
        remedy('data', 'Check that its inputs and targets belong together, and that its weight isn’t far too small'),
      ],
    };
  },
};
