import type { LossParameters } from '../autograd/observer.ts';
import type { LossFrame } from '../run/frame.ts';
import type { Numbers } from '../tensor/dtype.ts';
import { elements } from '../tensor/elements.ts';
import { sizeOf } from '../tensor/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { ELEMENT_LOSSES } from './elementLosses.ts';

/** Elements looked at in one call. */
const MOST_ELEMENTS = 2 ** 18;

/** What a loss function was called with. */
export interface Call {
  readonly loss: string;
  readonly input: Tensor;
  readonly target: Tensor;
  readonly parameters: LossParameters;
}

type Range = Pick<LossFrame, 'min' | 'max' | 'leastSum' | 'greatestSum'>;
type Fed = Range &
  Pick<LossFrame, 'rows' | 'classes' | 'value' | 'baseline' | 'least' | 'leastTarget' | 'greatestTarget'>;

/** What a loss was given, and what it makes of it: computed here, because reductions differ. */
export function fedTo(call: Call): Fed {
  if (call.loss === 'crossEntropy' || call.loss === 'nllLoss') return fedClasses(call);
  if (call.loss === 'difference') return { ...fedElements(call), baseline: null, least: null };
  return call.loss === 'klDiv' ? fedDistributions(call) : fedElements(call);
}

/** Scores [n, c, …] or [c], and classes [n, …] or probabilities of the scores' shape. */
function fedClasses({ loss, input, target, parameters }: Call): Fed {
  const { labelSmoothing = 0, ignoreIndex = -100 } = parameters;
  const [n, classes, inner] =
    input.shape.length === 1 ? [1, input.shape[0], 1] : [input.shape[0], input.shape[1], sizeOf(input.shape.slice(2))];
  const [x, y] = [elements(input), elements(target)];
  const weights = parameters.weight ? elements(parameters.weight) : null;
  const soft = target.shape.length === input.shape.length;
  const rows = Math.max(1, Math.min(n * inner, Math.floor(MOST_ELEMENTS / classes)));
  const range = new Ranges();
  // Of a row, and of all: how much each class counts, the weights of classes included.
  const counts = new Float64Array(classes);
  const shares = new Float64Array(classes);
  let [total, least, counted] = [0, 0, 0];
  for (let row = 0; row < rows; row++) {
    const first = Math.floor(row / inner) * classes * inner + (row % inner);
    const at = (c: number) => first + c * inner;
    const greatest = range.addRow(x, first, classes, inner);
    const right = soft ? -1 : y[row];
    if (!soft && (right === ignoreIndex || !(right >= 0 && right < classes))) continue;
    let normalizer = 0;
    if (loss === 'crossEntropy') {
      for (let c = 0; c < classes; c++) normalizer += Math.exp(x[at(c)] - greatest);
      normalizer = greatest + Math.log(normalizer);
    }
    counted += soft ? 1 : (weights?.[right] ?? 1);
    for (let c = 0; c < classes; c++) {
      const probability = soft ? y[at(c)] : Number(c === right);
      counts[c] = (weights?.[c] ?? 1) * ((1 - labelSmoothing) * probability + labelSmoothing / classes);
      shares[c] += counts[c];
      if (counts[c] !== 0) total -= counts[c] * (x[at(c)] - normalizer);
    }
    if (soft || labelSmoothing > 0) least += entropy(counts);
  }
  const perSample = (sum: number) => (counted > 0 ? sum / counted : null);
  return {
    rows,
    classes,
    ...range.told,
    value: perSample(total),
    baseline: perSample(entropy(shares)),
    least: perSample(least),
  };
}

/** In nats, of what `counts` are in proportion to, times their sum. */
function entropy(counts: Float64Array): number {
  const total = counts.reduce((a, b) => a + b, 0);
  return counts.reduce((sum, n) => (n > 0 ? sum - n * Math.log(n / total) : sum), 0);
}

/** Logarithms of probabilities along the last dimension, and probabilities (or their logarithms). */
function fedDistributions({ input, target, parameters }: Call): Fed {
  const classes = Math.max(1, input.shape.at(-1) ?? 1);
  const [x, y] = [elements(input), elements(target)];
  const rows = Math.max(1, Math.min(x.length / classes, Math.floor(MOST_ELEMENTS / classes)));
  const range = new Ranges();
  const shares = new Float64Array(classes);
  let [total, own] = [0, 0];
  for (let row = 0; row < rows; row++) {
    const first = row * classes;
    range.addRow(x, first, classes, 1);
    for (let c = 0; c < classes; c++) {
      const p = parameters.logTarget ? Math.exp(y[first + c]) : y[first + c];
      const information = p > 0 ? p * Math.log(p) : 0;
      own += information;
      total += information - p * x[first + c];
      shares[c] += p;
    }
  }
  return { rows, classes, ...range.told, value: total / rows, baseline: (own + entropy(shares)) / rows, least: 0 };
}

/** Every element for itself; a constant answer is one for each column (the last dimension). */
function fedElements({ loss, input, target, parameters }: Call): Fed {
  const [x, y]: Numbers[] = [elements(input), elements(target)];
  const columns = input.shape.length > 1 ? Math.max(1, input.shape.at(-1) ?? 1) : 1;
  const length = Math.min(x.length, Math.max(columns, MOST_ELEMENTS - (MOST_ELEMENTS % columns)));
  const range = new Ranges();
  const { of, constant, least: leastOf = () => 0 } = ELEMENT_LOSSES[loss](parameters);
  let [total, baseline, least] = [0, 0, 0];
  let [leastTarget, greatestTarget] = [Infinity, -Infinity];
  for (let i = 0; i < length; i++) {
    range.addRow(x, i, 1, 1);
    total += of(x[i], y[i]);
    least += leastOf(y[i]);
    if (y[i] < leastTarget) leastTarget = y[i];
    if (y[i] > greatestTarget) greatestTarget = y[i];
  }
  const rows = length / columns;
  const column = new Float64Array(rows);
  for (let c = 0; c < columns; c++) {
    for (let row = 0; row < rows; row++) column[row] = y[row * columns + c];
    baseline += rows * constant(column);
  }
  return {
    rows: length,
    classes: 1,
    ...range.told,
    value: total / length,
    baseline: baseline / length,
    least: least / length,
    leastTarget,
    greatestTarget,
  };
}

/** Of elements, and of the sums of rows. */
class Ranges {
  #min = Infinity;
  #max = -Infinity;
  #leastSum = Infinity;
  #greatestSum = -Infinity;

  /** A row of `length` elements from `first` on, every so many. Gives the largest. */
  addRow(x: Numbers, first: number, length: number, every: number): number {
    let sum = 0;
    let greatest = -Infinity;
    for (let i = first; i < first + length * every; i += every) {
      const v = x[i];
      sum += v;
      if (v < this.#min) this.#min = v;
      if (v > greatest) greatest = v;
    }
    this.#max = Math.max(this.#max, greatest);
    this.#leastSum = Math.min(this.#leastSum, sum);
    this.#greatestSum = Math.max(this.#greatestSum, sum);
    return greatest;
  }

  get told(): Range {
    return { min: this.#min, max: this.#max, leastSum: this.#leastSum, greatestSum: this.#greatestSum };
  }
}
