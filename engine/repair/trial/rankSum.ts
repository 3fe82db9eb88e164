/**
 * One-sided p of the rank-sum test (Wilcoxon 1945, Mann & Whitney 1947): the chance that `lower` would rank as low as it
 * does if it came from where `higher` does. Exact, also with ties, which get the mean of their ranks: subsets are counted
 * by size and sum of ranks (the shift algorithm, Streitberg & Röhmel 1986). Infinities rank as such; NaN isn't allowed.
 */
export function rankSum(lower: readonly number[], higher: readonly number[]): number {
  const ranks = doubledRanks([...lower, ...higher]);
  const observed = sum(ranks.slice(0, lower.length));
  const most = sum(ranks);
  // ways[size][sum]: subsets of the ranks seen so far
  const ways = Array.from({ length: lower.length + 1 }, () => new Float64Array(most + 1));
  ways[0][0] = 1;
  for (const rank of ranks) {
    for (let size = lower.length; size > 0; size--) {
      for (let total = most; total >= rank; total--) ways[size][total] += ways[size - 1][total - rank];
    }
  }
  const counted = ways[lower.length];
  return sum(counted.subarray(0, observed + 1)) / sum(counted);
}

/** Twice the rank of each value, from 1, so that the mean of tied ranks is a whole number, too. */
function doubledRanks(values: readonly number[]): number[] {
  return values.map((value) => {
    const below = values.filter((other) => other < value).length;
    const tied = values.filter((other) => other === value).length;
    return 2 * below + tied + 1;
  });
}

const sum = (values: Iterable<number>): number => {
  let total = 0;
  for (const value of values) total += value;
  return total;
};
