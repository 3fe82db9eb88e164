import { expect, test } from 'vitest';
import { pythonProcess } from '../../engine/host/python/launchPython.ts';
import type { Gone } from '../../engine/host/training.ts';

const interpreter = { path: '/nowhere/python', version: '3.11.0', torch: '2.0' };
const run = { script: '/nowhere/train.py', arguments: [], cwd: '/', interpreter };

/** What is said of a process that said nothing at its end. */
async function lastWord(gone: Gone, spoken: boolean) {
  const started = { pid: 1, gone: Promise.resolve(gone), lastWords: () => '' };
  return (await pythonProcess(run, started, 0).lastWord(gone, spoken)).error?.message ?? null;
}

test('a process that trained and went without a word is not said to have completed, though its terminal says 0', async () => {
  const inTerminal = { how: 'ended with exit code 0', exitCode: 0, orKilled: true };
  expect(await lastWord(inTerminal, true)).toMatch(/^train\.py went without a word: it was killed/);
  expect(await lastWord(inTerminal, false)).toBeNull(); // nothing of torch was of use to it
});

test('whose exit code is known for certain is believed', async () => {
  expect(await lastWord({ how: 'ended with exit code 0', exitCode: 0 }, true)).toBeNull();
  expect(await lastWord({ how: 'was killed by SIGKILL', exitCode: null }, true)).toBe(
    'train.py was killed by SIGKILL.',
  );
  expect(await lastWord({ how: 'ended with exit code 3', exitCode: 3 }, false)).toBe(
    'train.py ended with exit code 3.',
  );
});
