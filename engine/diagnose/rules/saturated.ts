import type { OperationFrame } from '../../run/frame.ts';
import type { Run } from '../../run/run.ts';
import { aboutLayers, remedy } from '../about.ts';
import { isHidden, layerOf, seriesOf } from '../evidence/activations.ts';
import { learns, toldProgress } from '../evidence/progress.ts';
import { number, place, plural } from '../phrases.ts';
import type { Rule } from '../rule.ts';

/** Share of a layer's outputs. */
const MOST = 0.5;
const NEARLY_ALL = 0.85;
const LEARNING = 0.3;
const STEPS = 20;
const MEASUREMENTS = 3;
/** The gates of these are meant to be near 0 and 1. */
const GATED = /LSTM|GRU|RNN/;

/**
 * Sigmoid or tanh so far out that their derivative is below 1 % of its greatest, for most outputs of a hidden layer and to
 * the end, in a model that hardly learns. Outputs of a model and gates are saturated when all goes well.
 */
export const saturatedActivation: Rule = {
  id: 'saturated-activation',
  source:
    'SageMaker Debugger, DeepDiagnosis (> 50 % of a layer’s outputs); Karpathy’s |tanh| > 0.97, here by the derivative',
  needs: { facts: ['saturatedShare', 'loss-of-step'], steps: STEPS },
  yieldsTo: ['exploding-gradient'],
  followsFrom: ['learning-rate-high', 'missing-zero-grad', 'gradient-check-failed', 'wrong-loss-scale'],
  examine(run) {
    if (learns(run, LEARNING)) return null;
    const saturated = run.operations.flatMap((operation) => saturatedIn(run, operation) ?? []);
    if (saturated.length === 0) return null;
    const [first] = saturated;
    const { operation, share, step } = first;
    const about = aboutLayers(
      run,
      saturated.map((s) => layerOf(s.operation)),
    );
    const [name = operation.operation] = about.layers;
    const more = about.layers.length > 1 ? ` So it is after ${plural(about.layers.length - 1, 'other layer')}.` : '';
    const atFirst = step <= run.history.steps[0].step;
    return {
      id: 'saturated-activation',
      severity: 'warning',
      strength: share >= NEARLY_ALL ? 'strong' : 'usual',
      ...about,
      ...(about.site ? {} : place([operation.site])),
      step,
      cause: atFirst ? 'large-preactivations' : 'drifted',
      evidence: `${number(100 * share)} % of what ${operation.operation} gives after ${name} is so near its ends that its derivative is below 1 % of its greatest, ${atFirst ? 'from the beginning' : `since step ${step}`}. ${toldProgress(run)}${more}`,
      remedies: [
        remedy('initialization', 'Initialize the weights smaller (Glorot)'),
        remedy('normalization', `Normalize the input of ${operation.operation}, or standardize the data`),
        remedy('activation', `Replace ${operation.operation} by ReLU with He initialization`),
      ],
    };
  },
};

/** A hidden activation, the share of its outputs that has been saturated ever since a step. */
export function saturatedIn(run: Run, operation: OperationFrame) {
  const series = seriesOf(run, operation, 'saturatedShare');
  if (series.length < MEASUREMENTS || GATED.test(run.layers[operation.layer ?? -1]?.type ?? '')) return null;
  if (!isHidden(run, operation)) return null;
  const free = series.findLastIndex(({ value }) => value <= MOST);
  const saturated = series.slice(free + 1);
  if (saturated.length < MEASUREMENTS) return null;
  return { operation, share: saturated[saturated.length - 1].value, step: saturated[0].step };
}
