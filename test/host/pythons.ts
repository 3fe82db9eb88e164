import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { describe } from 'vitest';

/** A Python with torch, to test with. */
export interface TestPython {
  readonly path: string;
  readonly torch: string;
}

/**
 * The interpreters that TORCH_PYTHON names (several are separated as on PATH), or else `python3` if it has torch.
 */
export const pythons: readonly TestPython[] = (process.env.TORCH_PYTHON ?? 'python3')
  .split(path.delimiter)
  .flatMap((command) => {
    const { status, stdout } = spawnSync(command, ['-c', 'import torch; print(torch.__version__)'], {
      encoding: 'utf8',
    });
    if (status === 0) return [{ path: command, torch: stdout.trim() }];
    if (process.env.TORCH_PYTHON) throw new Error(`TORCH_PYTHON names ${command}, which cannot import torch.`);
    return [];
  });

/** Tests with each of them; without any, they are skipped, and say so. */
export function describeTorch(what: string, tests: (python: TestPython) => void): void {
  if (pythons.length === 0) {
    if (process.env.CI) throw new Error('There is no Python with torch: set TORCH_PYTHON to one.');
    describe.skip(`${what} (skipped: python3 has no torch; set TORCH_PYTHON to an interpreter that has)`, () => {
      tests({ path: 'python3', torch: '' });
    });
  }
  for (const python of pythons) describe(`${what}, torch ${python.torch}`, () => tests(python));
}
