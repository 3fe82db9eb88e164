import { lstatSync, mkdirSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** Node's variable for the folder where V8 keeps what it has compiled, and Node the JavaScript of a script in TypeScript. */
const VARIABLE = 'NODE_COMPILE_CACHE';
const NAME = 'gradlens-compiled';

/**
 * What to add to a training process's environment, so that it starts with code compiled before: that saves a third of the
 * processor time of a start. The folder lies among temporary files, which the system clears away. Nothing is added where the user has
 * chosen a folder, or where somebody else could write into ours: what lies there is run.
 */
export function compileCacheEnvironment(): Record<string, string> {
  if (process.env[VARIABLE]) return {};
  const user = process.getuid?.() ?? 0;
  const folder = path.join(os.tmpdir(), `${NAME}-${user}`);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const found = lstatSync(folder);
    // Windows has no such bits, and temporary files are each user's own
    const safe = process.platform === 'win32' || (found.uid === user && (found.mode & 0o022) === 0);
    return found.isDirectory() && safe ? { [VARIABLE]: folder } : {};
  } catch {
    return {};
  }
}

/** In the training process: processes that the script starts are none of ours. */
export function forgetCompileCache(): void {
  if (path.basename(process.env[VARIABLE] ?? '').startsWith(NAME)) delete process.env[VARIABLE];
}
