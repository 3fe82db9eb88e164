import { afterAll, describe, expect, test } from 'vitest';
import { installKernels } from '../../engine/host/kernels.ts';
import { kernels as current, type Kernels, useKernels } from '../../engine/kernels/kernels.ts';
import { memory as currentMemory, useMemory } from '../../engine/kernels/memory.ts';
import { reference } from '../../engine/kernels/reference/reference.ts';

const [before, memoryBefore] = [current, currentMemory];
afterAll(() => {
  useKernels(before);
  useMemory(memoryBefore);
});

const [CHANNELS, FILTERS, SIZE, BATCH] = [40, 24, 12, 2];
const shape = {
  batch: BATCH,
  groups: 1,
  filters: FILTERS,
  window: {
    channels: CHANNELS,
    input: [SIZE, SIZE],
    kernel: [3, 3],
    output: [SIZE, SIZE],
    stride: [1, 1],
    padding: [1, 1],
    dilation: [1, 1],
  },
} as const;

describe.each(['wide', 'narrow', 'plain'] as const)('convolution in tiles of 2 × 2: %s', (choice) => {
  const { kernels, heap } = installKernels(choice)!;
  const filled = (size: number, seed: number) => {
    const out = heap.allocate('float32', size, true) as Float32Array;
    for (let i = 0; i < size; i++) out[i] = Math.sin(seed + i * i * 0.37) + 0.5 * Math.cos(2.3 * i);
    return out;
  };
  const x = filled(BATCH * CHANNELS * SIZE * SIZE, 1);
  const y = filled(BATCH * FILTERS * SIZE * SIZE, 2);
  const weight = filled(FILTERS * CHANNELS * 9, 3);
  type Run = (k: Kernels, out: Float32Array | Float64Array) => void;
  const directions: readonly (readonly [name: string, size: number, run: Run])[] = [
    ['forward', y.length, (k, out) => k.conv2d(x, weight, null, out, shape)],
    ['gradient of the input', x.length, (k, out) => k.conv2dInput(y, weight, out, shape)],
    ['gradient of the weight', weight.length, (k, out) => k.conv2dWeight(y, x, out, shape)],
  ];
  const both = (size: number, run: Run) => {
    const [got, exact] = [heap.allocate('float32', size, true) as Float32Array, new Float64Array(size)];
    run(kernels, got);
    run(reference, exact);
    return [got, exact] as const;
  };

  test.each(directions)('%s: its error is below a millionth of the result, both root mean square', (_, size, run) => {
    const [got, exact] = both(size, run);
    const squares = (of: (i: number) => number) => exact.reduce((sum, _value, i) => sum + of(i) ** 2, 0);
    const error = Math.sqrt(squares((i) => got[i] - exact[i]) / squares((i) => exact[i]));
    expect(error).toBeLessThan(1e-6);
    // the reference, which answers where a build fails its trial, errs by half of this: it adds up in float64
    expect(error).toBeGreaterThan(8e-8);
  });

  test.each(directions)('%s: infinities reach what they should, and nothing else', (_, size, run) => {
    const held = [x[SIZE * 3], x[SIZE * SIZE * 7 + SIZE - 1], y[SIZE * SIZE * 5 + 40]];
    // at a border, in a corner and within
    [x[SIZE * 3], x[SIZE * SIZE * 7 + SIZE - 1], y[SIZE * SIZE * 5 + 40]] = [Infinity, -Infinity, Infinity];
    const [got, exact] = both(size, run);
    [x[SIZE * 3], x[SIZE * SIZE * 7 + SIZE - 1], y[SIZE * SIZE * 5 + 40]] = held;
    const finite = Array.from(exact, Number.isFinite);
    expect(finite).toContain(false);
    expect(finite).toContain(true);
    expect(Array.from(got, Number.isFinite)).toEqual(finite);
  });
});
