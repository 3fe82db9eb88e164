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

const chosen: [choice: KernelChoice, threads: number][] = [
  ['wide', 1],
  ['narrow', 1],
  ['plain', 1],
  ['wide', 3],
];

describe.each(chosen)('layers and losses: %s, threads: %i', (choice, threads) => {
  const { kernels, heap } = installKernels(choice, { threads, leastWork: threads > 1 ? 16 : undefined })!;

  /** Numbers in [−2, 2) that repeat; in the heap if they are many enough. */
  function numbers(length: number, seed: number): Numbers {
    const out = heap.allocate('float32', length, true);
    for (let i = 0; i < length; i++)
      out[i] = ((Math.imul(i + 1, 2654435761) ^ Math.imul(seed, 40503)) >>> 8) / 2 ** 22 - 2;
    return out;
  }
  /** With something after its end that must stay. */
  const result = (length: number): Numbers => heap.allocate('float32', length, true).fill(7);

  function near(got: Numbers, expected: Numbers, terms: number, what: string): void {
    for (let i = 0; i < expected.length; i++) {
      if (Math.abs(got[i] - expected[i]) <= 16 * (terms + 1) * 2 ** -23) continue;
      expect.fail(`${what}, at ${i}: ${got[i]}, not ${expected[i]}`);
    }
  }

  test('a linear layer and its gradients, of all sizes, with and without each part', () => {
    const sizes = [1, 2, 3, 5, 8, 16, 17, 33, 64];
    let turn = 0;
    for (const m of sizes) {
      for (const n of sizes) {
        const k = [1, 2, 4, 7, 32, 300][turn++ % 6];
        const what = `m ${m}, k ${k}, n ${n}`;
        const [x, w, b, g] = [numbers(m * k, 1), numbers(n * k, 2), numbers(n, 3), numbers(m * n, 4)];
        for (const bias of [b, null]) {
          const [out, expected] = [result(m * n), new Float32Array(m * n)];
          kernels.linear(x, w, bias, out, m, k, n);
          reference.linear(x, w, bias, expected, m, k, n);
          near(out, expected, k, `out of ${what}`);
        }
        for (const wanted of [7, 6, 5, 1 + (turn % 7)]) {
          const outs = [m * k, n * k, n].map((size, i) => (wanted & (1 << i) ? result(size) : null));
          const expected = outs.map((out) => (out === null ? null : new Float32Array(out.length)));
          kernels.linearBackward(g, x, w, outs[0], outs[1], outs[2], m, k, n);
          reference.linearBackward(g, x, w, expected[0], expected[1], expected[2], m, k, n);
          for (const [i, terms] of [n, m, m].entries()) {
            if (outs[i] !== null) near(outs[i], expected[i]!, terms, `gradient ${i} of ${what}`);
          }
        }
      }
    }
  });

  test('a linear layer of arrays that lie elsewhere', () => {
    const [m, k, n] = [6, 20, 10];
    const [x, w, b, g] = [numbers(m * k, 1), numbers(n * k, 2), numbers(n, 3), numbers(m * n, 4)].map((v) =>
      Float32Array.from(v),
    );
    const [out, expected] = [new Float32Array(m * n), new Float32Array(m * n)];
    kernels.linear(x, w, b, out, m, k, n);
    reference.linear(x, w, b, expected, m, k, n);
    near(out, expected, k, 'out');
    const outs = [m * k, n * k, n].map((size) => new Float32Array(size));
    const sums = [m * k, n * k, n].map((size) => new Float32Array(size));
    kernels.linearBackward(g, x, w, outs[0], outs[1], outs[2], m, k, n);
    reference.linearBackward(g, x, w, sums[0], sums[1], sums[2], m, k, n);
    for (const i of [0, 1, 2]) near(outs[i], sums[i], m, `gradient ${i}`);
  });

  test('the sum, and the rule of binary cross-entropy with one factor or many', () => {
    for (const n of [1, 2, 3, 4, 7, 16, 17, 63, 64, 65, 130, 1027]) {
      const [x, y] = [numbers(n, 5), numbers(n, 6)];
      expect(kernels.total(x)).toBeCloseTo(reference.total(x), 3);
      for (const g of [numbers(1, 7), numbers(n, 8)]) {
        const [out, expected] = [result(n), new Float32Array(n)];
        kernels.logitLossBackward(g, x, y, out);
        reference.logitLossBackward(g, x, y, expected);
        near(out, expected, 8, `n ${n}, ${g.length} factors`);
      }
    }
  });
});
