import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { diagnose } from '../../engine/diagnose/diagnose.ts';
import { listen } from '../../engine/host/link.ts';
import { injectFolder } from '../../engine/host/python/environment.ts';
import { readLog } from '../../engine/host/readLog.ts';
import { report } from '../../engine/host/report.ts';
import type { Frame } from '../../engine/run/frame.ts';
import { describeTorch } from './pythons.ts';
import { EXAMPLES, folder, isAlive, isStep, launch, placeOf, runFile, write } from './scripts.ts';

const PYTHON = path.join(EXAMPLES, 'python');

const TRAINING = `import torch
from torch import nn
import pathlib
model = nn.Linear(4, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
x = torch.randn(8, 4)
while True:
    optimizer.zero_grad()
    loss = model(x).square().mean()
    loss.backward()
    optimizer.step()
`;

describeTorch('Python scripts, by the same surface as the embedded engine’s', ({ path: interpreter }) => {
  const start = (text: string, ...args: string[]) =>
    launch(write({ 'train.py': text }), { python: { interpreter }, arguments: args });
  const run = async (text: string, ...args: string[]) => {
    const watched = await start(text, ...args);
    await watched.live.ended;
    return watched;
  };

  test('backprop.py: the gradient of w is −24, on its line', async () => {
    const { run } = await runFile(path.join(PYTHON, 'backprop.py'), { python: { interpreter } });
    expect(run.end).toMatchObject({ ended: 'completed' });
    expect(run.start).toMatchObject({ engine: 'torch' });
    const [w] = run.parameters;
    expect(w.name).toBe('w');
    expect(placeOf(w.site)).toMatch(/^backprop\.py:5:/);
    expect(run.latestParameter(w.id)('gradientMean')).toBe(-24);
    expect(report(run, [], PYTHON)).toMatchObject({ schema: 1, script: 'backprop.py', engine: 'torch', steps: 1 });
  });

  test('a script that never trains has completed, too', async () => {
    const { run: told } = await run('print("hello")\n');
    expect(told.end).toMatchObject({ ended: 'completed' });
    expect(told.start).toMatchObject({ engine: 'torch' });
    expect([...told.sources.values()]).toEqual(['print("hello")\n']);
  });

  describe('what fails, and where', () => {
    test.each([
      ['a syntax error', 'import torch\nx = 1\ny = = 2\n', 'SyntaxError', /^train\.py:3:/],
      [
        'an exception',
        'import torch\ndef f(x):\n    raise ValueError("no " + x)\nf("way")\n',
        'ValueError',
        /^train\.py:3:/,
      ],
      ['torch’s own', 'import torch\na = torch.ones(2, 3)\n\na @ a\n', 'RuntimeError', /^train\.py:4:/],
    ])('%s', async (_what, text, name, place) => {
      const { run: told } = await run(text);
      expect(told.end).toMatchObject({ ended: 'failed' });
      expect(told.error?.name).toBe(name);
      expect(placeOf(told.error?.site)).toMatch(place);
    });

    test('before torch is imported', async () => {
      const { run: told } = await run('import no_such_module\nimport torch\n');
      expect(told.end?.ended).toBe('failed');
      expect(told.error?.message).toContain('no_such_module');
    });

    test('an exit code', async () => {
      const { run: told } = await run('import torch, sys\nsys.exit(3)\n');
      expect(told.end).toMatchObject({ ended: 'failed', exitCode: 3 });
    });
  });

  test('arguments and environment', async () => {
    const script = write({
      'train.py':
        'import os, pathlib, sys\npathlib.Path("said").write_text(" ".join(sys.argv[1:] + [os.environ["LR"]]))\n',
    });
    await runFile(script, { arguments: ['--a', 'b c'], python: { interpreter, environment: { LR: '0.1' } } });
    expect(fs.readFileSync(path.join(path.dirname(script), 'said'), 'utf8')).toBe('--a b c 0.1');
  });

  test('a PYTHONPATH of the user’s is kept, behind ours', async () => {
    const PYTHONPATH = folder();
    fs.writeFileSync(path.join(PYTHONPATH, 'mine.py'), 'answer = 42\n');
    const script = write({
      'train.py':
        'import mine, torch\nw = torch.tensor([2.0], requires_grad=True)\n(w * mine.answer).sum().backward()\n',
    });
    const { run: told } = await runFile(script, { python: { interpreter, environment: { PYTHONPATH } } });
    expect(told.error).toBeNull();
    expect(told.latestParameter(0)('gradientMean')).toBe(42);
  });

  test('started by hand in a window, its log is kept in the window’s folder', async () => {
    const link = await listen();
    const logs = folder();
    const script = write({
      'train.py': 'import torch\nw = torch.tensor([2.0], requires_grad=True)\n(w * w).sum().backward()\n',
    });
    const frames: Frame[] = [];
    link.open((connection) => {
      connection.onFrames = (more) => frames.push(...more);
    });
    await new Promise((resolve) => {
      const environment = {
        GRADLENS: '1',
        PYTHONPATH: injectFolder(),
        GRADLENS_WINDOW_LINK: `127.0.0.1:${link.port}`,
        GRADLENS_WINDOW_TOKEN: link.token,
        GRADLENS_WINDOW_LOG: `${logs}/`,
      };
      execFile(interpreter, [script], { env: { ...process.env, ...environment } }, resolve);
    });
    link.close();
    const [name] = fs.readdirSync(logs);
    expect(name).toMatch(/^train-\d{4}-\d\d-\d\dT\d{6}-\d+\.gradlens$/);
    expect(frames[0]).toMatchObject({ kind: 'start', log: path.join(logs, name) });
    expect((await readLog(path.join(logs, name))).run).toMatchObject({ stepCount: 1, end: { ended: 'completed' } });
  });

  test('what a run is launched with outweighs what the terminal says', async () => {
    const environment = {
      GRADLENS_WINDOW_LINK: '127.0.0.1:9',
      GRADLENS_WINDOW_TOKEN: 'x',
      GRADLENS_WINDOW_OPTIONS: '{}',
      GRADLENS_WINDOW_LOG: `${folder()}/`,
    };
    const { run: told } = await runFile(path.join(PYTHON, 'backprop.py'), { python: { interpreter, environment } });
    expect(told.stepCount).toBe(1);
    expect(fs.readdirSync(environment.GRADLENS_WINDOW_LOG)).toEqual([]);
  });

  test('pause, resume, stop', async () => {
    const watched = await start(TRAINING);
    await watched.until(isStep(3));
    watched.live.pause();
    await watched.until((frame) => frame.kind === 'phase' && frame.state === 'paused');
    expect(watched.run.paused?.site?.line).toBeGreaterThanOrEqual(8);
    const { step } = watched.run.paused!;
    watched.live.resume();
    await watched.until((frame) => frame.kind === 'step' && frame.step > step);
    await watched.live.stop();
    expect(watched.run.end).toMatchObject({ ended: 'stopped' });
    expect(watched.run.error).toBeNull();
    expect(isAlive(watched.run.start!.pid)).toBe(false);
  });

  test('stopped while paused', async () => {
    const watched = await start(TRAINING);
    await watched.until(isStep(1));
    watched.live.pause();
    await watched.until((frame) => frame.kind === 'phase');
    await watched.live.stop();
    expect(watched.run.end).toMatchObject({ ended: 'stopped' });
    expect(isAlive(watched.run.start!.pid)).toBe(false);
  });

  test.each([
    ['an endless loop of Python’s', 'while True:\n    pass\n'],
    ['a script that waits', 'import time\ntime.sleep(1e6)\n'],
    [
      'one that hears no interrupt',
      'import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True:\n    pass\n',
    ],
  ])('stop: %s', async (_what, rest) => {
    const watched = await start(`${TRAINING.replace('while True', 'for i in range(3)')}${rest}`);
    await watched.until(isStep(1));
    await watched.live.stop();
    expect(watched.run.end).toMatchObject({ ended: 'stopped' });
    expect(watched.run.error).toBeNull();
    expect(isAlive(watched.run.start!.pid)).toBe(false);
  });

  test('stop, before torch is imported', async () => {
    const watched = await start('while True:\n    pass\n');
    await watched.live.stop();
    expect(watched.run.end).toMatchObject({ ended: 'stopped' });
  });
});

describeTorch('two ranks under torchrun', ({ path: interpreter, torch }) => {
  // Debian's torchrun 1.13 fails on Python 3.11 unless it is told where output goes.
  const redirects = torch.startsWith('1.13') ? ['--redirects=2', '--tee=2'] : [];

  test('pause together, whoever waits for whom, are stepped together, and each can be asked', async () => {
    const file = path.join(PYTHON, 'digits_ddp.py');
    const text = fs.readFileSync(file, 'utf8').replace('range(4)', 'range(100000)').replace('parents[2]', 'parents[0]');
    const script = write({ 'ddp.py': text });
    fs.cpSync(path.join(PYTHON, '../../data'), path.join(path.dirname(script), 'data'), { recursive: true });
    const torchrun = ['--nproc_per_node=2', ...redirects];
    const watched = await launch(script, { python: { interpreter, torchrun } });
    const { live, run } = watched;
    await watched.until(isStep(3));
    const both = () =>
      [run, run.ranks.get(1)].map((rank) => rank?.paused && `${rank.paused.step} ${rank.paused.phase}`);
    const together = () => both()[0] && both()[0] === both()[1];
    for (let i = 0; i < 4; i++) {
      live.pause();
      await expect.poll(together).toBeTruthy();
      if (i < 3) live.resume();
      if (i < 3) await expect.poll(() => both().every((at) => !at)).toBe(true);
    }
    for (const until of ['phase', 'phase', 'phase', 'step'] as const) {
      const [before] = both();
      live.step(until);
      await expect.poll(() => both()[0] !== before && together()).toBeTruthy();
    }
    const weight = { of: 'weight', id: 0, start: [], count: [] } as const;
    const [own, other] = [await live.inspect(weight, 0), await live.inspect(weight, 1)];
    expect(own.problem).toBeNull();
    expect(other.values).toEqual(own.values); // data-parallel: the same weights on all ranks
    await live.stop();
    expect(run.end).toMatchObject({ ended: 'stopped' });
  });

  test('are one run, and the one that disagrees is named', async () => {
    const { run } = await runFile(path.join(PYTHON, 'digits_ddp.py'), {
      python: { interpreter, torchrun: ['--nproc_per_node=2', ...redirects] },
    });
    expect(run.end).toMatchObject({ ended: 'completed' });
    expect(run.start).toMatchObject({ rank: 0, worldSize: 2 });
    expect([...run.ranks.keys()]).toEqual([1]);
    const found = diagnose(run).find(({ id }) => id === 'rank-disagreement');
    expect(found).toMatchObject({ layers: ['0'], cause: 'different-data' });
    expect(found?.evidence).toMatch(/ on rank 1 and of .* on rank 0: .* times larger/);
    expect(placeOf(found?.site)).toMatch(/^digits_ddp\.py:25:/);
  });
});
