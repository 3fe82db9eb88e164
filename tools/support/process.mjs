import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { inRoot, root } from './paths.mjs';

const windows = process.platform === 'win32';

/** The project's own Node (a development dependency), which the test tools need; the running one before it is installed. */
export function projectNode() {
  const own = inRoot('node_modules/node/bin', windows ? 'node.exe' : 'node');
  return fs.existsSync(own) ? own : process.execPath;
}

/** Environment in which installed tools, and Node 24 among them, are found first. */
export function toolEnvironment(extra = {}) {
  const key = Object.keys(process.env).find((name) => name.toUpperCase() === 'PATH') ?? 'PATH';
  return {
    ...process.env,
    [key]: `${inRoot('node_modules/.bin')}${path.delimiter}${process.env[key] ?? ''}`,
    ...extra,
  };
}

/**
 * Runs a program to its end and gives its exit status (1 if a signal ended it). `onOutput` sees what it prints, which
 * is still printed.
 */
export function run(command, args, { onOutput, ...options } = {}) {
  const child = spawn(command, args, {
    cwd: root,
    env: toolEnvironment(),
    stdio: onOutput ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit'],
    shell: windows && !path.isAbsolute(command), // npm and its kin are .cmd files there
    ...options,
  });
  if (onOutput) {
    for (const [from, to] of [
      [child.stdout, process.stdout],
      [child.stderr, process.stderr],
    ]) {
      from.setEncoding('utf8').on('data', (text) => {
        to.write(text);
        onOutput(text);
      });
    }
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  });
}

/** Runs one of the project's own tools with its own Node. */
export const runTool = (script, args = [], options = {}) => run(projectNode(), [inRoot(script), ...args], options);

export const isProjectNode = () => fs.realpathSync(projectNode()) === fs.realpathSync(process.execPath);

/** `node tools/x.mjs` was started by some other Node: starts it again by the project's, with everything as it was. */
export const rerunOnProjectNode = () => run(projectNode(), process.argv.slice(1), { stdio: 'inherit' });
