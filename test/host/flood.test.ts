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

/** Many small steps, each with a wide row; `file` says when they are all taken. */
const MANY_STEPS = `import fs from 'node:fs';
import { tensor, optim } from 'gradlens';
const parameters = Array.from({ length: 400 }, () => tensor([1], { requiresGrad: true }));
const optimizer = new optim.SGD(parameters, { lr: 1e-3 });
for (let i = 0; i < 1500; i++) {
  optimizer.zeroGrad();
  let sum = parameters[0];
  for (const p of parameters) sum = sum.add(p);
  sum.sum().backward();
  optimizer.step();
  if (i % 100 === 0) console.log('step', i);
}
fs.writeFileSync(process.argv[2], 'done');
`;

test('a reader that does not read: the script goes on, only steps are left out, and they are counted', async () => {
  const script = write(MANY_STEPS);
  const file = path.join(path.dirname(script), 'done');
  const decoder = new FrameDecoder();
  const frames: Frame[] = [];
  const server = net.createServer({ pauseOnConnect: true }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const options: ChildOptions = {
    script,
    arguments: [file],
    link: { port: (server.address() as net.AddressInfo).port, token: 'token' },
    log: null,
    steps: null,
    seed: null,
    threads: null,
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
  socket.resume();
  await Promise.all([once(child, 'exit'), once(socket, 'close')]);

  expect(decoder.end()).toBeNull();
  const run = new Run();
  for (const frame of frames) run.apply(frame);
  expect(frames.filter((frame) => frame.kind === 'output' && frame.stream === 'stdout')).toHaveLength(15);
  expect(run.end?.ended).toBe('completed');
  expect(run.missedSteps).toBeGreaterThan(0);
  expect(frames.filter(({ kind }) => kind === 'step').length + run.missedSteps).toBe(1500);
  expect(frames.at(-1)?.kind).toBe('end');
});
