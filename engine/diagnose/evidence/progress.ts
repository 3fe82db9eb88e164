import type { LossFrame, StepFrame } from '../../run/frame.ts';
import { rememberByStep } from '../../run/remember.ts';
import type { Run } from '../../run/run.ts';
import { number } from '../phrases.ts';
import { areProbabilities } from './probabilities.ts';

/** Median; NaN of nothing. */
export function median(values: readonly number[]): number {
  if (values.length === 0) return Number.NaN;
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** The losses that are kept, in order, as far as they were measured. */
export const lossesOf = (run: Run): number[] =>
  run.history.steps.map(({ loss }) => loss).filter((loss) => !Number.isNaN(loss));

/**
 * What is decided by how a loop is written shows in its first steps; looking at all of a long run again and again, for
 * every parameter, would take seconds.
 */
export const earlySteps = (run: Run): readonly StepFrame[] => run.history.steps.slice(0, 256);

const WINDOW = 10;

/**
 * The share of the first loss that has been won, by medians of the last steps, so that a lucky batch is no progress;
 * negative where it was lost, NaN without losses.
 */
export function won(run: Run): number {
  const recent = median(lossesOf(run).slice(-WINDOW));
  return (run.firstLoss - recent) / Math.abs(run.firstLoss);
}

/** The standard error of that score, as a share of it: every batch has targets of its own. 0 where there is one batch only. */
export function constantScoreError(run: Run): number {
  const scores = run.losses.flatMap(({ baseline }) => (baseline !== null && baseline > 0 ? [baseline] : []));
  const mean = scores.reduce((a, b) => a + b, 0) / scores.length;
  const variance = scores.reduce((sum, score) => sum + (score - mean) ** 2, 0) / (scores.length - 1);
  return scores.length > 1 ? Math.sqrt(variance / scores.length) / mean : 0;
}

/** The score of the best constant answer as a loss of a step; NaN where that can't be told. */
export const constantScore = (run: Run): number => scoresOf(run).constant;

/** As losses of a step: what the best constant answer scores, and the best answers there are; NaN where they can't be told. */
function scoresOf(run: Run): { readonly constant: number; readonly least: number } {
  const { factor, offset } = meaningOf(run);
  const steps = [...Map.groupBy(run.losses, ({ step }) => step).values()];
  const scores = steps
    .map((calls) => ({ constant: sumOf(calls, constantOf), least: sumOf(calls, ({ least }) => least ?? 0) }))
    .filter(({ constant, least }) => constant > least);
  const asLoss = (values: number[]) => factor * median(values) + offset;
  return { constant: asLoss(scores.map((s) => s.constant)), least: asLoss(scores.map((s) => s.least)) };
}

/** The entropy of few samples is too low by (C − 1)/2n (Miller 1955), a constant answer doesn't know the batch. */
const constantOf = ({ loss, baseline, classes, rows }: LossFrame): number | null =>
  baseline === null ? null : baseline + (isOfClasses(loss) && baseline > 0 ? (classes - 1) / (2 * rows) : 0);

const isOfClasses = (loss: string): boolean => loss === 'crossEntropy' || loss === 'nllLoss';

const OF_NUMBERS: ReadonlySet<string> = new Set(['mseLoss', 'l1Loss', 'smoothL1Loss', 'huberLoss', 'poissonNllLoss']);

/** Targets are numbers, which have noise of their own. */
export const isOfNumbers = ({ loss }: LossFrame): boolean => OF_NUMBERS.has(loss);

/** What is known of all calls of a step, as a sum; NaN if of one it isn't. */
const sumOf = (calls: readonly LossFrame[], of: (call: LossFrame) => number | null): number =>
  calls.reduce((sum, call) => sum + (of(call) ?? Number.NaN), 0);

/** What the loss of a step is: so many times the sum of what its loss functions gave, and so much more. */
interface Meaning {
  readonly factor: number;
  readonly offset: number;
}

const NOT_TOLD: Meaning = { factor: Number.NaN, offset: Number.NaN };
/** As a share: equal, but for rounding and what differs with the batch. */
const EQUAL = 0.01;
/** Steps that show a factor or an offset, and by how much what the functions gave must differ among them. */
const STEPS_TO_TELL = { least: 4, most: 16, spread: 0.03 };

/**
 * The step's loss is what the loss function gave (or the sum of what several gave); or, as the first steps show, a multiple of
 * it (a sum over samples, a weight), or that and a constant. What else is part of it can't be compared with anything.
 */
function meaningOf(run: Run): Meaning {
  const [first] = run.losses;
  if (!first) return NOT_TOLD;
  const near = (a: number, b: number) => Math.abs(a - b) <= EQUAL * Math.abs(b);
  if (first.value !== null && near(first.value, run.firstLoss)) return { factor: 1, offset: 0 };
  if (isAdversarial(run)) return NOT_TOLD;
  const calls = Map.groupBy(run.losses, ({ step }) => step);
  const pairs = run.history.steps.slice(0, STEPS_TO_TELL.most).flatMap(({ step, loss }) => {
    const given = sumOf(calls.get(step) ?? [], ({ value }) => value);
    return given > 0 && Number.isFinite(loss) ? [{ given, loss }] : [];
  });
  const all = (holds: (pair: (typeof pairs)[number]) => boolean) => pairs.length > 0 && pairs.every(holds);
  if (all(({ given, loss }) => near(loss, given))) return { factor: 1, offset: 0 };
  const given = pairs.map((pair) => pair.given);
  const spread = (Math.max(...given) - Math.min(...given)) / median(given);
  if (pairs.length < STEPS_TO_TELL.least || !(spread > STEPS_TO_TELL.spread)) return NOT_TOLD;
  const factor = median(pairs.map(({ given, loss }) => loss / given));
  if (factor > 0 && all(({ given, loss }) => near(loss, factor * given))) return { factor, offset: 0 };
  const offset = median(pairs.map(({ given, loss }) => loss - given));
  return all(({ given, loss }) => Math.abs(loss - offset - given) <= EQUAL * given) ? { factor: 1, offset } : NOT_TOLD;
}

/** The loss that takes logits was given what a sigmoid made: it can be no better than ln(1 + 1/e) for 1, ln 2 for 0. */
export const isSigmoidTwice = ({ loss, operation }: LossFrame): boolean =>
  loss === 'binaryCrossEntropyWithLogits' && operation === 'sigmoid';

/**
 * Exact: of the logarithms of probabilities in a row, one at the least isn't below ln(1/C). Where all of a batch are below,
 * they don't sum to 1 row by row: softmax was taken over the batch, whose n samples are as many as n classes.
 */
export const isOverBatch = ({ loss, classes, rows, max }: LossFrame): boolean =>
  loss === 'nllLoss' && classes > 1 && rows > classes && max < -Math.log(classes) - LOGARITHM_TOLERANCE;

/** By how far rounding and few samples may have it below. */
const LOGARITHM_TOLERANCE = 0.01;

/** The least loss that can be reached with what a loss function is given, where that isn't what it should be given; else null. */
function floorOf(frame: LossFrame): number | null {
  const { loss, classes, baseline } = frame;
  if (isSigmoidTwice(frame)) {
    const ones = shareOfEntropy(baseline ?? Math.LN2);
    return ones * Math.log1p(1 / Math.E) + (1 - ones) * Math.LN2;
  }
  if (!isOfClasses(loss) || !areProbabilities(frame) || classes < 2) return null;
  return loss === 'nllLoss' ? -1 : Math.log1p((classes - 1) / Math.E);
}

/** The share, at most a half, of one of two classes with so much entropy (in nats). */
function shareOfEntropy(entropy: number): number {
  let [low, high] = [0, 0.5];
  for (let i = 0; i < 30; i++) {
    const share = (low + high) / 2;
    const own = -share * Math.log(share) - (1 - share) * Math.log(1 - share);
    if (own < entropy) low = share;
    else high = share;
  }
  return (low + high) / 2;
}

/** What a constant answer scores, and the least loss that's possible; NaN where they can't be told. */
function span(run: Run): { readonly constant: number; readonly least: number } {
  const [first] = run.losses;
  if (!first) return { constant: Number.NaN, least: Number.NaN };
  const { factor, offset } = meaningOf(run);
  // Over a batch of n, nothing known is ln n, and all known that the samples of a class share: the entropy less.
  if (isOverBatch(first)) {
    const constant = factor * Math.log(first.rows) + offset;
    return { constant, least: constant - (constantScore(run) - offset) };
  }
  const floor = floorOf(first);
  if (floor === null) return scoresOf(run);
  const constant = floor < 0 ? offset - factor / first.classes : constantScore(run);
  return { constant, least: factor * floor + offset };
}

/**
 * How much of what can be learned a loss shows to be: 0 where a constant answer scores as well, 1 at the least loss that's
 * possible. NaN where the losses of the run can't be compared with those.
 */
export function learnedBy(run: Run, loss: number): number {
  const { constant, least } = span(run);
  const share = (constant - loss) / (constant - least);
  // Distances are what others take the squares of: half as far away is a quarter of those.
  return run.losses.every((call) => call.loss === 'l1Loss') ? 1 - (1 - share) ** 2 : share;
}

/** The same of what the run has come to. */
export const learned = (run: Run): number => learnedBy(run, median(lossesOf(run).slice(-WINDOW)));

/** Learned of what can be; of the first loss, where that can't be told. */
const WELL = 0.75;
const WELL_WHEN_UNKNOWN = 0.8;

/** The model learns well, whatever is odd about it; false where that can't be told. */
export const flourishes = (run: Run): boolean => learned(run) >= WELL;

/** Of what the loss was after the first steps: those of a bad start say nothing, and make it fall by nearly all of itself. */
const WELL_AFTER_START = 0.5;

/** It learns well, or, where that can't be told, the loss has fallen by most of itself (below 0 it may fall for ever). */
export const seemsWell = (run: Run): boolean => {
  if (!Number.isNaN(learned(run))) return flourishes(run);
  return (
    won(run) >= WELL_WHEN_UNKNOWN && won(run) <= 1 && !isAdversarial(run) && wonAfterStart(run) >= WELL_AFTER_START
  );
};

/** As `won`, of the median of the first steps but the very first; of a loss that isn't above 0 by then all. */
function wonAfterStart(run: Run): number {
  const losses = lossesOf(run);
  const start = median(losses.slice(WINDOW / 2, WINDOW / 2 + WINDOW));
  return start > 0 ? 1 - median(losses.slice(-WINDOW)) / start : 1;
}

/** Early on, something learned is enough; later it has to be well. */
const STEPS_TO_LEARN = 100;
const SOMETHING = 0.3;

/** The model hasn't learned what it should have by now. */
export const isFailing = (run: Run): boolean =>
  run.stepCount < STEPS_TO_LEARN ? !learns(run, SOMETHING) && !seemsWell(run) : !seemsWell(run);

/** How far it has come, in a sentence. */
export function toldProgress(run: Run): string {
  const share = learned(run);
  if (!Number.isNaN(share))
    return `After ${run.stepCount} steps the model has learned ${number(100 * Math.max(0, share))} % of what could be learned.`;
  return Number.isFinite(won(run))
    ? `After ${run.stepCount} steps the loss has fallen by ${number(100 * won(run))} %.`
    : 'The loss is no longer finite.';
}

/** Steps over which a rate that grows is seen to grow, and by how much. */
const WARM_UP = { steps: 100, growth: 2 };

/** The learning rate has grown much of late, and may go on. */
export function isWarmingUp({ history: { steps } }: Run): boolean {
  const { learningRate: before } = steps[Math.max(0, steps.length - WARM_UP.steps)] ?? { learningRate: Number.NaN };
  return (steps[steps.length - 1]?.learningRate ?? Number.NaN) > WARM_UP.growth * before;
}

/** By how much the loss has fallen from the third quarter of the run to the last, as a share; negative if it rose. */
export function lateProgress(run: Run): number {
  const losses = lossesOf(run);
  const quarter = Math.floor(losses.length / 4);
  const [before, after] = [median(losses.slice(-2 * quarter, -quarter)), median(losses.slice(-quarter))];
  return (before - after) / Math.abs(before);
}

/**
 * True if so much of what can be learned has been; where that can't be told, if so much of the first loss was won. A first
 * loss that is far too large falls quickly, and says nothing.
 */
export function learns(run: Run, share: number): boolean {
  const known = learned(run);
  return (Number.isNaN(known) ? won(run) : known) >= share;
}

/**
 * Several optimizers that hold different parameters, a generator's and a discriminator's say: steps alternate, and no
 * loss of theirs has to fall.
 */
export const isAdversarial = (run: Run): boolean => run.optimizers.size > 1;

/** The same as `stepRatio`, of some parameters by their ids; null for all. */
function ratioOf(run: Run, step: StepFrame, only: ReadonlySet<number> | null): number {
  let updates = 0;
  let weights = 0;
  for (const id of step.parameters.ids) {
    const { shape, layer = null } = run.parameters[id] ?? { shape: [] };
    if (shape.length < 2 || only?.has(id) === false) continue; // biases begin at 0, where a ratio says nothing
    if (layer !== null && /^Embedding/.test(run.layers[layer].type)) continue;
    const row = run.parameterAt(step, id);
    const update = row('updateNorm');
    if (Number.isNaN(update)) continue;
    updates += update ** 2;
    weights += row('weightNorm') ** 2;
  }
  return weights > 0 ? Math.sqrt(updates / weights) : Number.NaN;
}

/**
 * ‖update‖ ÷ ‖weight‖ over all matrices and filters that were updated at a step; NaN if none was. Not over embeddings: rows
 * that don't occur stay as they are.
 */
export const stepRatio = rememberByStep(
  () => '',
  (run: Run, step: StepFrame, _all: null): number => ratioOf(run, step, null),
);

/** The ratios of some steps, as far as they are known; of some parameters by their ids, or of all. */
export const ratiosOf = (run: Run, steps: readonly StepFrame[], only: ReadonlySet<number> | null = null): number[] =>
  steps
    .map((step) => (only ? ratioOf(run, step, only) : stepRatio(run, step, null)))
    .filter((ratio) => !Number.isNaN(ratio));

/** By no more than this, as a share of themselves, can the updates of all steps together have changed the weights; NaN if none is known. */
export function travelled(run: Run): number {
  const ratios = ratiosOf(run, run.history.steps);
  return (ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length) * run.stepCount;
}

/** Where only some steps are measured, so many of those stand for any number of steps. */
const SAMPLED_STEPS = 10;

const isMeasured = (step: StepFrame): boolean => step.parameters.ids.length > 0;

/** The ratios of the last `count` steps; where only some steps are measured, of the last of those. */
export function recentRatios(run: Run, count: number): number[] {
  const { steps } = run.history;
  return ratiosOf(run, run.start?.sampling ? steps.filter(isMeasured).slice(-SAMPLED_STEPS) : steps.slice(-count));
}
