import type { LossFrame } from '../../run/frame.ts';
import type { Run } from '../../run/run.ts';
import { aboutLayers, remedy } from '../about.ts';
import { isAdversarial } from '../evidence/adversarial.ts';
import { isOfClasses } from '../evidence/call.ts';
import type { Rule } from '../rule.ts';

/** Batches that must show it, and samples of each. */
const CALLS = 6;
const ROWS = 4;

/**
 * Exact: all samples of every batch have the same class. Nothing but that one answer can be learned. Of numbers nothing is said: all
 * of them 0 are usual where a loss is what an equation leaves over.
 */
export const constantTarget: Rule = {
  id: 'loss-plateau',
  source: 'exact: the entropy of the targets is 0, so a constant answer is right',
  needs: { facts: ['loss'], steps: CALLS },
  yieldsTo: ['non-finite'],
  examine(run) {
    if (isAdversarial(run)) return null;
    const calls = ofClasses(run);
    if (calls.length < CALLS || !calls.every((call) => call.rows >= ROWS && isConstant(call, calls[0]))) return null;
    const [{ site, step }] = calls;
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

const isOfTwo = (loss: string): boolean => loss.startsWith('binaryCrossEntropy');

function isConstant({ loss, baseline, leastTarget, greatestTarget }: LossFrame, first: LossFrame): boolean {
  if (!isOfTwo(loss)) return baseline === 0;
  return leastTarget === greatestTarget && leastTarget === first.leastTarget && Number.isInteger(leastTarget);
}
