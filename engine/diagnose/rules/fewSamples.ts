import type { InputFrame } from '../../run/frame.ts';
import { elementCount } from '../../run/groups.ts';
import type { Run } from '../../run/run.ts';
import { aboutLayers, remedy } from '../about.ts';
import { isAdversarial } from '../evidence/adversarial.ts';
import { shareLearned } from '../evidence/call.ts';
import { won } from '../evidence/course.ts';
import { learned } from '../evidence/learned.ts';
import { number, plural } from '../phrases.ts';
import type { Rule } from '../rule.ts';

const STEPS = 40;
/** So few samples, and not less: one or two are no data, … */
const [LEAST, FEW] = [8, 50];
/** … of so many features, to each of which no more than so many samples come: between them there is room for anything. */
const LEAST_FEATURES = 4;
const SAMPLES_TO_A_FEATURE = 5;
/** Weights to each sample, with which it can be known by heart. */
const WEIGHTS_TO_A_SAMPLE = 4;
const ROUNDING = 1e-5;
/** What is known of them is nearly all. */
const BY_HEART = 0.9;
/** And as much of others is well, all the same. */
const KNOWN = 0.85;

/**
 * A run sees no more than a few samples, again and again, and its model knows them by heart: evaluations show that it knows far less
 * of others, or there are none.
 */
export const fewSamples: Rule = {
  id: 'overfitting',
  source: 'Zhang et al. 2017: with more weights than samples anything is learned by heart, whatever it’s worth',
  needs: { facts: ['samples', 'loss-of-step'], steps: STEPS },
  yieldsTo: ['non-finite'],
  examine(run) {
    const { samples } = run;
    if (!samples || isAdversarial(run)) return null;
    const { distinct, features, layer, step } = samples;
    if (distinct < LEAST || distinct > FEW || features < LEAST_FEATURES || distinct > SAMPLES_TO_A_FEATURE * features)
      return null;
    if (run.inputs.some(isOfBits)) return null;
    const weights = run.parameters.reduce((sum, parameter) => sum + elementCount(parameter), 0);
    if (weights < WEIGHTS_TO_A_SAMPLE * distinct || !knowsAll(run)) return null;
    const unseen = learnedOfUnseen(run);
    if (run.evaluations.length > 0 && !(unseen < KNOWN)) return null;
    return {
      id: 'overfitting',
      severity: 'warning',
      strength: 'usual',
      ...aboutLayers(run, [], run.losses[0]?.site ?? run.layers[layer ?? -1]?.site ?? null),
      step,
      cause: 'few-samples',
      evidence: `All that the model is trained on are ${plural(distinct, 'sample')} of ${plural(features, 'feature')}, again and again, and it has ${number(weights)} weights: it knows them by heart. ${Number.isNaN(unseen) ? 'Nothing is evaluated that would tell what it makes of others.' : `Of what could be learned of others it has ${number(100 * Math.max(0, unseen))} %.`}`,
      remedies: [
        remedy('data', 'Train on more samples, and evaluate on some that are kept apart'),
        remedy('regularize', 'More data or augmentation, dropout, weight decay, a smaller model'),
      ],
    };
  },
};

/** How much of what can be learned the last evaluation shows to be; NaN where there's none, or it can't be told. */
function learnedOfUnseen({ evaluations }: Run): number {
  const last = evaluations[evaluations.length - 1];
  if (!last || last.baseline === null || last.value === null) return Number.NaN;
  const { baseline: constant, value } = last;
  const least = last.least ?? 0;
  return constant > least ? shareLearned(value, { constant, least }) : Number.NaN;
}

/** All elements are 0 or 1, so that their squares have their mean: states that are counted off may be all there are. */
const isOfBits = ({ min, max, mean, std }: InputFrame): boolean =>
  min === 0 && max === 1 && Math.abs(mean ** 2 + std ** 2 - mean) < ROUNDING;

function knowsAll(run: Run): boolean {
  const share = learned(run);
  return (Number.isNaN(share) ? won(run) : share) > BY_HEART;
}
