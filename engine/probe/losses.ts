import type { LossFrame } from '../run/frame.ts';
import { placeKey, type Site } from '../site.ts';
import { type Call, fedTo } from './fed.ts';
import type { Later } from './later.ts';
import type { OperationPlan, OperationRecord } from './operations.ts';
import type { FrameSink } from './sink.ts';
import { callSite } from './sites.ts';

/** Calls told at one place, and in all. */
const MOST_AT_A_PLACE = 8;
const MOST = 64;
/** Calls of a step that is told again. */
const MOST_AGAIN = 16;

/**
 * Tells what loss functions are given: the first calls at each place, those of some later steps, and all evaluations between two
 * steps at once.
 */
export class Losses {
  readonly #sink: FrameSink;
  readonly #plan: OperationPlan;
  readonly #later: Later;
  readonly #told = new Map<string, number>();
  /** Operations with which a loss begins that has been told often enough: while steps repeat, nobody asks where it stands. */
  readonly #enough = new WeakSet<OperationRecord>();
  /** That of them which was met last. */
  #last: OperationRecord | null = null;
  #count = 0;
  /** The last step that was told again, and its calls. */
  #again = { step: -1, calls: 0 };
  #evaluation: LossFrame | null = null;

  constructor(sink: FrameSink, plan: OperationPlan, later: Later) {
    this.#sink = sink;
    this.#plan = plan;
    this.#later = later;
  }

  given(call: Call, step: number, evaluation: boolean): void {
    const { loss, input } = call;
    if (input.numel() === 0) return;
    if (evaluation) {
      const before = this.#evaluation;
      if (before && before.loss !== loss) return; // the first loss of an evaluation stands for it
      const site = before?.site ?? callSite();
      const fed = fedTo(call);
      const frame: LossFrame = { kind: 'loss', step, loss, evaluation, site, layer: null, operation: null, ...fed };
      this.#evaluation = before ? together(before, frame) : frame;
      return;
    }
    if (this.#later.again) {
      this.#givenAgain(call, step);
      return;
    }
    if (this.#count >= MOST) return;
    const expected = this.#plan.expected();
    if (expected && (expected === this.#last || this.#enough.has(expected))) {
      this.#last = expected;
      return;
    }
    const site = callSite();
    const place = `${loss} ${placeKey(site)}`;
    const told = this.#told.get(place) ?? 0;
    if (told >= MOST_AT_A_PLACE) {
      if (expected) this.#enough.add(expected);
      return;
    }
    this.#told.set(place, told + 1);
    this.#count++;
    this.#tell(call, step, site);
  }

  #givenAgain(call: Call, step: number): void {
    if (step !== this.#again.step) this.#again = { step, calls: 0 };
    if (this.#again.calls++ < MOST_AGAIN) this.#tell(call, step, callSite(), true);
  }

  #tell(call: Call, step: number, site: Site | null, again?: true): void {
    const { loss, input } = call;
    const layer = this.#plan.layerBefore(input);
    const operation = input.node?.operation ?? null;
    const fed = fedTo(call);
    this.#sink({
      kind: 'loss',
      step,
      loss,
      evaluation: false,
      site,
      layer,
      operation,
      ...fed,
      ...(again && { again }),
    });
  }

  /** Training goes on, or the script has ended. */
  evaluated(): void {
    if (this.#evaluation) this.#sink(this.#evaluation);
    this.#evaluation = null;
  }
}

function together(a: LossFrame, b: LossFrame): LossFrame {
  const rows = a.rows + b.rows;
  const mean = (x: number | null, y: number | null) =>
    x === null || y === null ? null : (x * a.rows + y * b.rows) / rows;
  return {
    ...a,
    rows,
    min: Math.min(a.min, b.min),
    max: Math.max(a.max, b.max),
    leastSum: Math.min(a.leastSum, b.leastSum),
    greatestSum: Math.max(a.greatestSum, b.greatestSum),
    value: mean(a.value, b.value),
    baseline: mean(a.baseline, b.baseline),
    least: mean(a.least ?? null, b.least ?? null),
    ...(a.leastTarget !== undefined &&
      b.leastTarget !== undefined && { leastTarget: Math.min(a.leastTarget, b.leastTarget) }),
    ...(a.greatestTarget !== undefined &&
      b.greatestTarget !== undefined && { greatestTarget: Math.max(a.greatestTarget, b.greatestTarget) }),
  };
}
