import type { LossFrame } from '../../../../engine/run/frame.ts';
import type { Run } from '../../../../engine/run/run.ts';
import { type Detector, detector } from './detector.ts';
import { type Epoch, epochsOf, STEPS_OF_EPOCH } from './epochs.ts';
import { add, gradientMean, isUnchanged, outputMean, weightMean } from './means.ts';
import {
  type Activation,
  activationsAt,
  gradientsAt,
  isDense,
  isMeasured,
  meanMagnitude,
  outputsAt,
  shareOutside,
} from './tensors.ts';

/**
 * DeepDiagnosis (Wardat et al., ICSE 2022), by its callback (DeepDiagnosis/ICSE2022, `callback/callbacks.py`, class
 * mapFaluireToFix), which looks once an epoch. Adapted: an epoch is of so many steps as `epochs.ts` says, its outputs those that
 * were measured last in it; the mean magnitude of a gradient and the share of an activation's inputs that is far out are
 * estimated (`tensors.ts`); cross entropy of logits counts as the softmax that it has inside. In place of the accuracy stands
 * what `epochs.ts` says, and it needn't be the same to the last digit; once it is near 1, it's spared.
 */
const IN_A_ROW = 5;
const EPOCHS_OF_ACCURACY = 20;
const SAME_ACCURACY = 0.005;
const LEARNED = 0.98;
const DEAD = 0.7;
const FAR_OUT: readonly [number, number] = [-5, 5];
const MOST = 0.5;
const VANISHED = 1e-7;
/** The answers span so many times what the targets do. */
const TOO_WIDE = 10;

/** NaN, infinite or 0, of a mean that is known. */
const isNumericalError = (mean: number | undefined): boolean =>
  mean !== undefined && (!Number.isFinite(mean) || mean === 0);

/** An epoch with its outputs, those that were measured last, and its dense layers. */
interface Look extends Epoch {
  readonly outputs: ReturnType<typeof outputsAt>;
  readonly activations: readonly Activation[];
  readonly dense: ReturnType<typeof gradientsAt>;
}

function look(run: Run, epoch: Epoch): Look {
  const measured = epoch.steps.findLast(isMeasured);
  return {
    ...epoch,
    outputs: measured ? outputsAt(run, measured) : [],
    activations: measured ? activationsAt(run, measured, ['relu', 'sigmoid', 'tanh']) : [],
    dense: gradientsAt(run, epoch.last).filter(({ of }) => isDense(run, of)),
  };
}

const isBad = ({ outputs, dense }: Look): boolean =>
  outputs.some(({ output }) => isNumericalError(outputMean(output))) ||
  dense.some(({ row }) => isNumericalError(gradientMean(row)) || isNumericalError(weightMean(row)));

const isSaturated = ({ activations }: Look): boolean =>
  activations.some((one) => one.operation.operation !== 'relu' && shareOutside(one, FAR_OUT) > MOST);

const hasDeadNodes = ({ activations }: Look): boolean =>
  activations.some(({ operation, output }) => operation.operation === 'relu' && output('zeroShare') >= DEAD);

/** The means of a tensor in five epochs are the same. */
function hasUnchanged(looks: readonly Look[]): boolean {
  const series = new Map<string, number[]>();
  for (const { outputs, dense } of looks) {
    // the last layer's output may stay as it is
    for (const { id, output } of outputs.slice(0, -1)) add(series, id, outputMean(output));
    for (const { of, row } of dense) {
      add(series, `gradient ${of.id}`, gradientMean(row));
      add(series, `weight ${of.id}`, weightMean(row));
    }
  }
  return [...series.values()].some((values) => isUnchanged(values, IN_A_ROW));
}

/** In one of the groups of 20 epochs nothing has changed, before everything was learned. */
function isAccuracyStuck(looks: readonly Look[]): boolean {
  const accuracies = looks.map(({ accuracy }) => accuracy);
  for (let i = 0; i + EPOCHS_OF_ACCURACY <= accuracies.length; i += EPOCHS_OF_ACCURACY) {
    const group = accuracies.slice(i, i + EPOCHS_OF_ACCURACY);
    const greatest = Math.max(...group);
    if (greatest < LEARNED && greatest - Math.min(...group) <= SAME_ACCURACY) return true;
  }
  return false;
}

/** What the last activation can answer. */
const RANGES: { readonly [operation: string]: readonly [number, number] } = {
  sigmoid: [0, 1],
  tanh: [-1, 1],
  relu: [0, Number.POSITIVE_INFINITY],
  elu: [-1, Number.POSITIVE_INFINITY],
};
/** They have their activation inside, or it is before them. */
const WITH_ACTIVATION: readonly string[] = ['binaryCrossEntropyWithLogits', 'nllLoss'];

/** Of the first epoch. */
function isOutOfRange(run: Run): boolean {
  const calls = run.losses.filter(({ step, loss }) => step < STEPS_OF_EPOCH && !WITH_ACTIVATION.includes(loss));
  const [first] = calls;
  if (!first) return false;
  if (first.loss === 'crossEntropy') return first.operation === 'relu';
  const own = calls.filter(({ site, loss }) => loss === first.loss && site?.line === first.site?.line);
  const extreme = (of: (call: LossFrame) => number | undefined, choose: (...values: number[]) => number) =>
    choose(...own.map((call) => of(call) ?? Number.NaN));
  const least = extreme(({ leastTarget }) => leastTarget, Math.min);
  const greatest = extreme(({ greatestTarget }) => greatestTarget, Math.max);
  const range = RANGES[first.operation ?? ''];
  if (range) return least < range[0] || greatest > range[1];
  const last = own[own.length - 1];
  return last.max - last.min > TOO_WIDE * (greatest - least);
}

/** A run, and what is seen of it at the ends of epochs. */
interface Seen {
  readonly run: Run;
  readonly looks: readonly Look[];
}

export const deepDiagnosis: Detector = detector(
  'DeepDiagnosis',
  (run): Seen => ({ run, looks: epochsOf(run).map((epoch) => look(run, epoch)) }),
  {
    'numerical error': ({ looks }) => looks.some(isBad),
    'invalid loss': ({ looks }) => looks.some(({ loss }) => !Number.isFinite(loss)),
    'loss not decreasing': ({ looks }) =>
      isUnchanged(
        looks.map(({ loss }) => loss),
        IN_A_ROW,
      ),
    'accuracy not increasing': ({ looks }) => isAccuracyStuck(looks),
    'unchanged tensor': ({ looks }) => hasUnchanged(looks),
    'vanishing gradient': ({ looks }) =>
      looks.some(({ dense }) => dense.some(({ of, row }) => meanMagnitude(row, of) < VANISHED)),
    'dead node': ({ looks }) => looks.slice(-1).some(hasDeadNodes),
    'saturated activation': ({ looks }) => looks.some((one, i) => (i + 1) % IN_A_ROW === 0 && isSaturated(one)),
    'out of range': ({ run }) => isOutOfRange(run),
  },
);
