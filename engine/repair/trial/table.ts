import type { Trial } from '../../diagnose/finding.ts';
import { measured, number } from '../../diagnose/phrases.ts';
import { LEVEL, type TriedProposal } from './verdict.ts';

/** What a trial has shown, for people: in a terminal, in the editor. */
export interface TrialTable {
  readonly heads: readonly string[];
  /** Remedies in their ranking, and below them both controls, whose numbers are what theirs are to be held against. */
  readonly rows: readonly (readonly string[])[];
  /** What has to be added about single remedies, a sentence each. */
  readonly notes: readonly string[];
  /** What the words mean. */
  readonly legend: string;
}

const VERDICTS: { readonly [V in Trial['verdict']]: string } = {
  proven: 'proven',
  'no-better': 'cured, loss no better',
  'did-not-help': 'tried, did not help',
  untried: 'untried',
};

export function trialTable(tried: readonly TriedProposal[]): TrialTable {
  const rows = tried.map(({ title, trial: { verdict, seeds, cured, loss, p } }) => [
    title,
    VERDICTS[verdict],
    seeds ? `${cured} of ${seeds}` : '–',
    measured(loss.remedy),
    p === null ? '–' : number(p),
  ]);
  const [shown] = tried.map(({ trial }) => trial).filter(({ controlSeeds }) => controlSeeds > 0);
  const control = (name: string, cured: number, loss: number) => [
    name,
    'control',
    `${cured} of ${shown.controlSeeds}`,
    measured(loss),
    '',
  ];
  const controls = shown
    ? [
        control('nothing changed', shown.control, shown.loss.control),
        control('a random innocent change', shown.random, shown.loss.random),
      ]
    : [];
  const notes = tried.flatMap(({ title, reason, trial }) =>
    (reason ?? trial.note) ? [`${title}: ${reason ?? trial.note}.`] : [],
  );
  return { heads: HEADS, rows: [...rows, ...controls], notes, legend: LEGEND };
}

/** What matters most comes first: beside a script there may be room for no more. */
const HEADS = ['remedy', 'verdict', 'cured', 'last loss', 'p'];

const LEGEND = `Proven: the finding is gone in significantly more seeds than with either control (Boschloo's exact test), and the last loss, the median over seeds, is no worse than with nothing changed; where the script as it is doesn't learn, it learns, with significantly lower losses (rank-sum test). p: the larger of both, at most ${LEVEL}.`;
