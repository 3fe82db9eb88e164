import { expect, onTestFinished, test } from 'vitest';
import { Forks } from '../../engine/host/python/forks.ts';
import { describeTorch } from './pythons.ts';
import { isAlive, runFile, write } from './scripts.ts';

/** Says in its error what it was started as. */
const TELLS = `import os
import sys
import torch

here = os.path.dirname(os.path.realpath(__file__))
told = [os.getppid(), sys.argv[1:], os.getcwd() == here == sys.path[0], __name__, "gradlens" in os.environ.get("PYTHONPATH", "")]
raise RuntimeError(repr(told))
`;

const TRAINS = `import torch
from torch import nn

torch.manual_seed(3)
model = nn.Linear(4, 1)
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
x = torch.randn(8, 4)
for step in range(20):
    optimizer.zero_grad()
    loss = model(x).square().mean()
    loss.backward()
    optimizer.step()
`;

describeTorch('scripts as forks of a process that has torch', ({ path: interpreter }) => {
  const forked = async () => {
    const forks = new Forks();
    onTestFinished(() => forks.close());
    const run = async (text: string, ...args: string[]) =>
      (
        await runFile(write({ 'train.py': text }), {
          arguments: args,
          seed: 5,
          python: { interpreter, start: forks.start },
        })
      ).run;
    return { forks, run };
  };

  test('see what they would see of any other start, and fail as they would', async () => {
    const { forks, run } = await forked();
    const plain = (await runFile(write({ 'train.py': TELLS }), { arguments: ['--a', 'b'], python: { interpreter } }))
      .run;
    const said = [await run(TELLS, '--a', 'b'), await run(TELLS, '--a', 'b')];
    const rest = ({ error }: typeof plain) => error?.message.replace(/^\[\d+, /, '');
    const parent = ({ error }: typeof plain) => Number(/\d+/.exec(error?.message ?? '')?.[0]);
    for (const one of said) {
      expect(rest(one)).toBe(rest(plain));
      expect({ ...one.error, message: '', stack: '' }).toEqual({
        ...plain.error,
        message: '',
        stack: '',
        site: { ...plain.error?.site, file: one.error?.site?.file },
      });
      expect(one.error?.stack?.match(/File "/g)).toHaveLength(1);
      expect(one.end).toMatchObject({ ended: 'failed', exitCode: 1 });
    }
    expect(rest(plain)).toBe("['--a', 'b'], True, '__main__', True]");
    // one process has them all, where forks are safe
    const [first, second] = said.map(parent);
    expect(first).toBe(second);
    if (process.platform === 'linux') expect(first).not.toBe(process.pid);
    await forks.close();
    if (first !== process.pid) expect(isAlive(first)).toBe(false);
  });

  test('train to the same numbers', async () => {
    const { run } = await forked();
    const plain = (await runFile(write({ 'train.py': TRAINS }), { seed: 5, python: { interpreter } })).run;
    await run(TELLS); // what one script did is nothing to the next
    const one = await run(TRAINS);
    expect(one.history.steps.map(({ loss }) => loss)).toEqual(plain.history.steps.map(({ loss }) => loss));
    expect(one.stepCount).toBe(20);
    expect(one.end).toMatchObject({ ended: 'completed' });
  });

  test('what says nothing is explained: a syntax error, a kill; the next one runs', async () => {
    const { run } = await forked();
    expect((await run('x = = 1\n')).error).toMatchObject({ name: 'SyntaxError', site: { line: 1 } });
    const killed = await run('import os, signal\nos.kill(os.getpid(), signal.SIGKILL)\n');
    expect(killed.error?.message).toBe('train.py was killed by SIGKILL.');
    expect((await run(TRAINS)).stepCount).toBe(20);
  });

  test('when the process that waits is killed, scripts are started as any others', async () => {
    const { run } = await forked();
    const parent = Number(/\d+/.exec((await run(TELLS)).error?.message ?? '')?.[0]);
    if (parent !== process.pid) process.kill(parent, 'SIGKILL');
    await expect.poll(() => parent === process.pid || !isAlive(parent)).toBe(true);
    expect((await run(TRAINS)).stepCount).toBe(20);
  });
});
