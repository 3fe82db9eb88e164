import type { ParameterFrame } from '../run/frame.ts';
import type { Run } from '../run/run.ts';
import { aboutParameters, remedy } from './about.ts';
import { number, plural } from './phrases.ts';
import type { Rule } from './rule.ts';

const STEPS = 8;

/**
 * Exact: all units of a layer began the same and stay the same, because they get the same gradient: the layer is as good
 * as one unit. A layer that begins at 0 (the last of a residual branch, an adapter) differs after its first update.
 */
export const symmetry: Rule = {
  id: 'bad-initialization',
  source: 'exact: identical units get identical gradients (Goodfellow et al. 2016, 8.4); TheDeepChecker’s variance ≈ 0',
  needs: { facts: ['sameUnits', 'updateNorm', 'gradientNorm'], steps: STEPS },
  examine(run) {
    const same = run.parameters.filter((parameter) => staysTheSame(run, parameter));
    if (same.length === 0) return null;
    const [first] = same;
    const { step } = run.history.steps[0];
    const mean = run.parameterAt(run.history.steps[0], first.id)('weightMean');
    const zero = run.parameterAt(run.history.steps[0], first.id)('weightNorm') === 0;
    const more = same.length > 1 ? ` So it is with ${plural(same.length - 1, 'other weight')}.` : '';
    return {
      id: 'bad-initialization',
      severity: 'error',
      confidence: 0.98,
      ...aboutParameters(run, same),
      step,
      cause: 'symmetry',
      evidence: `All ${first.shape[0]} units of ${first.name} began the same (${zero ? 'at 0' : `with a mean of ${number(mean)}`}) and still are the same after ${plural(run.stepCount, 'step')}: they get the same gradient, and work as one.${more}`,
      remedies: [remedy('initialization', 'Initialize the weights at random, to fit the activation (He, Glorot)')],
    };
  },
};

function staysTheSame(run: Run, { id, layer, shape }: ParameterFrame): boolean {
  if (layer === null || shape.length < 2) return false; // rows of a tensor that belongs to no layer need not be units
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
