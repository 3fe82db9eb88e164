import {
  type Case,
  calibration,
  confusion,
  type OverPrograms,
  overPrograms,
  type Scores,
  type Share,
  scoresOf,
  wilson,
} from './score.ts';

const percent = (x: number): string => (100 * x).toFixed(1);

/** `118 of 120, 98.3 % (94.1 to 99.5)` */
export function told(share: Share): string {
  if (share.of === 0) return 'none';
  const [low, high] = wilson(share);
  return `${share.hits} of ${share.of}, ${percent(share.hits / share.of)} % (${percent(low)} to ${percent(high)})`;
}

/** Rows of a Markdown table. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [row(head), row(head.map(() => '---')), ...rows.map(row)];
}

/** `96.2 %; worst vae, 16 of 22` */
const toldOfPrograms = (over: OverPrograms | null): string =>
  over
    ? `${percent(over.mean)} %; worst ${over.worst.program}, ${over.worst.share.hits} of ${over.worst.share.of}`
    : 'none';

/** Where every program counts as one: what is to be expected of a program that nobody has seen, and of the worst. */
export const programFigures = (cases: readonly Case[]): [string, string][] => [
  ['recall', toldOfPrograms(overPrograms(cases, ({ recall }) => recall, 'least'))],
  ['false alarms', toldOfPrograms(overPrograms(cases, ({ falseAlarms }) => falseAlarms, 'greatest'))],
  ['right cause', toldOfPrograms(overPrograms(cases, ({ rightCause }) => rightCause, 'least'))],
];

export function figures(scores: Scores): [string, string][] {
  const { stepsUntilSettled: settled } = scores;
  return [
    ['recall: hurt runs with an alarm', told(scores.recall)],
    ['false alarms: healthy runs with an alarm', told(scores.falseAlarms)],
    ['right cause', told(scores.rightCause)],
    ['right line, where the cause is right', told(scores.rightLine)],
    ['steps until the first alarm stands, median', String(scores.stepsUntilSaid)],
    ['steps until settled, median: hurt runs / all', `${settled.faulty} / ${settled.all}`],
    ['settled with the answer of the whole run', told(scores.sameWhenSettled)],
  ];
}

export const calibrationTable = (cases: readonly Case[]): string[] =>
  table(
    ['confidence', 'mean', 'right'],
    calibration(cases).map(({ from, to, said, right }) => [`${from} to ${to}`, said.toFixed(2), told(right)]),
  );

export function confusionTable(cases: readonly Case[]): string[] {
  const matrix = confusion(cases);
  const rows = [...matrix].sort(([a], [b]) => Number(a === 'healthy') - Number(b === 'healthy') || (a < b ? -1 : 1));
  return table(
    ['is', 'first alarm'],
    rows.map(([row, counts]) => [
      row,
      [...counts]
        .sort(([, a], [, b]) => b - a)
        .map(([column, count]) => (column === row ? `**${count} right**` : `${count} ${column}`))
        .join(', '),
    ]),
  );
}

/** All figures of some cases. */
export function tablesOf(cases: readonly Case[]): string[] {
  const count = (label: string) => cases.filter((one) => one.label === label).length;
  return [
    `${cases.length} runs: ${count('faulty')} hurt, ${count('healthy')} healthy, ${count('unclear')} unclear (not scored).`,
    '',
    ...table(['', ''], figures(scoresOf(cases))),
    '',
    ...table(['every program counted as one', ''], programFigures(cases)),
    '',
    ...confusionTable(cases),
    '',
    ...calibrationTable(cases),
  ];
}
