import type { Finding } from '../../engine/diagnose/finding.ts';
import { measured, number } from '../../engine/diagnose/phrases.ts';
import { titleOf } from '../../engine/diagnose/titles.ts';
import { LEVEL, type TriedProposal } from '../../engine/repair/trial/verdict.ts';

/** What a trial has shown, as a table in Markdown, which VS Code renders. */
export function trialTable(finding: Finding, tried: readonly TriedProposal[]): string {
  const rows = tried.map(({ title, trial }) => {
    const { seeds, cured, control, random, p, loss, verdict } = trial;
    const counts = seeds ? [`${cured} of ${seeds}`, String(control), String(random)] : ['–', '–', '–'];
    const said = verdict === 'did-not-help' ? 'tried, did not help' : verdict;
    return [title, said, ...counts, measured(loss.remedy ?? Number.NaN), p === null ? '–' : number(p)];
  });
  const notes = tried.flatMap(({ title, reason, trial }) =>
    (reason ?? trial.note) ? [`- ${title}: ${reason ?? trial.note}.`] : [],
  );
  return [
    `## Remedies for: ${titleOf(finding.id).toLowerCase()}`,
    '',
    line(HEAD),
    line(HEAD.map(() => '---')),
    ...rows.map(line),
    '',
    ...notes,
    '',
    `Proven: cures significantly more seeds than either control (Boschloo's exact test, ${LEVEL}), and the loss is no worse.`,
    '',
  ].join('\n');
}

/** What matters most comes first: beside the script there may be room for no more. */
const HEAD = ['remedy', 'verdict', 'cured', 'nothing changed', 'random change', 'loss', 'p'];

const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
