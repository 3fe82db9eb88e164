import fs from 'node:fs';
import path from 'node:path';
import { EIGHTH_FAULTS, EIGHTH_HABITS } from './eighth/eighth.ts';
import { FAULTS, type Fault } from './faults.ts';
import { FIFTH_FAULTS, FIFTH_HABITS } from './fifth/fifth.ts';
import { FOURTH_FAULTS, FOURTH_HABITS } from './fourth/fourth.ts';
import { HABITS, type Habit } from './habits.ts';
import { NINTH_FAULTS, NINTH_HABITS } from './ninth/ninth.ts';
import { REPORTED_FAULTS, REPORTED_HABITS } from './reporting/reporting.ts';
import { SECOND_FAULTS, SECOND_HABITS } from './second/second.ts';
import { SEVENTH_FAULTS, SEVENTH_HABITS } from './seventh/seventh.ts';
import { SIXTH_FAULTS, SIXTH_HABITS } from './sixth/sixth.ts';
import { TENTH_FAULTS, TENTH_HABITS } from './tenth/tenth.ts';
import { THIRD_FAULTS, THIRD_HABITS } from './third/third.ts';

/** Rules are tuned on the one; of the other nothing but sums is looked at. */
export type Part = 'tune' | 'report';

/** A program with one change, to be run with several seeds. */
export interface Variant {
  readonly part: Part;
  readonly program: string;
  /** Name of the fault or habit. */
  readonly change: string;
  readonly injected: boolean;
  readonly script: string;
  /** `finding-id` or `finding-id/cause`. */
  readonly causes: readonly string[];
  /** Of the script, from 1; null where any is as right. */
  readonly lines: readonly number[] | null;
  readonly repairable: boolean;
}

/** Programs with the faults and habits that are meant for them. */
interface Collection {
  readonly part: Part;
  readonly folder: string;
  readonly faults: typeof FAULTS;
  readonly habits: typeof HABITS;
}

const COLLECTIONS: readonly Collection[] = [
  { part: 'tune', folder: 'programs', faults: FAULTS, habits: HABITS },
  { part: 'tune', folder: 'second/programs', faults: SECOND_FAULTS, habits: SECOND_HABITS },
  { part: 'tune', folder: 'third/programs', faults: THIRD_FAULTS, habits: THIRD_HABITS },
  { part: 'tune', folder: 'fourth/programs', faults: FOURTH_FAULTS, habits: FOURTH_HABITS },
  { part: 'tune', folder: 'fifth/programs', faults: FIFTH_FAULTS, habits: FIFTH_HABITS },
  { part: 'tune', folder: 'sixth/programs', faults: SIXTH_FAULTS, habits: SIXTH_HABITS },
  { part: 'tune', folder: 'seventh/programs', faults: SEVENTH_FAULTS, habits: SEVENTH_HABITS },
  { part: 'tune', folder: 'eighth/programs', faults: EIGHTH_FAULTS, habits: EIGHTH_HABITS },
  { part: 'tune', folder: 'ninth/programs', faults: NINTH_FAULTS, habits: NINTH_HABITS },
  { part: 'tune', folder: 'tenth/programs', faults: TENTH_FAULTS, habits: TENTH_HABITS },
  { part: 'report', folder: 'reporting/programs', faults: REPORTED_FAULTS, habits: REPORTED_HABITS },
];

/** All fault operators, by name. */
export const ALL_FAULTS: typeof FAULTS = Object.assign({}, ...COLLECTIONS.map(({ faults }) => faults));

/** The program without any change: what a variant is compared with. */
export const CLEAN = 'as it is';

/** All variants of both parts. @throws if a change has nothing to change in a program it is meant for. */
export const variants = (): Variant[] => COLLECTIONS.flatMap(variantsOf);

function variantsOf({ part, folder, faults, habits }: Collection): Variant[] {
  const made: Variant[] = [];
  for (const [change, fault] of Object.entries<Fault | Habit>({ ...habits, ...faults })) {
    for (const program of fault.to.split(' ')) {
      const clean = fs.readFileSync(path.join(import.meta.dirname, folder, `${program}.ts`), 'utf8');
      const script = fault.change(clean);
      if (script === null || (script === clean && change !== CLEAN))
        throw new Error(`${change} changes nothing in ${program}.`);
      const { lines = null, repairable = false }: Partial<Fault> = fault;
      made.push({
        part,
        program,
        change,
        injected: change in faults,
        script,
        causes: fault.causes ?? [],
        lines: lines && linesOf(script, lines),
        repairable,
      });
    }
  }
  return made;
}

export const nameOf = ({ program, change }: Pick<Variant, 'program' | 'change'>): string => `${program}, ${change}`;

export function linesOf(script: string, pattern: RegExp): number[] {
  return script.split('\n').flatMap((line, i) => (pattern.test(line) ? [i + 1] : []));
}
