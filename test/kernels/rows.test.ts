import { expect, test } from 'vitest';
import { reference } from '../../engine/kernels/reference/reference.ts';
import { contiguousStrides, sizeOf } from '../../engine/tensor/shape.ts';
import { everyBuild } from './everyBuild.ts';
import { LENGTHS, numbers } from './numbers.ts';

everyBuild(({ filled, heap, kernels }) => {
  test('softmax and its logarithm', () => {
    for (const length of LENGTHS) {
      for (const log of [false, true]) {
        const x = heap.allocate('float32', 3 * length + 32, true) as Float32Array;
        x.set(numbers(x.length, 6));
        x[0] = 1000;
        const out = heap.allocate('float32', x.length, false) as Float32Array;
        const exact = new Float64Array(x.length);
        kernels.softmax(x, out, 3, length, 1, log);
        reference.softmax(Float64Array.from(x), exact, 3, length, 1, log);
        for (let i = 0; i < 3 * length; i++) {
          expect(Math.abs(out[i] - exact[i])).toBeLessThanOrEqual(2e-6 * Math.max(1, Math.abs(exact[i])));
        }
      }
    }
  });

  test.each(['sum', 'sumOfSquares'] as const)('%s along any dimensions, in float64', (name) => {
    for (const shape of [
      ...LENGTHS.map((n) => [n + 16]),
      [3, 40],
      [40, 3],
      [33, 17],
      [5, 6, 7],
      [2, 3, 4, 9],
      [4, 1, 20],
    ]) {
      for (let reduced = 0; reduced < 2 ** shape.length; reduced++) {
        const kept = shape.map((n, d) => (reduced & (1 << d) ? 1 : n));
        const strides = contiguousStrides(kept).map((stride, d) => (reduced & (1 << d) ? 0 : stride));
        const x = filled('float32', sizeOf(shape), 7);
        const out = heap.allocate('float64', sizeOf(kept), false) as Float64Array;
        const expected = new Float64Array(sizeOf(kept));
        kernels.fold(name, x, shape, out, strides);
        reference.fold(name, x, shape, expected, strides);
        // stretches of 64 in float32
        for (let i = 0; i < out.length; i++) {
          if (!(Math.abs(out[i] - expected[i]) <= x.length * 2e-5))
            expect.fail(`[${shape}] to [${kept}] at ${i}: ${out[i]}, not ${expected[i]}`);
        }
      }
    }
  });

  test.each([false, true])('the rule of softmax, of its logarithm: %s', (log) => {
    for (const length of LENGTHS) {
      const g = filled('float32', 30 * length, 11);
      const y = heap.allocate('float32', g.length, true);
      reference.softmax(filled('float32', g.length, 12), y, 30, length, 1, log);
      const out = heap.allocate('float32', g.length + 16, false);
      const exact = new Float64Array(g.length);
      kernels.softmaxBackward(g, y, out, 30, length, 1, log);
      reference.softmaxBackward(g, y, exact, 30, length, 1, log);
      for (let i = 0; i < exact.length; i++) expect(Math.abs(out[i] - exact[i])).toBeLessThanOrEqual(2e-5);
      expect([...out.subarray(g.length)]).toEqual(new Array(16).fill(0));
    }
  });

  test('cross-entropy and its rule, with classes that do not count', () => {
    for (const length of LENGTHS) {
      const rows = 33;
      const x = filled('float32', rows * length, 16);
      x[0] = 1000;
      const index = heap.allocate('int32', rows, false);
      for (let i = 0; i < rows; i++) index[i] = i % 5 === 4 ? -100 : (i * 7) % length;
      const g = filled('float32', rows, 17);
      const [losses, exact] = [heap.allocate('float32', rows, true), new Float64Array(rows)];
      kernels.crossEntropy(x, index, losses, rows, length, 1, -100);
      reference.crossEntropy(x, index, exact, rows, length, 1, -100);
      for (let i = 0; i < rows; i++) {
        expect(Math.abs(losses[i] - exact[i])).toBeLessThanOrEqual(2e-6 * Math.max(1, Math.abs(exact[i])));
      }
      const [out, expected] = [heap.allocate('float32', x.length, true), new Float64Array(x.length)];
      kernels.crossEntropyBackward(g, x, index, out, rows, length, 1, -100);
      reference.crossEntropyBackward(g, x, index, expected, rows, length, 1, -100);
      for (let i = 0; i < out.length; i++) expect(Math.abs(out[i] - expected[i])).toBeLessThanOrEqual(1e-5);
    }
  });
});
