import type { StepFrame } from '../../run/frame.ts';
import type { LayerGroup } from '../../run/groups.ts';
import type { Run } from '../../run/run.ts';
import { models, profile, rememberOfModel } from '../evidence/decades.ts';
import { type Gain, gainsAt, roleOf, roleOfLayer, sumBy } from '../evidence/gains.ts';
import { seemsWell } from '../evidence/progress.ts';
import { decayingWeights } from '../evidence/weightDecay.ts';
import type { Symptom } from '../finding.ts';
import { number, place, plural } from '../phrases.ts';
import type { Rule } from '../rule.ts';

/** Growth over the depth of a model, from the layers near the loss to the early ones, that is no longer healthy. */
const DECADES_OVER_DEPTH = 3;
/** Growth over the repetitions of one layer (a recurrence), the product of its gains. */
const DECADES_OVER_TIME = 3;
/** Growth of either kind beyond any doubt. */
const DECADES_BEYOND_DOUBT = 4.5;
/** With it goes growth of the gradient of layers' outputs, over three quarters of the layers behind. */
const DECADES_OF_OUTPUT = 0.5;
/** A model needs some depth for growth over it to mean anything. */
const FEWEST_LAYERS = 3;
/** The first steps, of which one is enough; of later ones it takes so many. */
const BEGINNING = 10;
const PERSISTENCE = 5;
/** Only a gradient that is large next to the weights can do harm, however it compares with other layers. */
const GRADIENT_TO_WEIGHT = 1;

/** A layer through which the gradient grew, and how much. */
interface Growth {
  readonly group: LayerGroup;
  readonly decades: number;
  readonly repetitions: number;
  /** It's the activations that were seen to grow. */
  readonly forward?: boolean;
}

/**
 * Relative, not absolute (published cut-offs span 50 to 1e6): growth over the repetitions of a layer, or over depth,
 * together with a gradient that is large next to the weights it is for.
 */
export const exploding: Rule = {
  id: 'exploding-gradient',
  source: 'relative form of AutoTrainer’s layer ratio > 70 (ICSE 2021); growth through time as in Pascanu et al. 2013',
  needs: { facts: ['gradientNorm', 'weightNorm', 'gain'], steps: 1 },
  // A gradient that nobody zeroes grows from step to step, not on its way back.
  yieldsTo: [
    'not-optimized',
    'missing-zero-grad',
    'unscaled-input',
    'wrong-loss-scale',
    'gradient-check-failed',
    'small-batch-norm',
  ],
  followsFrom: ['learning-rate-high', 'vanishing-gradient'],
  examine(run) {
    // Beside weights that decay has eaten any gradient is large.
    if (decayingWeights(run)) return null;
    for (const groups of models(run)) {
      const grown = run.history.steps.filter((step) => growthAt(run, step, groups));
      const [step] = grown;
      const growth = step && growthAt(run, step, groups);
      // Later on a single step's is a stray one's.
      const shows = step && (step.step < BEGINNING || grown.length >= PERSISTENCE);
      if (growth && shows) return describe(run, step, growth, largeGroups(run, step, groups));
    }
    return null;
  },
};

const largeGroups = (run: Run, step: StepFrame, groups: readonly LayerGroup[]) =>
  groups.filter((group) => gradientToWeight(run, step, group) > GRADIENT_TO_WEIGHT);

/** Where the gradient grew too much at a step; null where it didn't. */
const growthAt = rememberOfModel((run, step, groups) => {
  const large = largeGroups(run, step, groups);
  if (large.length === 0) return null;
  return overTime(run, step, large) ?? overDepth(run, step, groups, large) ?? onTheWayForward(run, step, groups, large);
});

/** Of all parameters of a layer together: a bias begins at 0, where a ratio says nothing. */
function gradientToWeight(run: Run, step: StepFrame, { parameters }: LayerGroup): number {
  const rows = parameters.map(({ id }) => run.parameterAt(step, id)).filter((row) => row('weightNorm') >= 0);
  return Math.hypot(...rows.map((row) => row('gradientNorm'))) / Math.hypot(...rows.map((row) => row('weightNorm')));
}

/** The layer whose repetitions multiply most, if it's too much. They multiply in series only, not side by side. */
function overTime(run: Run, step: StepFrame, large: readonly LayerGroup[]): Growth | null {
  const gains = gainsAt(run, step).filter(({ operation }) => roleOf(operation.operation) === 'weights');
  const sums = sumBy(gains, ({ layer }) => layer);
  let worst: Growth | null = null;
  for (const group of large) {
    const decades = sums.get(group.layer as number) ?? 0;
    const repetitions = run.operations.filter(
      (o) => o.layer === group.layer && roleOf(o.operation) === 'weights',
    ).length;
    const most = Math.max(DECADES_OVER_TIME, worst?.decades ?? 0);
    if (repetitions > 1 && decades > most && spread(run, step, gains, group) > DECADES_OVER_TIME / 2)
      worst = { group, decades, repetitions };
  }
  return worst;
}

/**
 * Decades between the gradients that came back to a layer's repetitions: of a readout applied at each step of a
 * sequence, say, they are much alike, whatever it does to them.
 */
function spread(run: Run, step: StepFrame, gains: readonly Gain[], group: LayerGroup): number {
  const norms = gains
    .filter(({ operation }) => operation.layer === group.layer)
    .map(({ operation }) => run.operationAt(step, operation.id)('gradientNorm'))
    .filter((norm) => norm > 0);
  return Math.log10(Math.max(...norms) / Math.min(...norms));
}

/** The layer with the largest gradient compared with the smallest behind it. */
function overDepth(
  run: Run,
  step: StepFrame,
  groups: readonly LayerGroup[],
  large: readonly LayerGroup[],
): Growth | null {
  const { rms, smallestBehind, largestBehind } = profile(run, step, groups);
  const counts = new Set(large);
  let worst: Growth | null = null;
  groups.forEach((group, i) => {
    const decades = Math.log10(rms[i] / smallestBehind[i]);
    // beside a branch in which it has faded, any gradient is large
    if (rms[i] < largestBehind[i]) return;
    if (!counts.has(group) || !Number.isFinite(decades) || grows(run, step, groups.slice(i)) === false) return;
    if (decades > Math.max(DECADES_OVER_DEPTH, worst?.decades ?? 0)) worst = { group, decades, repetitions: 1 };
  });
  return worst;
}

/**
 * Whether the gradient of a layer's output is larger than most behind, too; null where that wasn't measured. Not than all:
 * those in a branch may be small, as within a residual block or at one of two heads. Weights that are shared (of an
 * embedding and the last layer, say) have a large gradient that came another way.
 */
function grows(run: Run, step: StepFrame, [first, ...behind]: readonly LayerGroup[]): boolean | null {
  const normOf = ({ layer }: LayerGroup) => run.layerAt(step, layer as number)('gradientNorm');
  const norms = behind
    .map(normOf)
    .filter((norm) => norm > 0)
    .sort((a, b) => a - b);
  const decades = Math.log10(normOf(first) / norms[Math.round(0.75 * (norms.length - 1))]);
  return Number.isNaN(decades) ? null : decades > DECADES_OF_OUTPUT;
}

/**
 * Weights that are too large everywhere: activations grow on the way forward as the gradient grows on the way back, so
 * the gradients of the weights, their product, are equally large at every depth.
 */
function onTheWayForward(
  run: Run,
  step: StepFrame,
  groups: readonly LayerGroup[],
  large: readonly LayerGroup[],
): Growth | null {
  if (groups.length < FEWEST_LAYERS || large.length < groups.length) return null;
  const outputs = groups.map(({ layer }) => rootMeanSquare(run, step, layer as number)).filter((x) => x > 0);
  const decades = Math.log10(Math.max(...outputs) / outputs[0]);
  return decades > DECADES_OVER_TIME && Number.isFinite(decades)
    ? { group: groups[0], decades, forward: true, repetitions: 1 }
    : null;
}

/** Of a layer's output; NaN where it wasn't measured. */
function rootMeanSquare(run: Run, step: StepFrame, layer: number): number {
  const row = run.layerAt(step, layer);
  return Math.hypot(row('mean'), row('std'));
}

function describe(
  run: Run,
  step: StepFrame,
  { group, decades, repetitions, forward }: Growth,
  large: readonly LayerGroup[],
): Symptom {
  // What a normalization multiplies by has a large gradient where the weights behind it are large: those are to blame.
  const normalizes = ({ layer }: LayerGroup) => roleOfLayer(run.layers[layer as number].type) === 'normalization';
  const layers = [group, ...large.filter((other) => other !== group)].sort(
    (a, b) => Number(normalizes(a)) - Number(normalizes(b)),
  );
  const norm = number(Math.hypot(...group.parameters.map(({ id }) => run.parameterAt(step, id)('gradientNorm'))));
  const weight = number(Math.hypot(...group.parameters.map(({ id }) => run.parameterAt(step, id)('weightNorm'))));
  const recurrent = repetitions > 1;
  const edit = null;
  return {
    id: 'exploding-gradient',
    // AutoTrainer, too, speaks of a gradient only where learning fails: what the model has overcome is no fault of the run.
    severity: seemsWell(run) ? 'information' : 'error',
    strength: decades >= DECADES_BEYOND_DOUBT ? 'strong' : 'usual',
    layers: layers.map((layer) => layer.name),
    parameters: layers.flatMap((layer) => layer.parameters.map((p) => p.name)),
    ...place(layers.map((layer) => layer.site)),
    step: step.step,
    cause: recurrent ? 'recurrent-weights' : 'large-weights',
    evidence:
      (recurrent
        ? `${group.name} is applied ${plural(repetitions, 'time')} a step, and the gradient grows by ${number(decades)} decades on its way back through it.`
        : forward
          ? `Activations grow by ${number(decades)} decades from ${group.name} on, and the gradient grows as much on its way back.`
          : `The gradient of ${group.name} is ${number(decades)} decades larger than that of the layers behind it.`) +
      ` Its norm is ${norm}; the weights' is ${weight}.`,
    remedies: [
      { id: 'clip', title: 'Clip the gradient’s norm before the update', edit },
      recurrent
        ? { id: 'orthogonal', title: `Initialize ${group.name} orthogonally, or smaller`, edit }
        : { id: 'initialization', title: 'Initialize the weights smaller (He, Glorot)', edit },
      recurrent
        ? { id: 'gated-cell', title: 'Use a gated cell (GRU, LSTM)', edit }
        : { id: 'normalization', title: 'Normalize after each hidden layer', edit },
    ],
  };
}
