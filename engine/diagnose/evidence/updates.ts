import type { StepFrame } from '../../run/frame.ts';
import { elementCount } from '../../run/groups.ts';
import { rememberByStep } from '../../run/remember.ts';
import type { Run } from '../../run/run.ts';
import { median } from './median.ts';

interface Sums {
  /** Of squares. */
  readonly updates: number;
  readonly weights: number;
  readonly elements: number;
}

/** Over the matrices and filters that were updated at a step; of some parameters by their ids, null for all. */
function sumsOf(run: Run, step: StepFrame, only: ReadonlySet<number> | null): Sums {
  let [updates, weights, elements] = [0, 0, 0];
  for (const id of step.parameters.ids) {
    const parameter = run.parameters[id];
    if (!parameter || parameter.shape.length < 2 || only?.has(id) === false) continue; // biases begin at 0, where a ratio says nothing
    const { layer } = parameter;
    if (layer !== null && /^Embedding/.test(run.layers[layer].type)) continue;
    const row = run.parameterAt(step, id);
    const update = row('updateNorm');
    if (Number.isNaN(update)) continue;
    updates += update ** 2;
    weights += row('weightNorm') ** 2;
    elements += elementCount(parameter);
  }
  return { updates, weights, elements };
}

/** Of all. */
const sumsAt = rememberByStep(
  () => '',
  (run: Run, step: StepFrame, _all: null): Sums => sumsOf(run, step, null),
);

const ratioOf = ({ updates, weights }: Sums): number => (weights > 0 ? Math.sqrt(updates / weights) : Number.NaN);

/** What divides by the size of gradients, so that each update is about as large as the rate, whatever the loss (Kingma & Ba 2015). */
const ADAPTIVE = /^(?:AdamW?|NAdam|RAdam|Adamax|RMSprop)$/;
/** But for one that outweighs gradients. */
const USUAL_EPSILON = 1e-4;
/** Of noise alone it's a quarter (β₁ = 0.9); where epsilon outweighs many gradients, far less. */
const STARVED = 0.005;
/** Of the greatest rate: below that a schedule has taken it, and updates are lost in rounding. */
const TAKEN = 0.01;

/** An adaptive optimizer's updates are far smaller than its rate: there is no gradient to speak of, which isn't the rate's doing. */
export function isStarved(run: Run): boolean {
  const [optimizer, ...others] = run.optimizers.values();
  if (!optimizer || others.length > 0 || !ADAPTIVE.test(optimizer.type)) return false;
  if (!(Number(optimizer.settings.eps ?? 0) < USUAL_EPSILON)) return false;
  const { steps } = run.history;
  const most = Math.max(...steps.map(({ learningRate }) => learningRate));
  const shares = steps.flatMap((step) => {
    const { updates, elements } = sumsAt(run, step, null);
    return elements > 0 && step.learningRate > TAKEN * most ? [Math.sqrt(updates / elements) / step.learningRate] : [];
  });
  return median(shares) < STARVED;
}

/**
 * ‖update‖ ÷ ‖weight‖ over all matrices and filters that were updated at a step; NaN if none was. Not over embeddings: rows
 * that don't occur stay as they are.
 */
export const stepRatio = (run: Run, step: StepFrame): number => ratioOf(sumsAt(run, step, null));

/** The ratios of some steps, as far as they are known; of some parameters by their ids, or of all. */
export const ratiosOf = (run: Run, steps: readonly StepFrame[], only: ReadonlySet<number> | null = null): number[] =>
  steps
    .map((step) => (only ? ratioOf(sumsOf(run, step, only)) : stepRatio(run, step)))
    .filter((ratio) => !Number.isNaN(ratio));

/** By no more than this, as a share of themselves, can the updates of all steps together have changed the weights; NaN if none is known. */
export function travelled(run: Run): number {
  const ratios = ratiosOf(run, run.history.steps);
  return (ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length) * run.stepCount;
}

/** Updates that together change the weights by less leave them about where they began. */
export const AT_THE_START = 0.1;

/** Where only some steps are measured, so many of those stand for any number of steps. */
const SAMPLED_STEPS = 10;

const isMeasured = (step: StepFrame): boolean => step.parameters.ids.length > 0;

/** The ratios of the last `count` steps; where only some steps are measured, of the last of those. */
export function recentRatios(run: Run, count: number): number[] {
  const { steps } = run.history;
  return ratiosOf(run, run.start?.sampling ? steps.filter(isMeasured).slice(-SAMPLED_STEPS) : steps.slice(-count));
}
