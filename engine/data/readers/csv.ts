import { parse } from 'csv-parse/sync';
import { allocate } from '../../tensor/allocate.ts';
import type { DType } from '../../tensor/dtype.ts';
import { wrap } from '../../tensor/elements.ts';
import { ArgumentError } from '../../tensor/errors.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { naming, readBytes } from './files.ts';

export interface CsvOptions {
  /** Default a comma. */
  readonly delimiter?: string;
  /** Lines to leave out at the start, such as one of column names. Default 0. */
  readonly skipRows?: number;
  /** Default float32. */
  readonly dtype?: DType;
}

/**
 * A table of numbers from a file of comma-separated values, plain or gzip: [rows, columns].
 * @throws ArgumentError, naming line and column, for a cell that is no number or a row of another length.
 */
export function readCsv(
  path: string | URL,
  { delimiter = ',', skipRows = 0, dtype = 'float32' }: CsvOptions = {},
): Tensor {
  const text = readBytes(path).toString('utf8');
  const rows: string[][] = naming(path, () =>
    parse(text, {
      bom: true,
      delimiter,
      from_line: skipRows + 1,
      skip_empty_lines: true,
      trim: true,
      relax_column_count: true,
    }),
  );
  const columns = rows[0]?.length ?? 0;
  const out = allocate(dtype, rows.length * columns);
  rows.forEach((row, r) => {
    if (row.length !== columns) {
      throw new ArgumentError(
        `readCsv: row ${skipRows + r + 1} of ${path} has ${row.length} cells, expected ${columns}.`,
      );
    }
    row.forEach((cell, c) => {
      const value = Number(cell);
      if (cell === '' || (Number.isNaN(value) && cell.toLowerCase() !== 'nan')) {
        throw new ArgumentError(
          `readCsv: "${cell}" in row ${skipRows + r + 1}, column ${c + 1} of ${path} is no number. ` +
            'Leave out a line of names with { skipRows: 1 }.',
        );
      }
      out[r * columns + c] = value;
    });
  });
  return wrap(out, dtype, [rows.length, columns]);
}
