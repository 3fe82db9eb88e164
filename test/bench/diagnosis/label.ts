import { median } from '../../../engine/diagnose/evidence/median.ts';

/**
 * Whether a run was hurt, told by what its model can do in the end, not by what was injected. `unclear` runs are between,
 * or differ from the other seeds of their variant: they aren't scored.
 */
export type Label = 'faulty' | 'healthy' | 'unclear';

/** Of the clean twin's skill with the same seed: less is harm, … */
export const HURT = 0.8;
/** … so much is none. */
export const FINE = 0.9;

/** Labels of a variant's runs; skills by seed, null where a script didn't tell. */
export function labels(skills: readonly (number | null)[], clean: readonly (number | null)[]): Label[] {
  const shares = skills.map((skill, i) => share(skill, clean[i]));
  const typical = labelOf(median(shares));
  return shares.map((own) => (labelOf(own) === typical ? typical : 'unclear'));
}

const share = (skill: number | null, clean: number | null): number =>
  skill === null || clean === null || !(clean > 0) ? Number.NaN : skill / clean;

const labelOf = (of: number): Label => (of < HURT ? 'faulty' : of >= FINE ? 'healthy' : 'unclear');
