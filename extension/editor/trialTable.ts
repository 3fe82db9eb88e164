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
    ...aligned([HEAD, ...rows]),
    '',
    ...notes,
    '',
    `Proven: cures significantly more seeds than either control (Boschloo's exact test, ${LEVEL}), and the loss is no worse.`,
    '',
  ].join('\n');
}

const HEAD = ['remedy', 'cured', 'nothing changed', 'random change', 'p', 'loss', 'verdict'];

/** It's read as text as often as it's rendered, so columns are of one width. */
function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = HEAD.map((_, column) => Math.max(...rows.map((cells) => cells[column].length)));
  const line = (cells: readonly string[]) => `| ${cells.map((cell, i) => cell.padEnd(widths[i])).join(' | ')} |`;
  const [head, ...others] = rows.map(line);
  return [head, `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...others];
}
