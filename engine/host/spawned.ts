import type { ChildProcess } from 'node:child_process';
import type { Gone } from './training.ts';

/** How a child process goes, once it has. */
export function goneOf(child: ChildProcess): Promise<Gone> {
  return new Promise((resolve) => {
    child.once('error', ({ message }) => resolve({ how: `could not be started: ${message}`, exitCode: null }));
    child.once('exit', (exitCode, signal) =>
      resolve({ how: signal ? `was killed by ${signal}` : `ended with exit code ${exitCode}`, exitCode }),
    );
  });
}
