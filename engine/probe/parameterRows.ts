import type { Row } from '../kernels/reference/statistics.ts';
import type { StatisticRows } from '../run/frame.ts';
import { PARAMETER_STATISTICS } from '../run/statistics.ts';
import { allocateDirty } from '../tensor/allocate.ts';

const COLUMNS = PARAMETER_STATISTICS.length;

/**
 * The rows of one step, by the ids of parameters, in the engine's memory: kernels write into them, and the step's frame is
 * made of them as they lie there.
 */
export class ParameterRows {
  #values: Float32Array = new Float32Array(0);
  /** By id: the part of `#values` that is its row. */
  #rows: Row[] = [];
  /** By id: the step at which it was measured last. */
  #measured: number[] = [];
  #step = 0;
  #count = 0;
  /** All of them, which nearly every step has. */
  #all: StatisticRows = { ids: new Uint32Array(0), values: this.#values };

  /** The row of a parameter that is being measured: kernels fill in their columns, and no one the others unless he does it here. */
  open(id: number): Row {
    if (id >= this.#rows.length) this.#grow(id + 1);
    if (this.#measured[id] !== this.#step) this.#count++;
    this.#measured[id] = this.#step;
    return this.#rows[id];
  }

  /** The row of a parameter that has been measured in this step; undefined for others. */
  get(id: number): Row | undefined {
    return this.#measured[id] === this.#step ? this.#rows[id] : undefined;
  }

  /** The rows in order of their ids, which change with the next step. None is measured afterwards. */
  take(): StatisticRows {
    const rows = this.#count === this.#rows.length ? this.#all : this.#some();
    this.#step++;
    this.#count = 0;
    return rows;
  }

  #some(): StatisticRows {
    const ids = this.#all.ids.filter((id) => this.#measured[id] === this.#step);
    const values = new Float32Array(ids.length * COLUMNS);
    ids.forEach((id, i) => {
      const { at } = this.#rows[id];
      values.set(this.#values.subarray(at, at + COLUMNS), i * COLUMNS);
    });
    return { ids, values };
  }

  #grow(count: number): void {
    const values = allocateDirty('float32', count * COLUMNS) as Float32Array;
    values.fill(Number.NaN).set(this.#values);
    this.#values = values;
    const ids = Uint32Array.from({ length: count }, (_, id) => id);
    this.#rows = Array.from(ids, (id) => ({ values, at: id * COLUMNS }));
    this.#all = { ids, values };
    while (this.#measured.length < count) this.#measured.push(-1);
  }
}
