import { afterAll, describe, expect, test } from 'vitest';
import { installKernels, type KernelChoice } from '../../engine/host/kernels.ts';
import { kernels as inUse, type Kernels, useKernels } from '../../engine/kernels/kernels.ts';
import { memory, useMemory } from '../../engine/kernels/memory.ts';
import { reference } from '../../engine/kernels/reference/reference.ts';
import type { Numbers } from '../../engine/tensor/dtype.ts';

const before: [Kernels, typeof memory] = [inUse, memory];
afterAll(() => {
  useKernels(before[0]);
  useMemory(before[1]);
});

describe.each(['wide', 'narrow', 'plain'] satisfies KernelChoice[])('LSTM over a sequence: %s', (choice) => {
  const { kernels, heap } = installKernels(choice)!;

  /** Numbers in [−1, 1) that repeat, in the heap. */
  function numbers(length: number, seed: number): Float32Array {
    const out = heap.allocate('float32', length, true) as Float32Array;
    for (let i = 0; i < length; i++) out[i] = (Math.imul((i + 1) * (seed + 7), 2654435761) >>> 8) / 2 ** 23 - 1;
    return out;
  }

  const near = (got: Numbers, expected: Numbers, what: string): void => {
    for (let i = 0; i < expected.length; i++) {
      if (!(Math.abs(got[i] - expected[i]) <= 1e-4 * Math.max(1, Math.abs(expected[i])))) {
        expect.fail(`${what}, at ${i}: ${got[i]}, not ${expected[i]}`);
      }
    }
  };

  // whole and partial vectors and tiles, and more than one block of the packed weight
  const sizes: [steps: number, n: number, width: number][] = [
    [1, 1, 1],
    [3, 2, 5],
    [4, 16, 8],
    [2, 7, 19],
    [3, 4, 32],
    [2, 5, 70],
  ];
  const cases = sizes.flatMap((size) => [false, true].map((backwards) => [...size, backwards] as const));

  test.each(cases)('%i steps of %i, width %i, backwards: %s', (steps, n, width, backwards) => {
    const [sequence, state] = [{ steps, n, width, backwards }, n * width];
    const [weight, bias, h0, c0] = [4 * width * width, 4 * width, state, state].map((size, i) => numbers(size, i));
    for (let i = 0; i < weight.length; i++) weight[i] /= Math.sqrt(width);
    for (const plus of [bias, null]) {
      const [gates, out, cells] = [
        numbers(4 * steps * state, 5),
        numbers((steps + 1) * state, 6),
        numbers(steps * state, 7),
      ];
      const expected = [gates, out, cells].map((array) => Float64Array.from(array));
      kernels.lstm(gates, weight, plus, h0, c0, out, cells, sequence);
      reference.lstm(expected[0], weight, plus, h0, c0, expected[1], expected[2], sequence);
      for (const [i, array] of [gates, out, cells].entries()) near(array, expected[i], `forward ${i}`);
      const g = numbers((steps + 1) * state, 8);
      const outs = [numbers(4 * steps * state, 9), numbers(state, 10), numbers(state, 11)];
      const wanted = outs.map((array) => Float64Array.from(array));
      kernels.lstmBackward(g, gates, weight, c0, cells, outs[0], outs[1], outs[2], sequence);
      reference.lstmBackward(g, gates, weight, c0, cells, wanted[0], wanted[1], wanted[2], sequence);
      for (const [i, array] of outs.entries()) near(array, wanted[i], `backward ${i}`);
    }
  });
});
