import type { StatisticRows } from '../run/frame.ts';

export const NO_ROWS: StatisticRows = { ids: new Uint32Array(0), values: new Float32Array(0) };

/** Rows of statistics being gathered for one step: a row an id, a column a statistic, NaN until measured. */
export class RowTable<Name extends string> {
  readonly #columns: ReadonlyMap<Name, number>;
  readonly #rows = new Map<number, Float32Array>();

  constructor(names: readonly Name[]) {
    this.#columns = new Map(names.map((name, i) => [name, i]));
  }

  set(id: number, values: { readonly [K in Name]?: number }): void {
    let row = this.#rows.get(id);
    if (!row) {
      row = new Float32Array(this.#columns.size).fill(Number.NaN);
      this.#rows.set(id, row);
    }
    for (const name in values) row[this.#columns.get(name) ?? -1] = values[name] as number;
  }

  get empty(): boolean {
    return this.#rows.size === 0;
  }

  /** Takes over a row of a table with the same columns. */
  copy(id: number, row: Float32Array): void {
    this.#rows.set(id, row);
  }

  get(id: number): Float32Array | undefined {
    return this.#rows.get(id);
  }

  /** The rows in order of their ids; the table is empty afterwards. */
  take(): StatisticRows {
    if (this.#rows.size === 0) return NO_ROWS;
    const entries = [...this.#rows].sort(([a], [b]) => a - b);
    const width = this.#columns.size;
    const ids = Uint32Array.from(entries, ([id]) => id);
    const values = new Float32Array(entries.length * width);
    entries.forEach(([, row], i) => {
      values.set(row, i * width);
    });
    this.#rows.clear();
    return { ids, values };
  }
}
