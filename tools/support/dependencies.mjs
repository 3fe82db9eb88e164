// `npm ci`, where it is needed. Runs before anything is installed: built-in modules only.
import fs from 'node:fs';
import path from 'node:path';
import { inRoot } from './paths.mjs';
import { run } from './process.mjs';

export async function ensureDependencies() {
  const why = staleness();
  if (!why) return;
  console.log(`Installing the dependencies (${why}; about 30 s) …`);
  const status = await run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    env: environmentWithoutProjectTools(),
  });
  if (status !== 0) {
    throw new Error(`npm ci failed with status ${status}. It needs npm 10 or newer and the npm registry within reach.`);
  }
}

/** Why node_modules has to be made anew, or null. npm writes its own lock file there last, so half an install shows. */
function staleness() {
  const installedLock = inRoot('node_modules/.package-lock.json');
  if (!fs.existsSync(installedLock)) return 'there are none yet';
  const wanted = packages(inRoot('package-lock.json'));
  const installed = packages(installedLock);
  for (const [name, { version, optional }] of Object.entries(wanted)) {
    if (name === '' || (optional && !installed[name])) continue; // what is for other platforms
    if (installed[name]?.version !== version) return `${name.replace(/^node_modules\//, '')} is not at ${version}`;
    if (!fs.existsSync(inRoot(name))) return `${name} is gone`;
  }
  return null;
}

const packages = (file) => JSON.parse(fs.readFileSync(file, 'utf8')).packages;

/** npm must not run with the very Node that it is about to delete. */
function environmentWithoutProjectTools() {
  const key = Object.keys(process.env).find((name) => name.toUpperCase() === 'PATH') ?? 'PATH';
  const kept = (process.env[key] ?? '')
    .split(path.delimiter)
    .filter((folder) => folder !== inRoot('node_modules/.bin'));
  return { ...process.env, [key]: kept.join(path.delimiter) };
}
