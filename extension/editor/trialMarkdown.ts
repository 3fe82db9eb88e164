import type { Finding } from '../../engine/diagnose/finding.ts';
import { titleOf } from '../../engine/diagnose/titles.ts';
import { trialTable } from '../../engine/repair/trial/table.ts';
import type { TriedProposal } from '../../engine/repair/trial/verdict.ts';
import { table } from './markdown.ts';

/** What a trial has shown, as a table in Markdown, which VS Code renders. */
export function trialMarkdown(finding: Finding, tried: readonly TriedProposal[]): string {
  const { heads, rows, notes, legend } = trialTable(tried);
  return [
    `## Remedies for: ${titleOf(finding.id).toLowerCase()}`,
    '',
    table(rows, heads, 2),
    '',
    ...notes.map((note) => `- ${note}`),
    '',
    legend,
    '',
  ].join('\n');
}
