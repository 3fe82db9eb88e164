import { afterAll, expect, test } from 'vitest';
import { installKernels } from '../../engine/host/kernels.ts';
import * as g from '../../engine/index.ts';
import { type Kernels, kernels, useKernels } from '../../engine/kernels/kernels.ts';
import { collected, memory, useMemory } from '../../engine/kernels/memory.ts';
import { reference } from '../../engine/kernels/reference/reference.ts';

const before: [Kernels, typeof memory] = [kernels, memory];
afterAll(() => {
  useKernels(before[0]);
  useMemory(before[1]);
});

/** Layers of all kinds, and how a step of them ends. */
function train(steps: number): number[] {
  g.manualSeed(3);
  const images = g.randn([8, 1, 8, 8]);
  const cnn = new g.nn.Sequential(
    new g.nn.Conv2d(1, 4, 3, { padding: 1 }),
    new g.nn.BatchNorm2d(4),
    new g.nn.ReLU(),
    new g.nn.MaxPool2d(2),
    new g.nn.Flatten(),
    new g.nn.Linear(64, 16),
    new g.nn.LayerNorm(16),
    new g.nn.GELU(),
    new g.nn.Linear(16, 3),
  );
  const tokens = g.randint(0, 11, [4, 6]);
  const embedding = new g.nn.Embedding(11, 16);
  const block = new g.nn.TransformerEncoderLayer(16, 2, 32, { dropout: 0.1, batchFirst: true });
  const lstm = new g.nn.LSTM(16, 8, { batchFirst: true });
  const modules = [cnn, embedding, block, lstm];
  const optimizer = new g.optim.Adam(
    modules.flatMap((module) => [...module.parameters()]),
    { lr: 0.01 },
  );
  const targets = g.randint(0, 3, [8]);
  const losses: number[] = [];
  for (let i = 0; i < steps; i++) {
    optimizer.zeroGrad();
    const [hidden] = lstm(block(embedding(tokens)));
    const loss = g.F.crossEntropy(cnn(images), targets).add(hidden.square().mean());
    loss.backward();
    g.nn.utils.clipGradNorm_(cnn.parameters(), 1);
    optimizer.step();
    losses.push(loss.item());
  }
  return losses;
}

test('collections all the time, with what is free made NaN: training is the same', () => {
  useKernels(reference);
  useMemory(collected);
  const expected = train(2);
  const { heap } = installKernels(undefined, { budget: 8192, poison: true })!;
  const got = train(2);
  expect(heap.used).toBeGreaterThan(0);
  for (const [i, loss] of got.entries()) expect(loss).toBeCloseTo(expected[i], 4);
});

test('many small arrays are collected by what they cost JavaScript, not by their elements alone', () => {
  const { heap } = installKernels(undefined, { budget: 1 << 20 })!;
  let high = 0;
  for (let i = 0; i < 5000; i++) {
    g.full([32], i).add(1);
    high = Math.max(high, heap.used);
  }
  // 256 bytes of elements each, and twice as much besides
  expect(high).toBeGreaterThan(256 << 10);
  expect(high).toBeLessThan(400 << 10);
});

test('a synchronous loop keeps memory flat; what the user holds, or sees through a view, stays right', () => {
  const { heap } = installKernels(undefined, { budget: 1 << 20 })!;
  const kept: { value: number; tensor: g.Tensor; view: g.Tensor }[] = [];
  let high = 0;
  for (let i = 0; i < 2000; i++) {
    const x = g.full([64, 32], i).add(1).mul(2);
    if (i % 100 === 0) kept.push({ value: (i + 1) * 2, tensor: x, view: g.full([64, 32], i).neg().slice(0, 60, 64) });
    high = Math.max(high, heap.used);
  }
  // a MiB between collections, what is kept, and what is under way
  expect(high).toBeLessThan(4 << 20);
  for (const { value, tensor, view } of kept) {
    expect(tensor.sum().item()).toBe(value * 64 * 32);
    expect(view.sum().item()).toBeCloseTo(-(value / 2 - 1) * 4 * 32, 10);
  }
});

test('memory comes back at once when it is given back, and is zero again', () => {
  const { heap } = installKernels()!;
  const first = heap.allocate('float32', 1000, false);
  first.fill(7);
  const start = first.byteOffset;
  heap.release(first);
  heap.release(first);
  const second = heap.allocate('float32', 1000, false);
  const third = heap.allocate('float32', 1000, false);
  expect(second.byteOffset).toBe(start);
  expect(third.byteOffset).not.toBe(start);
  expect(second.every((v) => v === 0)).toBe(true);
});

test('more than the first memory: it grows, and arrays from before stay', () => {
  const { heap } = installKernels()!;
  const early = heap.allocate('float32', 100, false);
  early.fill(3);
  const large = heap.allocate('float32', 80 << 20, true);
  large[large.length - 1] = 5;
  expect(heap.holds(early) && heap.holds(large)).toBe(true);
  expect(early[99]).toBe(3);
  expect(large[large.length - 1]).toBe(5);
});
