import type { ParameterFrame } from '../../run/frame.ts';
import type { Run } from '../../run/run.ts';
import { aboutParameters, remedy } from '../about.ts';
import { isAdversarial } from '../evidence/adversarial.ts';
import { learned } from '../evidence/learned.ts';
import { isFailing, toldProgress } from '../evidence/progress.ts';
import type { Symptom } from '../finding.ts';
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
/** A state that is multiplied by so much at every step is chaos, or at the ends of its tanh: cells begin with 0.6 to 1. */
const LARGE_STATE = 3;
/** Rows of tables begin with a standard deviation of 1 or less. */
const LARGE_TABLE = 8;

/**
 * Weights whose standard deviation times √fan-in, the factor by which a layer scales, is far from 1 in most layers, in a
 * model that doesn't learn well. Of the weights of a state, and of tables, a single one that is far too large will do.
 */
export const weightScale: Rule = {
  id: 'bad-initialization',
  source: 'variance of the weights against LeCun 1/fan-in, Glorot and He (TheDeepChecker), with a wide margin',
  needs: { facts: ['weightStd', 'weightMean', 'loss-of-step'], steps: STEPS },
  yieldsTo: ['exploding-gradient', 'vanishing-gradient'],
  examine(run) {
    const known = !Number.isNaN(learned(run));
    if (isAdversarial(run) || (known && !isFailing(run))) return null;
    const begun = run.parameters.flatMap((parameter) => begunWith(run, parameter) ?? []);
    const weights = begun.filter(({ kind }) => kind !== 'table');
    const share = (odd: (scale: number) => boolean) =>
      weights.filter(({ scale }) => odd(scale)).length / weights.length;
    const large = weights.length > 1 && share((scale) => scale > LARGE) > MOST;
    const small = weights.length > 1 && share((scale) => scale < SMALL) > MOST;
    if (large)
      return describe(
        run,
        'large-weights',
        weights.filter(({ scale }) => scale > LARGE),
      );
    const alone = begun.filter(isTooLargeAlone);
    if (alone.length > 0 && isFailing(run)) return describe(run, 'large-weights', alone);
    if (!(small && isFailing(run) && run.stepCount >= 3 * STEPS && !hasOvercome(run, weights))) return null;
    return describe(
      run,
      'small-weights',
      weights.filter(({ scale }) => scale < SMALL),
    );
  },
};

function describe(run: Run, cause: 'large-weights' | 'small-weights', odd: readonly Begun[]): Symptom {
  const [{ parameter, kind, std, mean, fan }] = odd;
  const more = odd.length > 1 ? ` So it is with ${plural(odd.length - 1, 'other weight')}.` : '';
  const began = `${parameter.name} began with a standard deviation of ${number(std)}`;
  const usual = number(1 / Math.sqrt(fan));
  const kept = `for ${plural(fan, 'input')} about ${usual} keeps the size of what passes`;
  return {
    id: 'bad-initialization',
    severity: 'warning',
    strength: 'usual',
    ...aboutParameters(
      run,
      odd.map((one) => one.parameter),
    ),
    step: run.history.steps[0].step,
    cause,
    evidence: `${
      kind === 'table'
        ? `${began}, where at most 1 is usual`
        : Math.abs(mean) > std
          ? `${parameter.name} began with a mean of ${number(mean)}, beside which its standard deviation of ${number(std)} is small: ${kept}, with a mean of 0`
          : `${began}; ${kept}`
    }. ${toldProgress(run)}${more}`,
    remedies: [remedy('initialization', 'Initialize the weights to fit the activation (He, Glorot)')],
  };
}

/** It has learned much; where that can't be told, most weights that were small aren't any more. */
function hasOvercome(run: Run, weights: readonly Begun[]): boolean {
  const share = learned(run);
  if (!Number.isNaN(share)) return share >= OVERCOME;
  const grown = weights.filter(({ parameter: { id }, fan }) => {
    const last = run.history.steps.findLast((step) => !Number.isNaN(run.parameterAt(step, id)('weightStd')));
    return last !== undefined && run.parameterAt(last, id)('weightStd') * Math.sqrt(fan) >= SMALL;
  });
  return grown.length > MOST * weights.length;
}

/** What a weight was at the first step at which it was measured. */
interface Begun {
  readonly parameter: ParameterFrame;
  /** `state`: what a recurrence multiplies its state by; `table`: rows that are looked up. */
  readonly kind: 'layer' | 'state' | 'table';
  readonly std: number;
  readonly mean: number;
  readonly fan: number;
  /** How much it scales what passes. */
  readonly scale: number;
}

const isTooLargeAlone = ({ kind, std, scale }: Begun): boolean =>
  (kind === 'state' && scale > LARGE_STATE) || (kind === 'table' && std > LARGE_TABLE);

/** Null for what isn't a layer's weight. */
function begunWith(run: Run, parameter: ParameterFrame): Begun | null {
  const { id, name, shape, layer } = parameter;
  if (layer === null || shape.length < 2) return null;
  const step = run.history.steps.find((s) => !Number.isNaN(run.parameterAt(s, id)('weightStd')));
  if (!step || step.step > 1) return null;
  const row = run.parameterAt(step, id);
  const fan = shape.slice(1).reduce((a, b) => a * b, 1);
  const [std, mean] = [row('weightStd'), row('weightMean')];
  const kind = /^Embedding/.test(run.layers[layer].type) ? 'table' : /weight_?hh/i.test(name) ? 'state' : 'layer';
  // A constant has no spread, and multiplies by its mean times the fan-in.
  return { parameter, kind, std, mean, fan, scale: Math.max(std * Math.sqrt(fan), Math.abs(mean) * fan) };
}
