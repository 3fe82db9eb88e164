import type { Run } from '../../run/run.ts';
import { aboutLayers, remedy } from '../about.ts';
import { recentLoss } from '../evidence/course.ts';
import { meaningOf } from '../evidence/lossMeaning.ts';
import { median } from '../evidence/median.ts';
import { hasHadTime } from '../evidence/progress.ts';
import { termsOf } from '../evidence/terms.ts';
import { number } from '../phrases.ts';
import type { Rule } from '../rule.ts';

const STEPS = 100;
/** At first the loss is so many times what its loss function gives, at the least. */
const OUTWEIGHS = 2;
/** While it falls to such a share of that of what the loss function gives, … */
const FALLEN = 0.7;
/** … no more than this is learned of what can be. */
const NOTHING = 0.05;

/** What is added to a loss, a penalty on the weights say, outweighs it: it becomes less, and nothing is learned. */
export const penalty: Rule = {
  id: 'wrong-loss-scale',
  source: 'exact: the loss at first less what its loss function gave; Krogh & Hertz 1991 on too large a weight decay',
  needs: { facts: ['loss', 'loss-of-step'], steps: STEPS },
  yieldsTo: ['non-finite', 'missing-zero-grad', 'not-optimized', 'frozen-parameter'],
  examine(run) {
    const [term, ...others] = termsOf(run);
    if (!term || others.length > 0 || !(term.learned < NOTHING) || !hasHadTime(run, STEPS)) return null;
    // a sum over the batch is a multiple of it, and nothing is added
    if (meaningOf(run).offset === 0) return null;
    const { loss, given } = atFirst(run);
    if (!(given > 0 && loss > OUTWEIGHS * given)) return null;
    // a loss function that sums gives as much more at any time
    if (!(recentLoss(run) / loss < FALLEN * (term.value / given))) return null;
    const [{ site, step }] = run.losses;
    return {
      id: 'wrong-loss-scale',
      severity: 'warning',
      strength: 'usual',
      ...aboutLayers(run, [], site),
      step,
      cause: 'penalty',
      evidence: `At first the loss was ${number(loss)}, of which its loss function gave ${number(given)}: what is added to that outweighs it. After ${run.stepCount} steps the loss function gives ${number(term.value)}, where a constant answer scores ${number(term.constant)}.`,
      remedies: [remedy('weight', 'Give what is added a far smaller weight')],
    };
  },
};

/** Of the first steps: the loss, and what the loss function gave. */
function atFirst(run: Run): { readonly loss: number; readonly given: number } {
  const given = new Map(run.losses.map(({ step, value }) => [step, value ?? Number.NaN]));
  const steps = run.history.steps.filter(({ step }) => given.has(step));
  return { loss: median(steps.map(({ loss }) => loss)), given: median([...given.values()]) };
}
