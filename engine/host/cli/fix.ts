import fs from 'node:fs';
import readline from 'node:readline/promises';
import { styleText } from 'node:util';
import { diagnose } from '../../diagnose/diagnose.ts';
import type { Finding, Remedy, Trial } from '../../diagnose/finding.ts';
import { measured, number } from '../../diagnose/phrases.ts';
import { titleOf } from '../../diagnose/titles.ts';
import { edited, unifiedDiff } from '../../repair/edit.ts';
import { propose } from '../../repair/propose.ts';
import { tryRemedies } from '../../repair/trial/trial.ts';
import { LEVEL, type TriedProposal } from '../../repair/trial/verdict.ts';
import type { Run } from '../../run/run.ts';
import { relativePath, report } from '../report.ts';
import { type RunFlags, trained } from './run.ts';
import { FOUND_NOTHING, statusOf, WRONG_USAGE } from './status.ts';
import { printFindings, printTable, say } from './text.ts';

export interface FixFlags extends RunFlags {
  readonly finding?: string;
  readonly apply?: boolean;
  /** Seeds per arm. */
  readonly trials?: number;
}

/** A finding and what came of trying its remedies. */
interface Fixed {
  readonly finding: Finding;
  readonly proposals: readonly TriedProposal[];
}

/** Runs a script, tries the remedies of its findings on copies, and writes the chosen one. */
export async function fixScript(script: string, flags: FixFlags): Promise<number> {
  const run = await trained(script, { ...flags, quiet: flags.quiet ?? flags.json }, true);
  if (!run) return WRONG_USAGE;
  const cwd = process.cwd();
  const findings = diagnose(run);
  const meant = findings.filter(({ id }) => flags.finding === undefined || id === flags.finding);
  if (flags.finding !== undefined && meant.length === 0)
    process.stderr.write(`${relativePath(script, cwd)} has no finding ${flags.finding}.\n`);
  if (!flags.json) printFindings(run, meant, cwd);

  const all: Fixed[] = [];
  const name = (file: string) => relativePath(file, cwd);
  for (const finding of meant) {
    const proposals = await tried(finding, run, flags);
    if (!proposals) return 130; // as a shell says of what Ctrl-C has ended
    all.push({ finding, proposals });
    if (!flags.json) printTrials({ finding, proposals }, name);
  }
  const best = all.flatMap(({ proposals }) => proposals).find(({ trial }) => trial.verdict === 'proven');
  const applied = best && (await isWanted(best, flags)) ? write(best, name) : [];
  if (flags.json) {
    const told = findings.map((finding) => {
      const fixed = all.find((other) => other.finding === finding);
      return fixed ? { ...finding, remedies: remediesOf(fixed, name) } : finding;
    });
    say(
      JSON.stringify(
        { ...report(run, told, cwd), applied: applied.length ? { remedy: best?.id, files: applied } : null },
        null,
        2,
      ),
    );
  } else if (meant.length && !best) say('\nNo remedy is proven, so nothing is proposed.');
  return applied.length ? FOUND_NOTHING : statusOf(run, findings);
}

/** Null once the person has had enough. */
async function tried(finding: Finding, run: Run, flags: FixFlags): Promise<TriedProposal[] | null> {
  const stop = new AbortController();
  const interrupt = () => stop.abort();
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
  const shown = !flags.json && !flags.quiet && process.stderr.isTTY;
  try {
    return await tryRemedies(finding, run, await propose(finding, run), {
      seeds: flags.trials,
      signal: stop.signal,
      launch: { arguments: flags.arguments, python: { interpreter: flags.python } },
      onProgress({ done, total, running }) {
        if (shown) process.stderr.write(`\r\x1b[Ktrial ${done} of ${total}  ${running.join(' · ')}`);
      },
    });
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    process.stderr.write('Stopped.\n');
    return null;
  } finally {
    if (shown) process.stderr.write('\r\x1b[K');
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  }
}

const remediesOf = ({ proposals }: Fixed, name: (file: string) => string): Remedy[] =>
  proposals.map(({ id, title, edit, trial }) => ({ id, title, edit: edit && unifiedDiff(edit, name), trial }));

const VERDICTS: { readonly [V in Trial['verdict']]: string } = {
  proven: 'proven',
  'did-not-help': 'tried, did not help',
  untried: 'untried',
};

function printTrials({ finding, proposals }: Fixed, name: (file: string) => string): void {
  say();
  say(styleText('bold', `Remedies for: ${titleOf(finding.id).toLowerCase()}`));
  const rows = proposals.map(({ title, trial }) => {
    const { seeds, cured, control, random, p, loss } = trial;
    const counts = seeds ? [`${cured} of ${seeds}`, String(control), String(random)] : ['–', '–', '–'];
    return [
      title,
      ...counts,
      p === null ? '–' : number(p),
      measured(loss.remedy ?? Number.NaN),
      VERDICTS[trial.verdict],
    ];
  });
  printTable(['remedy', 'cured', 'nothing changed', 'random change', 'p', 'loss', ''], rows);
  for (const { title, reason, trial } of proposals) {
    const note = reason ?? trial.note;
    if (note) say(styleText('dim', `  ${title}: ${note}.`));
  }
  for (const { edit, trial } of proposals)
    if (edit && trial.verdict === 'proven') say(`\n${colored(unifiedDiff(edit, name))}`);
  say(
    styleText(
      'dim',
      `Proven: cures significantly more seeds than either control (Boschloo's exact test, ${LEVEL}), and the loss is no worse.`,
    ),
  );
}

const colored = (diff: string) =>
  diff
    .split('\n')
    .map((line) => (/^[+]/.test(line) ? styleText('green', line) : /^-/.test(line) ? styleText('red', line) : line))
    .join('\n');

async function isWanted({ title }: TriedProposal, { apply, json }: FixFlags): Promise<boolean> {
  if (apply) return true;
  if (json || !process.stdin.isTTY || !process.stdout.isTTY) return false;
  const terminal = readline.createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question(`${title}: write it? [y/N] `).finally(() => terminal.close());
  return /^y(?:es)?$/i.test(answer.trim());
}

/** Writes a remedy; files that have changed since the run stay as they are. Names what was written. */
function write({ edit, title }: TriedProposal, name: (file: string) => string): string[] {
  const texts = [...(edit?.texts.keys() ?? [])].map((file) => {
    const after = edit && edited(edit, file, fs.readFileSync(file, 'utf8'));
    return { file, after };
  });
  const changed = texts.find(({ after }) => after === null);
  if (changed) {
    process.stderr.write(`${name(changed.file)} has changed since the run; nothing was written.\n`);
    return [];
  }
  for (const { file, after } of texts) fs.writeFileSync(file, after as string);
  const files = texts.map(({ file }) => name(file));
  process.stderr.write(`${title}: written to ${files.join(', ')}.\n`);
  return files;
}
