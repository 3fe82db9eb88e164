import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { FAULTS, type Fault } from './faults.ts';
import { HABITS, type Habit } from './habits.ts';

/** A program with one change, to be run with several seeds. */
export interface Variant {
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

const PROGRAMS = path.join(import.meta.dirname, 'programs');

export const program = (name: string): string => fs.readFileSync(path.join(PROGRAMS, `${name}.ts`), 'utf8');

/** The program without any change: what a variant is compared with. */
export const CLEAN = 'as it is';

/** All variants. @throws if a change has nothing to change in a program it is meant for. */
export function variants(): Variant[] {
  const made: Variant[] = [];
  for (const [change, fault] of Object.entries<Fault | Habit>({ ...HABITS, ...FAULTS })) {
    for (const name of fault.to.split(' ')) {
      const clean = program(name);
      const script = fault.change(clean);
      if (script === null || (script === clean && change !== CLEAN))
        throw new Error(`${change} changes nothing in ${name}.`);
      const { lines = null, repairable = false }: Partial<Fault> = fault;
      made.push({
        program: name,
        change,
        injected: change in FAULTS,
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

export type Part = 'tune' | 'report';

/** Fixed by the variant's name alone, the same for all its seeds. */
export function partOf(variant: Pick<Variant, 'program' | 'change'>): Part {
  return createHash('sha256').update(nameOf(variant)).digest()[0] % 2 ? 'tune' : 'report';
}
