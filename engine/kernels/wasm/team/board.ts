/** Parts that a call can be cut into. */
export const MOST_PARTS = 64;
/** Arguments of a kernel, at most. */
export const MOST_ARGUMENTS = 16;
/** What stands before the arguments of a part. */
const HEAD = 3;
const ROW = HEAD + MOST_ARGUMENTS;

/** Words of the board. */
const JOB = 0;
const DONE = 1;
const SLEEPING = 2;
const READY = 3;
const FAILED = 4;
const WORDS = 64;

/** Looks at the board between two jobs before a thread goes to sleep: about a tenth of a millisecond. */
const PATIENCE = 20_000;

/** A kernel's exports by number: the same module has them in the same order in every thread. */
export type KernelTable = readonly ((...operands: number[]) => void)[];

/**
 * Where the threads of a team find what there is to do, in memory that they share. A job is a list of ordinary kernel calls,
 * its parts. The word JOB holds its number, how many parts it has and which is next, so that taking one is a single
 * exchange: who holds an outdated word gets nothing.
 */
export class Board {
  readonly memory: SharedArrayBuffer;
  readonly #words: Int32Array;
  readonly #rows: Float64Array;
  #number = 0;

  constructor(memory = new SharedArrayBuffer(4 * WORDS + 8 * ROW * MOST_PARTS)) {
    this.memory = memory;
    this.#words = new Int32Array(memory, 0, WORDS);
    this.#rows = new Float64Array(memory, 4 * WORDS);
  }

  /** Threads that wait for jobs. */
  get ready(): number {
    return Atomics.load(this.#words, READY);
  }

  /** Blocks until so many threads are ready, at most `milliseconds`. */
  waitUntilReady(count: number, milliseconds: number): boolean {
    const until = performance.now() + milliseconds;
    while (true) {
      const ready = this.ready;
      const left = until - performance.now();
      if (ready >= count || left <= 0) return ready >= count;
      Atomics.wait(this.#words, READY, ready, left);
    }
  }

  /**
   * Writes a part of the job to come.
   * @param scratchAt Which operand is scratch memory that each thread needs of its own; −1: none. @param scratchBytes How much.
   */
  write(part: number, kernel: number, operands: readonly number[], scratchAt: number, scratchBytes: number): void {
    const at = ROW * part;
    this.#rows[at] = kernel;
    this.#rows[at + 1] = scratchAt;
    this.#rows[at + 2] = scratchBytes;
    for (let i = 0; i < operands.length; i++) this.#rows[at + HEAD + i] = operands[i];
  }

  /** Has all threads work on the parts that were written; returns when they are done. @throws Error if one failed. */
  run(parts: number, kernels: KernelTable): void {
    const words = this.#words;
    Atomics.store(words, DONE, 0);
    this.#number = (this.#number + 1) & 0x7fff;
    Atomics.store(words, JOB, (this.#number << 16) | (parts << 8));
    if (Atomics.load(words, SLEEPING) > 0) Atomics.notify(words, JOB);
    this.#work(kernels, 0);
    // The rest is under way elsewhere and won't take longer than a part does.
    while (Atomics.load(words, DONE) < parts);
    if (Atomics.load(words, FAILED)) throw new Error('A kernel failed in another thread.');
  }

  /** A thread's life. */
  serve(kernels: KernelTable, thread: number): never {
    const words = this.#words;
    Atomics.add(words, READY, 1);
    Atomics.notify(words, READY);
    while (true) {
      let looks = 0;
      while (!this.#work(kernels, thread) && looks < PATIENCE) looks++;
      if (looks < PATIENCE) continue;
      const job = Atomics.load(words, JOB);
      if (hasNext(job)) continue;
      Atomics.add(words, SLEEPING, 1);
      Atomics.wait(words, JOB, job);
      Atomics.sub(words, SLEEPING, 1);
    }
  }

  /** Takes parts until there are none. @returns Whether there was one. */
  #work(kernels: KernelTable, thread: number): boolean {
    let worked = false;
    while (true) {
      const job = Atomics.load(this.#words, JOB);
      if (!hasNext(job)) return worked;
      if (Atomics.compareExchange(this.#words, JOB, job, job + 1) !== job) continue;
      worked = true;
      try {
        this.#call(kernels, thread, job & 0xff);
      } catch {
        Atomics.store(this.#words, FAILED, 1);
      }
      Atomics.add(this.#words, DONE, 1);
    }
  }

  #call(kernels: KernelTable, thread: number, part: number): void {
    const row = this.#rows;
    const at = ROW * part;
    const a = at + HEAD;
    const scratch = row[at + 1];
    if (scratch >= 0) row[a + scratch] += thread * row[at + 2];
    const kernel = kernels[row[at]];
    // A call with a fixed number of operands needs no array; those that a kernel doesn't have it doesn't see.
    // biome-ignore format: one line an eighth
    kernel(row[a], row[a + 1], row[a + 2], row[a + 3], row[a + 4], row[a + 5], row[a + 6], row[a + 7],
      row[a + 8], row[a + 9], row[a + 10], row[a + 11], row[a + 12], row[a + 13], row[a + 14], row[a + 15]);
  }
}

const hasNext = (job: number): boolean => (job & 0xff) < ((job >> 8) & 0xff);
