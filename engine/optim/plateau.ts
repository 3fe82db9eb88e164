import type { Tensor } from '../tensor/tensor.ts';
import { type AnyOptimizer, ofGroup, type PerGroup } from './scheduler.ts';

export interface PlateauOptions {
  /** Whether smaller or greater is better. Default min. */
  readonly mode?: 'min' | 'max';
  /** Default 0.1. */
  readonly factor?: number;
  /** How many steps without improvement are borne. Default 10. */
  readonly patience?: number;
  /** An improvement is a change by more than this share. Default 1e-4. */
  readonly threshold?: number;
  /** Whether the threshold is a share of the best metric or a difference. Default rel. */
  readonly thresholdMode?: 'rel' | 'abs';
  /** How many steps to wait after a change. Default 0. */
  readonly cooldown?: number;
  /** No rate goes below it. Default 0. */
  readonly minLr?: PerGroup<number>;
  /** Smaller changes of the rate are left out. Default 1e-8. */
  readonly eps?: number;
}

export interface PlateauState {
  readonly best: number | null;
  readonly bad: number;
  readonly resting: number;
}

/** Multiplies the rate by `factor` when a metric has stopped improving for more than `patience` steps. */
export class ReduceLROnPlateau {
  readonly optimizer: AnyOptimizer;
  readonly #options: Required<PlateauOptions>;
  #best: number | null = null;
  #bad = 0;
  #resting = 0;

  constructor(optimizer: AnyOptimizer, options: PlateauOptions = {}) {
    this.optimizer = optimizer;
    this.#options = {
      mode: 'min',
      factor: 0.1,
      patience: 10,
      threshold: 1e-4,
      thresholdMode: 'rel',
      cooldown: 0,
      minLr: 0,
      eps: 1e-8,
      ...options,
    };
  }

  getLastLr(): number[] {
    return this.optimizer.paramGroups.map(({ lr }) => lr);
  }

  stateDict(): PlateauState {
    return { best: this.#best, bad: this.#bad, resting: this.#resting };
  }

  loadStateDict({ best, bad, resting }: PlateauState): void {
    this.#best = best;
    this.#bad = bad;
    this.#resting = resting;
  }

  /** @param given Such as the loss of the validation set. */
  step(given: number | Tensor): void {
    const metric = typeof given === 'number' ? given : given.item();
    const { factor, patience, cooldown, minLr, eps } = this.#options;
    const better = this.#best === null || this.#isBetter(metric, this.#best);
    if (better) this.#best = metric;
    this.#bad = better ? 0 : this.#bad + 1;
    if (this.#resting > 0) {
      this.#resting--;
      this.#bad = 0;
    }
    if (this.#bad <= patience) return;
    this.#bad = 0;
    this.#resting = cooldown;
    this.optimizer.paramGroups.forEach((group, i) => {
      const next = Math.max(ofGroup(minLr, i), group.lr * factor);
      if (group.lr - next > eps) group.lr = next;
    });
  }

  #isBetter(metric: number, best: number): boolean {
    const { mode, threshold, thresholdMode } = this.#options;
    const margin = thresholdMode === 'rel' ? threshold * best : threshold;
    return mode === 'min' ? metric < best - margin : metric > best + margin;
  }
}
