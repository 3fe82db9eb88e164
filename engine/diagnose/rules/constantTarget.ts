import type { LossFrame } from '../../run/frame.ts';
import type { Run } from '../../run/run.ts';
import { aboutLayers, remedy } from '../about.ts';
import { isAdversarial } from '../evidence/adversarial.ts';
import { isOfClasses, isOfTwo } from '../evidence/call.ts';
import type { Rule } from '../rule.ts';

/** Batches that must show it, and samples of each. */
const CALLS = 6;
const ROWS = 4;
/** Of a batch with more elements only the first are looked at. */
const MOST_ELEMENTS = 2 ** 18;
/** Answers that come straight out of these can learn to be always the same, by a bias; distances and similarities can't. */
const ANSWERS = /^(?:linear|conv\dd)$/;
/** They become that: the loss falls to such a share of what it was. */
const FALLEN = 0.5;

/**
 * All samples of every batch have the same class, and that is what the model says. Nothing else can be learned. Of numbers nothing is
 * said: all of them 0 are usual where a loss is what an equation leaves over. Nor of similarities, of which the right one stands first.
 */
export const constantTarget: Rule = {
  id: 'loss-plateau',
  source: 'exact: the entropy of the targets is 0, so a constant answer is right',
  needs: { facts: ['loss'], steps: CALLS },
  yieldsTo: ['non-finite'],
  examine(run) {
    if (isAdversarial(run)) return null;
    const calls = ofClasses(run);
    if (calls.length < CALLS || !calls.every((call) => isWhole(call) && isConstant(call, calls[0]))) return null;
    const [{ site, step, layer, operation, value }] = calls;
    if (layer === null || !ANSWERS.test(operation ?? '')) return null;
    if (!((calls[calls.length - 1].value ?? Number.NaN) < FALLEN * (value ?? Number.NaN))) return null;
    return {
      id: 'loss-plateau',
      severity: 'warning',
      strength: 'strong',
      ...aboutLayers(run, [], site),
      step,
      cause: 'constant-target',
      evidence: `In each of ${calls.length} batches that were looked at all targets are the same class: nothing can be learned from them but to say that one. No known fix.`,
      remedies: [remedy('data', 'Check how the targets are read or made, and that the data are shuffled')],
    };
  },
};

/** Calls of losses whose targets are classes, or one of two. */
const ofClasses = ({ losses, laterLosses }: Run): LossFrame[] =>
  [...losses, ...laterLosses].filter(({ loss }) => isOfClasses(loss) || isOfTwo(loss));

const isWhole = ({ rows, classes }: LossFrame): boolean => rows >= ROWS && rows * classes < MOST_ELEMENTS;

function isConstant({ loss, baseline, leastTarget, greatestTarget }: LossFrame, first: LossFrame): boolean {
  if (!isOfTwo(loss)) return baseline === 0;
  return leastTarget === greatestTarget && leastTarget === first.leastTarget && Number.isInteger(leastTarget);
}
