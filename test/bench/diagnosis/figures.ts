import os from 'node:os';
import { variants as allVariants } from './cases.ts';
import { type Case, type Scores, scoresOf } from './score.ts';
import { calibrationTable, confusionTable, programFigures, table, told } from './tables.ts';

/** What is asked of the reporting part. */
const TARGETS: readonly (readonly [
  what: string,
  target: string,
  figure: (s: Scores) => string,
  met: (s: Scores) => boolean,
])[] = [
  ['recall: hurt runs with an alarm', '≥ 98 %', (s) => told(s.recall), ({ recall: { hits, of } }) => hits >= 0.98 * of],
  [
    'false alarms: healthy runs with an alarm',
    '≤ 2 %',
    (s) => told(s.falseAlarms),
    ({ falseAlarms: { hits, of } }) => hits <= 0.02 * of,
  ],
  [
    'right cause: hurt runs whose cause is known, where the first alarm names it',
    '≥ 90 %',
    (s) => told(s.rightCause),
    ({ rightCause: { hits, of } }) => hits >= 0.9 * of,
  ],
  [
    'right line: of those, where one place is to blame and the alarm points there',
    '≥ 95 %',
    (s) => told(s.rightLine),
    ({ rightLine: { hits, of } }) => hits >= 0.95 * of,
  ],
  [
    'steps until settled, median over all scored runs (over the hurt)',
    '≤ 100',
    ({ stepsUntilSettled: { all, faulty } }) => `${all} (${faulty})`,
    ({ stepsUntilSettled }) => stepsUntilSettled.all <= 100,
  ],
  ['steps until the first alarm stands, median over the hurt', '', (s) => String(s.stepsUntilSaid), () => true],
  ['stopped when settled, the first alarm is that of the whole run', '', (s) => told(s.sameWhenSettled), () => true],
];

/** Where some of a part weren't recorded, or with fewer seeds than others. */
function outOf(cases: readonly Case[], variants: number): string {
  const all = allVariants().filter(({ part }) => part === cases[0]?.variant.part).length;
  return variants < all ? ` (of ${all}; the others weren’t recorded)` : '';
}

const countsOf = (cases: readonly Case[]): string => {
  const count = (label: Case['label']) => cases.filter((one) => one.label === label).length;
  const variants = new Set(cases.map(({ variant }) => variant)).size;
  return `${cases.length} runs of ${variants} variants${outOf(cases, variants)}: ${count('faulty')} hurt, ${count('healthy')} healthy, ${count('unclear')} unclear`;
};

/** So many seeds, by the mean where that differs among variants. */
const seedsOf = (cases: readonly Case[]): string => {
  const mean = cases.length / new Set(cases.map(({ variant }) => variant)).size;
  return `${Number(mean.toFixed(2))} seed${mean === 1 ? '' : 's'}`;
};

/** The section of figures: the reporting part, and beside it the part that the rules were tuned on. */
export function figuresOf(report: readonly Case[], tune: readonly Case[]): string[] {
  const [scores, tuned] = [scoresOf(report), scoresOf(tune)];
  return [
    `${new Date().toISOString().slice(0, 10)}, ${os.cpus()[0]?.model.trim()}, Node ${process.versions.node}; ${seedsOf(report)} of each variant of the reporting part, ${seedsOf(tune)} of the tuning part’s; by \`${['npm run bench:diagnosis', ...(process.argv.length > 2 ? ['--', ...process.argv.slice(2)] : [])].join(' ')}\`.`,
    '',
    `Report: ${countsOf(report)}. Tune: ${countsOf(tune)}.`,
    '',
    ...table(
      ['', 'target', 'report', 'met', 'tune'],
      TARGETS.map(([what, target, figure, met]) => [
        what,
        target,
        figure(scores),
        target && (met(scores) ? 'yes' : '**no**'),
        figure(tuned),
      ]),
    ),
    '',
    ...table(
      ['every program counted as one: mean and worst', 'report', 'tune'],
      programFigures(report).map(([what, figure], i) => [what, figure, programFigures(tune)[i][1]]),
    ),
    '',
    'The first alarm of the reporting part’s runs; rows are what was right:',
    '',
    ...confusionTable(report),
    '',
    'How sure the first alarms of the reporting part were, and how many of them were right (named a right cause; of what names none, whether the run was hurt):',
    '',
    ...calibrationTable(report),
  ];
}
