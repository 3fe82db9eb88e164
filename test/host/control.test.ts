import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { isAlive, isStep, placeOf, run, start, write } from './scripts.ts';

const TRAINING = `import fs from 'node:fs';
import { manualSeed, nn, optim, randn } from 'gradlens';
manualSeed(1);
const [, , counter, steps] = process.argv;
const model = new nn.Sequential(new nn.Linear(4, 8), new nn.Tanh(), new nn.Linear(8, 1));
const optimizer = new optim.SGD(model.parameters(), { lr: 0.1 });
const x = randn([16, 4]);
for (let i = 0; i < Number(steps); i++) {
  optimizer.zeroGrad();
  const loss = model(x).square().mean();
  loss.backward();
  optimizer.step();
  fs.writeFileSync(counter, String(i));
}
`;

/** Ticks of the processor that the threads of a process have used, by thread. */
const ticks = (pid: number) =>
  fs.readdirSync(`/proc/${pid}/task`).map((id) => {
    const fields = fs
      .readFileSync(`/proc/${pid}/task/${id}/stat`, 'utf8')
      .replace(/^.*\) /, '')
      .split(' ');
    return { id, state: fields[0], used: Number(fields[11]) + Number(fields[12]) };
  });

describe('pause', () => {
  test('nothing is computed while paused; resumed, it comes to the same losses', async () => {
    const script = write(TRAINING);
    const counter = path.join(path.dirname(script), 'counter');
    const options = { arguments: [counter, '300'] };
    const { launch, runFile } = await import('./scripts.ts');
    const straight = await runFile(script, options);
    expect(straight.losses).toHaveLength(300);

    const watched = await launch(script, options);
    await watched.until(isStep(5));
    watched.live.pause();
    const paused = await watched.until((frame) => frame.kind === 'phase');
    expect(paused).toMatchObject({ state: 'paused' });
    expect(watched.run.paused).toBe(paused);
    const { pid } = watched.run.start!;
    const reached = fs.readFileSync(counter, 'utf8');
    const told = watched.frames.length;
    if (process.platform === 'linux') {
      // The training thread waits, and has used no time while another process ran a whole script.
      const training = () => ticks(pid).find(({ id }) => id === String(pid))!;
      await expect.poll(() => training().state).toBe('S');
      const before = training().used;
      await runFile(write("console.log('meanwhile');\n"));
      expect(training().used).toBe(before);
    }
    expect(fs.readFileSync(counter, 'utf8')).toBe(reached);
    expect(watched.frames).toHaveLength(told);

    watched.live.resume();
    await watched.live.ended;
    expect(watched.run.end?.ended).toBe('completed');
    expect(watched.all('phase').map(({ state }) => state)).toEqual(['paused', 'resumed']);
    expect(watched.run.paused).toBeNull();
    expect(watched.losses).toEqual(straight.losses);
  });

  test('every phase can be paused at, again and again', async () => {
    const script = write(TRAINING);
    const { launch } = await import('./scripts.ts');
    const watched = await launch(script, { arguments: [path.join(path.dirname(script), 'counter'), '100000'] });
    await watched.until(isStep(2));
    for (let i = 1; i <= 6; i++) {
      watched.live.pause();
      await watched.until(() => watched.all('phase').filter(({ state }) => state === 'paused').length === i);
      watched.live.resume();
      await watched.until(() => watched.all('phase').filter(({ state }) => state === 'resumed').length === i);
    }
    const lines = { forward: 10, backward: 11, update: 12 };
    for (const { phase, site } of watched.all('phase')) expect(site?.line).toBe(lines[phase]);
    await watched.live.stop();
    expect(watched.run.end?.ended).toBe('stopped');
  });

  test('time stands still', async () => {
    const script = write(TRAINING);
    const { launch, runFile } = await import('./scripts.ts');
    const watched = await launch(script, { arguments: [path.join(path.dirname(script), 'counter'), '100000'] });
    await watched.until(isStep(2));
    watched.live.pause();
    await watched.until((frame) => frame.kind === 'phase');
    const before = watched.run.seconds;
    const began = performance.now();
    await runFile(write('console.log(1);\n'));
    const meanwhile = (performance.now() - began) / 1000;
    watched.live.resume();
    const { step } = watched.all('phase')[0];
    await watched.until(isStep(step));
    const after = watched.all('step').find((frame) => frame.step === step)!.time;
    expect(after - before).toBeLessThan(meanwhile);
    await watched.live.stop();
  });
});

describe('stop', () => {
  test('gently, between two operations', async () => {
    const watched = await start(`import { nn, randn } from 'gradlens';
const layer = new nn.Linear(4, 4);
for (;;) layer(randn([4])).sum().backward();
`);
    await watched.until((frame) => frame.kind === 'operation');
    await watched.live.stop();
    expect(watched.run.end).toMatchObject({ ended: 'stopped', message: null });
    expect(watched.run.end?.site?.line).toBe(3);
    expect(watched.run.error).toBeNull();
    expect(isAlive(watched.run.start!.pid)).toBe(false);
  });

  test('while paused', async () => {
    const script = write(TRAINING);
    const { launch } = await import('./scripts.ts');
    const watched = await launch(script, { arguments: [path.join(path.dirname(script), 'counter'), '100000'] });
    await watched.until(isStep(2));
    watched.live.pause();
    await watched.until((frame) => frame.kind === 'phase');
    await watched.live.stop();
    expect(watched.run.end).toMatchObject({ ended: 'stopped', message: null });
    expect(watched.run.paused).toBeNull();
    expect(isAlive(watched.run.start!.pid)).toBe(false);
  });

  test('an endless loop: its line is told, and the process is gone', async () => {
    const watched = await start("console.log('in');\nlet i = 0;\nwhile (true) {\n  i++;\n}\n");
    await watched.until((frame) => frame.kind === 'output');
    await watched.live.stop();
    const { end, start: begun, error } = watched.run;
    expect(end?.ended).toBe('stopped');
    expect(error).toBeNull();
    expect(end?.site?.line).toBeGreaterThanOrEqual(3);
    expect(end?.site?.line).toBeLessThanOrEqual(4);
    expect(end?.message).toContain(`line ${end?.site?.line}`);
    expect(isAlive(begun!.pid)).toBe(false);
  });

  test('an endless loop in a function of another file', async () => {
    const watched = await start({
      'script.ts': "import { spin } from './spin.ts';\nconsole.log('in');\nspin();\n",
      'spin.ts': 'export function spin() {\n  for (let i = 0; ; ) i = Math.abs(i);\n}\n',
    });
    await watched.until((frame) => frame.kind === 'output');
    await watched.live.stop();
    expect(watched.run.end?.ended).toBe('stopped');
    expect(placeOf(watched.run.end?.site)).toMatch(/^spin\.ts:2:/);
  });

  test('a script that waits for ever', async () => {
    const watched = await start("setInterval(() => {}, 1e6);\nconsole.log('in');\nawait new Promise(() => {});\n");
    await watched.until((frame) => frame.kind === 'output');
    await watched.live.stop();
    expect(watched.run.end?.ended).toBe('stopped');
    expect(isAlive(watched.run.start!.pid)).toBe(false);
  });

  test('before it has begun, and twice', async () => {
    const watched = await start('for (;;);\n');
    const both = [watched.live.stop(), watched.live.stop('settled')];
    expect(both[0]).toBe(both[1]);
    await Promise.all(both);
    expect(watched.run.end?.ended).toBe('stopped');
  });

  test('because the diagnosis is settled', async () => {
    const watched = await start(`import { tensor } from 'gradlens';
const w = tensor([2], { requiresGrad: true });
for (;;) w.mul(w).sum().backward();
`);
    await watched.until((frame) => frame.kind === 'operation');
    await watched.live.stop('settled');
    expect(watched.run.end?.ended).toBe('settled');
  });

  test('after the end: nothing happens', async () => {
    const watched = await run('console.log(1);\n');
    await watched.live.stop();
    expect(watched.run.end?.ended).toBe('completed');
  });
});

test('two runs at the same time do not disturb each other', async () => {
  const script = (n: number) => `import { tensor } from 'gradlens';
const w = tensor([${n}], { requiresGrad: true });
for (let i = 0; i < 50; i++) {
  w.mul(w).sum().backward();
  console.log(w.grad.item());
  w.grad = null;
}
`;
  const both = await Promise.all([run(script(1)), run(script(5))]);
  expect(both.map(({ output }) => [...new Set(output.trim().split('\n'))])).toEqual([['2'], ['10']]);
  expect(both.map(({ losses }) => new Set(losses))).toEqual([new Set([1]), new Set([25])]);
});
