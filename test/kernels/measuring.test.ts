import { expect, test } from 'vitest';
import { reference } from '../../engine/kernels/reference/reference.ts';
import type { Row } from '../../engine/kernels/reference/statistics.ts';
import type { Numbers } from '../../engine/tensor/dtype.ts';
import { everyBuild } from './everyBuild.ts';
import { LENGTHS, numbers } from './numbers.ts';

everyBuild(({ filled, heap, kernels }) => {
  test.each([1, 3, 16, ...LENGTHS.map((n) => n + 16)])('steps of optimizers, %i parameters', (length) => {
    const sgd = { lr: 0.1, weightDecay: 0.01, momentum: 0.9, fresh: 0.7, nesterov: false };
    const adam = { shrink: 0.99, weightDecay: 0.1, betas: [0.9, 0.99] as const, eps: 1e-8, rate: 0.2, correction: 0.3 };
    type Step = (
      k: typeof reference,
      row: Row | null,
      p: Numbers,
      g: Numbers,
      a: Numbers,
      b: Numbers,
      c: Numbers,
    ) => void;
    const steps: Step[] = [
      (k, row, p, g) => k.sgd(p, g, null, sgd, row),
      (k, row, p, g) => k.sgd(p, g, null, { ...sgd, weightDecay: 0 }, row),
      (k, row, p, g, a) => k.sgd(p, g, a, sgd, row),
      (k, row, p, g, a) => k.sgd(p, g, a, { ...sgd, nesterov: true }, row),
      (k, row, p, g, a, b) => k.adam(p, g, a, b, null, adam, row),
      (k, row, p, g, a, b, c) => k.adam(p, g, a, b, c, adam, row),
    ];
    for (const [step, measured] of steps.flatMap((it) => [[it, false] as const, [it, true] as const])) {
      const arrays = [1, 2, 3, 4, 5].map((seed) => filled('float32', length, 30 + seed));
      // running squares
      for (let i = 0; i < length; i++) for (const array of arrays.slice(3)) array[i] = Math.abs(array[i]);
      const exact = arrays.map((array) => Float64Array.from(array));
      // a row among others
      const among = (values: Numbers): Row => ({ values: values.fill(7) as Float32Array, at: 2 });
      const row = measured ? among(heap.allocate('float32', 17, true)) : null;
      const exactRow = measured ? among(new Float32Array(17)) : null;
      step(kernels, row, ...(arrays as [Numbers, Numbers, Numbers, Numbers, Numbers]));
      step(reference, exactRow, ...(exact as [Numbers, Numbers, Numbers, Numbers, Numbers]));
      if (row && exactRow) expectRow(row.values, exactRow.values);
      for (const [a, array] of arrays.entries()) {
        for (let i = 0; i < length; i++) {
          if (!(Math.abs(array[i] - exact[a][i]) <= 3e-6))
            expect.fail(`array ${a} at ${i}: ${array[i]}, not ${exact[a][i]}`);
        }
      }
    }
  });

  test.each([0.1, 1e-3, 1e-4, 1e-5, 1e-7, 1e-9, 0])(
    'how far gradient descent moves weights in single precision, rate %d',
    (lr) => {
      for (const weightDecay of [0, 0.01]) {
        for (const length of [5, 24, 2048, 5003]) {
          const [p, g, row] = [length, length, 17].map((n) => heap.allocate('float32', n, true) as Float32Array);
          p.set(numbers(length, 51));
          g.set(numbers(length, 52));
          const [before, untold] = [p.slice(), heap.allocate('float32', length, true) as Float32Array];
          untold.set(p);
          const step = { lr, weightDecay, momentum: 0, fresh: 1, nesterov: false };
          kernels.sgd(p, g, null, step, { values: row, at: 0 });
          kernels.sgd(untold, g, null, step, null);
          expect(p).toEqual(untold);
          const distance = Math.hypot(...p.map((x, i) => x - before[i]));
          expect(Math.abs(row[12] - distance)).toBeLessThanOrEqual((lr >= 1e-3 ? 1e-4 : 2 ** -7) * distance);
        }
      }
    },
  );

  test('how far it moves weights of which some have a gradient too small to tell, too large or none', () => {
    const scales = [1e-9, 1e-9, 1, 1, 0, 1e-9, 1e25, 1, 1e-12];
    const length = 2048 * scales.length + 37;
    for (const order of [scales, [...scales].reverse()]) {
      const [p, g, row] = [length, length, 17].map((n) => heap.allocate('float32', n, true) as Float32Array);
      p.set(numbers(length, 51));
      g.set(numbers(length, 52));
      g.forEach((x, i) => {
        g[i] = x * (order[i >> 11] ?? 1);
      });
      for (const [lr, most] of [[0.1, scales.length + 1] as const, [0.1, 6] as const, [1e-6, 4] as const]) {
        const n = Math.min(length, 2048 * most);
        const before = p.slice(0, n);
        const step = { lr, weightDecay: 0, momentum: 0, fresh: 1, nesterov: false };
        kernels.sgd(p.subarray(0, n), g.subarray(0, n), null, step, { values: row, at: 0 });
        const distance = Math.hypot(...p.subarray(0, n).map((x, i) => x - before[i]));
        expect(Math.abs(row[12] - distance)).toBeLessThanOrEqual(2 ** -7 * distance);
      }
    }
  });

  test('gradient descent leaves weights that aren’t finite as they are, told or not', () => {
    const [p, g, row] = [40, 40, 17].map((n) => heap.allocate('float32', n, true) as Float32Array);
    const step = { lr: 0.1, weightDecay: 0, momentum: 0, fresh: 1, nesterov: false };
    for (const told of [{ values: row, at: 0 }, null]) {
      p.fill(Number.POSITIVE_INFINITY);
      g.fill(1);
      kernels.sgd(p, g, null, step, told);
      expect([...p]).toEqual(Array(40).fill(Number.POSITIVE_INFINITY));
    }
  });

  /** What isn't a row's is as it was. */
  function expectRow(row: Float32Array, expected: Float32Array): void {
    for (const [i, value] of expected.entries()) {
      const near = Math.abs(row[i] - value) <= 2e-6 * Math.max(1, Math.abs(value));
      if (!near && !Object.is(row[i], value)) expect.fail(`column ${i}: ${row[i]}, not ${value}`);
    }
  }

  /** What single precision alone would get wrong: squares that underflow or overflow, and a mean that hides the deviation. */
  const DIFFICULT: Record<string, (x: number, i: number) => number> = {
    ordinary: (x) => x,
    vanishing: (x) => x * 1e-25,
    exploding: (x) => x * 1e25,
    'almost constant': (x) => 1000 + x * 1e-3,
    constant: () => 0.1,
    zeros: () => 0,
    'some zeros': (x, i) => (i % 3 ? x : 0),
    'not finite': (x, i) => (i === 1500 ? Number.NaN : i === 0 ? Number.NEGATIVE_INFINITY : x),
  };

  test.each(Object.keys(DIFFICULT))('a parameter’s row: %s', (name) => {
    for (const length of [17, 24, 130, 2048, 2049, 5003]) {
      const make = (seed: number) =>
        filled('float32', length, seed).map((x, i) => DIFFICULT[name](x, i)) as unknown as Float32Array;
      const [p, g, before, row] = ['p', 'g', 'before', 'row'].map(
        (_, i) => heap.allocate('float32', i < 3 ? length : 17, true) as Float32Array,
      );
      p.set(make(40));
      g.set(make(41));
      const expected = new Float32Array(17);
      const copy = new Float32Array(length);
      kernels.measureParameter(p, g, before, { values: row, at: 0 });
      reference.measureParameter(p, g, copy, { values: expected, at: 0 });
      expect(before).toEqual(copy);
      for (let i = 0; i < 12; i++) {
        // a deviation is as exact as the root of its variance's rounding
        const unit = i === 2 || i === 9 ? 1e-7 * Math.abs(expected[i - 1]) : 0;
        const scale = i === 1 || i === 8 ? expected[i + 1] : Math.abs(expected[i]);
        if (Object.is(row[i], expected[i])) continue;
        if (!(Math.abs(row[i] - expected[i]) <= 2e-6 * scale + unit))
          expect.fail(`${length}, column ${i}: ${row[i]}, not ${expected[i]}`);
      }
      p.forEach((x, i) => {
        p[i] = x * 0.9990234375;
      });
      kernels.measureUpdate(p, before, { values: row, at: 0 });
      reference.measureUpdate(p, copy, { values: expected, at: 0 });
      if (Number.isFinite(expected[12]))
        expect(Math.abs(row[12] - expected[12])).toBeLessThanOrEqual(2e-6 * expected[12]);
      else expect(row[12]).toBe(expected[12]);
    }
  });

  test('how many elements have each exponent', () => {
    for (const length of [17, 100, 1023, 1024, 1027, 5001]) {
      const x = filled('float32', length + 3, 50).subarray(3) as Float32Array;
      for (let i = 0; i < length; i++) x[i] *= 10 ** ((i % 90) - 50);
      [0, -0, 1e-42, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY].forEach((special, i) => {
        x[2 * i] = special;
      });
      const [got, expected] = [new Uint32Array(256), new Uint32Array(256)];
      kernels.magnitudes(x, got);
      reference.magnitudes(x, expected);
      expect(got).toEqual(expected);
      expect(got[0]).toBeGreaterThanOrEqual(3);
      expect(got[255]).toBeGreaterThanOrEqual(3);
      expect(got.reduce((sum, count) => sum + count)).toBe(length);
    }
  });

  test('statistics of an array', () => {
    for (const length of LENGTHS) {
      const x = heap.allocate('float32', length + 16, true) as Float32Array;
      const y = heap.allocate('float32', length + 16, true) as Float32Array;
      x.set(numbers(x.length, 9));
      y.set(numbers(y.length, 10));
      x[length - 1] = 0;
      for (const last of [1, NaN, Infinity]) {
        x[length] = last;
        const [got, expected] = [new Float64Array(6), new Float64Array(6)];
        kernels.measure(x.subarray(0, length + 1), got);
        reference.measure(x.subarray(0, length + 1), expected);
        const magnitudes = x.subarray(0, length).reduce((sum, v) => sum + Math.abs(v) + v * v, 1);
        for (let i = 0; i < 6; i++) {
          if (Number.isFinite(expected[i]))
            expect(Math.abs(got[i] - expected[i])).toBeLessThanOrEqual(1e-6 * magnitudes);
          else expect(got[i]).toBe(expected[i]);
        }
      }
      expect(kernels.squaredDistance(x.subarray(0, length), y.subarray(0, length))).toBeCloseTo(
        reference.squaredDistance(x.subarray(0, length), y.subarray(0, length)),
        3,
      );
    }
  });
});
