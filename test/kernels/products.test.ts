import { expect, test } from 'vitest';
import { reference } from '../../engine/kernels/reference/reference.ts';
import { everyBuild } from './everyBuild.ts';
import { numbers } from './numbers.ts';

everyBuild(({ heap, kernels }) => {
  test('matmul, in whole and partial tiles, in every order of the operands, accumulated or not', () => {
    const sizes = [1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 15, 16, 17, 31, 33, 97];
    let turn = 0;
    for (const m of sizes) {
      for (const n of sizes) {
        const k = [1, 2, 3, 8, 37, 64, 300][turn++ % 7];
        for (const order of [0, 1, 2, 3]) {
          const a = heap.allocate('float32', m * k + 32, true) as Float32Array;
          const b = heap.allocate('float32', k * n + 32, true) as Float32Array;
          a.set(numbers(a.length, 4));
          b.set(numbers(b.length, 5));
          const left = { data: a, start: 7, rowStride: order & 1 ? 1 : k, columnStride: order & 1 ? m : 1 };
          const right = { data: b, start: 3, rowStride: order & 2 ? 1 : n, columnStride: order & 2 ? k : 1 };
          const out = heap.allocate('float32', m * n + 32, false) as Float32Array;
          const expected = new Float32Array(m * n + 32).fill(2);
          out.fill(2);
          const accumulate = turn % 2 === 0;
          kernels.matmul(left, right, out, 5, m, k, n, accumulate);
          reference.matmul(left, right, expected, 5, m, k, n, accumulate);
          for (let i = 0; i < out.length; i++) {
            // k products of at most 36, each rounded
            if (!(Math.abs(out[i] - expected[i]) <= 36 * k * 2 ** -23)) {
              expect.fail(`[${m}, ${k}]·[${k}, ${n}], order ${order}, at ${i}: ${out[i]}, not ${expected[i]}`);
            }
          }
        }
      }
    }
  });

  test('matmul of operands that lie elsewhere', () => {
    const [m, k, n] = [20, 30, 25];
    const a = { data: Float32Array.from(numbers(m * k, 4)), start: 0, rowStride: k, columnStride: 1 };
    const b = { data: Float32Array.from(numbers(k * n, 5)), start: 0, rowStride: n, columnStride: 1 };
    const [out, expected] = [new Float32Array(m * n), new Float32Array(m * n)];
    kernels.matmul(a, b, out, 0, m, k, n, false);
    reference.matmul(a, b, expected, 0, m, k, n, false);
    expect(Math.max(...out.map((v, i) => Math.abs(v - expected[i])))).toBeLessThan(1e-3);
  });
});
