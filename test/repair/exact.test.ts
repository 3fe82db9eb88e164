import { describe, expect, test } from 'vitest';
import { boschloo, fisher } from '../../engine/repair/trial/exact.ts';

describe('exact tests', () => {
  // scipy.stats.fisher_exact and boschloo_exact, alternative "greater"
  test('Fisher', () => {
    expect(fisher({ a: 3, n: 3, b: 0, m: 3 })).toBeCloseTo(1 / 20, 12);
    expect(fisher({ a: 5, n: 5, b: 0, m: 5 })).toBeCloseTo(1 / 252, 12);
    expect(fisher({ a: 4, n: 5, b: 1, m: 5 })).toBeCloseTo(26 / 252, 12);
    expect(fisher({ a: 0, n: 5, b: 5, m: 5 })).toBeCloseTo(1, 12);
  });

  test('Boschloo, where theory gives it: all against none is p(1 − p) to the power of the seeds, at its largest', () => {
    for (const n of [3, 4, 5]) expect(boschloo({ a: n, n, b: 0, m: n })).toBeCloseTo(0.25 ** n, 9);
    expect(boschloo({ a: 0, n: 5, b: 0, m: 5 })).toBe(1);
  });

  test('is never weaker than Fisher’s, and never takes what is no better for proof', () => {
    for (let n = 1; n <= 6; n++) {
      for (let m = 1; m <= 6; m++) {
        for (let a = 0; a <= n; a++) {
          for (let b = 0; b <= m; b++) {
            const counts = { a, n, b, m };
            expect(boschloo(counts)).toBeLessThanOrEqual(fisher(counts) + 1e-9);
            if (a / n <= b / m) expect(boschloo(counts)).toBeGreaterThan(0.05);
          }
        }
      }
    }
  });
});
