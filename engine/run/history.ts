import type { StepFrame } from './frame.ts';
import type { HistogramRows } from './histogram.ts';

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

/** What is kept of steps: exact at both ends and around pinned ones, evenly thinned in between, the more the longer a run is. */
abstract class Thinned<Step extends { readonly step: number }> {
  #steps: Step[] = [];
  #bytes = 0;
  /** Of so many steps one is kept. */
  readonly #strides = { bare: 1, measured: 1 };
  readonly #pins: number[] = [];
  readonly #limits: HistoryLimits;

  constructor(limits: HistoryLimits) {
    this.#limits = limits;
  }

  protected abstract bytesOf(step: Step): number;
  /** Those that are bare are thinned first. */
  protected abstract kindOf(step: Step): 'bare' | 'measured';

  /** In order of time. */
  get steps(): readonly Step[] {
    return this.#steps;
  }

  get length(): number {
    return this.#steps.length;
  }

  get last(): Step | undefined {
    return this.#steps.at(-1);
  }

  add(step: Step): void {
    this.#steps.push(step);
    this.#bytes += this.bytesOf(step);
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
        const kind = this.kindOf(step);
        const turn = Math.floor(step.step / strides[kind]);
        const isFirst = turn !== last[kind];
        last[kind] = turn;
        return isFirst || edges.has(step) || near(step.step);
      });
      this.#bytes = this.#steps.reduce((sum, s) => sum + this.bytesOf(s), 0);
    };
    sift(); // what was enough the last time is tried first
    while (this.#fillsMost() && strides.measured < LARGEST_STRIDE) {
      const bare = this.#steps.filter((step) => this.kindOf(step) === 'bare' && !edges.has(step)).length;
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

/** The steps of a run. Where only some were measured (real PyTorch), those are rare and are thinned last. */
export class History extends Thinned<StepFrame> {
  constructor(limits: HistoryLimits = DEFAULT_LIMITS) {
    super(limits);
  }

  protected override kindOf(step: StepFrame): 'bare' | 'measured' {
    return isMeasured(step) ? 'measured' : 'bare';
  }

  protected override bytesOf({ parameters, layers, operations }: StepFrame): number {
    return parameters.values.byteLength + layers.values.byteLength + operations.values.byteLength + 128;
  }
}

/** The histograms of one step. */
export interface HistogramStep {
  readonly step: number;
  readonly rows: HistogramRows;
}

/** As many as a picture has columns, some times over: histograms are wide, and change slowly. */
const HISTOGRAM_LIMITS: HistoryLimits = { steps: 1024, bytes: 16 * 1024 * 1024 };

/** The histograms of a run. */
export class HistogramHistory extends Thinned<HistogramStep> {
  constructor(limits: HistoryLimits = HISTOGRAM_LIMITS) {
    super(limits);
  }

  protected override kindOf(): 'measured' {
    return 'measured';
  }

  protected override bytesOf({ rows }: HistogramStep): number {
    return rows.ids.byteLength + rows.values.byteLength + 128;
  }
}
