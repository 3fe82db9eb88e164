import { CLEAN, nameOf, type Part, type Variant } from './cases.ts';
import { labels } from './label.ts';
import { type Observation, observe } from './observe.ts';
import type { Recorder } from './record.ts';
import type { Case } from './score.ts';

export interface Wanted {
  readonly part?: Part;
  /** Variants whose name has this in it. */
  readonly only?: string;
  readonly repairable?: boolean;
  readonly seeds: readonly number[];
  /** `.ts` by default. */
  readonly extension?: string;
  /** No run is made: seeds that weren't recorded, of a variant or of its clean program, are left out. */
  readonly present?: boolean;
  /** So often the diagnosis is asked on the way, in steps; never if it's infinite. */
  readonly every?: number;
}

/** Cases, and what the clean programs have learned. */
export interface Gathered {
  readonly cases: readonly Case[];
  /** Skills of the clean programs by their names, in the order of the seeds. */
  readonly skills: ReadonlyMap<string, readonly (number | null)[]>;
}

/** The runs of those of all variants that are wanted, and of the clean programs that they are held against. */
export async function gather(
  everything: readonly Variant[],
  { part, only, repairable, seeds, extension = '.ts', present = false, every }: Wanted,
  recorder: Recorder,
): Promise<Gathered> {
  const isThere =
    ({ script }: Variant) =>
    (seed: number) =>
      !present || recorder.has({ script, seed, extension });
  // a variant's seeds at once
  const observed = ({ script }: Variant, ofSeeds: readonly number[]): Promise<Observation[]> =>
    Promise.all(ofSeeds.map(async (seed) => observe(await recorder.log({ script, seed, extension }), every)));
  const wanted = everything.filter(
    (variant) =>
      (!part || variant.part === part) &&
      (!only || nameOf(variant).includes(only)) &&
      (!repairable || variant.repairable),
  );
  const programs = new Set(wanted.map(({ program }) => program));
  const clean = new Map<string, ReadonlyMap<number, Observation>>();
  for (const variant of everything) {
    if (variant.change !== CLEAN || !programs.has(variant.program)) continue;
    const there = seeds.filter(isThere(variant));
    const runs = await observed(variant, there);
    clean.set(variant.program, new Map(there.map((seed, i) => [seed, runs[i]])));
  }
  const skills = new Map([...clean].map(([name, runs]) => [name, [...runs.values()].map(({ skill }) => skill)]));
  const cases: Case[] = [];
  for (const variant of wanted) {
    const ofProgram = clean.get(variant.program);
    const there = seeds.filter((seed) => ofProgram?.has(seed) && isThere(variant)(seed));
    const runs =
      variant.change === CLEAN
        ? there.map((seed) => ofProgram?.get(seed) as Observation)
        : await observed(variant, there);
    const told = labels(
      runs.map(({ skill }) => skill),
      there.map((seed) => ofProgram?.get(seed)?.skill ?? null),
    );
    cases.push(...runs.map((observation, i) => ({ variant, seed: there[i], label: told[i], observation })));
    if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${cases.length} cases, ${recorder.made} runs made`);
  }
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
  return { cases, skills };
}
