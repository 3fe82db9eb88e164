import { ArgumentError } from '../tensor/errors.ts';
import type { Optimizer } from './optimizer.ts';

export type AnyOptimizer = Pick<Optimizer, 'paramGroups'>;
type ParamGroup = AnyOptimizer['paramGroups'][number];

// Several schedules of one optimizer start from the same rate, whatever the earlier ones have set since.
const firstRates = new WeakMap<object, number>();

export interface SchedulerState {
  readonly lastEpoch: number;
  readonly initial: readonly number[];
  readonly lastLr: readonly number[];
}

/** Sets the learning rate of every group, from its initial one, the one it has, and the number of steps taken. */
export abstract class Scheduler {
  readonly optimizer: AnyOptimizer;
  /** The rates when the optimizer's first scheduler was made. */
  initial: readonly number[];
  /** How often `step` was called. */
  lastEpoch = 0;

  /** @param first The rate of each group to start from, instead of its own. */
  constructor(optimizer: AnyOptimizer, first?: readonly number[]) {
    if (!Array.isArray(optimizer?.paramGroups)) {
      throw new ArgumentError(`${new.target.name}: expected an optimizer, then options.`);
    }
    this.optimizer = optimizer;
    this.initial = optimizer.paramGroups.map((group, i) => {
      const rate = first?.[i] ?? firstRates.get(group) ?? group.lr;
      firstRates.set(group, rate);
      return rate;
    });
  }

  /** The rate after `epoch` steps, from the initial one. */
  protected abstract rate(initial: number, epoch: number, group: number): number;

  /** The rate after `epoch` steps, from the one that stands: so that several schedules, and changes by hand, add up. */
  protected next(_lr: number, initial: number, epoch: number, group: number): number {
    return this.rate(initial, epoch, group);
  }

  /** The rate before the first step, from the one that stands. */
  protected begin(_lr: number, initial: number, group: number): number {
    return this.rate(initial, 0, group);
  }

  /** What else a schedule sets in a group. */
  protected also(_group: ParamGroup, _epoch: number, _index: number): void {}

  step(): void {
    this.lastEpoch++;
    this.set((group, i) => this.next(group.lr, this.initial[i], this.lastEpoch, i));
  }

  /** As when it was made. */
  start(): void {
    this.lastEpoch = 0;
    this.set((group, i) => this.begin(group.lr, this.initial[i], i));
  }

  /** Counts from 0 again, from the initial rate. */
  restart(): void {
    this.lastEpoch = 0;
    this.set((_, i) => this.rate(this.initial[i], 0, i));
  }

  getLastLr(): number[] {
    return this.optimizer.paramGroups.map(({ lr }) => lr);
  }

  /** Where the schedule is, as plain data. */
  stateDict(): SchedulerState {
    return { lastEpoch: this.lastEpoch, initial: [...this.initial], lastLr: this.getLastLr() };
  }

  /** Goes on where another schedule of the same kind was. */
  loadStateDict({ lastEpoch, initial, lastLr }: SchedulerState): void {
    this.lastEpoch = lastEpoch;
    this.initial = [...initial];
    this.set((_, i) => lastLr[i]);
  }

  protected set(rate: (group: ParamGroup, index: number) => number): void {
    this.optimizer.paramGroups.forEach((group, i) => {
      const lr = rate(group, i);
      if (!Number.isFinite(lr)) {
        throw new ArgumentError(
          `${this.constructor.name}: the learning rate would become ${lr}. Are its options complete?`,
        );
      }
      group.lr = lr;
      this.also(group, this.lastEpoch, i);
    });
  }
}

/** Puts the rates back to where the first schedule found them. */
export function resetRates(optimizer: AnyOptimizer): void {
  for (const group of optimizer.paramGroups) group.lr = firstRates.get(group) ?? group.lr;
}

/** One value for all groups, or one for each. */
export type PerGroup<T> = T | readonly T[];
export const ofGroup = <T>(value: PerGroup<T>, index: number): T =>
  Array.isArray(value) ? value[index] : (value as T);

/** The initial rate times a factor of the epoch; a step multiplies by how much the factor has changed. */
export class FactorSchedule extends Scheduler {
  readonly #factor: (epoch: number) => number;

  constructor(optimizer: AnyOptimizer, factor: (epoch: number) => number) {
    super(optimizer);
    this.#factor = factor;
    this.start();
  }

  protected override rate(initial: number, epoch: number): number {
    return initial * this.#factor(epoch);
  }

  protected override next(lr: number, initial: number, epoch: number): number {
    const before = this.#factor(epoch - 1);
    return before === 0 ? this.rate(initial, epoch) : lr * (this.#factor(epoch) / before);
  }

  protected override begin(lr: number): number {
    return lr * this.#factor(0);
  }
}
