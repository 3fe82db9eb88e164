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

/** Steps of which only the loss is known are thinned until they are but this share of what may be held … */
const SHARE_OF_BARE = 1 / 16;

/**
 * The steps of a run: exact at both ends and around pinned steps, evenly thinned in between, the more the longer it is.
 * Where only some steps were measured (real PyTorch), those are rare and are thinned last.
 */
export class History {
  #steps: StepFrame[] = [];
  #bytes = 0;
  /** Of so many steps one is kept. */
  readonly #strides = { bare: 1, measured: 1 };
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

  /** Keeps the first of every 2, 4, 8 … steps, counted by their numbers, so that what is left stays evenly spaced. */
  #thin(): void {
    const edge = Math.max(16, this.#steps.length >> 3);
    const edges = new Set([...this.#steps.slice(0, edge), ...this.#steps.slice(-edge)]);
    const near = (step: number) => this.#pins.some((pin) => Math.abs(step - pin) <= 8);
    const strides = this.#strides;
    const sift = () => {
      const last = { bare: -1, measured: -1 };
      this.#steps = this.#steps.filter((step) => {
        const kind = kindOf(step);
        const turn = Math.floor(step.step / strides[kind]);
        const isFirst = turn !== last[kind];
        last[kind] = turn;
        return isFirst || edges.has(step) || near(step.step);
      });
      this.#bytes = this.#steps.reduce((sum, s) => sum + bytesOf(s), 0);
    };
    sift(); // what was enough the last time is tried first
    while (this.#fillsMost() && strides.measured < LARGEST_STRIDE) {
      const bare = this.#steps.filter((step) => kindOf(step) === 'bare' && !edges.has(step)).length;
      strides[bare > SHARE_OF_BARE * this.#limits.steps ? 'bare' : 'measured'] *= 2;
      sift();
    }
  }

  /** Thinned to less than this, there is room again for a while. */
  #fillsMost(): boolean {
    return (
      this.#steps.length > Math.max(FEWEST_STEPS / 2, 0.75 * this.#limits.steps) ||
      this.#bytes > 0.75 * this.#limits.bytes
    );
  }
}

/** False of a step of which only the loss is known. */
export const isMeasured = ({ parameters, layers, operations }: StepFrame): boolean =>
  parameters.ids.length + layers.ids.length + operations.ids.length > 0;

const kindOf = (step: StepFrame): 'bare' | 'measured' => (isMeasured(step) ? 'measured' : 'bare');

const bytesOf = (step: StepFrame) =>
  step.parameters.values.byteLength + step.layers.values.byteLength + step.operations.values.byteLength + 128;
