import type { Edit } from '../edit.ts';
import { attempt } from '../propose.ts';
import { scaledRate } from '../remedies/learningRate.ts';
import type { Context } from '../remedies/remedy.ts';
import { Source } from '../source/source.ts';

/** A change that should matter to nobody: a slightly other learning rate, or where there's none, other random numbers. */
export interface Innocent {
  readonly edit: Edit | null;
  /** Added to the seed. */
  readonly seed: number;
}

const FACTORS = [0.9, 1.1, 0.8, 1.2];
const OTHER_SEED = 1000;

/** The innocent change of each seed: the second control, which differs from nothing as remedies do. */
export async function innocents(
  finding: Context['finding'],
  texts: ReadonlyMap<string, string>,
  seeds: number,
): Promise<Innocent[]> {
  return Source.using(texts, (sources) =>
    Array.from({ length: seeds }, (_, i) => {
      // each third change is of the random numbers alone, and so are all where the rate isn't written down
      const rate = scaledRate('innocent', '', FACTORS[(i * 7 + 3) % FACTORS.length]);
      const { edit } = i % 3 === 2 ? { edit: null } : attempt(rate, { finding, sources, run: null });
      return { edit, seed: edit ? 0 : OTHER_SEED };
    }),
  );
}
