import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Link } from '../link.ts';

/** What the observer is told beside where to send its frames. */
export interface ObserverOptions {
  /** Overrides the script's own seed. */
  readonly seed: number | null;
  /** Stop after so many steps. */
  readonly steps: number | null;
  /** Share of training time that watching may take, in percent. */
  readonly budget: number;
  /** Absolute path of the script that is meant; null if any is. */
  readonly script: string | null;
  readonly cwd: string | null;
  /** True if the training must not outlive whoever watches it. */
  readonly owned: boolean;
}

/** The folder with the Python package. */
export function packageFolder(): string {
  // beside this folder when running from source; the build lies in dist/engine, the package's own files at its root
  const relative = import.meta.url.endsWith('.ts') ? '../../torch' : '../../engine/torch';
  return path.normalize(fileURLToPath(new URL(relative, import.meta.url)));
}

/** The folder that Python gets on its path: it arms the observer in every Python process started below. */
export const injectFolder = (): string => path.join(packageFolder(), 'gradlens', 'inject');

/** PYTHONPATH with a folder before all else; an empty entry would mean the current folder. */
export function pythonPathWith(folder: string, given = process.env.PYTHONPATH): string {
  return given ? `${folder}${path.delimiter}${given}` : folder;
}

/** The variables that make a Python process report here. `pythonPath`: what its user wants on the path. */
export function observerEnvironment(
  link: Pick<Link, 'port' | 'token'> | null,
  log: string | null,
  options: ObserverOptions | null,
  pythonPath = process.env.PYTHONPATH,
): Record<string, string> {
  return {
    PYTHONPATH: pythonPathWith(injectFolder(), pythonPath),
    GRADLENS: '1',
    ...(link && { GRADLENS_LINK: `127.0.0.1:${link.port}`, GRADLENS_TOKEN: link.token }),
    ...(log && { GRADLENS_LOG: log }),
    ...(options && { GRADLENS_OPTIONS: JSON.stringify(options) }),
  };
}
