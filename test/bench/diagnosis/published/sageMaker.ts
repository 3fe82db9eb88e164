import { meaningOf } from '../../../../engine/diagnose/evidence/lossMeaning.ts';
import type { ParameterFrame, StepFrame } from '../../../../engine/run/frame.ts';
import type { ParameterRow, Run } from '../../../../engine/run/run.ts';
import { type Detector, detector } from './detector.ts';
import {
  activationsAt,
  gradientsAt,
  isBroken,
  isKernel,
  isMeasured,
  meanMagnitude,
  outputsAt,
  parametersAt,
  shareOutside,
} from './tensors.ts';

/**
 * Amazon SageMaker Debugger's built-in rules, whose code isn't public, by the parameters and defaults in its documentation
 * (docs.aws.amazon.com/sagemaker/latest/dg/debugger-built-in-rules.html). Its rules see what is saved: at every 500th step by
 * default (awslabs/sagemaker-debugger-rulesconfig, `ruleConfigs.json`), which in trainings of a few hundred steps is the first; at
 * every 100th where an example of the documentation asks for more (WeightUpdateRatio, Overfit). More often than that false alarms
 * grow faster than recall, above all LossNotDecreasing's.
 * Where it must be chosen which tensors a rule looks at, those of the documentation's example are, without what would alarm
 * anybody: biases begin as zeros. Estimated, from statistics: the mean magnitude of a gradient, its percentiles and the share of
 * an activation's inputs that is far out (`tensors.ts`). Not to be had: what needs labels or answers one by one (ClassImbalance,
 * Confusion), pictures (CheckInputImages), other runs or the clock; TensorVariance has no thresholds of its own.
 */
export const SAVED_BY_DEFAULT = 500;
export const SAVED_IN_EXAMPLES = 100;
const VANISHED = 1e-7;
const POOR = { variances: 10, range: 0.001, steps: 10 };
/** Of a normal variable, between its 5th and its 95th percentile, in standard deviations. */
const RANGE_OF_NORMAL = 3.29;
const TANH: readonly [number, number] = [-9.4999, 9.4999];
const SIGMOID: readonly [number, number] = [-23, 16.99999];
const MOST_OF_LAYER = 0.5;
const LOSS = { steps: 10, decrease: 0.001, increase: 0.05 };
const UPDATE = { large: 10, small: 1e-8, epsilon: 1e-9 };
const UNCHANGED = { steps: 3, relative: 1e-5, absolute: 1e-8 };
const OVERFIT = { patience: 1, ratio: 0.1 };
const OVERTRAINED = { training: 5, validation: 10, delta: 0.01 };

/** What is saved of a run: of each so many steps the first, and the first at which outputs were measured. */
interface Saved {
  readonly run: Run;
  readonly steps: readonly StepFrame[];
  readonly outputs: readonly StepFrame[];
}

function savedOf(run: Run, interval: number): Saved {
  const turns = [...Map.groupBy(run.history.steps, ({ step }) => Math.floor(step / interval)).values()];
  return {
    run,
    steps: turns.map(([first]) => first),
    outputs: turns.flatMap((steps) => steps.find(isMeasured) ?? []),
  };
}

type Holds = (saved: Saved) => boolean;

/** Of kernels. */
const anyGradient = (
  { run }: Saved,
  steps: readonly StepFrame[],
  holds: (row: ParameterRow, of: ParameterFrame) => boolean,
) => steps.some((step) => gradientsAt(run, step).some(({ of, row }) => isKernel(of) && holds(row, of)));

const vanishes: Holds = (saved) => anyGradient(saved, saved.steps, (row, of) => meanMagnitude(row, of) < VANISHED);

/** What is of a kernel, of those that are to be trained. */
const isTrained = (of: ParameterFrame): boolean => isKernel(of) && of.requiresGrad !== false;

const explodes: Holds = ({ run, steps, outputs }) =>
  steps.some((step) => !Number.isFinite(step.loss) || parametersAt(run, step).some(({ row }) => isBroken(row))) ||
  outputs.some((step) => outputsAt(run, step).some(({ output }) => output('nonFinite') > 0));

/** Both are said to suffice; the loss that doesn't fall in the first steps is LossNotDecreasing's. */
const variancesDiffer: Holds = ({ run, outputs }) =>
  outputs
    .filter(({ step }) => step < POOR.steps)
    .some((step) => {
      const variances = activationsAt(run, step, ['relu']).flatMap(({ input }) => (input ? [input('std') ** 2] : []));
      return variances.length > 1 && Math.max(...variances) > POOR.variances * Math.min(...variances);
    });

const gradientsAreNarrow: Holds = (saved) => {
  const first = saved.steps.filter(({ step }) => step < POOR.steps);
  return anyGradient(saved, first, (row) => RANGE_OF_NORMAL * row('gradientStd') < POOR.range);
};

const saturates: Holds = ({ run, outputs }) =>
  outputs.some(
    (step) =>
      activationsAt(run, step, ['tanh']).some((one) => shareOutside(one, TANH) > MOST_OF_LAYER) ||
      activationsAt(run, step, ['sigmoid']).some((one) => shareOutside(one, SIGMOID) > MOST_OF_LAYER),
  );

/** Never active for 256 samples; the rule’s own limit is less than 1 % of the time. */
const reluDies: Holds = ({ run, outputs }) =>
  outputs.some((step) => activationsAt(run, step, ['relu']).some(({ output }) => output('deadShare') > MOST_OF_LAYER));

/** Less than 0.1 % down, or more than 5 % up, from a step that is 10 before at least. */
const lossStays: Holds = ({ steps }) => {
  let [before] = steps;
  for (const now of steps) {
    if (now.step < before.step + LOSS.steps) continue;
    const decrease = (before.loss - now.loss) / Math.abs(before.loss);
    if ((decrease >= 0 && decrease < LOSS.decrease) || decrease < -LOSS.increase) return true;
    before = now;
  }
  return false;
};

/** Where no update was seen there was none: weights that no optimizer holds stay as they are. */
const updatesAreOff: Holds = ({ run, steps }) =>
  steps.some((step) =>
    parametersAt(run, step).some(({ of, row }) => {
      if (!isTrained(of) || Number.isNaN(row('weightNorm'))) return false;
      const ratio = (row('updateNorm') || 0) / (row('weightNorm') + UPDATE.epsilon);
      return ratio > UPDATE.large || ratio < UPDATE.small;
    }),
  );

const lossIsUnchanged: Holds = ({ steps }) => {
  const close = (a: number, b: number) => Math.abs(a - b) <= UNCHANGED.absolute + UNCHANGED.relative * Math.abs(b);
  return steps.some(
    (_step, i) =>
      i + UNCHANGED.steps <= steps.length &&
      steps.slice(i + 1, i + UNCHANGED.steps).every(({ loss }) => close(loss, steps[i].loss)),
  );
};

const isAllZero: Holds = ({ run, steps, outputs }) =>
  steps.some((step) =>
    parametersAt(run, step).some(
      ({ of, row }) => isTrained(of) && (row('gradientZeroShare') === 1 || row('weightNorm') === 0),
    ),
  ) || outputs.some((step) => outputsAt(run, step).some(({ output }) => output('zeroShare') === 1));

/** Losses on data for validation, as losses of a step; those of a loss function that isn't the training's are left out. */
function validationOf(run: Run): { readonly step: number; readonly loss: number }[] {
  const { weight, offset } = meaningOf(run);
  return run.evaluations
    .filter(({ loss, value }) => loss === run.losses[0]?.loss && value !== null)
    .map(({ step, value }) => ({ step, loss: weight(0) * (value ?? Number.NaN) + offset }))
    .filter(({ loss }) => Number.isFinite(loss));
}

/** The training's losses are the mean of those that are saved since the validation before. */
const overfits: Holds = ({ run, steps }) => {
  let [since, exceeding] = [0, 0];
  for (const { step, loss } of validationOf(run)) {
    const trained = steps.filter((one) => one.step >= since && one.step <= step).map((one) => one.loss);
    since = step;
    if (trained.length === 0) continue;
    const mean = trained.reduce((a, b) => a + b, 0) / trained.length;
    exceeding = (loss - mean) / Math.abs(mean) > OVERFIT.ratio ? exceeding + 1 : 0;
    if (exceeding > OVERFIT.patience) return true;
  }
  return false;
};

/** How many values there are since the one that was the last to be better by enough. */
function stalledFor(values: readonly number[]): number {
  let [best, since] = [Number.POSITIVE_INFINITY, 0];
  for (const value of values) {
    since = value < best - OVERTRAINED.delta ? 0 : since + 1;
    if (since === 0) best = value;
  }
  return since;
}

const overtrains: Holds = ({ run, steps }) =>
  stalledFor(validationOf(run).map(({ loss }) => loss)) > OVERTRAINED.validation &&
  stalledFor(steps.map(({ loss }) => loss)) > OVERTRAINED.training;

/** With what is saved at every so many steps. */
export const sageMaker = (interval: number): Detector =>
  detector(`SageMaker Debugger, every ${interval} steps saved`, (run) => savedOf(run, interval), {
    VanishingGradient: vanishes,
    ExplodingTensor: explodes,
    'PoorWeightInitialization (variances)': variancesDiffer,
    'PoorWeightInitialization (gradients)': gradientsAreNarrow,
    SaturatedActivation: saturates,
    DeadRelu: reluDies,
    LossNotDecreasing: lossStays,
    WeightUpdateRatio: updatesAreOff,
    UnchangedTensor: lossIsUnchanged,
    AllZero: isAllZero,
    Overfit: overfits,
    Overtraining: overtrains,
  });
