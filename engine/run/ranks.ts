import { layerGroups, localGradientNorm } from './groups.ts';
import type { Run } from './run.ts';

/** The runs of all ranks in their order; of a process that trains alone, only that. */
export const allRanks = (run: Run): ReadonlyMap<number, Run> =>
  new Map([[run.start?.rank ?? 0, run] as const, ...run.ranks].sort(([a], [b]) => a - b));

/** What a rank measured last of a layer by itself, before anything was averaged. NaN where it didn't. */
export interface OfRank {
  readonly rank: number;
  /** Norm of its own gradient. */
  readonly gradient: number;
  /** Of its output. */
  readonly mean: number;
  readonly std: number;
}

/** What the ranks measured of each layer, by the layer's name: they may number their layers differently. */
export function byRank(run: Run): ReadonlyMap<string, readonly OfRank[]> {
  const layers = new Map<string, OfRank[]>();
  for (const [rank, own] of allRanks(run)) {
    for (const group of layerGroups(own)) {
      const output = group.layer === null ? null : own.latestLayer(group.layer);
      const row: OfRank = {
        rank,
        gradient: localGradientNorm(own, own.ownGradientsAt ?? 'latest', group),
        mean: output?.('mean') ?? Number.NaN,
        std: output?.('std') ?? Number.NaN,
      };
      const rows = layers.get(group.name);
      if (rows) rows.push(row);
      else layers.set(group.name, [row]);
    }
  }
  return layers;
}

/** Ranks whose numbers differ by more than this factor don't train on the same kind of data. */
export const RANK_FACTOR = 3;

/** How many times a number is larger than the others' median, or how many times smaller, below 1. */
export function timesOthers(own: number, others: readonly number[]): number {
  const known = others.filter((x) => !Number.isNaN(x));
  return known.length ? own / median(known) : Number.NaN;
}

export const isFar = (times: number): boolean => times > RANK_FACTOR || times < 1 / RANK_FACTOR;

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
