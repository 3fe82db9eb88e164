import type { KernelExports } from '../../exports.ts';
import type { Cut, Team } from '../team.ts';

/** Some of the kernels, shared out. */
export type Some = Partial<KernelExports>;

/** Nanoseconds an element, roughly; and a multiplication within a matrix product. */
export const FAST_ELEMENT = 0.3;
export const SLOW_ELEMENT = 2;
export const MULTIPLICATION = 0.02;

/** Arrays that are walked in step, `count` elements of four bytes. */
export const flat = (units: number, count: number, arrays: readonly number[], each: number): Cut => ({
  units,
  grain: 16,
  count,
  moves: arrays.map((operand) => [operand, 4]),
  work: units * each,
});

type Operands = readonly (number | boolean)[];

/** A kernel that one thread computes where its `size` isn't worth a thought, and several as `cut` says where it is. */
export function shared<O extends Operands>(
  team: Team,
  name: keyof KernelExports,
  alone: (...operands: O) => void,
  size: (operands: O) => number,
  cut: (operands: O) => Cut,
): (...operands: O) => void {
  const { leastWork } = team;
  return (...operands) => {
    if (size(operands) < leastWork) alone(...operands);
    else team.call(name, operands.map(Number), cut(operands));
  };
}
