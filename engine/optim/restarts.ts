import { ArgumentError } from '../tensor/errors.ts';
import { type AnyOptimizer, Scheduler } from './schedulers.ts';

// Schedules made of several.

export interface RestartOptions {
  /** Steps until the first restart. */
  readonly t0: number;
  /** Each cycle is this many times as long as the one before. Default 1. */
  readonly tMult?: number;
  /** Default 0. */
  readonly etaMin?: number;
}

/** From lr to etaMin along a half cosine, again and again (Loshchilov & Hutter 2016). */
export class CosineAnnealingWarmRestarts extends Scheduler {
  readonly #options: Required<RestartOptions>;

  constructor(optimizer: AnyOptimizer, options: RestartOptions) {
    super(optimizer);
    if (!(options.t0 > 0))
      throw new ArgumentError(`CosineAnnealingWarmRestarts: t0 must be positive, got ${options.t0}.`);
    this.#options = { tMult: 1, etaMin: 0, ...options };
  }

  protected override rate(initial: number, epoch: number): number {
    const { t0, tMult, etaMin } = this.#options;
    let [since, cycle] = [epoch, t0];
    for (; since >= cycle; cycle *= tMult) since -= cycle;
    return etaMin + ((initial - etaMin) * (1 + Math.cos((Math.PI * since) / cycle))) / 2;
  }
}

/** One schedule until the first milestone, the next until the second …; each counts its own steps from 0. */
export class SequentialLR {
  readonly optimizer: AnyOptimizer;
  readonly schedulers: readonly Scheduler[];
  readonly milestones: readonly number[];
  lastEpoch = 0;

  constructor(
    optimizer: AnyOptimizer,
    schedulers: readonly Scheduler[],
    { milestones }: { readonly milestones: readonly number[] },
  ) {
    if (milestones.length !== schedulers.length - 1) {
      throw new ArgumentError(
        `SequentialLR: ${schedulers.length} schedules need ${schedulers.length - 1} milestones between them, got ${milestones.length}.`,
      );
    }
    this.optimizer = optimizer;
    this.schedulers = schedulers;
    this.milestones = milestones;
    // Each schedule set its own first rate when it was made; the first one's counts.
    schedulers[0].loadStateDict(schedulers[0].stateDict());
  }

  step(): void {
    this.lastEpoch++;
    const index = this.milestones.filter((milestone) => milestone <= this.lastEpoch).length;
    const scheduler = this.schedulers[index];
    if (this.milestones.includes(this.lastEpoch)) scheduler.loadStateDict({ ...scheduler.stateDict(), lastEpoch: 0 });
    else scheduler.step();
  }

  getLastLr(): number[] {
    return this.optimizer.paramGroups.map(({ lr }) => lr);
  }
}
