import type { OperationFrame } from '../../run/frame.ts';
import { aboutLayers, remedy } from '../about.ts';
import { feedsLayer, layerOf } from '../evidence/activations.ts';
import { bottleneckOf } from '../evidence/bottleneck.ts';
import { hasLearnedLittle } from '../evidence/littleLearned.ts';
import { toldProgress } from '../evidence/progress.ts';
import { goesNowhere } from '../evidence/room.ts';
import { plural } from '../phrases.ts';
import type { Rule } from '../rule.ts';

const STEPS = 150;

/**
 * The logistic sigmoid as the activation between layers, of a model that has learned little: its derivative is 1/4 at its best,
 * and its outputs, all above 0, push all weights of a unit the same way. Deep models suffer most, but not they alone.
 */
export const hiddenSigmoid: Rule = {
  id: 'vanishing-gradient',
  source:
    'LeCun et al. 1998 (Efficient BackProp, 4.4), Glorot & Bengio 2010: logistic units between layers learn slowly',
  needs: { facts: ['operation', 'loss-of-step'], steps: STEPS },
  yieldsTo: ['unscaled-input', 'bad-initialization', 'not-optimized', 'frozen-parameter', 'missing-zero-grad'],
  followsFrom: ['learning-rate-high', 'wrong-loss-scale'],
  examine(run) {
    // where weights are about where they began, or all passes through one unit, what lies between isn't to blame
    if (!hasLearnedLittle(run) || goesNowhere(run) || bottleneckOf(run)) return null;
    const between = run.operations.filter(
      (operation) => operation.operation === 'sigmoid' && feedsLayer(run, operation),
    );
    if (between.length === 0) return null;
    return {
      id: 'vanishing-gradient',
      severity: 'warning',
      strength: 'weak',
      ...aboutLayers(run, between.map(layerOf)),
      step: Math.floor(run.stepCount / 2),
      cause: 'saturating-activation',
      evidence: `A sigmoid follows ${plural(layersOf(between), 'hidden layer')}: it passes a quarter of the gradient at its best, and gives nothing below 0. ${toldProgress(run)}`,
      remedies: [
        remedy('activation', 'Replace sigmoid by ReLU with He initialization'),
        remedy('normalization', 'Normalize after each hidden layer (BatchNorm or LayerNorm)'),
      ],
    };
  },
};

const layersOf = (operations: readonly OperationFrame[]): number => new Set(operations.map(layerOf)).size;
