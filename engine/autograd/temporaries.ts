import { memory } from '../kernels/memory.ts';
import type { Numbers } from '../tensor/dtype.ts';
import type { Tensor } from '../tensor/tensor.ts';

/**
 * The memory of a backward pass. What a rule computes is seen by nobody but the next rule, so most of it can be given back
 * long before the pass ends: the next rule then works in memory that is still in the cache.
 */
export class Temporaries {
  /** Gradients on their way, made in this pass. */
  readonly #onTheWay = new Set<Numbers>();
  #mark = 0;

  /** A rule is about to be applied. */
  begin(): void {
    this.#mark = memory.mark;
  }

  /**
   * The rule has been applied; `pending` is all that later rules and leaves will read.
   * @param exposed The rule was a user's, who may have kept anything.
   */
  end(pending: Iterable<Tensor>, exposed: boolean): void {
    const needed = new Set<Numbers>();
    for (const { storage } of pending) needed.add(storage.data);
    if (!exposed) {
      memory.handedOutSince(this.#mark, (data) => {
        if (needed.has(data)) this.#onTheWay.add(data);
        else memory.release(data);
      });
    }
    for (const data of this.#onTheWay) if (!needed.has(data)) this.#giveBack(data, exposed);
  }

  /** The memory that one of `pending` has for itself. */
  unshared(pending: Iterable<Tensor>): Set<Numbers> {
    const seen = new Set<Numbers>();
    const once = new Set<Numbers>();
    for (const { storage } of pending) {
      if (seen.has(storage.data)) once.delete(storage.data);
      else if (this.#onTheWay.has(storage.data)) once.add(storage.data);
      seen.add(storage.data);
    }
    return once;
  }

  /** Someone keeps this gradient. */
  leave({ storage }: Tensor): void {
    this.#onTheWay.delete(storage.data);
  }

  /** The leaves have got theirs. */
  finish(): void {
    for (const data of this.#onTheWay) this.#giveBack(data, false);
  }

  #giveBack(data: Numbers, exposed: boolean): void {
    this.#onTheWay.delete(data);
    if (!exposed) memory.release(data);
  }
}
