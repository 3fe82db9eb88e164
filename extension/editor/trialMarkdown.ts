import type { Finding } from '../../engine/diagnose/finding.ts';
import { titleOf } from '../../engine/diagnose/titles.ts';
import { trialTable } from '../../engine/repair/trial/table.ts';
import type { TriedProposal } from '../../engine/repair/trial/verdict.ts';

/**
 * What a trial has shown, in Markdown, which VS Code renders beside the script: in a part of a small window a table would
 * have to be scrolled sideways to, so each of its rows is two lines, the numbers in their order.
 */
export function trialMarkdown(finding: Finding, tried: readonly TriedProposal[]): string {
  const { heads, rows, notes, legend } = trialTable(tried);
  const entries = rows.map(([remedy, verdict, ...values]) => {
    const numbers = values.flatMap((value, i) => (/[\d∞]/.test(value) ? [`${heads[i + 2]} ${value}`] : []));
    return `- **${remedy}**: ${verdict}${numbers.length ? `<br>${numbers.join(' · ')}` : ''}`;
  });
  return [
    `## Remedies for: ${titleOf(finding.id).toLowerCase()}`,
    '',
    ...entries,
    '',
    ...notes.map((note) => `> ${note}\n`),
    legend,
    '',
  ].join('\n');
}
