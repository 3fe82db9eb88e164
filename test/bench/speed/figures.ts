/** Of as many above as below; of an even number the mean of the two in the middle. */
export function median(list: readonly number[]): number {
  const sorted = [...list].sort((a, b) => a - b);
  const half = sorted.length / 2;
  return (sorted[Math.ceil(half) - 1] + sorted[Math.floor(half)]) / 2;
}

/** From the slowest to the fastest, in parts of the median. */
export const spread = (list: readonly number[]): number => (Math.max(...list) - Math.min(...list)) / median(list);

/** The median of what two subjects had in the same round, one by the other. */
export const ratio = (of: readonly number[], by: readonly number[]): number =>
  median(of.slice(0, Math.min(of.length, by.length)).map((figure, round) => figure / by[round]));

export const percent = (share: number, digits = 0): string => `${(100 * share).toFixed(digits)} %`;
export const times = (factor: number): string => `${factor.toFixed(factor < 10 ? 2 : 0)}×`;
export const number = (value: number): string =>
  value >= 1000 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toPrecision(2);

/** Shown on a terminal and in the docs. */
export interface Table {
  readonly title: string;
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Said below. */
  readonly notes?: readonly string[];
}

export function asText({ title, header, rows, notes = [] }: Table): string {
  const widths = header.map((_, i) => Math.max(...[header, ...rows].map((row) => row[i].length)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, i) => (i ? cell.padStart(widths[i]) : cell.padEnd(widths[i])))
      .join('  ')
      .trimEnd();
  return ['', title, ...[header, ...rows].map(line), ...notes].join('\n');
}

export function asMarkdown({ title, header, rows, notes = [] }: Table): string {
  const line = (row: readonly string[]) => `| ${row.join(' | ')} |`;
  const rule = line(header.map((_, i) => (i ? '---:' : '---')));
  return [`### ${title}`, '', line(header), rule, ...rows.map(line), ...notes.flatMap((note) => ['', note])].join('\n');
}
