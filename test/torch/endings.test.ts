import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { interpreters, newLog, type Outcome, packages, runPython, watch } from './python.ts';

/** How a script ends, and what its run says of it. */
const endings: { readonly [how: string]: object } = {
  forward: { end: { ended: 'failed', exitCode: 1 }, error: { name: 'RuntimeError', site: { line: 29 } } },
  backward: { end: { ended: 'failed' }, error: { name: 'RuntimeError', site: { line: 34 } } },
  caught: { end: { ended: 'completed' }, error: null },
  closure: { end: { ended: 'failed' }, error: { name: 'KeyError', site: { line: 20 } } },
  chain: { end: { ended: 'failed' }, error: { name: 'ValueError', message: 'after it' } },
  exit: { end: { ended: 'failed', exitCode: 3 }, error: null },
  module: { end: { ended: 'failed' }, error: { name: 'TypeError' } },
  interrupt: { end: { ended: 'stopped' }, error: null },
  // nobody can say anything after these: the reader of the log does
  terminate: { end: { ended: 'failed', exitCode: null }, error: null },
  kill: { end: { ended: 'failed', exitCode: null }, error: null },
};

/** These show no traceback that begins where Python does. */
const UNTRACED = new Set(['caught', 'exit', 'terminate', 'kill', 'never']);

describe.skipIf(interpreters.length === 0).each(interpreters)('torch $torch', (python) => {
  const unwatched = new Map<string, Promise<Outcome>>();
  const plainly = (how: string) => {
    const outcome = unwatched.get(how) ?? runPython(python, 'fails.py', { args: [how], forked: UNTRACED.has(how) });
    unwatched.set(how, outcome);
    return outcome;
  };

  test.concurrent.each(Object.keys(endings))('%s: ends as it would unwatched', async (how) => {
    const [plain, watched] = await Promise.all([plainly(how), watch(python, 'fails.py', { args: [how] })]);
    const { run, log: _, ...outcome } = watched;
    expect(outcome).toEqual(plain);
    expect(run).toMatchObject(endings[how]);
    expect(run.stepCount).toBeGreaterThanOrEqual(how === 'kill' || how === 'terminate' ? 4 : 5);
  });

  test.concurrent.each(['forward', 'chain', 'interrupt', 'exit', 'never'])(
    'python -m gradlens, %s: ends as it would unwatched',
    async (how) => {
      const log = newLog();
      const env = { GRADLENS_LOG: log, PYTHONPATH: packages };
      const [plain, watched] = await Promise.all([
        plainly(how),
        runPython(python, 'fails.py', { args: [how], env, before: ['-m', 'gradlens'] }),
      ]);
      expect(watched).toEqual(plain);
      expect(fs.statSync(log).size).toBeGreaterThan(1000);
    },
  );

  test.concurrent('a script that is no Python: as plain Python tells it', async () => {
    const env = { GRADLENS_LOG: newLog(), PYTHONPATH: packages };
    const [plain, injected, module] = [
      await runPython(python, 'misspelt.py'),
      await runPython(python, 'misspelt.py', {
        env: { ...env, GRADLENS: '1', PYTHONPATH: path.join(packages, 'gradlens/inject') },
      }),
      await runPython(python, 'misspelt.py', { env, before: ['-m', 'gradlens'] }),
    ];
    expect([injected, module]).toEqual([plain, plain]);
  });

  test.concurrent('an error of the observer’s own switches it off, with a message', async () => {
    const { run, stdout, stderr, code } = await watch(python, 'fails.py', {
      args: ['broken'],
      budget: 100,
      env: { GRADLENS_DEBUG: '' },
    });
    expect([stdout, code]).toEqual(['trained\n', 0]);
    expect(stderr).toMatch(/^GradLens: no longer watches this run, because of an error of its own: TypeError.*\n$/);
    expect(run.notes.map(({ topic }) => topic)).toEqual(['observer']);
    expect(run.end?.ended).toBe('completed');
  });

  test.concurrent('memory stays flat over 10,000 steps', async () => {
    const { run, stdout } = await watch(python, 'long.py');
    const [early, late] = stdout
      .trim()
      .split('\n')
      .map((line) => line.split(' ').map(Number));
    expect(late[1]).toBe(early[1]); // tensors
    expect(late[0] - early[0]).toBeLessThan(300); // objects
    expect(late[2] - early[2]).toBeLessThan(6 * 1024); // kB of memory at the most
    expect(run.stepCount).toBeGreaterThanOrEqual(10_000);
    expect(run.parameters.length).toBeLessThan(10);
    // one made anew in a loop is one
    expect([...run.optimizers.values()].map(({ site }) => site?.line)).toEqual([11, 27]);
    expect(run.evaluations.length).toBeGreaterThan(10);
  });
});
