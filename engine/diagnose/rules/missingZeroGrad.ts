import type { ParameterFrame } from '../../run/frame.ts';
import type { Run } from '../../run/run.ts';
import { aboutParameters, remedy } from '../about.ts';
import { earlySteps, won } from '../evidence/course.ts';
import { number } from '../phrases.ts';
import type { Rule } from '../rule.ts';

/** Updates with an old gradient in them, and their share of all after the first, before it's a habit. */
const UPDATES = 3;
const SHARE = 0.5;
const LEARNING = 0.5;

/**
 * Exact: a backward pass added to a gradient that an update had used, and the sum was used for the next update.
 * Gradient accumulation isn't that: between two updates nothing has been used.
 */
export const missingZeroGrad: Rule = {
  id: 'missing-zero-grad',
  source: 'exact: the gradient’s buffer holds what an update has used already (PyTorch’s optimizer.zero_grad)',
  needs: { facts: ['staleNorm', 'updateNorm'], steps: UPDATES + 1 },
  regardless: true,
  examine(run) {
    const stale = run.parameters.flatMap((parameter) => staleOf(run, parameter) ?? []);
    if (stale.length === 0) return null;
    const [first] = [...stale].sort((a, b) => a.step - b.step);
    const worst = stale.reduce((a, b) => (b.norm > a.norm ? b : a));
    const optimizer = [...run.optimizers.values()].find(({ parameters }) => parameters.includes(first.parameter.id));
    return {
      id: 'missing-zero-grad',
      severity: won(run) >= LEARNING ? 'warning' : 'error',
      strength: 'strong',
      ...aboutParameters(
        run,
        stale.map(({ parameter }) => parameter),
        optimizer?.updatedAt ?? null,
      ),
      step: first.step,
      cause: 'gradients-accumulate',
      evidence:
        `The backward pass of step ${first.step} added to a gradient that the update before had used already, and so did ` +
        `${worst.count} of ${worst.updates} steps: ${worst.parameter.name} still held a gradient of norm ${number(worst.norm)}.`,
      remedies: [remedy('zero-grad', 'Call zeroGrad() before each backward pass')],
    };
  },
};

interface Stale {
  readonly parameter: ParameterFrame;
  /** The first step at which it was. */
  readonly step: number;
  readonly count: number;
  readonly updates: number;
  /** The norm that was left, at the last such step. */
  readonly norm: number;
}

function staleOf(run: Run, parameter: ParameterFrame): Stale | null {
  let [updates, count, norm, first] = [-1, 0, 0, -1]; // before the first update there was nothing to zero
  for (const step of earlySteps(run)) {
    const row = run.parameterAt(step, parameter.id);
    if (Number.isNaN(row('updateNorm'))) continue;
    updates++;
    const left = row('staleNorm');
    if (!(left > 0)) continue;
    count++;
    norm = left;
    if (first < 0) first = step.step;
  }
  return count >= UPDATES && count >= SHARE * updates
    ? { parameter, step: first, count, updates: Math.max(count, updates), norm }
    : null;
}
