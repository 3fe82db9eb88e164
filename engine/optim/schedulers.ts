import { ArgumentError } from '../tensor/errors.ts';
import { type AnyOptimizer, FactorSchedule, ofGroup, type PerGroup, Scheduler } from './scheduler.ts';

/** lr·gamma^⌊epoch/stepSize⌋. */
export class StepLR extends FactorSchedule {
  constructor(
    optimizer: AnyOptimizer,
    { stepSize, gamma = 0.1 }: { readonly stepSize: number; readonly gamma?: number },
  ) {
    super(optimizer, (epoch) => gamma ** Math.floor(epoch / stepSize));
  }
}

/** lr·gamma for every milestone passed. */
export class MultiStepLR extends FactorSchedule {
  constructor(
    optimizer: AnyOptimizer,
    { milestones, gamma = 0.1 }: { readonly milestones: readonly number[]; readonly gamma?: number },
  ) {
    super(optimizer, (epoch) => gamma ** milestones.filter((m) => m <= epoch).length);
  }
}

/** lr·gamma^epoch. */
export class ExponentialLR extends FactorSchedule {
  constructor(optimizer: AnyOptimizer, { gamma }: { readonly gamma: number }) {
    super(optimizer, (epoch) => gamma ** epoch);
  }
}

/** lr times a factor that goes in a line from startFactor to endFactor over `totalIters` steps: a warm-up. */
export class LinearLR extends FactorSchedule {
  constructor(
    optimizer: AnyOptimizer,
    {
      startFactor = 1 / 3,
      endFactor = 1,
      totalIters = 5,
    }: { readonly startFactor?: number; readonly endFactor?: number; readonly totalIters?: number } = {},
  ) {
    super(optimizer, (epoch) => startFactor + (endFactor - startFactor) * Math.min(1, epoch / totalIters));
  }
}

/** lr·factor for the first `totalIters` steps, then lr. */
export class ConstantLR extends FactorSchedule {
  constructor(
    optimizer: AnyOptimizer,
    { factor = 1 / 3, totalIters = 5 }: { readonly factor?: number; readonly totalIters?: number } = {},
  ) {
    super(optimizer, (epoch) => (epoch < totalIters ? factor : 1));
  }
}

/** lr·(1 − epoch/totalIters)^power, then 0. */
export class PolynomialLR extends FactorSchedule {
  constructor(
    optimizer: AnyOptimizer,
    { totalIters = 5, power = 1 }: { readonly totalIters?: number; readonly power?: number } = {},
  ) {
    super(optimizer, (epoch) => (1 - Math.min(epoch, totalIters) / totalIters) ** power);
  }
}

/** From lr to etaMin and back, a half cosine every tMax steps (Loshchilov & Hutter 2016, without restarts). */
export class CosineAnnealingLR extends Scheduler {
  readonly #tMax: number;
  readonly #etaMin: number;

  constructor(optimizer: AnyOptimizer, { tMax, etaMin = 0 }: { readonly tMax: number; readonly etaMin?: number }) {
    super(optimizer);
    if (!(tMax > 0)) throw new ArgumentError(`CosineAnnealingLR: tMax must be positive, got ${tMax}.`);
    this.#tMax = tMax;
    this.#etaMin = etaMin;
  }

  protected override rate(initial: number, epoch: number): number {
    return this.#etaMin + (initial - this.#etaMin) * this.#height(epoch);
  }

  protected override next(lr: number, initial: number, epoch: number): number {
    const before = this.#height(epoch - 1);
    // From the bottom, where nothing is left to multiply, by what it would rise from the initial rate.
    if ((epoch - 1 - this.#tMax) % (2 * this.#tMax) === 0) return lr + (initial - this.#etaMin) * this.#height(epoch);
    return this.#etaMin + (lr - this.#etaMin) * (this.#height(epoch) / before);
  }

  #height(epoch: number): number {
    return (1 + Math.cos((Math.PI * epoch) / this.#tMax)) / 2;
  }
}

/** The initial rate times what a function of the epoch returns: one function, or one for each group. */
export class LambdaLR extends Scheduler {
  readonly #factor: PerGroup<(epoch: number) => number>;

  constructor(optimizer: AnyOptimizer, lrLambda: PerGroup<(epoch: number) => number>) {
    super(optimizer);
    this.#factor = lrLambda;
    this.start();
  }

  protected override rate(initial: number, epoch: number, group: number): number {
    return initial * ofGroup(this.#factor, group)(epoch);
  }
}

/** At each step, lr times what a function of the epoch returns: one function, or one for each group. */
export class MultiplicativeLR extends Scheduler {
  readonly #factor: PerGroup<(epoch: number) => number>;

  constructor(optimizer: AnyOptimizer, lrLambda: PerGroup<(epoch: number) => number>) {
    super(optimizer);
    this.#factor = lrLambda;
  }

  protected override rate(initial: number, epoch: number, group: number): number {
    let rate = initial;
    for (let i = 1; i <= epoch; i++) rate *= ofGroup(this.#factor, group)(i);
    return rate;
  }

  protected override next(lr: number, _initial: number, epoch: number, group: number): number {
    return lr * ofGroup(this.#factor, group)(epoch);
  }

  protected override begin(lr: number): number {
    return lr;
  }

  /** After another schedule it goes on from what that has left, as PyTorch's does. */
  override restart(): void {
    this.lastEpoch = 0;
    this.set((group, i) => group.lr * ofGroup(this.#factor, i)(0));
  }
}
