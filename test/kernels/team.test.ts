import { spawnSync } from 'node:child_process';
import { afterAll, describe, expect, test } from 'vitest';
import { installKernels } from '../../engine/host/kernels.ts';
import * as g from '../../engine/index.ts';
import { type Kernels, kernels, useKernels } from '../../engine/kernels/kernels.ts';
import { memory, useMemory } from '../../engine/kernels/memory.ts';
import { Tuner } from '../../engine/kernels/wasm/team/tuner.ts';

const before: [Kernels, typeof memory] = [kernels, memory];
afterAll(() => {
  useKernels(before[0]);
  useMemory(before[1]);
});

/** All weights of a network with every kind of kernel, after some steps, by so many threads. */
function trained(threads: number): number[] {
  installKernels(undefined, { threads, leastWork: threads > 1 ? 100 : undefined });
  g.manualSeed(1);
  const model = new g.nn.Sequential(
    new g.nn.Conv2d(3, 20, 3, { padding: 1 }),
    new g.nn.BatchNorm2d(20),
    new g.nn.ReLU(),
    new g.nn.Conv2d(20, 18, 3, { padding: 1 }),
    new g.nn.Conv2d(18, 20, 3, { padding: 1 }),
    new g.nn.Conv2d(20, 20, 3, { padding: 1, groups: 20 }),
    new g.nn.MaxPool2d(2),
    new g.nn.Flatten(2),
    new g.nn.Linear(36, 32),
    new g.nn.TransformerEncoderLayer(32, 4, 65, { dropout: 0, batchFirst: true, activation: 'gelu' }),
    new g.nn.Flatten(),
    new g.nn.Linear(640, 5),
  );
  const optimizer = new g.optim.Adam(model.parameters(), { lr: 0.01 });
  const [x, y] = [g.randn([7, 3, 12, 12]), g.randint(0, 5, [7])];
  for (let i = 0; i < 4; i++) {
    optimizer.zeroGrad();
    g.F.crossEntropy(model(x), y).backward();
    optimizer.step();
  }
  return [...model.parameters()].flatMap((parameter) => [...parameter.detach().flatten().toArray()] as number[]);
}

test('training is the same to the last bit, however many threads there are', () => {
  const alone = trained(1);
  expect(alone.every(Number.isFinite)).toBe(true);
  expect(trained(2)).toEqual(alone);
  expect(trained(5)).toEqual(alone);
  // more than there are images
  expect(trained(8)).toEqual(alone);
});

test('memory that has grown since the threads began is theirs as well', () => {
  const { heap } = installKernels(undefined, { threads: 3 })!;
  const size = 1 << 20;
  const [a, b] = [heap.allocate('float32', size, false), heap.allocate('float32', size, false)];
  a.fill(2);
  kernels.unary.square(a, b);
  expect(b[size - 1]).toBe(4);
  // beyond what there is at first
  const held = Array.from({ length: 60 }, () => heap.allocate('float32', size, false));
  const last = held.at(-1) as Float32Array;
  expect(last.buffer).not.toBe(a.buffer);
  kernels.gather(a, { shape: [1024, 1024], strides: [1, 1024], offset: 0 }, last);
  expect(last.every((v) => v === 2)).toBe(true);
  // a convolution fills and copies whole blocks, which is where an outdated length would show
  const window = { channels: 16, input: [64, 64], kernel: [3, 3], output: [64, 64] } as const;
  const shape = { stride: [1, 1], padding: [1, 1], dilation: [1, 1] } as const;
  const weight = heap.allocate('float32', 16 * 16 * 9, false).fill(1);
  const image = held[58].subarray(0, 4 * 16 * 64 * 64).fill(1);
  kernels.conv2d(image, weight, null, last.subarray(0, image.length), {
    window: { ...window, ...shape },
    filters: 16,
    batch: 4,
    groups: 1,
  });
  expect(last[65]).toBe(16 * 9);
  expect(last[image.length - 66]).toBe(16 * 9);
});

test('a process with threads ends when its script does', () => {
  const script = `
    import { installKernels } from './engine/host/kernels.ts';
    import { kernels } from './engine/kernels/kernels.ts';
    const { heap } = installKernels(undefined, { threads: 3 });
    const x = heap.allocate('float32', 1 << 18, false);
    kernels.unary.square(x, x);
    console.log('done');
  `;
  const { stdout, status, signal } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8',
    timeout: 300_000,
  });
  expect({ stdout, status, signal }).toEqual({ stdout: 'done\n', status: 0, signal: null });
});

describe('the tuner', () => {
  /** Which way was taken, over so many calls; `cost` says how many milliseconds a way takes at a call. */
  function ways(calls: number, cost: (way: 'alone' | 'together', call: number) => number): string[] {
    const tuner = new Tuner(() => clock);
    let clock = 0;
    const taken: string[] = [];
    for (let call = 0; call < calls; call++) {
      const go = (way: 'alone' | 'together') => () => {
        taken.push(way);
        clock += cost(way, call);
      };
      tuner.run(1, go('alone'), go('together'));
    }
    return taken;
  }
  const share = (list: readonly string[]) => list.filter((way) => way === 'together').length / list.length;

  test('takes what was faster, and tries the other way now and then', () => {
    expect(share(ways(1000, (way) => (way === 'together' ? 1 : 2)).slice(10))).toBeGreaterThan(0.97);
    const slower = share(ways(1000, (way) => (way === 'together' ? 2 : 1)).slice(10));
    expect(slower).toBeLessThan(0.03);
    expect(slower).toBeGreaterThan(0);
  });

  test('changes its mind when another process takes the cores, and again when they are free', () => {
    const busy = (call: number) => call >= 500 && call < 1500;
    const taken = ways(3000, (way, call) => (way === 'alone' ? 2 : busy(call) ? 5 : 1));
    expect(share(taken.slice(100, 500))).toBeGreaterThan(0.95);
    expect(share(taken.slice(600, 1500))).toBeLessThan(0.1);
    expect(share(taken.slice(2000))).toBeGreaterThan(0.9);
  });
});
