import { ArgumentError } from '../tensor/errors.ts';
import type { Optimizer } from './optimizer.ts';

export type AnyOptimizer = Pick<Optimizer, 'paramGroups'>;

// Several schedules of one optimizer start from the same rate, whatever the earlier ones have set since.
const firstRates = new WeakMap<object, number>();

export interface SchedulerState {
  readonly lastEpoch: number;
  readonly initial: readonly number[];
}

/** Sets the learning rate of every group from its initial one and the number of steps taken. */
export abstract class Scheduler {
  readonly optimizer: AnyOptimizer;
  /** The rates when the optimizer's first scheduler was made. */
  initial: readonly number[];
  /** How often `step` was called. */
  lastEpoch = 0;

  constructor(optimizer: AnyOptimizer) {
    this.optimizer = optimizer;
    this.initial = optimizer.paramGroups.map((group) => {
      const rate = firstRates.get(group) ?? group.lr;
      firstRates.set(group, rate);
      return rate;
    });
  }

  /** The rate after `epoch` steps, from the initial one. */
  protected abstract rate(initial: number, epoch: number): number;

  step(): void {
    this.lastEpoch++;
    this.set();
  }

  getLastLr(): number[] {
    return this.optimizer.paramGroups.map(({ lr }) => lr);
  }

  /** Where the schedule is, as plain data. */
  stateDict(): SchedulerState {
    return { lastEpoch: this.lastEpoch, initial: [...this.initial] };
  }

  /** Goes on where another schedule of the same kind was. */
  loadStateDict({ lastEpoch, initial }: SchedulerState): void {
    this.lastEpoch = lastEpoch;
    this.initial = initial;
    this.set();
  }

  protected set(): void {
    this.optimizer.paramGroups.forEach((group, i) => {
      group.lr = this.rate(this.initial[i], this.lastEpoch);
    });
  }
}

/** lr·gamma^⌊epoch/stepSize⌋. */
export class StepLR extends Scheduler {
  readonly #options: { readonly stepSize: number; readonly gamma?: number };

  constructor(optimizer: AnyOptimizer, options: { readonly stepSize: number; readonly gamma?: number }) {
    super(optimizer);
    this.#options = options;
  }

  protected override rate(initial: number, epoch: number): number {
    const { stepSize, gamma = 0.1 } = this.#options;
    return initial * gamma ** Math.floor(epoch / stepSize);
  }
}

/** lr·gamma for every milestone passed. */
export class MultiStepLR extends Scheduler {
  readonly #options: { readonly milestones: readonly number[]; readonly gamma?: number };

  constructor(optimizer: AnyOptimizer, options: { readonly milestones: readonly number[]; readonly gamma?: number }) {
    super(optimizer);
    this.#options = options;
  }

  protected override rate(initial: number, epoch: number): number {
    const { milestones, gamma = 0.1 } = this.#options;
    return initial * gamma ** milestones.filter((m) => m <= epoch).length;
  }
}

/** lr·gamma^epoch. */
export class ExponentialLR extends Scheduler {
  readonly #gamma: number;

  constructor(optimizer: AnyOptimizer, { gamma }: { readonly gamma: number }) {
    super(optimizer);
    this.#gamma = gamma;
  }

  protected override rate(initial: number, epoch: number): number {
    return initial * this.#gamma ** epoch;
  }
}

/** From lr to etaMin and back, a half cosine every tMax steps (Loshchilov & Hutter 2016, without restarts). */
export class CosineAnnealingLR extends Scheduler {
  readonly #options: { readonly tMax: number; readonly etaMin?: number };

  constructor(optimizer: AnyOptimizer, options: { readonly tMax: number; readonly etaMin?: number }) {
    super(optimizer);
    if (!(options.tMax > 0)) throw new ArgumentError(`CosineAnnealingLR: tMax must be positive, got ${options.tMax}.`);
    this.#options = options;
  }

  protected override rate(initial: number, epoch: number): number {
    const { tMax, etaMin = 0 } = this.#options;
    return etaMin + ((initial - etaMin) * (1 + Math.cos((Math.PI * epoch) / tMax))) / 2;
  }
}

/** lr times a factor that goes in a line from startFactor to endFactor over `totalIters` steps: a warm-up. */
export class LinearLR extends Scheduler {
  readonly #options: { readonly startFactor: number; readonly endFactor: number; readonly totalIters: number };

  constructor(
    optimizer: AnyOptimizer,
    options: { readonly startFactor?: number; readonly endFactor?: number; readonly totalIters?: number } = {},
  ) {
    super(optimizer);
    this.#options = { startFactor: 1 / 3, endFactor: 1, totalIters: 5, ...options };
    this.set();
  }

  protected override rate(initial: number, epoch: number): number {
    const { startFactor, endFactor, totalIters } = this.#options;
    return initial * (startFactor + (endFactor - startFactor) * Math.min(1, epoch / totalIters));
  }
}

/** lr·factor for the first `totalIters` steps, then lr. */
export class ConstantLR extends Scheduler {
  readonly #options: { readonly factor: number; readonly totalIters: number };

  constructor(optimizer: AnyOptimizer, options: { readonly factor?: number; readonly totalIters?: number } = {}) {
    super(optimizer);
    this.#options = { factor: 1 / 3, totalIters: 5, ...options };
    this.set();
  }

  protected override rate(initial: number, epoch: number): number {
    return epoch < this.#options.totalIters ? initial * this.#options.factor : initial;
  }
}

/** lr·(1 − epoch/totalIters)^power, then 0. */
export class PolynomialLR extends Scheduler {
  readonly #options: { readonly totalIters: number; readonly power: number };

  constructor(optimizer: AnyOptimizer, options: { readonly totalIters?: number; readonly power?: number } = {}) {
    super(optimizer);
    this.#options = { totalIters: 5, power: 1, ...options };
  }

  protected override rate(initial: number, epoch: number): number {
    const { totalIters, power } = this.#options;
    return initial * (1 - Math.min(epoch, totalIters) / totalIters) ** power;
  }
}

/** lr times what a function of the epoch returns. */
export class LambdaLR extends Scheduler {
  readonly #factor: (epoch: number) => number;

  constructor(optimizer: AnyOptimizer, factor: (epoch: number) => number) {
    super(optimizer);
    this.#factor = factor;
    this.set();
  }

  protected override rate(initial: number, epoch: number): number {
    return initial * this.#factor(epoch);
  }
}

export interface OneCycleOptions {
  /** The highest rate. */
  readonly maxLr: number;
  readonly totalSteps: number;
  /** The share of the steps on which the rate rises. Default 0.3. */
  readonly pctStart?: number;
  /** The first rate is maxLr/divFactor. Default 25. */
  readonly divFactor?: number;
  /** The last is the first divided by finalDivFactor. Default 1e4. */
  readonly finalDivFactor?: number;
}

/** Up to maxLr and down again along cosines (Smith & Topin 2017). Call `step` after every batch. */
export class OneCycleLR extends Scheduler {
  readonly #options: Required<OneCycleOptions>;

  constructor(optimizer: AnyOptimizer, options: OneCycleOptions) {
    super(optimizer);
    this.#options = { pctStart: 0.3, divFactor: 25, finalDivFactor: 1e4, ...options };
    this.set();
  }

  protected override rate(_: number, step: number): number {
    const { maxLr, totalSteps, pctStart, divFactor, finalDivFactor } = this.#options;
    const [first, peak] = [maxLr / divFactor, pctStart * totalSteps - 1];
    const cosine = (from: number, to: number, share: number) =>
      to + ((from - to) * (1 + Math.cos(Math.PI * share))) / 2;
    if (step <= peak) return cosine(first, maxLr, step / peak);
    return cosine(maxLr, first / finalDivFactor, Math.min(1, (step - peak) / (totalSteps - 1 - peak)));
  }
}
