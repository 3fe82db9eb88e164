import type { Run } from '../../run/run.ts';
import { aboutLayers, remedy } from '../about.ts';
import { shareLearned } from '../evidence/call.ts';
import { learned } from '../evidence/learned.ts';
import { median } from '../evidence/median.ts';
import { number } from '../phrases.ts';
import type { Rule } from '../rule.ts';

/** The last so many evaluations, after the best one, are all worse by so much, the last by so much. */
const WORSE = 3;
const BY = 1.1;
const AT_LAST = 1.25;
/** Meanwhile the loss in training has fallen by this share. */
const FALLEN = 0.1;
/** Of what can be learned: so much of what is trained on, and no more than this of what isn't, is no knowledge. */
const BY_HEART = 0.95;
const UNSEEN = 0.7;

/** The loss in evaluation rises from its best while that in training goes on falling. Never told without evaluations. */
export const overfitting: Rule = {
  id: 'overfitting',
  source: 'early stopping (Prechelt 1998): generalization loss over several strips',
  needs: { facts: ['loss', 'loss-of-step'], steps: 20 },
  examine(run) {
    const evaluations = run.evaluations.filter(
      ({ value, rows }, _i, [first]) => value !== null && Math.abs(rows - first.rows) <= 0.1 * first.rows,
    );
    const values = evaluations.map(({ value }) => value as number);
    const best = values.indexOf(Math.min(...values));
    const after = values.slice(best + 1);
    if (after.length < WORSE) return null;
    const last = after[after.length - 1];
    const { step, site } = evaluations[best];
    const [then, now] = [trainingLoss(run, step), trainingLoss(run, run.stepCount)];
    const rises = after.slice(-WORSE).every((v) => v > BY * values[best]) && last > AT_LAST * values[best];
    if (!(rises && now < (1 - FALLEN) * then) && !byHeart(run, after, values[best])) return null;
    return {
      id: 'overfitting',
      severity: 'warning',
      strength: 'usual',
      ...aboutLayers(run, [], site),
      step,
      cause: 'memorizes',
      evidence: `In evaluation the loss was best at step ${step} with ${number(values[best])} and has risen to ${number(last)} since, while in training it fell from ${number(then)} to ${number(now)}.`,
      remedies: [
        remedy('stop', `Stop early, near step ${step}`),
        remedy('regularize', 'More data or augmentation, dropout, weight decay, a smaller model'),
      ],
    };
  },
};

/** Nearly all is learned of what is trained on and far less of what isn't, and of that it has got worse ever since its best. */
function byHeart(run: Run, after: readonly number[], best: number): boolean {
  const { baseline: constant, least } = run.evaluations[0];
  if (constant === null || !after.every((value) => value > best)) return false;
  const unseen = shareLearned(after[after.length - 1], { constant, least: least ?? 0 });
  return learned(run) > BY_HEART && unseen < UNSEEN;
}

/** Median of the steps before one. */
const trainingLoss = (run: Run, step: number): number =>
  median(
    run.history.steps
      .filter((s) => s.step < step && !Number.isNaN(s.loss))
      .slice(-20)
      .map(({ loss }) => loss),
  );
