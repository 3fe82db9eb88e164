import { memory } from '../kernels/memory.ts';
import type { Numbers } from '../tensor/dtype.ts';
import type { Tensor } from '../tensor/tensor.ts';

/** What the heap notes beside an array: whether this pass made it, and by twos how many gradients on their way lie in it. */
const OWN = 1;
const PENDING = 2;

/**
 * The memory of a backward pass. What a rule computes is seen by nobody but the next rule, so most of it can be given back
 * long before the pass ends: the next rule then works in memory that is still in the cache.
 */
export class Temporaries {
  readonly #journal: Numbers[] = [];
  #outer: Numbers[] | null = null;

  /** A pass begins. */
  start(): void {
    this.#outer = memory.record(null);
  }

  /** The pass is over, however it ended. */
  stop(): void {
    memory.record(this.#outer);
    this.#outer = null;
    this.#journal.length = 0;
  }

  /** A rule is about to be applied. */
  begin(): void {
    memory.record(this.#journal);
  }

  /** The rule has been applied, and what it gives is on its way: the rest of what it made is given back. */
  end(): void {
    memory.record(null);
    const journal = this.#journal;
    for (let i = 0; i < journal.length; i++) {
      const data = journal[i];
      const note = memory.note(data, 0);
      if (note === 0) memory.release(data);
      else if (!(note & OWN)) {
        memory.note(data, OWN);
        this.#outer?.push(data);
      }
    }
    journal.length = 0;
  }

  /** A gradient is on its way to a node or a leaf. */
  arrives({ storage }: Tensor): void {
    memory.note(storage.data, PENDING);
  }

  /** It has got where it was going to; nobody reads it any more. */
  leaves({ storage }: Tensor): void {
    if (memory.note(storage.data, -PENDING) === OWN) memory.release(storage.data);
  }

  /** Whether this pass made the memory of a gradient on its way, and no other lies in it. */
  unshared({ storage }: Tensor): boolean {
    return memory.note(storage.data, 0) === (OWN | PENDING);
  }

  /** Someone keeps this gradient. */
  keep({ storage }: Tensor): void {
    if (memory.note(storage.data, 0) & OWN) memory.note(storage.data, -OWN);
  }
}
