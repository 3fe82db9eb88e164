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
  { part, only, repairable, seeds, extension = '.ts' }: Wanted,
  recorder: Recorder,
): Promise<Gathered> {
  // a variant's seeds at once
  const observed = ({ script }: Variant): Promise<Observation[]> =>
    Promise.all(seeds.map(async (seed) => observe(await recorder.log({ script, seed, extension }))));
  const wanted = everything.filter(
    (variant) =>
      (!part || variant.part === part) &&
      (!only || nameOf(variant).includes(only)) &&
      (!repairable || variant.repairable),
  );
  const programs = new Set(wanted.map(({ program }) => program));
  const clean = new Map<string, Observation[]>();
  for (const variant of everything) {
    if (variant.change === CLEAN && programs.has(variant.program)) clean.set(variant.program, await observed(variant));
  }
  const skills = new Map([...clean].map(([name, runs]) => [name, runs.map(({ skill }) => skill)]));
  const cases: Case[] = [];
  for (const variant of wanted) {
    const runs = (variant.change === CLEAN ? clean.get(variant.program) : undefined) ?? (await observed(variant));
    const told = labels(
      runs.map(({ skill }) => skill),
      skills.get(variant.program) ?? [],
    );
    cases.push(...runs.map((observation, i) => ({ variant, seed: seeds[i], label: told[i], observation })));
    if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${cases.length} cases, ${recorder.made} runs made`);
  }
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
  return { cases, skills };
}
