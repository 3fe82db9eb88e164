import { window, workspace } from 'vscode';
import type { FindingId } from '../../engine/diagnose/finding.ts';
import { titleOf } from '../../engine/diagnose/titles.ts';
import type { Ignored } from './ignored.ts';

/** Ignores a finding on a line, and says how that is taken back. */
export async function ignore(ignored: Ignored, file: string, id: FindingId, line: string): Promise<void> {
  await ignored.ignore(file, id, line);
  // nobody has to answer
  void window
    .showInformationMessage(`${titleOf(id)} is ignored on this line.`, 'Undo')
    .then((answer) => (answer === 'Undo' ? ignored.show({ file, id, line }) : undefined));
}

/** Lets a person choose which of what they have ignored they want to see again. */
export async function chooseToShow(ignored: Ignored): Promise<void> {
  const items = ignored.all.map((finding) => ({
    label: titleOf(finding.id),
    description: workspace.asRelativePath(finding.file),
    detail: finding.line,
    finding,
  }));
  if (items.length === 0) return void window.showInformationMessage('No finding is ignored.');
  const chosen = await window.showQuickPick(items, {
    title: 'Findings to show again',
    canPickMany: true,
    matchOnDescription: true,
    matchOnDetail: true,
  });
  for (const { finding } of chosen ?? []) await ignored.show(finding);
}
