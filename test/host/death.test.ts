import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { readLog } from '../../engine/host/readLog.ts';
import { folder, isAlive, isStep, start, write } from './scripts.ts';

const TRAINING = `import { tensor, noGrad } from 'gradlens';
const w = tensor([2], { requiresGrad: true });
for (;;) {
  w.mul(w).sum().backward();
  noGrad(() => w.sub_(w.grad.mul(0.01)));
  w.grad = null;
}
`;

test('the training process is killed: failed, in plain words; the log keeps what was written', async () => {
  const log = path.join(folder(), 'killed.gradlens');
  const watched = await start(TRAINING, { log });
  await watched.until(isStep(3));
  process.kill(watched.run.start!.pid, 'SIGKILL');
  await watched.live.ended;
  expect(watched.run.end).toMatchObject({ ended: 'failed', message: 'The training process was killed by SIGKILL.' });
  expect(watched.run.error?.message).toBe('The training process was killed by SIGKILL.');

  const { run } = await readLog(log);
  expect(run.end?.ended).toBe('failed');
  expect(run.stepCount).toBeGreaterThan(3);
});

test('out of memory', async () => {
  const watched = await start(`import v8 from 'node:v8';
v8.setFlagsFromString('--max-heap-size=1');
v8.setFlagsFromString('--max-old-space-size=1');
let chain = null;
for (;;) chain = { chain, numbers: new Array(1000).fill(0.5) };
`);
  await watched.live.ended;
  expect(watched.run.end?.ended).toBe('failed');
  expect(watched.run.error?.message).toMatch(/^The training process .*It ran out of memory\.$/);
});

/** A program that starts a run and says the training process's id. */
const PARENT = `
const { launch } = await import(process.argv[1]);
const live = await launch({ script: process.argv[2], cwd: process.cwd() });
live.onFrames((frames) => {
  for (const { kind, pid } of frames) if (kind === 'start') console.log(pid);
});
setInterval(() => {}, 1e6);
`;

test.each([
  ['training', TRAINING],
  ['in an endless loop', 'for (;;);\n'],
  ['waiting', 'await new Promise((resolve) => setTimeout(resolve, 1e6));\n'],
])('whoever watches dies: no training process stays behind, %s', async (_what, text) => {
  const launcher = path.join(import.meta.dirname, '../../engine/host/launch.ts');
  const parent = spawn(process.execPath, ['--input-type=module', '-e', PARENT, launcher, write(text)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [said] = await once(parent.stdout, 'data');
  const pid = Number(said);
  expect(isAlive(pid)).toBe(true);
  parent.kill('SIGKILL');
  await expect.poll(() => isAlive(pid)).toBe(false);
});

test('a log that cannot be written: told, and the run goes on without', async () => {
  const watched = await start("console.log('trained');\n", {
    log: path.join(folder(), 'no', 'such', 'folder.gradlens'),
  });
  await watched.live.ended;
  expect(watched.run.end?.ended).toBe('completed');
  expect(watched.all('output').map(({ stream }) => stream)).toEqual(['stderr', 'stdout']);
  expect(watched.output).toMatch(/can’t be written: ENOENT.*folder\.gradlens/);
});

test.skipIf(!fs.existsSync('/dev/full'))('a disk that is full: told, and the run goes on without', async () => {
  const watched = await start("console.log('trained');\n", { log: '/dev/full' });
  await watched.live.ended;
  expect(watched.run.end?.ended).toBe('completed');
  expect(watched.output).toMatch(/can’t be written: ENOSPC.*\ntrained/);
});

test('a script that is not there', async () => {
  const watched = await start('');
  await watched.live.ended;
  const script = watched.run.start!.script;
  fs.rmSync(script);
  const { runFile } = await import('./scripts.ts');
  const { run } = await runFile(script);
  expect(run.end?.ended).toBe('failed');
  expect(run.error?.message).toContain('script.ts');
});
