import type { Finding } from '../../engine/diagnose/finding.ts';
import { titleOf } from '../../engine/diagnose/titles.ts';
import { trialTable } from '../../engine/repair/trial/table.ts';
import type { TriedProposal } from '../../engine/repair/trial/verdict.ts';

/** What a trial has shown, as a table in Markdown, which VS Code renders. */
export function trialMarkdown(finding: Finding, tried: readonly TriedProposal[]): string {
  const { heads, rows, notes, legend } = trialTable(tried);
  return [
    `## Remedies for: ${titleOf(finding.id).toLowerCase()}`,
    '',
    line(heads),
    line(heads.map((_, i) => (i < 2 ? '---' : '--:'))),
    ...rows.map(line),
    '',
    ...notes.map((note) => `- ${note}`),
    '',
    legend,
    '',
  ].join('\n');
}

const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
