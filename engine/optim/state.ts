/** What a state says of one parameter, as plain numbers. */
export interface SavedState {
  readonly step: number;
  readonly arrays: Readonly<Record<string, readonly number[]>>;
}

/** Running quantities of one parameter: arrays of its size, by name, and how often it was updated. */
export class State {
  step = 0;
  readonly #arrays = new Map<string, Float64Array>();
  readonly #size: number;

  constructor(size: number) {
    this.#size = size;
  }

  /** Zeros (or `initial`) when first asked for. */
  array(name: string, initial = 0): Float64Array {
    let array = this.#arrays.get(name);
    if (array === undefined) {
      array = new Float64Array(this.#size).fill(initial);
      this.#arrays.set(name, array);
    }
    return array;
  }

  save(): SavedState {
    const arrays = [...this.#arrays].map(([name, array]) => [name, Array.from(array)] as const);
    return { step: this.step, arrays: Object.fromEntries(arrays) };
  }

  load({ step, arrays }: SavedState): void {
    this.step = step;
    this.#arrays.clear();
    for (const [name, array] of Object.entries(arrays)) this.#arrays.set(name, Float64Array.from(array));
  }
}
