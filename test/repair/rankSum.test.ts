import { describe, expect, test } from 'vitest';
import { rankSum } from '../../engine/repair/trial/rankSum.ts';

/** By definition: of all ways to choose as many, the share whose ranks sum to no more. */
function byEnumeration(lower: readonly number[], higher: readonly number[]): number {
  const all = [...lower, ...higher];
  const rank = (value: number) =>
    all.filter((other) => other < value).length + (all.filter((other) => other === value).length + 1) / 2;
  const ranks = all.map(rank);
  const sums: number[] = [];
  for (let bits = 0; bits < 1 << all.length; bits++) {
    const chosen = ranks.filter((_, i) => (bits >> i) & 1);
    if (chosen.length === lower.length) sums.push(chosen.reduce((a, b) => a + b, 0));
  }
  const observed = ranks.slice(0, lower.length).reduce((a, b) => a + b, 0);
  return sums.filter((sum) => sum <= observed).length / sums.length;
}

describe('the rank-sum test', () => {
  // scipy.stats.mannwhitneyu, alternative "less", method "exact"
  test('all lower than all others: one way of as many as there are', () => {
    expect(rankSum([1, 2, 3], [4, 5, 6])).toBe(1 / 20);
    expect(rankSum([1, 2, 3, 4, 5], [6, 7, 8, 9, 10])).toBeCloseTo(1 / 252, 12);
    expect(rankSum([1, 2, 3, 4, 7], [5, 6, 8, 9, 10])).toBeCloseTo(4 / 252, 12);
    expect(rankSum([4, 5, 6], [1, 2, 3])).toBe(1);
  });

  test('with ties and infinities it is what enumeration gives', () => {
    const values = [0.5, 0.5, 0.71, Infinity, 1];
    for (let i = 0; i < 200; i++) {
      const pick = (j: number) => values[(i * 7 + j * j * 3 + ((i * j) >> 1)) % values.length];
      const lower = [0, 1, 2, 3].map(pick);
      const higher = [4, 5, 6, 7, 8].map(pick);
      expect(rankSum(lower, higher)).toBeCloseTo(byEnumeration(lower, higher), 12);
    }
    expect(rankSum([0.71, 0.71, 0.71], [0.71, 0.71, 0.71])).toBe(1);
  });
});
