import { ArgumentError } from '../tensor/errors.ts';
import { type AnyOptimizer, resetRates, type Scheduler, type SchedulerState } from './scheduler.ts';

// Schedules made of several.

interface SequenceState {
  readonly lastEpoch: number;
  readonly schedulers: readonly SchedulerState[];
}

abstract class Several {
  readonly optimizer: AnyOptimizer;
  readonly schedulers: readonly Scheduler[];
  lastEpoch = 0;

  constructor(optimizer: AnyOptimizer, schedulers: readonly Scheduler[]) {
    if (schedulers.length === 0 || schedulers.some((scheduler) => scheduler.optimizer !== optimizer)) {
      throw new ArgumentError(`${new.target.name}: expected one or more schedules of one optimizer.`);
    }
    this.optimizer = optimizer;
    this.schedulers = schedulers;
  }

  abstract step(): void;

  getLastLr(): number[] {
    return this.optimizer.paramGroups.map(({ lr }) => lr);
  }

  stateDict(): SequenceState {
    return { lastEpoch: this.lastEpoch, schedulers: this.schedulers.map((scheduler) => scheduler.stateDict()) };
  }

  loadStateDict({ lastEpoch, schedulers }: SequenceState): void {
    if (schedulers.length !== this.schedulers.length) {
      throw new ArgumentError(
        `${this.constructor.name}.loadStateDict: expected ${this.schedulers.length} schedules, got ${schedulers.length}.`,
      );
    }
    this.lastEpoch = lastEpoch;
    this.schedulers.forEach((scheduler, i) => {
      scheduler.loadStateDict(schedulers[i]);
    });
  }
}

/** One schedule until the first milestone, the next until the second …; each counts its own steps from 0. */
export class SequentialLR extends Several {
  readonly milestones: readonly number[];

  constructor(
    optimizer: AnyOptimizer,
    schedulers: readonly Scheduler[],
    { milestones }: { readonly milestones: readonly number[] },
  ) {
    super(optimizer, schedulers);
    if (milestones?.length !== schedulers.length - 1) {
      throw new ArgumentError(
        `SequentialLR: ${schedulers.length} schedules need ${schedulers.length - 1} milestones between them: { milestones: [5] }.`,
      );
    }
    this.milestones = milestones;
    // Each schedule set its own first rate when it was made; the first one's counts.
    resetRates(optimizer);
    this.#current().start();
  }

  step(): void {
    this.lastEpoch++;
    if (this.milestones.includes(this.lastEpoch)) this.#current().restart();
    else this.#current().step();
  }

  #current(): Scheduler {
    return this.schedulers[this.milestones.filter((milestone) => milestone <= this.lastEpoch).length];
  }
}

/** Several schedules at once: each changes what those before it have set. */
export class ChainedScheduler extends Several {
  constructor(schedulers: readonly Scheduler[], optimizer: AnyOptimizer = schedulers[0]?.optimizer) {
    super(optimizer, schedulers);
  }

  step(): void {
    this.lastEpoch++;
    for (const scheduler of this.schedulers) scheduler.step();
  }
}
