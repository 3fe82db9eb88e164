import fs from 'node:fs';
import { diagnose } from '../../diagnose/diagnose.ts';
import type { Finding, Remedy } from '../../diagnose/finding.ts';
import { titleOf } from '../../diagnose/titles.ts';
import { edited, unifiedDiff } from '../../repair/edit.ts';
import { propose } from '../../repair/propose.ts';
import { tryRemedies } from '../../repair/trial/trial.ts';
import type { TriedProposal } from '../../repair/trial/verdict.ts';
import type { Run } from '../../run/run.ts';
import { relativePath, report } from '../report.ts';
import { askWhich } from './ask.ts';
import { Line } from './line.ts';
import { type Fixed, printDiffs, printTrials, provenOf } from './remedies.ts';
import { pythonOf, type RunFlags, trained } from './run.ts';
import { FOUND_NOTHING, INTERRUPTED, statusOf, WRONG_USAGE } from './status.ts';
import { printError, printFindings, say } from './text.ts';

export interface FixFlags extends RunFlags {
  readonly finding?: string;
  readonly apply?: boolean;
  /** Seeds per arm. */
  readonly trials?: number;
}

/** Runs a script, tries the remedies of its findings on copies, and writes the chosen one. */
export async function fixScript(script: string, flags: FixFlags): Promise<number> {
  const run = await trained(script, { ...flags, quiet: flags.quiet ?? flags.json }, true);
  if (!run) return WRONG_USAGE;
  if (run.end?.ended === 'stopped' && run.stepCount < (flags.steps ?? Infinity)) return stopped();
  const cwd = process.cwd();
  const findings = diagnose(run);
  const meant = findings.filter(({ id }) => flags.finding === undefined || id === flags.finding);
  if (flags.finding !== undefined && meant.length === 0)
    process.stderr.write(`${relativePath(script, cwd)} has no finding ${flags.finding}.\n`);
  if (!flags.json) {
    printError(run, cwd);
    printFindings(run, meant, cwd);
  }

  const all: Fixed[] = [];
  const name = (file: string) => relativePath(file, cwd);
  for (const finding of meant) {
    const proposals = await tried(finding, run, flags);
    if (!proposals) return stopped();
    all.push({ finding, proposals });
    if (!flags.json) printTrials({ finding, proposals });
  }
  const proven = provenOf(all);
  if (!flags.json) printDiffs(proven, name);
  const wanted = proven.length ? await chosen(proven, flags) : null;
  const written = wanted ? write(wanted, name) : [];
  if (flags.json) {
    const told = findings.map((finding) => {
      const fixed = all.find((other) => other.finding === finding);
      return fixed ? { ...finding, remedies: remediesOf(fixed, name) } : finding;
    });
    const applied = written.length ? { remedy: wanted?.id, files: written } : null;
    say(JSON.stringify({ ...report(run, told, cwd), applied }, null, 2));
  } else if (meant.length && proven.length === 0) say('\nNo remedy is proven, so nothing is proposed.');
  return written.length ? FOUND_NOTHING : statusOf(run, findings);
}

function stopped(): number {
  process.stderr.write('Stopped; nothing was written.\n');
  return INTERRUPTED;
}

/** Null once the person has had enough. */
async function tried(finding: Finding, run: Run, flags: FixFlags): Promise<TriedProposal[] | null> {
  const stop = new AbortController();
  const interrupt = () => stop.abort();
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
  const line = new Line(!flags.json && !flags.quiet);
  const name = titleOf(finding.id).toLowerCase();
  try {
    return await tryRemedies(finding, run, await propose(finding, run), {
      seeds: flags.trials,
      signal: stop.signal,
      launch: { arguments: flags.arguments, budget: flags.budget, python: pythonOf(flags) },
      onProgress({ done, total, running }) {
        line.show(`Trying remedies for ${name}, run ${Math.min(done + 1, total)} of ${total}: ${running.join(' · ')}`);
      },
    });
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    return null;
  } finally {
    line.clear();
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  }
}

const remediesOf = ({ proposals }: Fixed, name: (file: string) => string): Remedy[] =>
  proposals.map(({ id, title, edit, trial }) => ({ id, title, edit: edit && unifiedDiff(edit, name), trial }));

/** The best with `--apply`; otherwise the one that a person chooses, and none where nobody can be asked. */
async function chosen(
  proven: readonly TriedProposal[],
  { apply, json, quiet }: FixFlags,
): Promise<TriedProposal | null> {
  if (apply) return proven[0];
  if (json) return null;
  if (!process.stdin.isTTY || !process.stdout.isTTY) {
    if (!quiet) say(`\nNothing was written; --apply writes ${proven.length > 1 ? 'the first' : 'it'}.`);
    return null;
  }
  say();
  const number = await askWhich(proven.length, process.stdin, process.stdout);
  return number === null ? null : proven[number - 1];
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
