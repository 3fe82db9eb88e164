import fs from 'node:fs/promises';
import path from 'node:path';

/** `train.rank1.gradlens` → [`train`, 1]: each rank of a run writes a log of its own. Null for what is no run log. */
export function rankedName(name: string): readonly [stem: string, rank: number] | null {
  const [, stem, rank] = /^(.*?)(?:\.rank(\d+))?\.gradlens$/.exec(name) ?? [];
  return stem === undefined ? null : [stem, Number(rank ?? 0)];
}

/** A run log and those of the other ranks beside it, in the order of ranks. */
export async function logsOfRun(file: string): Promise<string[]> {
  const own = rankedName(path.basename(file));
  if (!own) return [file];
  const folder = path.dirname(file);
  const ranked = (await fs.readdir(folder)).flatMap((name) => {
    const [stem, rank] = rankedName(name) ?? [];
    return stem === own[0] && rank !== undefined ? [{ file: path.join(folder, name), rank }] : [];
  });
  return ranked.sort((a, b) => a.rank - b.rank).map((log) => log.file);
}
