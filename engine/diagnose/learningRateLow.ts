import { aboutLayers, remedy } from './about.ts';
import { number } from './phrases.ts';
import { isAdversarial, median, ratiosOf, won } from './progress.ts';
import type { Rule } from './rule.ts';

const STEPS = 100;
/** Updates so small would take 100,000 steps to change the weights. */
const RATIO = 1e-5;
const LEARNING = 0.02;
/** Measurements of these; where steps are sampled, fewer in the whole run. */
const MEASUREMENTS = STEPS / 2;
const MEASUREMENTS_WHEN_SAMPLED = 10;

/** Weights that hardly move, of a model that has not learned and is not being warmed up. */
export const learningRateLow: Rule = {
  id: 'learning-rate-low',
  source: 'update ÷ weight: below 1e-5 (DeepDiagnosis), 1e-4 (TheDeepChecker)',
  needs: { facts: ['updateNorm', 'weightNorm', 'loss-of-step'], steps: STEPS },
  yieldsTo: [
    'vanishing-gradient',
    'dead-units',
    'saturated-activation',
    'bad-initialization',
    'not-optimized',
    'double-softmax',
    'unscaled-input',
  ],
  examine(run) {
    const { steps } = run.history;
    const sampled = run.start?.sampling !== undefined;
    const recent = sampled ? steps : steps.slice(-STEPS);
    const ratios = ratiosOf(run, recent);
    if (isAdversarial(run) || ratios.length < (sampled ? MEASUREMENTS_WHEN_SAMPLED : MEASUREMENTS)) return null;
    if (!(ratios.every((ratio) => ratio < RATIO) && Math.abs(won(run)) < LEARNING)) return null;
    const [from, to] = [recent[0].learningRate, recent[recent.length - 1].learningRate];
    if (to > 1.01 * from) return null; // it's being warmed up
    const moving = recent.some((step) =>
      [...step.parameters.ids].some((id) => run.parameterAt(step, id)('gradientNorm') > 0),
    );
    if (!moving) return null;
    const [optimizer] = run.optimizers.values();
    const rate = Number.isNaN(to) ? '' : ` (learning rate ${number(to)})`;
    return {
      id: 'learning-rate-low',
      severity: 'warning',
      confidence: 0.9,
      ...aboutLayers(run, [], optimizer?.site ?? run.parameters[0]?.site ?? null),
      step: recent[0].step,
      cause: 'small-updates',
      evidence: `Each update changes the weights by ${number(100 * median(ratios))} %${rate}, where about 0.1 % is usual, and the loss has hardly moved (by ${number(100 * won(run))} %) in ${run.stepCount} steps.`,
      remedies: [remedy('learning-rate', 'Raise the learning rate by 10 to 100')],
    };
  },
};
