import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';

const folder = path.dirname(import.meta.dirname);

/** Installs the peers beside the benchmark, if they aren't there. @returns Whether they can be compared with. */
export function installPeers(): boolean {
  if (existsSync(path.join(folder, 'node_modules/js-pytorch'))) return true;
  console.log('Installing tfjs, jax-js and js-pytorch into test/bench/speed …');
  // npm is a script of the shell's on Windows
  const shell = process.platform === 'win32';
  const { status, error } = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], {
    cwd: folder,
    stdio: 'inherit',
    shell,
  });
  if (status === 0) return true;
  console.log(`They can't be installed (${error?.message ?? `npm ended with ${status}`}): going on without them.`);
  return false;
}
