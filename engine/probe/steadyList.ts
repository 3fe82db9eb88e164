/**
 * A list that is filled anew at every step, nearly always with as many things as before: emptying an array by its length, and
 * growing it again, costs V8 more than a step's bookkeeping.
 */
export class SteadyList<T> {
  readonly #items: T[] = [];
  #count = 0;

  get length(): number {
    return this.#count;
  }

  at(i: number): T {
    return this.#items[i];
  }

  push(item: T): void {
    this.#items[this.#count++] = item;
  }

  /** Begins anew; what the list held before it was filled the last time, and is no longer in it, is let go. */
  clear(): void {
    if (this.#items.length !== this.#count) this.#items.length = this.#count;
    this.#count = 0;
  }

  /** A copy. */
  all(): T[] {
    return this.#items.slice(0, this.#count);
  }
}
