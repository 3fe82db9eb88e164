// Starts and stops a real VS Code server on the loopback address, with data folders of its own.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { capture, projectNode } from '../support/process.mjs';
import { installVsCode } from './install.mjs';
import { freePort } from './port.mjs';

/**
 * `development` lets a page load an extension from its source folder, and its tests (VS Code then shows no toasts).
 * `vsix` is installed first, and folders of `extensions` beside it (a page can load only one from its source). `trustEverything` leaves out workspace trust, whose question covers the window.
 * @param {{ port?: number, settings: object, vsix?: string, folder?: string, development?: boolean,
 *   extensions?: string[], trustEverything?: boolean, env?: Record<string, string> }} options
 */
export async function startServer({
  port,
  settings,
  vsix,
  folder,
  extensions = [],
  development = false,
  trustEverything = false,
  env = {},
}) {
  const server = await installVsCode();
  port ??= await freePort();
  // sockets are made in here, and their paths may have at most 107 bytes: so not below a deep TMPDIR
  const home = fs.mkdtempSync(path.join(os.tmpdir(), 'glvs-'));
  try {
    const places = makePlaces(home);
    writeSettings(home, settings);
    for (const from of extensions)
      fs.cpSync(from, path.join(home, 'extensions', path.basename(from)), { recursive: true });
    const entry = path.join(server, 'out/server-main.js');
    if (vsix) await installExtension(entry, vsix, places);
    const args = [entry, '--host=127.0.0.1', `--port=${port}`, '--without-connection-token', ...places];
    args.push(
      '--accept-server-license-terms',
      '--disable-telemetry',
      '--disable-experiments',
      '--force-disable-user-env',
    );
    if (folder) args.push(`--default-folder=${folder}`);
    if (development) args.push('--enable-smoke-test-driver');
    if (trustEverything) args.push('--disable-workspace-trust');
    return await launch(args, { port, home, env });
  } catch (error) {
    fs.rmSync(home, { recursive: true, force: true });
    throw error;
  }
}

function makePlaces(home) {
  for (const name of ['data/Machine', 'data/User', 'extensions', 'tmp']) {
    fs.mkdirSync(path.join(home, name), { recursive: true });
  }
  return [`--server-data-dir=${home}`, `--user-data-dir=${home}/data`, `--extensions-dir=${home}/extensions`];
}

/** In this build a user's settings, too, are files of the server, which it watches. */
function writeSettings(home, settings) {
  for (const scope of ['Machine', 'User']) {
    fs.writeFileSync(path.join(home, 'data', scope, 'settings.json'), JSON.stringify(settings));
  }
}

async function installExtension(entry, vsix, places) {
  const args = [entry, '--accept-server-license-terms', ...places, '--install-extension', vsix];
  const { status, output } = await capture(projectNode(), args, { env: cleanEnvironment({}) });
  if (status !== 0) throw new Error(`VS Code does not accept ${vsix}:\n${output}`);
}

/** What a surrounding VS Code put into the environment would lead this one astray. */
function cleanEnvironment(extra) {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('VSCODE_'));
  return { ...Object.fromEntries(inherited), ...extra };
}

async function launch(args, { port, home, env }) {
  const environment = cleanEnvironment({
    TMPDIR: path.join(home, 'tmp'),
    XDG_CONFIG_HOME: path.join(home, 'config'),
    XDG_DATA_HOME: path.join(home, 'share'),
    ...env,
  });
  // detached: it leads a process group, so that extension hosts and tsserver end with it
  const child = spawn(projectNode(), args, { env: environment, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (output += data));

  const kill = (signal) => {
    try {
      process.kill(-child.pid, signal);
    } catch {
      // gone already
    }
  };
  const clean = () => {
    kill('SIGKILL');
    fs.rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  };
  process.once('exit', clean);
  const stop = async () => {
    kill('SIGTERM');
    await Promise.race([ended, sleep(5_000, null, { ref: false })]);
    process.off('exit', clean);
    clean();
  };
  const url = `http://127.0.0.1:${port}`;
  const changeSettings = (settings) => writeSettings(home, settings);
  const server = { url, stop, ended, changeSettings, output: () => output };
  try {
    await untilItAnswers(server);
  } catch (error) {
    await stop();
    throw error;
  }
  return server;
}

async function untilItAnswers({ url, ended, output }) {
  let running = true;
  ended.then(() => (running = false));
  for (const end = Date.now() + 60_000; Date.now() < end; await sleep(100)) {
    if (!running) throw new Error(`VS Code's server ended at once:\n${output().slice(-3000)}`);
    const answer = await fetch(`${url}/version`).catch(() => null);
    if (answer?.ok) return;
  }
  throw new Error(`VS Code's server does not answer:\n${output().slice(-3000)}`);
}
