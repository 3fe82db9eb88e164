import { noGrad } from '../autograd/mode.ts';
import { unobserved } from '../autograd/observer.ts';
import type { LossFrame } from '../run/frame.ts';
import { placeKey, type Site } from '../site.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { type Call, fedTo } from './fed.ts';
import type { Later } from './later.ts';
import type { OperationPlan, OperationRecord } from './operations.ts';
import type { FrameSink } from './sink.ts';
import { callSite } from './sites.ts';
import { writtenLosses } from './writtenLosses.ts';

/** Calls told at one place, and in all. */
const MOST_AT_A_PLACE = 8;
const MOST = 64;
/** Calls of a step that is told again. */
const MOST_AGAIN = 16;
/** Steps in which losses that a script writes itself are looked for; further on only where there are some. */
const FIRST_WRITTEN = 3;

/**
 * Tells what loss functions are given: the first calls at each place, those of some later steps, and all evaluations between two
 * steps at once. Where a loss comes of no call, those that the script writes itself are told.
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
  /** A loss function was called since the last backward pass. */
  #called = false;
  /** The script writes losses itself. */
  #hasWritten = false;

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
    this.#called = true;
    if (this.#later.again) {
      if (this.#takesAgain(step)) this.#tell(step, { call, site: callSite(), answers: input }, true);
      return;
    }
    if (this.#count >= MOST) return;
    const expected = this.#plan.expected();
    if (expected && (expected === this.#last || this.#enough.has(expected))) {
      this.#last = expected;
      return;
    }
    const given = { call, site: callSite(), answers: input };
    if (this.#isNew(given)) this.#tell(step, given);
    else if (expected) this.#enough.add(expected);
  }

  /** A backward pass begins, from a loss. */
  differentiated(root: Tensor, step: number): void {
    const called = this.#called;
    this.#called = false;
    if (called || !this.#looksForWritten(step)) return;
    for (const written of unobserved(() => noGrad(() => writtenLosses(root)))) {
      const record = this.#plan.of(written.node);
      if (!record) continue;
      this.#hasWritten = true;
      const given: Given = {
        call: written,
        site: record.site,
        answers: written.answers,
        written: { written: true, ...(written.pairs && { pairs: true }) },
      };
      if (this.#later.again ? this.#takesAgain(step) : this.#isNew(given)) this.#tell(step, given, this.#later.again);
    }
  }

  #looksForWritten(step: number): boolean {
    return step < FIRST_WRITTEN || (this.#hasWritten && (step < MOST_AT_A_PLACE || this.#later.again));
  }

  #takesAgain(step: number): boolean {
    if (step !== this.#again.step) this.#again = { step, calls: 0 };
    return this.#again.calls++ < MOST_AGAIN;
  }

  /** The place hasn't been told often enough. */
  #isNew({ call, site }: Given): boolean {
    const place = `${call.loss} ${placeKey(site)}`;
    const told = this.#told.get(place) ?? 0;
    if (told >= MOST_AT_A_PLACE || this.#count >= MOST) return false;
    this.#told.set(place, told + 1);
    this.#count++;
    return true;
  }

  #tell(step: number, { call, site, answers, written }: Given, again = false): void {
    this.#sink({
      kind: 'loss',
      step,
      loss: call.loss,
      evaluation: false,
      site,
      layer: this.#plan.layerBefore(answers),
      operation: answers.node?.operation ?? null,
      ...fedTo(call),
      ...(again && { again: true }),
      ...written,
    });
  }

  /** Training goes on, or the script has ended. */
  evaluated(): void {
    if (this.#evaluation) this.#sink(this.#evaluation);
    this.#evaluation = null;
  }
}

/** What is told of. */
interface Given {
  readonly call: Call;
  readonly site: Site | null;
  readonly answers: Tensor;
  readonly written?: Pick<LossFrame, 'written' | 'pairs'>;
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
