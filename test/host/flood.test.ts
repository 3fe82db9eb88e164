import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { entry } from '../../engine/host/entry.ts';
import { type ChildOptions, OPTIONS_VARIABLE } from '../../engine/host/messages.ts';
import { FrameDecoder } from '../../engine/run/codec.ts';
import type { Frame } from '../../engine/run/frame.ts';
import { Run } from '../../engine/run/run.ts';
import { run, write } from './scripts.ts';

test('200,000 lines, and an error at the end', async () => {
  const watched = await run("for (let i = 0; i < 200_000; i++) console.log('line', i);\nthrow new Error('enough');\n");
  const lines = watched.all('output');
  expect(lines).toHaveLength(200_000);
  expect([lines[0].text, lines[199_999].text]).toEqual(['line 0\n', 'line 199999\n']);
  expect(watched.run.error?.message).toBe('enough');
  expect(watched.run.end?.ended).toBe('failed');
});

/** Many small steps, each with a wide row; `file` says when as many are taken as are awaited, or all. */
const MANY_STEPS = `import fs from 'node:fs';
import { tensor, optim } from 'gradlens';
const [file, awaited] = process.argv.slice(2);
const parameters = Array.from({ length: 400 }, () => tensor([1], { requiresGrad: true }));
const optimizer = new optim.SGD(parameters, { lr: 1e-3 });
for (let i = 0; i < 1500; i++) {
  optimizer.zeroGrad();
  let sum = parameters[0];
  for (const p of parameters) sum = sum.add(p);
  sum.sum().backward();
  optimizer.step();
  if (i % 100 === 0) console.log('step', i);
  if (i === Number(awaited)) fs.writeFileSync(file, 'so far');
}
fs.writeFileSync(file, 'done');
`;

/** A training process, and a reader of its frames that reads nothing until it's told to. */
async function unread(...awaited: string[]) {
  const script = write(MANY_STEPS);
  const file = path.join(path.dirname(script), 'done');
  const decoder = new FrameDecoder();
  const frames: Frame[] = [];
  const server = net.createServer({ pauseOnConnect: true }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const options: ChildOptions = {
    script,
    arguments: [file, ...awaited],
    link: { port: (server.address() as net.AddressInfo).port, token: 'token' },
    log: null,
    steps: null,
    seed: null,
    threads: null,
    budget: 5,
  };
  const child = spawn(process.execPath, [fileURLToPath(entry('child'))], {
    env: { ...process.env, [OPTIONS_VARIABLE]: JSON.stringify(options) },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [socket]: net.Socket[] = await once(server, 'connection');
  let greeting = Buffer.byteLength('token\n');
  socket.on('data', (chunk: Buffer) => {
    frames.push(...decoder.push(chunk.subarray(greeting)));
    greeting = 0;
  });
  socket.pause();
  await expect.poll(() => fs.existsSync(file)).toBe(true);
  return { child, socket, decoder, frames };
}

function runOf(frames: readonly Frame[]): Run {
  const run = new Run();
  for (const frame of frames) run.apply(frame);
  return run;
}

test('a reader that does not read: the script goes on, only steps are left out, and they are counted', async () => {
  const { child, socket, decoder, frames } = await unread();
  socket.resume();
  await Promise.all([once(child, 'exit'), once(socket, 'close')]);

  expect(decoder.end()).toBeNull();
  const run = runOf(frames);
  expect(frames.filter((frame) => frame.kind === 'output' && frame.stream === 'stdout')).toHaveLength(15);
  expect(run.end?.ended).toBe('completed');
  expect(run.missedSteps).toBeGreaterThan(0);
  expect(frames.filter(({ kind }) => kind === 'step').length + run.missedSteps).toBe(1500);
  expect(run.history.last?.step).toBe(1499);
  expect(frames.at(-1)?.kind).toBe('end');
});

test('a reader that is behind when the run is held sees its last step', async () => {
  const { socket, frames } = await unread('1200');
  socket.write('{"do":"pause"}\n');
  socket.resume();
  await expect.poll(() => runOf(frames).paused).not.toBeNull();
  const run = runOf(frames);
  expect(run.missedSteps).toBeGreaterThan(0);
  expect(run.stepCount).toBe(run.paused?.step);
  expect(frames.filter(({ kind }) => kind === 'step').length + run.missedSteps).toBe(run.stepCount);
});
