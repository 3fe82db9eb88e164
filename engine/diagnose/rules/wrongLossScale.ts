import { aboutLayers, remedy } from '../about.ts';
import { learned } from '../evidence/learned.ts';
import { number } from '../phrases.ts';
import type { Rule } from '../rule.ts';

/** The first loss of cross entropy against ln C: beyond both the factor and the distance it's no chance. */
const FACTOR = 2;
const DISTANCE = 1;
const SAMPLES = 8;
/** So much of what can be learned has been: it was no more than a bad start. */
const LEARNED = 0.5;

/** A classifier that knows nothing yet should say so: its first loss is ln C. One far above it is sure of what is wrong. */
export const wrongLossScale: Rule = {
  id: 'wrong-loss-scale',
  source: 'TheDeepChecker: |L₀ − ln C| ≥ ln C; Karpathy, “verify loss @ init”',
  needs: { facts: ['loss'], steps: 5 },
  yieldsTo: ['unscaled-input', 'bad-initialization', 'exploding-gradient', 'non-finite'],
  examine(run) {
    const first = run.losses.find(({ loss, step, rows }) => loss === 'crossEntropy' && step === 0 && rows >= SAMPLES);
    if (!first || first.value === null) return null;
    const theory = Math.log(first.classes);
    if (!(first.value > FACTOR * theory && first.value > theory + DISTANCE)) return null;
    const about = aboutLayers(run, [first.layer], first.layer === null ? first.site : null);
    const name = about.layers[0] ?? 'the last layer';
    return {
      id: 'wrong-loss-scale',
      severity: learned(run) >= LEARNED ? 'information' : 'warning',
      strength: 'usual',
      ...about,
      step: 0,
      cause: 'large-logits',
      evidence: `The first loss is ${number(first.value)}; a model that knows nothing of ${first.classes} classes has ln ${first.classes} = ${number(theory)}. What ${name} gives reaches from ${number(first.min)} to ${number(first.max)}: it begins very sure, and wrong.`,
      remedies: [remedy('last-layer', `Initialize ${name} smaller`)],
    };
  },
};
