import type { InputFrame } from '../../run/frame.ts';
import { aboutLayers, remedy } from '../about.ts';
import { isAdversarial } from '../evidence/adversarial.ts';
import { isFailing, toldProgress } from '../evidence/progress.ts';
import { number } from '../phrases.ts';
import type { Rule } from '../rule.ts';

const STEPS = 20;
/** Root mean square of the data; standardized data have 1. */
const LARGE = 10;
/** Of features against each other, where the larger ones are large. */
const UNEQUAL = 100;

/**
 * Data far from standardized as they enter the first weights, in a model that hardly learns or breaks down. Where it
 * learns all the same (adaptive optimizers, normalization behind the first layer) nothing is said: fixed ranges such as
 * UMLAUT's [−1, 1] raise an alarm on every normal model of AutoTrainer's.
 */
export const unscaledInput: Rule = {
  id: 'unscaled-input',
  source: 'UMLAUT, DeepDiagnosis: input outside [−1, 1]; here far outside, and together with harm',
  needs: { facts: ['input', 'loss-of-step'], steps: STEPS },
  yieldsTo: ['missing-zero-grad', 'not-optimized'],
  examine(run) {
    if (isAdversarial(run) || !isFailing(run)) return null;
    const input = run.inputs.find((frame) => isLarge(frame) || isUnequal(frame));
    if (!input) return null;
    const { layer, site, step, min, max, mean, std, leastFeature, greatestFeature } = input;
    const about = aboutLayers(run, [layer], layer === null ? site : null);
    const name = about.layers[0] ?? 'the first weights';
    return {
      id: 'unscaled-input',
      severity: 'warning',
      strength: 'usual',
      ...about,
      step,
      cause: isLarge(input) ? 'large-values' : 'unequal-features',
      evidence: isLarge(input)
        ? `The data that enter ${name} lie in [${number(min)}, ${number(max)}] with mean ${number(mean)} and standard deviation ${number(std)}; weights are made for about 0 and 1. ${toldProgress(run)}`
        : `The features that enter ${name} differ in size from ${number(leastFeature)} to ${number(greatestFeature)} (root mean square): one learning rate can’t serve them all. ${toldProgress(run)}`,
      remedies: [remedy('standardize', 'Standardize the input: subtract the mean, divide by the standard deviation')],
    };
  },
};

const isLarge = ({ mean, std }: InputFrame): boolean => Math.hypot(mean, std) > LARGE;
const isUnequal = ({ leastFeature, greatestFeature }: InputFrame): boolean =>
  greatestFeature > LARGE && greatestFeature > UNEQUAL * leastFeature;
