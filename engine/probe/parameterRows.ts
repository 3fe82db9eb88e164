import type { StatisticRows } from '../run/frame.ts';
import { PARAMETER_STATISTICS } from '../run/statistics.ts';
import { allocateDirty } from '../tensor/dtype.ts';

const COLUMNS = PARAMETER_STATISTICS.length;

/**
 * The rows of one step, by the ids of parameters, in the engine's memory: kernels write into them, and the step's frame is
 * made of them as they lie there.
 */
export class ParameterRows {
  #values: Float32Array = new Float32Array(0);
  /** By id: the part of `#values` that is its row. */
  #rows: Float32Array[] = [];
  /** By id: whether it has been measured in this step. */
  #measured: boolean[] = [];
  #count = 0;
  /** 0, 1, 2 … */
  #ids: Uint32Array = new Uint32Array(0);

  /** The row of a parameter that is being measured, all NaN. */
  open(id: number): Float32Array {
    if (id >= this.#rows.length) this.#grow(id + 1);
    if (!this.#measured[id]) this.#count++;
    this.#measured[id] = true;
    const row = this.#rows[id];
    for (let i = 0; i < COLUMNS; i++) row[i] = Number.NaN; // sooner done than `fill` is called
    return row;
  }

  /** The row of a parameter that has been measured in this step; undefined for others. */
  get(id: number): Float32Array | undefined {
    return this.#measured[id] ? this.#rows[id] : undefined;
  }

  /** The rows in order of their ids, which change with the next step. None is measured afterwards. */
  take(): StatisticRows {
    const all = this.#count === this.#rows.length;
    const rows = all ? { ids: this.#ids, values: this.#values } : this.#some();
    this.#measured.fill(false);
    this.#count = 0;
    return rows;
  }

  #some(): StatisticRows {
    const ids = this.#ids.filter((id) => this.#measured[id]);
    const values = new Float32Array(ids.length * COLUMNS);
    ids.forEach((id, i) => {
      values.set(this.#rows[id], i * COLUMNS);
    });
    return { ids, values };
  }

  #grow(count: number): void {
    const values = allocateDirty('float32', count * COLUMNS) as Float32Array;
    values.set(this.#values);
    this.#values = values;
    this.#ids = Uint32Array.from({ length: count }, (_, id) => id);
    this.#rows = Array.from(this.#ids, (id) => values.subarray(id * COLUMNS, (id + 1) * COLUMNS));
    while (this.#measured.length < count) this.#measured.push(false);
  }
}
