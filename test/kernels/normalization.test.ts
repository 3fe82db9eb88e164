import { expect, test } from 'vitest';
import { reference } from '../../engine/kernels/reference/reference.ts';
import type { Numbers } from '../../engine/tensor/dtype.ts';
import { everyBuild } from './everyBuild.ts';
import { LENGTHS, numbers } from './numbers.ts';

everyBuild(({ filled, heap, kernels }) => {
  test('standardize', () => {
    for (const length of [16, 17, 63, 130]) {
      const x = heap.allocate('float32', 20 * length, true) as Float32Array;
      x.set(numbers(x.length, 8));
      const out = heap.allocate('float32', x.length, true) as Float32Array;
      const inverse = heap.allocate('float32', 20, true) as Float32Array;
      const [exact, exactInverse] = [new Float64Array(x.length), new Float64Array(20)];
      kernels.standardize(x, out, inverse, length, 1e-5);
      reference.standardize(Float64Array.from(x), exact, exactInverse, length, 1e-5);
      for (let i = 0; i < x.length; i++) expect(Math.abs(out[i] - exact[i])).toBeLessThan(5e-6);
      for (let i = 0; i < 20; i++) expect(Math.abs(inverse[i] - exactInverse[i])).toBeLessThan(1e-6);
    }
  });

  test('layer normalization and its rule', () => {
    for (const length of LENGTHS) {
      for (const rows of [20, 64, 150]) {
        const [x, g, out, dx] = [18, 19, 20, 21].map((seed) => filled('float32', rows * length + 32, seed));
        const [weight, bias] = [22, 23].map((seed) =>
          filled('float32', Math.max(length, 32), seed).subarray(0, length),
        );
        const blocks = Math.ceil(rows / 64);
        const [stats, parts] = [2 * rows, blocks * 2 * length + 32].map((size) => filled('float32', size, 24));
        x[length] = NaN;
        const exact = [out, dx, stats, parts].map((array) => Float64Array.from(array));
        const whole = (array: Numbers) => array.subarray(7, 7 + rows * length);
        const sums = (array: Numbers) => array.subarray(0, blocks * 2 * length);
        const slopes = [whole(g), whole(x), weight] as const;
        kernels.layerNorm(whole(x), weight, bias, whole(out), stats, length, 1e-2);
        kernels.layerNormBackward(...slopes, stats, whole(dx), sums(parts), length);
        const [exactOut, exactDx, exactStats, exactParts] = exact;
        reference.layerNorm(whole(x), weight, bias, whole(exactOut), exactStats, length, 1e-2);
        reference.layerNormBackward(...slopes, exactStats, whole(exactDx), sums(exactParts), length);
        for (const [i, array] of [out, dx, stats, parts].entries()) {
          for (const [k, v] of exact[i].entries()) {
            const near = Math.abs(array[k] - v) <= 2e-4 * Math.max(1, Math.abs(v));
            if (!near && !(Number.isNaN(array[k]) && Number.isNaN(v)))
              expect.fail(
                `${rows} rows of ${length}, ${['out', 'dx', 'stats', 'parts'][i]} at ${k}: ${array[k]}, not ${v}`,
              );
          }
        }
      }
    }
  });

  test('the rule of standardize', () => {
    for (const [rows, length] of [
      [20, 17],
      [3, 64],
      [40, 5],
      [17, 130],
    ]) {
      const [g, y] = [filled('float32', rows * length, 13), filled('float32', rows * length, 14)];
      const inverse = filled('float32', rows, 15);
      const out = heap.allocate('float32', g.length, true);
      const exact = new Float64Array(g.length);
      kernels.standardizeBackward(g, y, inverse, out, length);
      reference.standardizeBackward(g, y, inverse, exact, length);
      // |s·y·mean(g·y)| is up to 6⁴
      for (let i = 0; i < out.length; i++) expect(Math.abs(out[i] - exact[i])).toBeLessThan(1e-3);
    }
  });

  test('what normalization needs of each channel', () => {
    for (const sizes of [
      [4, 3, 49],
      [2, 5, 64],
      [3, 16, 1],
      [30, 7, 3],
      [1, 2, 1030],
    ] as const) {
      const [n, channels, inner] = sizes;
      const count = n * inner;
      const [x, g] = [filled('float32', n * channels * inner, 18), filled('float32', n * channels * inner, 19)];
      // a mean much greater than the deviation
      for (let i = 0; i < x.length; i++) x[i] += 1000;
      const column = () => new Float64Array(channels);
      const [got, expected] = [kernels, reference].map((k) => {
        const [mean, variance, sum, along] = [column(), column(), column(), column()];
        k.moments(x, mean, variance, sizes);
        k.channelSums(g, x, Float64Array.from(mean, Math.fround), sum, along, sizes);
        return { mean, variance, sum, along };
      });
      for (let c = 0; c < channels; c++) {
        expect(Math.abs(got.mean[c] - expected.mean[c])).toBeLessThan(1e-5);
        expect(Math.abs(got.variance[c] - expected.variance[c])).toBeLessThan(1e-4);
        expect(Math.abs(got.sum[c] - expected.sum[c])).toBeLessThan(2e-6 * count);
        expect(Math.abs(got.along[c] - expected.along[c])).toBeLessThan(1e-3 * count);
      }
      const [a, b, c] = [0.5, -2, 3].map((v) => Float64Array.from({ length: channels }, (_, i) => v + i));
      for (const run of [
        (k: typeof reference, out: Numbers) => k.scaleShift(g, a, b, out, sizes),
        (k: typeof reference, out: Numbers) => k.combine(g, x, a, b, c, out, sizes),
      ]) {
        const [out, exact] = [heap.allocate('float32', x.length + 16, false), new Float64Array(x.length + 16)];
        run(kernels, out.subarray(0, x.length));
        run(reference, exact.subarray(0, x.length));
        for (let i = 0; i < out.length; i++)
          expect(Math.abs(out[i] - exact[i])).toBeLessThanOrEqual(2e-7 * Math.abs(exact[i]) + 2e-3);
      }
    }
  });
});
