import type { OperationFrame } from '../../run/frame.ts';
import type { Run } from '../../run/run.ts';
import { aboutLayers, remedy } from '../about.ts';
import { feedsLayer, layerOf } from '../evidence/activations.ts';
import { isFailing, toldProgress } from '../evidence/progress.ts';
import { number, place, plural } from '../phrases.ts';
import type { Rule } from '../rule.ts';

const STEPS = 100;
/** Of so few units softmax leaves enough to each. */
const FEWEST_UNITS = 4;

/**
 * Softmax as the activation between two layers, of a model that fails: its n outputs sum to 1, so each is about 1/n, hardly
 * differs from sample to sample, and has a derivative below 1/4 at its best, 1/n as a rule. What softmax weights by (attention, a
 * gate, a mixture) isn't that: no layer of weights takes it.
 */
export const hiddenSoftmax: Rule = {
  id: 'vanishing-gradient',
  source:
    'exact: the outputs of softmax sum to 1, the derivative of one of n is p(1 − p), (n − 1)/n² where all are alike',
  needs: { facts: ['operation', 'loss-of-step'], steps: STEPS },
  yieldsTo: ['unscaled-input'],
  examine(run) {
    if (!isFailing(run)) return null;
    const between = run.operations.filter((operation) => isBetween(run, operation));
    if (between.length === 0) return null;
    const [first] = between;
    const units = first.shape[first.shape.length - 1];
    const about = aboutLayers(run, between.map(layerOf));
    const more = between.length > 1 ? ` So it is after ${plural(between.length - 1, 'other layer')}.` : '';
    return {
      id: 'vanishing-gradient',
      severity: 'warning',
      strength: 'usual',
      ...about,
      ...place([siteOf(run, first), ...about.sites]),
      step: run.history.steps[0].step,
      cause: 'saturating-activation',
      evidence: `Softmax stands between two layers: its ${units} outputs sum to 1, each is about ${number(1 / units)}, and passes about that share of the gradient.${more} ${toldProgress(run)}`,
      remedies: [
        remedy('activation', 'Replace softmax by ReLU with He initialization'),
        remedy('normalization', 'Use LayerNorm where values should be kept alike'),
      ],
    };
  },
};

/** Where it was made as a layer, or was applied. */
const siteOf = (run: Run, { layer, site }: OperationFrame) =>
  layer !== null && run.layers[layer].type === 'Softmax' ? run.layers[layer].site : site;

/** Softmax over the units of a layer, before the weights of another one. */
const isBetween = (run: Run, operation: OperationFrame): boolean =>
  operation.operation === 'softmax' &&
  operation.shape[operation.shape.length - 1] >= FEWEST_UNITS &&
  feedsLayer(run, operation);
