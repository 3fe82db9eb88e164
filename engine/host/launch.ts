import { startEmbedded } from './embedded.ts';
import { listen } from './link.ts';
import { LiveRun } from './liveRun.ts';
import { observerEnvironment } from './python/environment.ts';
import { findInterpreter } from './python/interpreter.ts';
import { pythonProcess, type Start, startChild } from './python/launchPython.ts';
import type { TrainingProcess } from './training.ts';

/** The share of training time that watching may take if nothing else is said, in percent. */
export const DEFAULT_BUDGET = 5;

export interface LaunchOptions {
  /** Absolute path. */
  readonly script: string;
  readonly arguments?: readonly string[];
  readonly cwd: string;
  /** Absolute path of the run log; of the folder of logs where there are several ranks. */
  readonly log?: string;
  readonly steps?: number;
  readonly seed?: number;
  /** Threads to compute with; by default as many as pay, or as torch takes. */
  readonly threads?: number;
  /** Share of training time that watching may take, in percent; 100: everything is measured at every step, however long that takes. */
  readonly budget?: number;
  /** For Python alone. */
  readonly python?: PythonOptions;
}

export interface PythonOptions {
  /** Path of the interpreter, or a name on the path. */
  readonly interpreter?: string;
  /** Arguments of torchrun, which then starts the script: `--nproc_per_node=2`. */
  readonly torchrun?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Runs the command; as a child whose output is dropped if nothing else is said. */
  readonly start?: Start;
}

/** What can be run: by the embedded engine, or by the user's own Python. */
export const SCRIPT_NAME = /\.(?:[mc]?[tj]s|py)$/;
export const isPython = (script: string): boolean => script.endsWith('.py');

/**
 * Runs a script.
 * @throws InterpreterError, or an Error if this Node can't run scripts: see `nodeProblem`.
 */
export async function launch(options: LaunchOptions): Promise<LiveRun> {
  const link = await listen();
  try {
    const live = new LiveRun(await (isPython(options.script) ? startPython : startScript)(options, link));
    link.open((connection) => live.adopt(connection));
    void live.ended.then(() => link.close());
    return live;
  } catch (error) {
    link.close();
    throw error;
  }
}

type Address = { readonly port: number; readonly token: string };

async function startScript(options: LaunchOptions, { port, token }: Address): Promise<TrainingProcess> {
  const {
    script,
    arguments: args = [],
    cwd,
    log = null,
    steps = null,
    seed = null,
    threads = null,
    budget = DEFAULT_BUDGET,
  } = options;
  return startEmbedded({ script, arguments: args, link: { port, token }, log, steps, seed, threads, budget }, cwd);
}

async function startPython(options: LaunchOptions, link: Address): Promise<TrainingProcess> {
  const {
    script,
    arguments: args = [],
    cwd,
    log = null,
    steps = null,
    seed = null,
    threads,
    budget = DEFAULT_BUDGET,
    python = {},
  } = options;
  const { torchrun, environment = {}, start = startChild('dropped') } = python;
  const interpreter = await findInterpreter(python.interpreter);
  const startedAt = Date.now();
  const launcher = torchrun ? ['-m', 'torch.distributed.run', ...torchrun] : [];
  const told = { seed, steps, budget, script, cwd, owned: true };
  const observer = observerEnvironment(link, log, told, environment.PYTHONPATH);
  const started = await start({
    program: interpreter.path,
    arguments: [...launcher, script, ...args],
    cwd,
    environment: { ...environment, ...observer, ...(threads && threadsOf(threads)) },
  });
  return pythonProcess({ script, arguments: args, cwd, interpreter }, started, startedAt);
}

/** What torch and what it computes with ask at their start. https://docs.pytorch.org/docs/stable/threading_environment_variables.html */
const threadsOf = (threads: number) => ({ OMP_NUM_THREADS: String(threads), MKL_NUM_THREADS: String(threads) });
