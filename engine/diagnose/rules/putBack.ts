import type { ParameterFrame } from '../../run/frame.ts';
import type { Run } from '../../run/run.ts';
import { aboutParameters, remedy } from '../about.ts';
import { earlySteps } from '../evidence/course.ts';
import { isFailing } from '../evidence/progress.ts';
import { number, plural } from '../phrases.ts';
import type { Rule } from '../rule.ts';

/** Steps that must show it. */
const STEPS = 4;
/** An update changes weights by such a share of themselves, so that they can't be the same afterwards by rounding. */
const NOTICEABLE = 1e-4;
/** To such a share of the steps that are looked at it goes on: a server that hands out weights hands out better ones later. */
const GOES_ON = 0.75;
/** What is the same of a tensor that is the same. */
const SAME = ['weightNorm', 'weightMean', 'weightMin', 'weightMax'] as const;

/** Exact: weights are updated, and are again what they began as, time and again. */
export const putBack: Rule = {
  id: 'not-optimized',
  source: 'exact: weights that are updated and have the norm, mean, least and greatest element that they began with',
  needs: { facts: ['weightNorm', 'updateNorm'], steps: 2 * STEPS },
  examine(run) {
    if (!isFailing(run)) return null;
    const back: (ReturnType<typeof courseOf> & { readonly parameter: ParameterFrame })[] = [];
    for (const parameter of run.parameters) {
      if (parameter.shape.length < 2) continue;
      const course = courseOf(run, parameter);
      if (course.updates.length <= STEPS) continue;
      // one that isn't is enough, and usually the first
      if (course.times < STEPS || course.last < GOES_ON * course.updates.length) return null;
      back.push({ parameter, ...course });
    }
    if (back.length === 0) return null;
    const [{ parameter, times, updates, first }] = back;
    const [optimizer] = run.optimizers.values();
    return {
      id: 'not-optimized',
      severity: 'error',
      strength: 'strong',
      ...aboutParameters(
        run,
        back.map((one) => one.parameter),
        optimizer?.updatedAt ?? null,
      ),
      step: first,
      cause: 'put-back',
      evidence: `At ${times} of ${plural(updates.length, 'step')} that were looked at ${parameter.name} was again exactly what it began as, though each update changed it (by ${number(100 * updates[0])} % at first): something puts the weights back.`,
      remedies: [remedy('data', 'Load or reset the weights once, before the loop')],
    };
  },
};

/** How often a parameter was again what it began as, after it had been changed; by how much updates changed it, from which step on, and at which of the updates last. */
function courseOf(run: Run, { id }: ParameterFrame) {
  const updates: number[] = [];
  let began: readonly number[] | null = null;
  let [times, first, last] = [0, 0, 0];
  for (const step of earlySteps(run)) {
    const row = run.parameterAt(step, id);
    const ratio = row('updateNorm') / row('weightNorm');
    if (!(ratio > NOTICEABLE)) continue;
    updates.push(ratio);
    const now = SAME.map((statistic) => row(statistic));
    if (began?.every((value, i) => value === now[i])) {
      if (times++ === 0) first = step.step;
      last = updates.length;
    }
    began ??= now;
  }
  return { updates, times, first, last };
}
