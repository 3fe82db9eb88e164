import fc from 'fast-check';
import { expect, test } from 'vitest';
import { largestEigenvalue } from '../../engine/probe/lanczos.ts';

const ALL = { most: 60, tolerance: 1e-10, goOn: () => true };

/** Q·diag(values)·Qᵀ with a reflection Q = 1 − 2uuᵀ. */
function symmetric(values: readonly number[], u: readonly number[]) {
  const norm = Math.hypot(...u) || 1;
  const reflect = (v: Float64Array) => {
    const along = u.reduce((sum, x, i) => sum + (x / norm) * v[i], 0);
    return v.map((x, i) => x - (2 * along * (u[i] ?? 0)) / norm);
  };
  return (v: Float64Array) => reflect(reflect(v).map((x, i) => x * values[i]));
}

const spectra = fc
  .integer({ min: 1, max: 12 })
  .chain((n) =>
    fc.tuple(
      fc.array(fc.integer({ min: -100, max: 100 }), { minLength: n, maxLength: n }),
      fc.array(fc.integer({ min: -9, max: 9 }), { minLength: n, maxLength: n }),
    ),
  );

test('finds the largest eigenvalue, also where a negative one is larger by amount', () => {
  fc.assert(
    fc.property(spectra, ([values, u]) => {
      const start = Float64Array.from(values, (_, i) => 1 + 0.1 * Math.sin(7 * i));
      const found = largestEigenvalue(symmetric(values, u), start, ALL);
      expect(found?.value).toBeCloseTo(Math.max(...values), 4);
    }),
  );
});

test('stopped early, it says how far off it may be, and is never above', () => {
  const values = Array.from({ length: 40 }, (_, i) => i);
  const start = new Float64Array(40).fill(1);
  for (const most of [1, 2, 5, 10]) {
    const found = largestEigenvalue(symmetric(values, []), start, { ...ALL, most });
    expect(found?.products).toBe(most);
    expect(found?.value).toBeLessThanOrEqual(39 + 1e-9);
    const off = Math.min(...values.map((x) => Math.abs(x - (found?.value ?? 0))));
    expect(off).toBeLessThanOrEqual((found?.error ?? 0) + 1e-9);
  }
  expect(largestEigenvalue(symmetric(values, []), start, { ...ALL, goOn: () => false })?.products).toBe(1);
});

test('what isn’t finite is no answer', () => {
  expect(largestEigenvalue((v) => v.fill(Number.NaN), new Float64Array(3).fill(1), ALL)).toBeNull();
});
