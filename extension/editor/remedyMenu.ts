import { type QuickPickItem, QuickPickItemKind, window } from 'vscode';
import { number } from '../../engine/diagnose/phrases.ts';
import type { Proposal } from '../../engine/repair/propose.ts';
import type { TriedProposal } from '../../engine/repair/trial/verdict.ts';
import { INTERNAL_COMMANDS } from '../ids.ts';

/** What can be done with a remedy besides applying it. */
export const VERBS = [
  { verb: 'Preview', icon: 'diff', command: INTERNAL_COMMANDS.previewRemedy },
  { verb: 'Apply and run again', icon: 'run-all', command: INTERNAL_COMMANDS.applyAndRun },
  { verb: 'Try', icon: 'beaker', command: INTERNAL_COMMANDS.tryRemedies },
] as const;

/** What a trial has shown of a remedy, in a few words; empty if it hasn't been tried. */
export function trialInBrief(tried: TriedProposal | undefined): string {
  if (!tried?.trial.seeds) return '';
  const { verdict, cured, seeds, loss } = tried.trial;
  const of = `${cured} of ${seeds}`;
  if (verdict === 'proven') return `proven ${of}, loss ${number(loss.control)} → ${number(loss.remedy)}`;
  if (verdict === 'no-better') return `loss no better, ${of} cured`;
  return verdict === 'untried' ? `nothing proven, ${of} cured` : `did not help, ${of} cured`;
}

interface Choice extends QuickPickItem {
  readonly command?: string;
  readonly remedy?: string;
}

/** Lets a person choose a remedy and what to do with it; undefined if they don't. */
export function chooseRemedy(
  title: string,
  remedies: readonly Proposal[],
  tried: ReadonlyMap<string, TriedProposal>,
): Thenable<Choice | undefined> {
  const items = remedies.flatMap((remedy, i): Choice[] => [
    ...(i > 0 ? [{ label: '', kind: QuickPickItemKind.Separator }] : []),
    ...VERBS.map(({ verb, icon, command }, j) => ({
      label: `$(${icon}) ${verb}: ${remedy.title}`,
      description: j === 0 ? trialInBrief(tried.get(remedy.id)) : '',
      command,
      remedy: remedy.id,
    })),
  ]);
  return window.showQuickPick(items, { title, matchOnDescription: true });
}
