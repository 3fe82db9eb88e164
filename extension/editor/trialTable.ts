import type { Finding } from '../../engine/diagnose/finding.ts';
import { measured, number } from '../../engine/diagnose/phrases.ts';
import { titleOf } from '../../engine/diagnose/titles.ts';
import { LEVEL, type TriedProposal } from '../../engine/repair/trial/verdict.ts';

/** What a trial has shown, as a table in Markdown. */
export function trialTable(finding: Finding, tried: readonly TriedProposal[]): string {
  const rows = tried.map(({ title, trial }) => {
    const { seeds, cured, control, random, p, loss, verdict } = trial;
    const counts = seeds ? [`${cured} of ${seeds}`, String(control), String(random)] : ['–', '–', '–'];
    const cells = [title, ...counts, p === null ? '–' : number(p), measured(loss.remedy ?? Number.NaN)];
    return [...cells, verdict === 'did-not-help' ? 'tried, did not help' : verdict];
  });
  const notes = tried.flatMap(({ title, reason, trial }) =>
    (reason ?? trial.note) ? [`- ${title}: ${reason ?? trial.note}.`] : [],
  );
  return [
    `# Remedies for: ${titleOf(finding.id).toLowerCase()}`,
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

const HEAD = ['remedy', 'cured', 'nothing changed', 'random change', 'p', 'loss', 'verdict'];

/** Not padded: beside the script there's little room, and what is padded wraps. */
const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
