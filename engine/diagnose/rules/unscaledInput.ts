import type { InputFrame } from '../../run/frame.ts';
import type { Run } from '../../run/run.ts';
import { aboutLayers, remedy } from '../about.ts';
import { isAdversarial } from '../evidence/adversarial.ts';
import { lateProgress } from '../evidence/course.ts';
import { learned } from '../evidence/learned.ts';
import { isFailing, toldProgress } from '../evidence/progress.ts';
import { number } from '../phrases.ts';
import type { Rule } from '../rule.ts';

const STEPS = 20;
/** A model that goes no further: its steps, and by how much its loss still falls in the last quarter. */
const STEPS_TO_STOP = 150;
const STANDS = 0.05;
/** Root mean square of the data; standardized data have 1. */
const LARGE = 10;
/** So large, they are to blame also where as much as this has been learned, and no more is. */
const FAR_TOO_LARGE = 300;
const LEARNED_ALL_THE_SAME = 0.85;
/** So small, nothing of them reaches what is added to them: biases, noise. */
const SMALL = 0.01;
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
    if (isAdversarial(run)) return null;
    const told = run.inputs.flatMap((input) => {
      const cause = causeOf(input);
      return cause ? [{ input, cause }] : [];
    });
    const worst = told.find(({ cause }) => cause !== 'small-values') ?? told[0];
    if (!worst) return null;
    const { input, cause } = worst;
    if (!(isFailing(run) || (sizeOf(input) > FAR_TOO_LARGE && hasStopped(run)))) return null;
    const { layer, site, step, min, max, mean, std, leastFeature, greatestFeature } = input;
    const about = aboutLayers(run, [layer], layer === null ? site : null);
    const name = about.layers[0] ?? 'the first weights';
    return {
      id: 'unscaled-input',
      severity: 'warning',
      strength: 'usual',
      ...about,
      step,
      cause,
      evidence:
        cause !== 'unequal-features'
          ? `The data that enter ${name} lie in [${number(min)}, ${number(max)}] with mean ${number(mean)} and standard deviation ${number(std)}; weights are made for about 0 and 1. ${toldProgress(run)}`
          : `The features that enter ${name} differ in size from ${number(leastFeature)} to ${number(greatestFeature)} (root mean square): one learning rate can’t serve them all. ${toldProgress(run)}`,
      remedies: [remedy('standardize', 'Standardize the input: subtract the mean, divide by the standard deviation')],
    };
  },
};

/** Root mean square. */
const sizeOf = ({ mean, std }: InputFrame): number => Math.hypot(mean, std);

function causeOf(frame: InputFrame): 'large-values' | 'small-values' | 'unequal-features' | null {
  const { greatestFeature, leastFeature } = frame;
  if (sizeOf(frame) > LARGE) return 'large-values';
  if (greatestFeature > LARGE && greatestFeature > UNEQUAL * leastFeature) return 'unequal-features';
  // ones among thousands of zeros are small on average alone
  return Math.max(Math.abs(frame.min), Math.abs(frame.max)) < 10 * SMALL && sizeOf(frame) < SMALL
    ? 'small-values'
    : null;
}

/** It has learned something, and doesn't go on. */
const hasStopped = (run: Run): boolean =>
  run.stepCount >= STEPS_TO_STOP && learned(run) < LEARNED_ALL_THE_SAME && lateProgress(run) < STANDS;
