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
    const failing = isFailing(run);
    const stayed = run.parameters.filter((one) => staysTheSame(run, one) || (failing && stayedTheSame(run, one)));
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
  if (staysTheSame(run, parameter)) return `and still are the same after ${plural(run.stepCount, 'step')}: ${together}`;
  const updates = plural(updatesOfSame(run, parameter), 'update');
  return `and stayed so for ${updates}, until rounding told them apart: ${together} ${toldProgress(run)}`;
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

const hasUnits = ({ layer, shape }: ParameterFrame): boolean => layer !== null && shape.length > 1; // rows of a loose tensor need not be units

/** How many updates units that began the same have been through without being told apart. */
function updatesOfSame(run: Run, { id }: ParameterFrame): number {
  let updates = 0;
  for (const step of run.history.steps) {
    const row = run.parameterAt(step, id);
    const same = row('sameUnits');
    if (Number.isNaN(same)) continue;
    if (same !== 1) return updates;
    // where nothing moves, nothing can differ
    if (row('updateNorm') > 0) updates++;
  }
  return updates;
}

/** A matrix product may round what is the same in several ways: so it was for long enough, though it no longer is. */
const stayedTheSame = (run: Run, parameter: ParameterFrame): boolean =>
  hasUnits(parameter) && updatesOfSame(run, parameter) >= STEPS;

function staysTheSame(run: Run, parameter: ParameterFrame): boolean {
  if (!hasUnits(parameter)) return false;
  const { id } = parameter;
  let updates = 0;
  let began: boolean | null = null;
  for (const step of run.history.steps) {
    const row = run.parameterAt(step, id);
    const same = row('sameUnits');
    if (Number.isNaN(same)) continue;
    began ??= same === 1;
    if (same !== 1) return false;
    if (!Number.isNaN(row('updateNorm'))) updates++;
  }
  return began === true && updates >= STEPS;
}
