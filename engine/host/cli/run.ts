import fs from 'node:fs';
import path from 'node:path';
import { diagnose, isSettled } from '../../diagnose/diagnose.ts';
import type { Frame } from '../../run/frame.ts';
import { LiveRun, nodeProblem } from '../launch.ts';
import { report } from '../report.ts';
import { Progress } from './progress.ts';
import { statusOf, WRONG_USAGE } from './status.ts';
import { printFindings, printRun } from './text.ts';

export interface RunFlags {
  readonly arguments: readonly string[];
  readonly json?: boolean;
  readonly log?: string;
  readonly steps?: number;
  readonly seed?: number;
  readonly quiet?: boolean;
}

const SCRIPTS = /\.[mc]?[tj]s$/;
/** How often the diagnosis is asked, in milliseconds. */
const DIAGNOSE_EVERY = 250;

export function runScript(script: string, flags: RunFlags): Promise<number> {
  return run(script, flags, false);
}

/** Stops the script once the verdict is settled. */
export function diagnoseScript(script: string, flags: RunFlags): Promise<number> {
  return run(script, flags, true);
}

async function run(script: string, flags: RunFlags, untilSettled: boolean): Promise<number> {
  const problem = nodeProblem() ?? unusable(script) ?? unwritable(flags.log);
  if (problem) {
    process.stderr.write(`${problem}\n`);
    return WRONG_USAGE;
  }
  const cwd = process.cwd();
  const log = flags.log && path.resolve(flags.log);
  const live = await LiveRun.launch({ ...flags, script, cwd, log });
  const progress = new Progress(live.run, { enabled: !flags.json && !flags.quiet });
  live.onFrames((frames) => {
    if (!flags.json && !flags.quiet) printOutput(frames, progress);
  });
  const interrupt = () => void live.stop();
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
  const timer = setInterval(() => {
    if (untilSettled && isSettled(live.run, diagnose(live.run))) void live.stop('settled');
  }, DIAGNOSE_EVERY);
  await live.ended;
  clearInterval(timer);
  progress.end();

  const findings = diagnose(live.run);
  if (flags.json) process.stdout.write(`${JSON.stringify(report(live.run, findings, cwd), null, 2)}\n`);
  else {
    if (!flags.quiet) printRun(live.run, cwd);
    printFindings(live.run, findings, cwd);
  }
  return statusOf(live.run, findings);
}

/** Why a script can't be run; null if it can. */
function unusable(script: string): string | null {
  if (!fs.existsSync(script)) return `There is no file ${script}.`;
  if (!SCRIPTS.test(script)) return `${path.basename(script)} is not a script that can be run: .ts, .mts, .js or .mjs.`;
  return null;
}

/** Why a log can't be written there; null if it can. */
function unwritable(log: string | undefined): string | null {
  const folder = log && path.dirname(path.resolve(log));
  return folder && !fs.existsSync(folder) ? `There is no folder ${folder} to write the log to.` : null;
}

function printOutput(frames: readonly Frame[], progress: Progress): void {
  for (const frame of frames)
    if (frame.kind === 'output') progress.around(() => process[frame.stream].write(frame.text));
}
