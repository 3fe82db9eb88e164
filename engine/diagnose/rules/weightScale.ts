import type { ParameterFrame } from '../../run/frame.ts';
import type { Run } from '../../run/run.ts';
import { aboutParameters, remedy } from '../about.ts';
import { isAdversarial } from '../evidence/adversarial.ts';
import { learned } from '../evidence/learned.ts';
import { isFailing, toldProgress } from '../evidence/progress.ts';
import { number, plural } from '../phrases.ts';
import type { Rule } from '../rule.ts';

const STEPS = 20;
/** LeCun’s is 1, Glorot’s about 1, He’s √2, PyTorch’s 0.58, GPT-2’s 0.5: so far outside nothing is meant. */
const LARGE = 5;
const SMALL = 0.05;
/** Of what can be learned: who has come so far has overcome it that weights were small. */
const OVERCOME = 0.65;
/** Share of the weights. */
const MOST = 0.5;

/**
 * Weights whose standard deviation times √fan-in, the factor by which a layer scales, is far from 1 in most layers, in a
 * model that doesn't learn well.
 */
export const weightScale: Rule = {
  id: 'bad-initialization',
  source: 'variance of the weights against LeCun 1/fan-in, Glorot and He (TheDeepChecker), with a wide margin',
  needs: { facts: ['weightStd', 'weightMean', 'loss-of-step'], steps: STEPS },
  yieldsTo: ['exploding-gradient', 'vanishing-gradient'],
  examine(run) {
    const known = !Number.isNaN(learned(run));
    if (isAdversarial(run) || (known && !isFailing(run))) return null;
    const weights = run.parameters.flatMap((parameter) => scaleOf(run, parameter) ?? []);
    if (weights.length < 2) return null;
    const share = (odd: (scale: number) => boolean) =>
      weights.filter(({ scale }) => odd(scale)).length / weights.length;
    const large = share((scale) => scale > LARGE) > MOST;
    const small = share((scale) => scale < SMALL) > MOST;
    if (!large && !(small && isFailing(run) && run.stepCount >= 3 * STEPS && !hasOvercome(run, weights))) return null;
    const odd = weights
      .filter(({ scale }) => (large ? scale > LARGE : scale < SMALL))
      .map(({ parameter }) => parameter);
    const [first] = odd;
    const { std, fan } = weights.find(({ parameter }) => parameter === first) ?? weights[0];
    const more = odd.length > 1 ? ` So it is with ${plural(odd.length - 1, 'other weight')}.` : '';
    return {
      id: 'bad-initialization',
      severity: 'warning',
      strength: 'usual',
      ...aboutParameters(run, odd),
      step: run.history.steps[0].step,
      cause: large ? 'large-weights' : 'small-weights',
      evidence: `${first.name} began with a standard deviation of ${number(std)}; for ${plural(fan, 'input')} about ${number(1 / Math.sqrt(fan))} keeps the size of what passes. ${toldProgress(run)}${more}`,
      remedies: [remedy('initialization', 'Initialize the weights to fit the activation (He, Glorot)')],
    };
  },
};

/** It has learned much; where that can't be told, most weights that were small aren't any more. */
function hasOvercome(
  run: Run,
  weights: readonly { readonly parameter: ParameterFrame; readonly fan: number }[],
): boolean {
  const share = learned(run);
  if (!Number.isNaN(share)) return share >= OVERCOME;
  const grown = weights.filter(({ parameter: { id }, fan }) => {
    const last = run.history.steps.findLast((step) => !Number.isNaN(run.parameterAt(step, id)('weightStd')));
    return last !== undefined && run.parameterAt(last, id)('weightStd') * Math.sqrt(fan) >= SMALL;
  });
  return grown.length > MOST * weights.length;
}

/** How much a layer scales what passes at the first step at which it was measured; null for what isn't a layer's weight. */
function scaleOf(run: Run, parameter: ParameterFrame) {
  const { id, shape, layer } = parameter;
  if (layer === null || shape.length < 2 || run.layers[layer].type === 'Embedding') return null;
  const step = run.history.steps.find((s) => !Number.isNaN(run.parameterAt(s, id)('weightStd')));
  if (!step || step.step > 1) return null;
  const row = run.parameterAt(step, id);
  const fan = shape.slice(1).reduce((a, b) => a * b, 1);
  const std = row('weightStd');
  // A constant has no spread, and multiplies by its mean times the fan-in.
  return { parameter, std, fan, scale: Math.max(std * Math.sqrt(fan), Math.abs(row('weightMean')) * fan) };
}
