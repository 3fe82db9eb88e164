/** Of what pivots were at first: with less left, columns can't be told apart. */
const SINGULAR = 1e-10;

/**
 * The weights w that make Σ (row · w − value)² least, by its normal equations; null where the rows don't determine them.
 * @param rows one for each value, all of the same few numbers
 */
export function leastSquares(rows: readonly (readonly number[])[], values: readonly number[]): number[] | null {
  const unknowns = rows[0]?.length ?? 0;
  const dot = (of: (row: readonly number[], r: number) => number) => rows.reduce((sum, row, r) => sum + of(row, r), 0);
  const columns = Array.from({ length: unknowns }, (_, i) => i);
  const system = columns.map((i) => [
    ...columns.map((j) => dot((row) => row[i] * row[j])),
    dot((row, r) => row[i] * values[r]),
  ]);
  const scales = system.map((row, i) => row[i]);
  for (const i of columns) {
    if (!(system[i][i] > SINGULAR * scales[i])) return null;
    for (const other of columns) {
      if (other === i) continue;
      const times = system[other][i] / system[i][i];
      system[other] = system[other].map((value, j) => value - times * system[i][j]);
    }
  }
  return columns.map((i) => system[i][unknowns] / system[i][i]);
}
