import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { allocate, type DType } from '../tensor/dtype.ts';
import { wrap } from '../tensor/elements.ts';
import { ArgumentError } from '../tensor/errors.ts';
import type { Tensor } from '../tensor/tensor.ts';

export interface CsvOptions {
  /** Default a comma. */
  readonly delimiter?: string;
  /** Lines to leave out at the start, such as one of column names. Default 0. */
  readonly skipRows?: number;
  /** Default float32. */
  readonly dtype?: DType;
}

/** The bytes of a file, unpacked if they are gzip (they start with 1f 8b, RFC 1952). */
function readText(path: string | URL): string {
  const bytes = readFileSync(path);
  const packed = bytes[0] === 0x1f && bytes[1] === 0x8b;
  return (packed ? gunzipSync(bytes) : bytes).toString('utf8');
}

/**
 * A table of numbers from a file of comma-separated values, plain or gzip: [rows, columns].
 * @throws ArgumentError, naming line and column, for a cell that is no number or a row of another length.
 */
export function readCsv(
  path: string | URL,
  { delimiter = ',', skipRows = 0, dtype = 'float32' }: CsvOptions = {},
): Tensor {
  const rows: string[][] = parse(readText(path), {
    delimiter,
    from_line: skipRows + 1,
    skip_empty_lines: true,
    trim: true,
    relax_column_count: true,
  });
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
