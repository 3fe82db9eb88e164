import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import type { ErrorFrame, Frame } from '../../run/frame.ts';
import { ACTIVATION_STATISTICS, PARAMETER_STATISTICS } from '../../run/statistics.ts';
import { goneOf } from '../spawned.ts';
import type { Gone, TrainingProcess } from '../training.ts';
import type { Interpreter } from './interpreter.ts';
import { syntaxErrorOf } from './syntax.ts';

/** A command line to be run somewhere: by this process, in a terminal of the editor's. */
export interface Command {
  readonly program: string;
  readonly arguments: readonly string[];
  readonly cwd: string;
  /** What to add to the environment. */
  readonly environment: Readonly<Record<string, string>>;
}

/** A command that runs. */
export interface Started {
  readonly pid: number | undefined;
  readonly gone: Promise<Gone>;
  /** The end of what it wrote to stderr, where that can be known. */
  lastWords(): string;
}

export type Start = (command: Command) => Promise<Started>;

/** Runs a command as a child of this process; its output goes where this process's goes, or nowhere. */
export function startChild(output: 'shown' | 'dropped'): Start {
  return async ({ program, arguments: args, cwd, environment }) => {
    const stdio: StdioOptions = output === 'shown' ? 'inherit' : ['ignore', 'ignore', 'pipe'];
    const env = { ...process.env, ...environment };
    const child: ChildProcess = spawn(program, args, { cwd, env, stdio, windowsHide: true });
    let stderr = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      stderr = (stderr + text).slice(-8192);
    });
    return { pid: child.pid, gone: goneOf(child), lastWords: () => stderr };
  };
}

interface PythonRun {
  readonly script: string;
  readonly arguments: readonly string[];
  readonly cwd: string;
  readonly interpreter: Interpreter;
}

/** The observer can stop between two phases of a step, which may be long ones. */
const GRACE = 2000;
/** How long a script that is interrupted may take to tidy up (many save a checkpoint), in milliseconds. */
const TIDY = 3000;

/** What holds a Python process, wherever it was started. */
export function pythonProcess(run: PythonRun, started: Started, startedAt: number): TrainingProcess {
  const signal = (name: 'SIGINT' | 'SIGKILL') => {
    try {
      if (started.pid !== undefined) process.kill(started.pid, name);
    } catch {
      // gone already
    }
  };
  return {
    gone: started.gone,
    grace: GRACE,
    async interrupt() {
      if (process.platform === 'win32') return null; // there, it would be no interrupt but the end
      signal('SIGINT');
      await Promise.race([started.gone, new Promise((resolve) => setTimeout(resolve, TIDY))]);
      return null;
    },
    kill: () => signal('SIGKILL'),
    lastWord: async (gone, spoken) => ({
      introduction: introduce(run, started.pid ?? 0, startedAt),
      error: await errorOf(run, gone, spoken, started.lastWords()),
    }),
  };
}

/** A script that ended before torch was of any use to it has said nothing. */
function introduce({ script, arguments: args, cwd, interpreter }: PythonRun, pid: number, startedAt: number): Frame[] {
  const start: Frame = {
    kind: 'start',
    script,
    cwd,
    arguments: args,
    engine: 'torch',
    engineVersion: interpreter.torch,
    pid,
    startedAt,
    parameterStatistics: PARAMETER_STATISTICS,
    activationStatistics: ACTIVATION_STATISTICS,
  };
  const text = fs.existsSync(script) ? fs.readFileSync(script, 'utf8') : '';
  return [start, { kind: 'source', file: script, text }];
}

async function errorOf(
  { script, interpreter }: PythonRun,
  { how, exitCode, orKilled }: Gone,
  spoken: boolean,
  stderr: string,
): Promise<ErrorFrame | null> {
  if (exitCode === 0) {
    if (!orKilled || !spoken) return null;
    const message = `${path.basename(script)} went without a word: it was killed, for want of memory perhaps, or left by os._exit.`;
    return { kind: 'error', name: 'Error', message, stack: null, site: null };
  }
  const syntax = exitCode === 1 ? await syntaxErrorOf(interpreter.path, script) : null;
  if (syntax) return { kind: 'error', ...syntax };
  const [, name, text] = /^(\w[\w.]*(?:Error|Exception|Interrupt|Exit)): ?(.*)\s*$/m.exec(stderr.slice(-2000)) ?? [];
  const message = name ? text : `${path.basename(script)} ${how}.`;
  return { kind: 'error', name: name ?? 'Error', message, stack: stderr || null, site: null };
}
