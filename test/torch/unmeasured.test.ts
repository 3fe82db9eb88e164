import { describe, expect, test } from 'vitest';
import { interpreters, runPython, watch } from './python.ts';

describe.skipIf(interpreters.length === 0).each(interpreters)('torch $torch', (python) => {
  const plain = runPython(python, 'unusual.py', { forked: true });

  // 0 measures none of them, 5 some, 100 all: each has its own way to tell what a step was
  test.concurrent.each([0, 5, 100])(
    'every step is told once, with its loss and learning rate: budget %d',
    async (budget) => {
      const { run, stdout, stderr } = await watch(python, 'unusual.py', { budget, forked: true });
      expect(stderr).toBe((await plain).stderr);
      expect(stdout).toBe((await plain).stdout);
      expect(run.notes).toEqual([]);
      const told = run.history.steps.map(({ loss, learningRate }) => `step ${loss} ${learningRate}`);
      const printed = [...stdout.matchAll(/^step (\S+) (\S+)$/gm)];
      const numbers = printed.map(([, loss, rate]) => [loss.replace('inf', 'Infinity'), rate.replace('nan', 'NaN')]);
      expect(told).toEqual(numbers.map(([loss, rate]) => `step ${Number(loss)} ${Number(rate)}`));
      expect(run.end?.ended).toBe('completed');
      expect(run.evaluations).toHaveLength(1);
      expect(run.stepsOf(0) > 0).toBe(budget > 0);
    },
  );
});
