import { spawn } from 'node:child_process';
import module from 'node:module';
import { fileURLToPath } from 'node:url';
import { whereIsItBusy } from './busy.ts';
import { compileCacheEnvironment } from './compileCache.ts';
import { entry } from './entry.ts';
import { type ChildOptions, OPTIONS_VARIABLE } from './messages.ts';
import { goneOf } from './spawned.ts';
import type { TrainingProcess } from './training.ts';

/** Why this Node can't run scripts; null if it can. */
export function nodeProblem(): string | null {
  if (typeof module.registerHooks === 'function') return null;
  return `GradLens needs Node 22.15 or newer; this is ${process.version}.`;
}

/** The engine can stop between any two operations. */
const GRACE = 600;
/** How long Node may take to say why it died, in milliseconds; a process left behind by the script may hold it back. */
const PATIENCE = 1000;

/** Starts the embedded engine on a script. @throws if this Node can't. */
export function startEmbedded(options: ChildOptions, cwd: string): TrainingProcess {
  const problem = nodeProblem();
  if (problem) throw new Error(problem);
  // An inspector isn't opened by this, only given a port of its own should a hung script have to be asked where it is.
  const child = spawn(
    process.execPath,
    ['--inspect-port=127.0.0.1:0', '--disable-warning=ExperimentalWarning', fileURLToPath(entry('child'))],
    {
      cwd,
      env: {
        ...process.env,
        ...compileCacheEnvironment(),
        [OPTIONS_VARIABLE]: JSON.stringify(options),
        ELECTRON_RUN_AS_NODE: '1',
        NODE_OPTIONS: '',
      },
      stdio: ['ignore', 'ignore', 'pipe'],
      windowsHide: true,
    },
  );
  let stderr = '';
  const closed = new Promise((resolve) => child.stderr?.once('close', resolve));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-8192);
  });
  return {
    gone: goneOf(child),
    grace: GRACE,
    interrupt: () => whereIsItBusy(child, options.script),
    kill: () => void child.kill('SIGKILL'),
    async lastWord({ how }) {
      await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, PATIENCE))]);
      const why = /heap out of memory|Allocation failed/.test(stderr) ? ' It ran out of memory.' : '';
      const message = `The training process ${how}.${why}`;
      return { introduction: [], error: { kind: 'error', name: 'Error', message, stack: stderr || null, site: null } };
    },
  };
}
