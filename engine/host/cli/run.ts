import fs from 'node:fs';
import path from 'node:path';
import { diagnose, isSettled } from '../../diagnose/diagnose.ts';
import { withEdits } from '../../repair/propose.ts';
import type { Frame } from '../../run/frame.ts';
import type { Run } from '../../run/run.ts';
import { nodeProblem } from '../embedded.ts';
import { isPython, launch, type PythonOptions, SCRIPT_NAME } from '../launch.ts';
import type { LiveRun } from '../liveRun.ts';
import { InterpreterError } from '../python/interpreter.ts';
import { startChild } from '../python/launchPython.ts';
import { relativePath, report } from '../report.ts';
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
  /** The interpreter for .py. */
  readonly python?: string;
  /** Percent of training time. */
  readonly budget?: number;
  /** Processes to train in, as torchrun starts them. */
  readonly nprocPerNode?: number;
}

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
  const run = await trained(script, flags, untilSettled);
  if (!run) return WRONG_USAGE;
  const cwd = process.cwd();
  const findings = diagnose(run);
  if (flags.json) {
    const told = await withEdits(findings, run, (file) => relativePath(file, cwd));
    process.stdout.write(`${JSON.stringify(report(run, told, cwd), null, 2)}\n`);
  } else {
    if (!flags.quiet) printRun(run, cwd);
    printFindings(run, findings, cwd);
  }
  return statusOf(run, findings);
}

/** Runs a script with its progress on the terminal. Null if it can't be run, which has been said. */
export async function trained(script: string, flags: RunFlags, untilSettled: boolean): Promise<Run | null> {
  const problem = (isPython(script) ? null : nodeProblem()) ?? unusable(script) ?? unwritable(flags.log);
  if (problem) {
    process.stderr.write(`${problem}\n`);
    return null;
  }
  const cwd = process.cwd();
  const log = flags.log && path.resolve(flags.log);
  const shown = !flags.json && !flags.quiet;
  const live = await launchFor(script, flags, { cwd, log, shown });
  if (!live) return null;
  // Python writes to the terminal itself, maybe a progress bar of its own.
  const progress = new Progress(live.run, { enabled: shown && !isPython(script) });
  live.onFrames((frames) => {
    if (shown) printOutput(frames, progress);
  });
  const interrupt = () => void live.stop();
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
  const timer = setInterval(() => {
    if (untilSettled && isSettled(live.run, diagnose(live.run))) void live.stop('settled');
  }, DIAGNOSE_EVERY);
  await live.ended;
  clearInterval(timer);
  progress.end();
  process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  return live.run;
}

interface Where {
  readonly cwd: string;
  readonly log: string | undefined;
  /** What the script prints is. */
  readonly shown: boolean;
}

/** How a Python script is to be run, by whatever starts it. */
export const pythonOf = ({ python, nprocPerNode }: RunFlags): PythonOptions => ({
  interpreter: python,
  torchrun: nprocPerNode === undefined ? undefined : [`--nproc_per_node=${nprocPerNode}`],
});

/** Null if there is no Python that could run it, which has been said. */
async function launchFor(script: string, flags: RunFlags, { cwd, log, shown }: Where): Promise<LiveRun | null> {
  const { steps, seed, budget } = flags;
  const python = { ...pythonOf(flags), start: startChild(shown ? 'shown' : 'dropped') };
  try {
    return await launch({ script, arguments: flags.arguments, cwd, log, steps, seed, budget, python });
  } catch (error) {
    if (!(error instanceof InterpreterError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return null;
  }
}

/** Why a script can't be run; null if it can. */
function unusable(script: string): string | null {
  if (!fs.existsSync(script)) return `There is no file ${script}.`;
  if (!SCRIPT_NAME.test(script))
    return `${path.basename(script)} is not a script that can be run: .ts, .mts, .js, .mjs or .py.`;
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
