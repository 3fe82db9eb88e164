import { styleText } from 'node:util';
import type { Finding } from '../../diagnose/finding.ts';
import { titleOf } from '../../diagnose/titles.ts';
import { unifiedDiff } from '../../repair/edit.ts';
import { trialTable } from '../../repair/trial/table.ts';
import type { TriedProposal } from '../../repair/trial/verdict.ts';
import { printTable, say } from './text.ts';

/** A finding and what came of trying its remedies. */
export interface Fixed {
  readonly finding: Finding;
  readonly proposals: readonly TriedProposal[];
}

/** What is proven, best first, each text once: what cures two findings isn't two changes. */
export function provenOf(all: readonly Fixed[]): TriedProposal[] {
  const proven = all.flatMap(({ proposals }) => proposals.filter(({ trial }) => trial.verdict === 'proven'));
  return [...new Map(proven.toReversed().map((one) => [textsOf(one), one])).values()].toReversed();
}

const textsOf = ({ edit }: TriedProposal) =>
  JSON.stringify([...(edit?.texts ?? [])].map(([file, { after }]) => [file, after]));

export function printTrials({ finding, proposals }: Fixed): void {
  const { heads, rows, notes, legend } = trialTable(proposals);
  say();
  say(styleText('bold', `Remedies for: ${titleOf(finding.id).toLowerCase()}`));
  const wasTried = proposals.some(({ trial }) => trial.seeds > 0);
  if (wasTried) printTable(heads, rows);
  for (const note of notes) say(wasTried ? styleText('dim', `  ${note}`) : `  ${note}`);
  if (wasTried) say(styleText('dim', legend));
}

/** The diffs of what is proven, with the numbers that they are chosen by. `name`: what a file is called in a diff. */
export function printDiffs(proven: readonly TriedProposal[], name: (file: string) => string): void {
  for (const [i, { title, edit }] of proven.entries()) {
    if (!edit) continue;
    say(`\n${styleText('bold', `${i + 1}. ${title}`)}`);
    say(colored(unifiedDiff(edit, name)).trimEnd());
  }
}

const colored = (diff: string) =>
  diff
    .split('\n')
    .map((line) => (/^[+]/.test(line) ? styleText('green', line) : /^-/.test(line) ? styleText('red', line) : line))
    .join('\n');
