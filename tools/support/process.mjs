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

/** npm and its kin are .cmd files on Windows. */
const needsShell = (command) => windows && !path.isAbsolute(command);

/** Runs a program to its end and gives its exit status (1 if a signal ended it). */
export function run(command, args, options = {}) {
  const child = spawn(command, args, {
    cwd: root,
    env: toolEnvironment(),
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: needsShell(command),
    ...options,
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  });
}

/** The same without showing what it prints: gives that, too. */
export function capture(command, args, options = {}) {
  const child = spawn(command, args, {
    cwd: root,
    env: toolEnvironment(),
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: needsShell(command),
    ...options,
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ status: code ?? 1, output }));
  });
}

/** Runs one of the project's own tools with its own Node. */
export const runTool = (script, args = [], options = {}) => run(projectNode(), [inRoot(script), ...args], options);

export const isProjectNode = () => fs.realpathSync(projectNode()) === fs.realpathSync(process.execPath);

/** `node tools/x.mjs` was started by some other Node: starts it again by the project's, with everything as it was. */
export const rerunOnProjectNode = () => run(projectNode(), process.argv.slice(1), { stdio: 'inherit' });

/**
 * Ctrl-C and its kin, and the end of whoever started it, end this process by `process.exit`, whose handlers then end
 * what it started in turn.
 */
export function exitWhenAsked() {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(1));
  const parent = process.ppid;
  setInterval(() => process.ppid === parent || process.exit(1), 1000).unref();
}
