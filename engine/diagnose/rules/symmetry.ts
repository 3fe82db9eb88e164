import type { ParameterFrame } from '../../run/frame.ts';
import type { Run } from '../../run/run.ts';
import { aboutParameters, remedy } from '../about.ts';
import { learned } from '../evidence/learned.ts';
import { isFailing, toldProgress } from '../evidence/progress.ts';
import { number, plural } from '../phrases.ts';
import type { Rule } from '../rule.ts';

const STEPS = 8;
/** Where units differ in their biases at least, it's a fault if so little has been learned after so many steps. */
const STEPS_TO_LEARN = 60;
const LEARNED = 0.7;

/**
 * Exact: all units of a layer began the same and stay the same, because they get the same gradient: the layer is as good
 * as one unit. A layer that begins at 0 (the last of a residual branch, an adapter) differs after its first update.
 */
export const symmetry: Rule = {
  id: 'bad-initialization',
  source: 'exact: identical units get identical gradients (Goodfellow et al. 2016, 8.4); TheDeepChecker’s variance ≈ 0',
  needs: { facts: ['sameUnits', 'updateNorm', 'gradientNorm'], steps: STEPS },
  regardless: true,
  examine(run) {
    const stayed = run.parameters.filter((one) => {
      const sameness = samenessOf(run, one);
      return staysTheSame(sameness) || (stayedTheSame(sameness) && isFailing(run));
    });
    const same = stayed.length > 0 ? stayed : mostBeganTheSame(run);
    if (same.length === 0) return null;
    const [first] = same;
    const { step } = run.history.steps[0];
    const mean = run.parameterAt(run.history.steps[0], first.id)('weightMean');
    const zero = run.parameterAt(run.history.steps[0], first.id)('weightNorm') === 0;
    const more = same.length > 1 ? ` So it is with ${plural(same.length - 1, 'other weight')}.` : '';
    return {
      id: 'bad-initialization',
      severity: 'error',
      strength: stayed.length > 0 ? 'strong' : 'usual',
      ...aboutParameters(run, same),
      step,
      cause: 'symmetry',
      evidence:
        `All ${first.shape[0]} units of ${first.name} began the same (${zero ? 'at 0' : `with a mean of ${number(mean)}`}) ` +
        `${whatTellsApart(run, first, stayed.length > 0)}${more}`,
      remedies: [remedy('initialization', 'Initialize the weights at random, to fit the activation (He, Glorot)')],
    };
  },
};

function whatTellsApart(run: Run, parameter: ParameterFrame, stayed: boolean): string {
  if (!stayed) return `and nothing but biases tells them apart. ${toldProgress(run)}`;
  const together = 'they get the same gradient, and work as one.';
  const sameness = samenessOf(run, parameter);
  if (staysTheSame(sameness)) return `and still are the same after ${plural(run.stepCount, 'step')}: ${together}`;
  return `and stayed so for ${plural(sameness.moves, 'update')}, until rounding told them apart: ${together} ${toldProgress(run)}`;
}

/** Weights that began without any difference, if most did, in a model that has not learned. */
function mostBeganTheSame(run: Run): readonly ParameterFrame[] {
  const share = learned(run);
  if (run.stepCount < STEPS_TO_LEARN || !(Number.isNaN(share) ? isFailing(run) : share < LEARNED)) return [];
  const weights = run.parameters.filter(({ layer, shape }) => layer !== null && shape.length > 1 && shape[0] > 1);
  const [start] = run.history.steps;
  const same = weights.filter(({ id }) => run.parameterAt(start, id)('sameUnits') === 1);
  return same.length > 1 && same.length > weights.length / 2 ? same : [];
}

/** How units fared that began the same. */
interface Sameness {
  /** They still are the same; false where they never were. */
  readonly lasts: boolean;
  /** Updates that were measured until they were told apart, and those of them that moved anything: else nothing can differ. */
  readonly updates: number;
  readonly moves: number;
}

function samenessOf(run: Run, { id, layer, shape }: ParameterFrame): Sameness {
  let [lasts, updates, moves] = [false, 0, 0];
  if (layer === null || shape.length < 2) return { lasts, updates, moves }; // rows of a tensor that belongs to no layer need not be units
  for (const step of run.history.steps) {
    const row = run.parameterAt(step, id);
    const same = row('sameUnits');
    if (Number.isNaN(same)) continue;
    lasts = same === 1;
    if (!lasts) break;
    const update = row('updateNorm');
    if (!Number.isNaN(update)) updates++;
    if (update > 0) moves++;
  }
  return { lasts, updates, moves };
}

const staysTheSame = ({ lasts, updates }: Sameness): boolean => lasts && updates >= STEPS;

/** A matrix product may round what is the same in several ways: so it was for long enough, though it no longer is. */
const stayedTheSame = ({ moves }: Sameness): boolean => moves >= STEPS;
