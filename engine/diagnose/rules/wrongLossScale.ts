import type { LossFrame } from '../../run/frame.ts';
import type { Run } from '../../run/run.ts';
import { aboutLayers, remedy } from '../about.ts';
import { learned } from '../evidence/learned.ts';
import { linearLayers } from '../evidence/linearModel.ts';
import { number } from '../phrases.ts';
import type { Rule } from '../rule.ts';

/** The first loss of cross entropy against ln C, or ln 2: beyond both the factor and the distance it's no chance. */
const FACTOR = 2;
const DISTANCE = 1;
const SAMPLES = 8;
/** Of two, weights of what is positive make a loss large as well, but logits so far from 0 (0.7 %) don't come from nothing known. */
const SURE_LOGIT = 5;
const SURE_PROBABILITY = 0.007;
/** So much of what can be learned has been: it was no more than a bad start. */
const LEARNED = 0.5;

/** A classifier that knows nothing yet should say so: its first loss is ln C. One far above it is sure of what is wrong. */
export const wrongLossScale: Rule = {
  id: 'wrong-loss-scale',
  source: 'TheDeepChecker: |L₀ − ln C| ≥ ln C; Karpathy, “verify loss @ init”',
  needs: { facts: ['loss'], steps: 5 },
  yieldsTo: ['unscaled-input', 'bad-initialization', 'exploding-gradient', 'non-finite'],
  examine(run) {
    const first = run.losses.find((call) => call.step === 0 && call.rows >= SAMPLES && classesOf(call) > 1);
    if (!first || first.value === null) return null;
    const classes = classesOf(first);
    const theory = Math.log(classes);
    if (!(first.value > FACTOR * theory && first.value > theory + DISTANCE)) return null;
    // A linear model forgets how it began.
    if (linearLayers(run)) return null;
    const made = run.layers[first.layer ?? -1]?.name ?? 'the last layer';
    const weighed = weighedBefore(run, first.layer);
    const about = aboutLayers(run, [weighed], first.layer === null ? first.site : null);
    const name = about.layers[0] ?? 'the last layer';
    return {
      id: 'wrong-loss-scale',
      severity: learned(run) >= LEARNED ? 'information' : 'warning',
      strength: 'usual',
      ...about,
      step: 0,
      cause: 'large-logits',
      evidence: `The first loss is ${number(first.value)}; a model that knows nothing of ${classes} classes has ln ${classes} = ${number(theory)}. What ${made} gives reaches from ${number(first.min)} to ${number(first.max)}: it begins very sure, and wrong.`,
      remedies: [remedy('last-layer', `Initialize ${name} smaller`)],
    };
  },
};

/** The layer with weights that answers come from: the one that gives them, or the one before where it has none. */
function weighedBefore(run: Run, layer: number | null): number | null {
  const hasWeights = (id: number | null) => id !== null && run.parameters.some((parameter) => parameter.layer === id);
  if (layer === null || hasWeights(layer)) return layer;
  const before = run.operations.findLast((operation) => operation.layer === layer)?.follows ?? null;
  return hasWeights(before) ? before : layer;
}

/** Of how many classes a call judges scores, or of two what is sure at once; 0 of anything else. */
function classesOf({ loss, classes, min, max }: LossFrame): number {
  if (loss === 'crossEntropy') return classes;
  const isSure =
    loss === 'binaryCrossEntropyWithLogits'
      ? Math.max(-min, max) > SURE_LOGIT
      : loss === 'binaryCrossEntropy' && (min < SURE_PROBABILITY || max > 1 - SURE_PROBABILITY);
  return isSure ? 2 : 0;
}
