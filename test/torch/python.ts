import { spawn } from 'node:child_process';
import fs from 'node:fs';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { findInterpreter, type Interpreter } from '../../engine/host/python/interpreter.ts';
import { readLog } from '../../engine/host/readLog.ts';
import type { Run } from '../../engine/run/run.ts';
import { Forks } from './forks.ts';

export type { Interpreter };

const here = path.dirname(fileURLToPath(import.meta.url));
export const scripts = path.join(here, 'scripts');
/** Scripts whose first lines say what must be found in them. */
export const findings = path.join(here, 'findings');
/** What users open first. */
export const examples = path.resolve(here, '../../examples/scripts/python');
export const packages = path.resolve(here, '../../engine/torch');
const inject = path.join(packages, 'gradlens', 'inject');

const named = (process.env.TORCH_PYTHON ?? 'python3').split(path.delimiter).filter((name) => name !== '');
const found = await Promise.all(named.map((name) => findInterpreter(name).catch(() => null)));
/** Those that TORCH_PYTHON names, separated as in PATH; else `python3`, if it has torch. */
export const interpreters: readonly Interpreter[] = found.filter((python) => python !== null);

if (interpreters.length === 0) {
  console.warn('SKIPPED: no Python with torch was found; name one in TORCH_PYTHON to have the observer tested.');
}

/** Python's own words, as far as they matter here. */
export interface Outcome {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface Watched extends Outcome {
  readonly run: Run;
  readonly log: string;
}

export interface How {
  readonly args?: readonly string[];
  /** Percent; 100 measures every step. */
  readonly budget?: number;
  readonly options?: object;
  readonly env?: Readonly<Record<string, string>>;
  readonly before?: readonly string[];
  /** Within the scripts; theirs if none is named. */
  readonly folder?: string;
  readonly onOutput?: (text: string, pid: number) => void;
  /**
   * Where it doesn't matter how Python starts and how it shows tracebacks: in a fork of a process that has torch already.
   * Importing it takes longer than most scripts.
   */
  readonly forked?: boolean;
}

/** One thread: several run at once, and results don't depend on how many cores there are. */
const plainly = {
  OMP_NUM_THREADS: '1',
  PYTHONWARNINGS: 'ignore',
  PYTHONDONTWRITEBYTECODE: '1',
  GRADLENS: '',
  PYTHONPATH: '',
};

/** Two at once: that many cores are common. */
const turns = [Promise.resolve<unknown>(null), Promise.resolve<unknown>(null)];
let turn = 0;

export function runPython(python: Interpreter, script: string, how: How = {}): Promise<Outcome> {
  const lane = turn++ % turns.length;
  const outcome = turns[lane].then(
    async () => (how.forked && (await runForked(python, script, how))) || runAtOnce(python, script, how),
  );
  turns[lane] = outcome.catch(() => {});
  return outcome;
}

/** Without waiting for a turn: for processes that need each other. */
export function runAtOnce(
  python: Interpreter,
  script: string,
  { args = [], env, before = [], folder = '', onOutput }: How = {},
): Promise<Outcome> {
  return new Promise<Outcome>((resolve, reject) => {
    const cwd = path.join(scripts, folder);
    // `-m package.module` is no file
    const file = before.at(-1) === '-m' ? script : path.resolve(cwd, script);
    const child = spawn(python.path, [...before, file, ...args], {
      cwd,
      env: { ...process.env, ...plainly, ...env },
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      onOutput?.(stdout, child.pid ?? 0);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ stdout, stderr, code, signal }));
  });
}

const forks = new Map<string, Forks>();

/** Null where there can be no forks. */
async function runForked({ path: python }: Interpreter, script: string, how: How): Promise<Outcome | null> {
  let own = forks.get(python);
  if (!own) {
    own = new Forks(python, plainly, folder);
    forks.set(python, own);
    process.once('exit', () => own?.close());
  }
  const cwd = path.join(scripts, how.folder ?? '');
  const environment = { ...process.env, ...plainly, ...how.env };
  return own.run({ script: path.resolve(cwd, script), arguments: how.args ?? [], cwd, environment });
}

/** Where ranks can meet. */
export const freePort = () =>
  new Promise<number>((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });

/** The variables that make a Python process write a run log. */
export const watching = (log: string, budget = 5, options: object = {}) => ({
  GRADLENS: '1',
  GRADLENS_DEBUG: '1',
  GRADLENS_LOG: log,
  GRADLENS_OPTIONS: JSON.stringify({ budget, ...options }),
  PYTHONPATH: inject,
});

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'gradlens-torch-'));
process.once('exit', () => fs.rmSync(folder, { recursive: true, force: true }));
let logs = 0;
export const newLog = () => path.join(folder, `${logs++}.gradlens`);

/** Runs a script under the observer, and reads what it wrote. */
export async function watch(python: Interpreter, script: string, how: How = {}): Promise<Watched> {
  const log = newLog();
  const env = { ...watching(log, how.budget, how.options), ...how.env };
  const outcome = await runPython(python, script, { ...how, env });
  if (!fs.existsSync(log)) throw new Error(`no run log was written\n${outcome.stdout}\n${outcome.stderr}`);
  const { run } = await readLog(log);
  return { ...outcome, run, log };
}
