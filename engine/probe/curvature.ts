import { type Hessian, hessianProblem, withHessian } from '../autograd/hessian.ts';
import type { Optimizer } from '../optim/optimizer.ts';
import { hasStability, type Stability, stabilityOf } from '../optim/stability.ts';
import type { CurvatureFrame } from '../run/frame.ts';
import type { Numbers } from '../tensor/dtype.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { type Largest, largestEigenvalue } from './lanczos.ts';
import type { FrameSink } from './sink.ts';

/** Products with the Hessian at the most, and the relative error that is good enough. */
const MOST_PRODUCTS = 20;
const TOLERANCE = 0.01;
/** Seconds that the first measurements may take, whatever the budget: what goes wrong at once is over soon. */
const FREE = 0.05;
const FREE_TIMES = 3;
/** Share of training time: while the learning rate is under suspicion, and otherwise. */
const BUDGET = 0.02;
const BASELINE_BUDGET = 0.004;
/** As soon as it pays to look again after the last time: the Hessian changes slowly, and steps are many. */
const STEPS_BETWEEN = 3;
const STEPS_BETWEEN_BASELINES = 50;
/** With a budget of all the time there is, in which no clock decides: a measurement takes as long as some tens of steps. */
const STEPS_BETWEEN_UNLIMITED = 15;
/** A loss so far above the best one … */
const ABOVE = 0.3;
/** … that turned around at so many steps in a row … */
const TURNS = 6;
/** … or that hasn't fallen by this share in so many steps puts the learning rate under suspicion. */
const STUCK = 0.05;
const STEPS_TO_LEARN = 15;

/**
 * Measures how curved the loss is, on the current batch, where the learning rate may be too high for it: the largest
 * eigenvalue of the Hessian that the optimizer works on, by products with it on the tape of the step.
 */
export class Curvature {
  readonly #sink: FrameSink;
  readonly #seconds: () => number;
  readonly #unlimited: boolean;
  /** The only optimizer there is: of several that take turns, none has a loss of its own. */
  #optimizer: Optimizer | null = null;
  #optimizers = 0;
  /** What this step's measurement said. */
  #measured: CurvatureFrame | null = null;
  #told = 0;
  #spent = 0;
  /** The step measured last, and what that took in seconds. */
  #last = -Infinity;
  #cost = 0;
  /** It was told why no further attempt is made, or none is wanted. */
  #impossible = false;
  #accumulates = false;
  #first = Number.NaN;
  #best = Infinity;
  #before = Number.NaN;
  #rose = false;
  #turns = 0;
  #losses = 0;

  /** @param budget As the probe's: with 0 nothing is measured here, with 1 each measurement takes as long as it needs. */
  constructor(sink: FrameSink, seconds: () => number, budget?: number) {
    this.#sink = sink;
    this.#seconds = seconds;
    this.#impossible = budget === 0;
    this.#unlimited = budget === 1;
  }

  /** What it has taken so far, all in all and of what it may take whatever the budget. */
  get milliseconds(): number {
    return 1000 * this.#spent;
  }
  get free(): number {
    return 1000 * Math.min(this.#spent, FREE * FREE_TIMES);
  }

  optimizerCreated(optimizer: object): void {
    this.#optimizer = this.#optimizers++ === 0 ? (optimizer as Optimizer) : null;
  }

  /** The first backward pass of a step is about to begin, from its loss. */
  differentiating(root: Tensor, step: number): void {
    const optimizer = this.#optimizer;
    if (!optimizer || this.#impossible || !this.#isDue(step)) return;
    const began = performance.now();
    const free = this.#told < FREE_TIMES ? FREE : 0;
    const seconds = this.#unlimited ? Infinity : Math.max(free, BUDGET * this.#seconds() - this.#spent);
    const frame = this.#measure(root, optimizer, step, began + 1000 * seconds);
    this.#cost = (performance.now() - began) / 1000;
    this.#spent += this.#cost;
    if (!frame) return;
    this.#last = step;
    // Why it can't be had is of interest where the rate is under suspicion.
    if (frame.problem && !this.suspicious) return;
    this.#impossible = frame.problem !== null;
    this.#measured = frame;
  }

  /** The step has more than one backward pass: its loss is a sum, and what was measured is not of all of it. */
  differentiatingAgain(): void {
    this.#accumulates = true;
    if (!this.#measured?.problem) this.#measured = null;
  }

  stepDone(loss: number): void {
    this.#note(loss);
    if (!this.#measured) return;
    this.#told++;
    this.#sink(this.#measured);
    this.#measured = null;
  }

  #measure(root: Tensor, optimizer: Optimizer, step: number, deadline: number): CurvatureFrame | null {
    if (!hasStability(optimizer)) return cannot(step, `no bound is known for ${optimizer.constructor.name}`);
    if (this.#accumulates) return cannot(step, 'a step has several backward passes');
    const problem = hessianProblem(root);
    if (problem) return cannot(step, problem);
    const stability = stabilityOf(optimizer);
    return stability && measured(root, stability, step, deadline);
  }

  /** The losses so far look like those of a learning rate that is too high. */
  get suspicious(): boolean {
    const scale = Math.abs(this.#best);
    if (this.#before > this.#best + ABOVE * scale || this.#turns >= TURNS) return true;
    return this.#losses >= STEPS_TO_LEARN && !(this.#best < this.#first - STUCK * Math.abs(this.#first));
  }

  #note(loss: number): void {
    if (Number.isNaN(loss)) return;
    if (this.#losses++ === 0) this.#first = loss;
    const rises = loss > this.#before;
    this.#turns = this.#losses > 2 && rises !== this.#rose ? this.#turns + 1 : 0;
    this.#rose = rises;
    this.#before = loss;
    this.#best = Math.min(this.#best, loss);
  }

  #isDue(step: number): boolean {
    const { suspicious } = this;
    if (this.#unlimited) return step - this.#last >= (suspicious ? STEPS_BETWEEN_UNLIMITED : STEPS_BETWEEN_BASELINES);
    if (step - this.#last < (suspicious ? STEPS_BETWEEN : STEPS_BETWEEN_BASELINES)) return false;
    const free = this.#told < (suspicious ? FREE_TIMES : 1) && this.#cost <= FREE;
    const share = suspicious ? BUDGET : BASELINE_BUDGET;
    return free || this.#spent + this.#cost < share * this.#seconds();
  }
}

const cannot = (step: number, problem: string): CurvatureFrame => ({
  kind: 'curvature',
  step,
  eigenvalue: 0,
  error: 0,
  products: 0,
  learningRate: 0,
  bound: 0,
  preconditioned: false,
  problem,
});

function measured(root: Tensor, stability: Stability, step: number, deadline: number): CurvatureFrame {
  try {
    const { parameters } = stability;
    const largest = withHessian(root, parameters, (hessian) => largestOf(hessian, stability, deadline));
    const { learningRate, bound, preconditioned } = stability;
    if (!largest || !(learningRate > 0)) return cannot(step, 'it is not finite');
    return {
      kind: 'curvature',
      step,
      eigenvalue: largest.value / learningRate,
      error: largest.error / learningRate,
      products: largest.products,
      learningRate,
      bound,
      preconditioned,
      problem: null,
    };
  } catch (error) {
    return cannot(step, error instanceof Error ? error.message : String(error));
  }
}

/** Of S^½·(H + decay)·S^½, with S = rate·P⁻¹: it has the eigenvalues of rate·P⁻¹·H, and is symmetric. */
function largestOf(hessian: Hessian, { scales, decays }: Stability, deadline: number): Largest | null {
  const sizes = hessian.gradient.map(({ length }) => length);
  const roots = joined(sizes, (i, at) => {
    const scale = scales[i];
    return Math.sqrt(typeof scale === 'number' ? scale : scale[at]);
  });
  const gradient = joined(sizes, (i, at) => hessian.gradient[i][at]);
  const start = gradient.map((g, i) => g * roots[i]);
  // Where the update goes, and a little of all else, so that no direction is left out.
  const size = Math.sqrt(start.reduce((sum, x) => sum + x * x, 0));
  if (!Number.isFinite(size)) return null;
  const share = (size || 1) / Math.sqrt(start.length);
  for (let i = 0; i < start.length; i++) start[i] += 0.5 * share * noise(i);
  const product = (v: Float64Array): Float64Array => {
    const w = hessian.product(split(sizes, v, (x, at) => x * roots[at]));
    const result = joined(sizes, (i, at) => w[i][at]);
    let at = 0;
    sizes.forEach((length, i) => {
      for (let j = 0; j < length; j++, at++) result[at] = roots[at] * (result[at] + decays[i] * roots[at] * v[at]);
    });
    return result;
  };
  const goOn = () => performance.now() < deadline;
  return largestEigenvalue(product, start, { most: MOST_PRODUCTS, tolerance: TOLERANCE, goOn });
}

function joined(sizes: readonly number[], of: (part: number, at: number) => number): Float64Array {
  const all = new Float64Array(sizes.reduce((a, b) => a + b, 0));
  let at = 0;
  sizes.forEach((length, part) => {
    for (let i = 0; i < length; i++) all[at++] = of(part, i);
  });
  return all;
}

function split(sizes: readonly number[], all: Float64Array, of: (x: number, at: number) => number): Numbers[] {
  let at = 0;
  return sizes.map((length) => Float64Array.from({ length }, () => of(all[at], at++)));
}

/** The user's random numbers stay theirs: these are always the same, in [−1, 1]. */
const noise = (i: number): number => 2 * ((Math.sin(12.9898 * (i + 1)) * 43758.5453) % 1) ** 2 - 1;
