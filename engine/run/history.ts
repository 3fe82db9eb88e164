import type { StepFrame } from './frame.ts';

/** What a history may hold: a run of 100,000 steps must not fill the memory of the extension host. */
export interface HistoryLimits {
  readonly steps: number;
  readonly bytes: number;
}

const DEFAULT_LIMITS: HistoryLimits = { steps: 4096, bytes: 64 * 1024 * 1024 };
/** Never thinner than this, however wide a step is. */
const FEWEST_STEPS = 128;

/**
 * The steps of a run, coarser with age: exact at both ends and around pinned steps, every second step dropped in
 * between whenever the limit is reached.
 */
export class History {
  #steps: StepFrame[] = [];
  #bytes = 0;
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

  #thin(): void {
    const edge = Math.max(16, this.#steps.length >> 3);
    const end = this.#steps.length - edge;
    const near = (step: number) => this.#pins.some((pin) => Math.abs(step - pin) <= 8);
    this.#steps = this.#steps.filter((s, i) => i < edge || i >= end || i % 2 === 0 || near(s.step));
    this.#bytes = this.#steps.reduce((sum, s) => sum + bytesOf(s), 0);
  }
}

const bytesOf = (step: StepFrame) =>
  step.parameters.values.byteLength + step.layers.values.byteLength + step.operations.values.byteLength + 128;
