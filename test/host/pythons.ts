import { describe } from 'vitest';
import { type Interpreter, interpreters } from '../torch/python.ts';

/** Tests with each Python that has torch; without any they are skipped, and say so. CI sees to it that there is one. */
export function describeTorch(what: string, tests: (python: Interpreter) => void): void {
  if (interpreters.length === 0) {
    if (process.env.CI) throw new Error('There is no Python with torch: name one in TORCH_PYTHON.');
    describe.skip(`${what} (skipped: no Python with torch)`, () => tests({ path: 'python3', version: '', torch: '' }));
  }
  for (const python of interpreters) describe(`${what}, torch ${python.torch}`, () => tests(python));
}
