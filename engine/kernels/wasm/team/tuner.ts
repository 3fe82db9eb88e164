/** Calls at first, in turns alone and together. */
const TRIALS = 8;
/** From then on, every so many calls the way that seemed slower is tried again. */
const AGAIN = 64;
/** How much a new time counts. */
const WEIGHT = 0.25;

/** What is known of a kernel at a size. */
interface Record {
  calls: number;
  /** Milliseconds, the last ones counting most; alone, together. */
  readonly times: [number, number];
}

/**
 * Decides by timing whether a call is better done by one thread or by all: where another process has the other cores, waiting
 * for one's share costs more than doing it oneself.
 */
export class Tuner {
  readonly #records = new Map<number, Record>();
  readonly #now: () => number;

  /** @param now Milliseconds. */
  constructor(now = () => performance.now()) {
    this.#now = now;
  }

  /** Runs one or the other. `kind`: a number for kernel and size. */
  run(kind: number, alone: () => void, together: () => void): void {
    let record = this.#records.get(kind);
    if (record === undefined) {
      record = { calls: 0, times: [Infinity, Infinity] };
      this.#records.set(kind, record);
    }
    const way = choose(record);
    const before = this.#now();
    if (way) together();
    else alone();
    const time = this.#now() - before;
    const known = record.times[way];
    // at first the best counts: threads wake up, code is made fast
    const next = known === Infinity || record.calls < TRIALS ? Math.min(known, time) : known + WEIGHT * (time - known);
    record.times[way] = next;
    record.calls++;
  }
}

function choose({ calls, times: [alone, together] }: Record): 0 | 1 {
  if (calls < TRIALS) return calls % 2 === 0 ? 0 : 1;
  const better = together < alone ? 1 : 0;
  return calls % AGAIN === 0 ? (better ? 0 : 1) : better;
}
