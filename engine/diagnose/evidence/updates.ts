import type { StepFrame } from '../../run/frame.ts';
import { rememberByStep } from '../../run/remember.ts';
import type { Run } from '../../run/run.ts';

/** The same as `stepRatio`, of some parameters by their ids; null for all. */
function ratioOf(run: Run, step: StepFrame, only: ReadonlySet<number> | null): number {
  let updates = 0;
  let weights = 0;
  for (const id of step.parameters.ids) {
    const { shape, layer = null } = run.parameters[id] ?? { shape: [] };
    if (shape.length < 2 || only?.has(id) === false) continue; // biases begin at 0, where a ratio says nothing
    if (layer !== null && /^Embedding/.test(run.layers[layer].type)) continue;
    const row = run.parameterAt(step, id);
    const update = row('updateNorm');
    if (Number.isNaN(update)) continue;
    updates += update ** 2;
    weights += row('weightNorm') ** 2;
  }
  return weights > 0 ? Math.sqrt(updates / weights) : Number.NaN;
}

/**
 * ‖update‖ ÷ ‖weight‖ over all matrices and filters that were updated at a step; NaN if none was. Not over embeddings: rows
 * that don't occur stay as they are.
 */
export const stepRatio = rememberByStep(
  () => '',
  (run: Run, step: StepFrame, _all: null): number => ratioOf(run, step, null),
);

/** The ratios of some steps, as far as they are known; of some parameters by their ids, or of all. */
export const ratiosOf = (run: Run, steps: readonly StepFrame[], only: ReadonlySet<number> | null = null): number[] =>
  steps
    .map((step) => (only ? ratioOf(run, step, only) : stepRatio(run, step, null)))
    .filter((ratio) => !Number.isNaN(ratio));

/** By no more than this, as a share of themselves, can the updates of all steps together have changed the weights; NaN if none is known. */
export function travelled(run: Run): number {
  const ratios = ratiosOf(run, run.history.steps);
  return (ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length) * run.stepCount;
}

/** Where only some steps are measured, so many of those stand for any number of steps. */
const SAMPLED_STEPS = 10;

const isMeasured = (step: StepFrame): boolean => step.parameters.ids.length > 0;

/** The ratios of the last `count` steps; where only some steps are measured, of the last of those. */
export function recentRatios(run: Run, count: number): number[] {
  const { steps } = run.history;
  return ratiosOf(run, run.start?.sampling ? steps.filter(isMeasured).slice(-SAMPLED_STEPS) : steps.slice(-count));
}
