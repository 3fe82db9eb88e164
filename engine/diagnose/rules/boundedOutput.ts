import type { LossFrame } from '../../run/frame.ts';
import type { Run } from '../../run/run.ts';
import { aboutLayers, remedy, siteOfLast } from '../about.ts';
import { isOfNumbers } from '../evidence/call.ts';
import { isFailing, toldProgress } from '../evidence/progress.ts';
import { SHAPING } from '../evidence/shaping.ts';
import { number } from '../phrases.ts';
import type { Rule } from '../rule.ts';

/** Batches whose targets must show it. */
const CALLS = 5;
const STEPS = 20;
/** Where the answers of an activation lie. */
const INTERVALS: { readonly [operation: string]: readonly [least: number, greatest: number] } = {
  sigmoid: [0, 1],
  softmax: [0, 1],
  tanh: [-1, 1],
  relu: [0, Number.POSITIVE_INFINITY],
};
/** Targets lie outside of it by more than this, as a share of what they range over. */
const OUTSIDE = 0.1;

/** Scores of classes that can be any number say most. */
const ofClasses = ({ loss }: LossFrame): boolean => loss === 'crossEntropy';

/** Exact: a model whose last operation is a sigmoid, say, can't answer to targets outside of 0 and 1. */
export const boundedOutput: Rule = {
  id: 'loss-plateau',
  source:
    'exact: targets, or scores of classes, outside of the interval in which the output’s activation has its answers',
  needs: { facts: ['loss', 'loss-of-step', 'operation'], steps: STEPS },
  yieldsTo: ['dead-units'],
  examine(run) {
    const calls = run.losses.filter((call) => isOfNumbers(call) || ofClasses(call));
    const [first] = calls;
    if (calls.length < CALLS || !isFailing(run)) return null;
    const activation = activationOf(run, first);
    if (activation === null) return null;
    const [least, greatest] = INTERVALS[activation];
    const targets = targetsOf(calls);
    const beyond = Math.max(least - targets.least, targets.greatest - greatest);
    if (!ofClasses(first) && !(beyond > OUTSIDE * (targets.greatest - targets.least))) return null;
    const wanted = ofClasses(first)
      ? 'scores of classes have to lie far apart, below 0 and above'
      : `the targets lie in [${number(targets.least)}, ${number(targets.greatest)}]`;
    return {
      id: 'loss-plateau',
      severity: 'warning',
      strength: 'usual',
      ...aboutLayers(run, [first.layer], siteOfLast(run, first, activation)),
      step: first.step,
      cause: 'bounded-output',
      evidence: `The answers come from ${activation}, which gives nothing ${greatest === Number.POSITIVE_INFINITY ? `below ${least}` : `outside of [${least}, ${greatest}]`}, and ${wanted}. ${toldProgress(run)}`,
      remedies: [remedy('unbounded', `Leave ${activation} out at the end, or scale the targets into its interval`)],
    };
  },
};

/** What bounds the answers that a loss function was given, and only their shape was changed since; null if nothing does. */
function activationOf(run: Run, { operation }: LossFrame): string | null {
  let at = run.operations.findLastIndex((one) => one.operation === operation);
  while (at > 0 && SHAPING.has(run.operations[at].operation)) at--;
  const last = run.operations[at]?.operation ?? operation ?? '';
  return Object.hasOwn(INTERVALS, last) ? last : null;
}

function targetsOf(calls: readonly LossFrame[]) {
  const least = Math.min(...calls.map(({ leastTarget }) => leastTarget ?? Number.NaN));
  const greatest = Math.max(...calls.map(({ greatestTarget }) => greatestTarget ?? Number.NaN));
  return { least, greatest };
}
