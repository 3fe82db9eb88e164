import type { LossFrame } from '../run/frame.ts';
import { placeKey } from '../site.ts';
import type { Numbers } from '../tensor/dtype.ts';
import { elements } from '../tensor/elements.ts';
import { sizeOf } from '../tensor/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { OperationPlan, OperationRecord } from './operations.ts';
import type { FrameSink } from './sink.ts';
import { callSite } from './sites.ts';

/** Calls told at one place, and in all. */
const MOST_AT_A_PLACE = 8;
const MOST = 64;
/** Elements looked at in one call. */
const MOST_ELEMENTS = 2 ** 18;

type Fed = Pick<LossFrame, 'rows' | 'classes' | 'min' | 'max' | 'leastSum' | 'greatestSum' | 'value' | 'baseline'>;

/** The loss functions whose input is a row of scores for classes; of the others every element is for itself. */
const OF_CLASSES: ReadonlySet<string> = new Set(['crossEntropy', 'nllLoss']);

/** Tells what loss functions are given: the first calls at each place, and all evaluations between two steps at once. */
export class Losses {
  readonly #sink: FrameSink;
  readonly #plan: OperationPlan;
  readonly #told = new Map<string, number>();
  /** Operations with which a loss begins that has been told often enough: while steps repeat, nobody asks where it stands. */
  readonly #enough = new WeakSet<OperationRecord>();
  /** That of them which was met last. */
  #last: OperationRecord | null = null;
  #count = 0;
  #evaluation: LossFrame | null = null;

  constructor(sink: FrameSink, plan: OperationPlan) {
    this.#sink = sink;
    this.#plan = plan;
  }

  given(loss: string, input: Tensor, target: Tensor, step: number, evaluation: boolean): void {
    if (input.numel() === 0) return;
    if (evaluation) {
      const before = this.#evaluation;
      if (before && before.loss !== loss) return; // the first loss of an evaluation stands for it
      const site = before?.site ?? callSite();
      const fed = fedTo(loss, input, target);
      const frame: LossFrame = { kind: 'loss', step, loss, evaluation, site, layer: null, operation: null, ...fed };
      this.#evaluation = before ? together(before, frame) : frame;
      return;
    }
    if (this.#count >= MOST) return;
    const expected = this.#plan.expected();
    if (expected && (expected === this.#last || this.#enough.has(expected))) {
      this.#last = expected;
      return;
    }
    const site = callSite();
    const place = `${loss} ${placeKey(site)}`;
    const told = this.#told.get(place) ?? 0;
    if (told >= MOST_AT_A_PLACE) {
      if (expected) this.#enough.add(expected);
      return;
    }
    this.#told.set(place, told + 1);
    this.#count++;
    const layer = this.#plan.layerBefore(input);
    const operation = input.node?.operation ?? null;
    this.#sink({ kind: 'loss', step, loss, evaluation, site, layer, operation, ...fedTo(loss, input, target) });
  }

  /** Training goes on, or the script has ended. */
  evaluated(): void {
    if (this.#evaluation) this.#sink(this.#evaluation);
    this.#evaluation = null;
  }
}

function together(a: LossFrame, b: LossFrame): LossFrame {
  const rows = a.rows + b.rows;
  const mean = (x: number | null, y: number | null) =>
    x === null || y === null ? null : (x * a.rows + y * b.rows) / rows;
  return {
    ...a,
    rows,
    min: Math.min(a.min, b.min),
    max: Math.max(a.max, b.max),
    leastSum: Math.min(a.leastSum, b.leastSum),
    greatestSum: Math.max(a.greatestSum, b.greatestSum),
    value: mean(a.value, b.value),
    baseline: mean(a.baseline, b.baseline),
  };
}

/** What a loss was given, and what it makes of it: computed here, because reductions and class weights differ. */
export function fedTo(loss: string, input: Tensor, target: Tensor): Fed {
  return OF_CLASSES.has(loss) ? fedClasses(loss, input, target) : fedElements(loss, input, target);
}

/** Scores [n, c, …] or [c], and classes [n, …] or probabilities of the scores' shape. */
function fedClasses(loss: string, input: Tensor, target: Tensor): Fed {
  const [n, classes, inner] =
    input.shape.length === 1 ? [1, input.shape[0], 1] : [input.shape[0], input.shape[1], sizeOf(input.shape.slice(2))];
  const [x, y] = [elements(input), elements(target)];
  const soft = target.shape.length === input.shape.length;
  const rows = Math.max(1, Math.min(n * inner, Math.floor(MOST_ELEMENTS / classes)));
  const shares = new Float64Array(classes);
  const range = { min: Infinity, max: -Infinity, leastSum: Infinity, greatestSum: -Infinity };
  let total = 0;
  let counted = 0;
  for (let row = 0; row < rows; row++) {
    const first = Math.floor(row / inner) * classes * inner + (row % inner);
    const at = (c: number) => first + c * inner;
    let sum = 0;
    let greatest = -Infinity;
    for (let c = 0; c < classes; c++) {
      const v = x[at(c)];
      sum += v;
      if (v < range.min) range.min = v;
      if (v > greatest) greatest = v;
    }
    range.max = Math.max(range.max, greatest);
    range.leastSum = Math.min(range.leastSum, sum);
    range.greatestSum = Math.max(range.greatestSum, sum);
    let normalizer = 0;
    if (loss === 'crossEntropy') {
      for (let c = 0; c < classes; c++) normalizer += Math.exp(x[at(c)] - greatest);
      normalizer = greatest + Math.log(normalizer);
    }
    if (soft) {
      for (let c = 0; c < classes; c++) {
        total -= y[at(c)] * (x[at(c)] - normalizer);
        shares[c] += y[at(c)];
      }
    } else if (y[row] >= 0 && y[row] < classes) {
      total -= x[at(y[row])] - normalizer;
      shares[y[row]]++;
    } else continue; // a class that is to be ignored
    counted++;
  }
  return { rows, classes, ...range, value: total / counted, baseline: entropy(shares) };
}

/** In nats, of what `counts` are in proportion to. */
function entropy(counts: Float64Array): number {
  const total = counts.reduce((a, b) => a + b, 0);
  return counts.reduce((sum, n) => (n > 0 ? sum - (n / total) * Math.log(n / total) : sum), 0);
}

const ELEMENT_LOSSES: { readonly [loss: string]: (x: number, y: number) => number } = {
  mseLoss: (x, y) => (x - y) ** 2,
  // Logarithms as in PyTorch, at least −100.
  binaryCrossEntropy: (x, y) => -y * Math.max(-100, Math.log(x)) - (1 - y) * Math.max(-100, Math.log(1 - x)),
  binaryCrossEntropyWithLogits: (x, y) => Math.max(x, 0) - x * y + Math.log1p(Math.exp(-Math.abs(x))),
};

/** A constant for each column (the last dimension): its mean, which is best for all of these losses. */
function fedElements(loss: string, input: Tensor, target: Tensor): Fed {
  const [x, y]: Numbers[] = [elements(input), elements(target)];
  const columns = input.shape.length > 1 ? (input.shape.at(-1) ?? 1) : 1;
  const length = Math.min(x.length, Math.max(columns, MOST_ELEMENTS - (MOST_ELEMENTS % columns)));
  const rows = length / columns;
  const lossOf = ELEMENT_LOSSES[loss];
  const means = new Float64Array(columns);
  const range = { min: Infinity, max: -Infinity };
  let total = 0;
  for (let i = 0; i < length; i++) {
    if (x[i] < range.min) range.min = x[i];
    if (x[i] > range.max) range.max = x[i];
    means[i % columns] += y[i] / rows;
    if (lossOf) total += lossOf(x[i], y[i]);
  }
  let baseline = 0;
  for (let i = 0; i < length; i++) {
    const mean = means[i % columns];
    baseline += loss === 'mseLoss' ? (mean - y[i]) ** 2 : binaryEntropy(mean);
  }
  const known = lossOf !== undefined;
  return {
    rows: length,
    classes: 1,
    ...range,
    leastSum: range.min,
    greatestSum: range.max,
    value: known ? total / length : null,
    baseline: known ? baseline / length : null,
  };
}

const binaryEntropy = (p: number): number => (p <= 0 || p >= 1 ? 0 : -p * Math.log(p) - (1 - p) * Math.log(1 - p));
