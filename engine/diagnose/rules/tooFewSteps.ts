import { aboutLayers, remedy } from '../about.ts';
import { isAdversarial } from '../evidence/adversarial.ts';
import { isWarmingUp } from '../evidence/course.ts';
import { learned } from '../evidence/learned.ts';
import { hasLearnedLess } from '../evidence/littleLearned.ts';
import { SOME_WAY } from '../evidence/room.ts';
import { travelled } from '../evidence/updates.ts';
import { number, plural } from '../phrases.ts';
import type { Rule } from '../rule.ts';
import { learningRateLow } from './learningRateLow.ts';

/** Fewer say that a script was tried out. */
const STEPS = 8;
/** With so many and more there is enough of a course to ask what it was that kept the model from learning: a third of what a verdict takes. */
const ENOUGH = 34;
/** Of what can be learned. */
const LITTLE = 0.2;

/** A run that is over before its updates could lead anywhere: a model that is about where it began has learned nothing. */
export const tooFewSteps: Rule = {
  id: 'learning-rate-low',
  source: 'exact: what all updates together can have changed of the weights, and what a constant answer scores',
  needs: { facts: ['loss', 'loss-of-step', 'updateNorm', 'weightNorm'], steps: STEPS },
  yieldsTo: learningRateLow.yieldsTo,
  examine(run) {
    if (run.end?.ended !== 'completed' || run.stepCount >= ENOUGH || isAdversarial(run)) return null;
    const way = travelled(run);
    if (!(hasLearnedLess(run, LITTLE) && way < SOME_WAY)) return null;
    const [optimizer] = run.optimizers.values();
    return {
      id: 'learning-rate-low',
      severity: 'warning',
      strength: 'usual',
      ...aboutLayers(run, [], optimizer?.site ?? run.parameters[0]?.site ?? null),
      step: run.stepCount - 1,
      cause: 'few-steps',
      evidence: `The run was over after ${plural(run.stepCount, 'step')}, which together change the weights by ${number(100 * way)} % of themselves at the most${isWarmingUp(run) ? ' (the learning rate was still growing)' : ''}: of what could be learned the model has learned ${number(100 * Math.max(0, learned(run)))} %.`,
      remedies: [
        remedy('steps', 'Train for many more steps'),
        remedy('learning-rate', 'Raise the learning rate by 10 to 100'),
      ],
    };
  },
};
