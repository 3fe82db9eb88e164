import type { LossFrame } from '../../run/frame.ts';
import type { Run } from '../../run/run.ts';
import { placeKey } from '../../site.ts';
import { aboutLayers, remedy, siteOfLast } from '../about.ts';
import { isSigmoidTwice } from '../evidence/call.ts';
import { areProbabilities, SUM_TOLERANCE } from '../evidence/probabilities.ts';
import { flourishes } from '../evidence/progress.ts';
import { number } from '../phrases.ts';
import type { Rule } from '../rule.ts';

/** Batches that must show it. */
const CALLS = 2;

/**
 * Exact: every row that cross entropy was given sums to 1 and lies in [0, 1], so softmax is applied to probabilities and
 * the loss can't fall below ln(1 + (C − 1)/e). Likewise a sigmoid before the loss that takes logits. Where the model learns
 * well all the same that is told for information; but not of a sigmoid of the model's own: no answer of the model is a
 * negative logit, so that as logits, which the loss takes them for, all of them say yes.
 */
export const doubleSoftmax: Rule = {
  id: 'double-softmax',
  source: 'exact: rows of probabilities where logits are expected',
  needs: { facts: ['loss'], steps: CALLS },
  examine(run) {
    const places = Map.groupBy(run.losses, ({ site, loss }) => `${loss} ${placeKey(site)}`);
    for (const calls of places.values()) {
      const [first] = calls;
      if (calls.length < CALLS) continue;
      const twice = calls.every(isSoftmax) ? 'softmax' : calls.every(isSigmoidTwice) ? 'sigmoid' : null;
      if (!twice) continue;
      const floor = Math.log1p((first.classes - 1) / Math.E);
      return {
        id: 'double-softmax',
        severity: flourishes(run) && !(twice === 'sigmoid' && isWithinModel(run, first)) ? 'information' : 'error',
        strength: 'strong',
        ...aboutLayers(run, [first.layer], siteOfLast(run, first, twice)),
        step: first.step,
        cause: `${twice}-twice`,
        evidence:
          twice === 'softmax'
            ? `The rows given to cross entropy lie in [${number(first.min)}, ${number(first.max)}] and sum to 1: they are probabilities, and softmax is applied to them once more. The loss can’t fall below ${number(floor)} for ${first.classes} classes.`
            : `The loss that takes logits was given the output of a sigmoid, in [${number(first.min)}, ${number(first.max)}]: the sigmoid is applied twice, and the loss can’t fall below ${number(Math.log1p(1 / Math.E))} for what is positive.`,
        remedies: [remedy('drop-softmax', `Give the loss logits: leave the ${twice} out of the model`)],
      };
    }
    return null;
  },
};

/** The sigmoid is applied in the forward of a layer, not around the model where the loss is called. */
const isWithinModel = (run: Run, { layer, operation }: LossFrame): boolean =>
  run.operations.some(
    (o) => o.operation === operation && o.layer !== null && (o.layer === layer || o.follows === layer),
  );

const isSoftmax = (call: LossFrame): boolean =>
  call.loss === 'crossEntropy' && call.classes >= 2 && call.max <= 1 + SUM_TOLERANCE && areProbabilities(call);
