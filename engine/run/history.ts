import type { StepFrame } from './frame.ts';

/** What a history may hold: a run of 100,000 steps must not fill the memory of the extension host. */
export interface HistoryLimits {
  readonly steps: number;
  readonly bytes: number;
}

const DEFAULT_LIMITS: HistoryLimits = { steps: 4096, bytes: 64 * 1024 * 1024 };
/** Beyond it, even the longest run has nothing left to thin but its ends. */
const LARGEST_STRIDE = 2 ** 30;
/** Never thinned below this, however wide a step is. */
const FEWEST_STEPS = 128;

/**
 * The steps of a run: exact at both ends and around pinned steps, evenly thinned in between, the more the longer it is.
 */
export class History {
  #steps: StepFrame[] = [];
  #bytes = 0;
  #stride = 1;
  readonly #pins: number[] = [];
  readonly #limits: HistoryLimits;

  constructor(limits: HistoryLimits = DEFAULT_LIMITS) {
    this.#limits = limits;
  }

  /** In order of time. */
  get steps(): readonly StepFrame[] {
    return this.#steps;
  }

  get length(): number {
    return this.#steps.length;
  }

  get last(): StepFrame | undefined {
    return this.#steps.at(-1);
  }

  add(step: StepFrame): void {
    this.#steps.push(step);
    this.#bytes += bytesOf(step);
    const full = this.#steps.length > this.#limits.steps || this.#bytes > this.#limits.bytes;
    if (full && this.#steps.length > FEWEST_STEPS) this.#thin();
  }

  /** Keeps the steps around `step` exact, from now on. */
  pin(step: number): void {
    if (!this.#pins.includes(step)) this.#pins.push(step);
  }

  /** Keeps every 2nd, 4th, 8th … step, counted by their numbers, so that what is left stays evenly spaced. */
  #thin(): void {
    const edge = Math.max(16, this.#steps.length >> 3);
    const edges = new Set([...this.#steps.slice(0, edge), ...this.#steps.slice(-edge)]);
    const near = (step: number) => this.#pins.some((pin) => Math.abs(step - pin) <= 8);
    for (; this.#fillsMost() && this.#stride < LARGEST_STRIDE; this.#stride *= 2) {
      this.#steps = this.#steps.filter((s) => s.step % this.#stride === 0 || edges.has(s) || near(s.step));
      this.#bytes = this.#steps.reduce((sum, s) => sum + bytesOf(s), 0);
    }
    this.#stride = Math.max(1, this.#stride / 2); // the one that was enough is tried first the next time
  }

  /** Thinned to less than this, there is room again for a while. */
  #fillsMost(): boolean {
    return (
      this.#steps.length > Math.max(FEWEST_STEPS / 2, 0.75 * this.#limits.steps) ||
      this.#bytes > 0.75 * this.#limits.bytes
    );
  }
}

const bytesOf = (step: StepFrame) =>
  step.parameters.values.byteLength + step.layers.values.byteLength + step.operations.values.byteLength + 128;
