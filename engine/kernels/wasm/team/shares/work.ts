import type { KernelExports } from '../../exports.ts';
import type { Cut } from '../team.ts';

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

/** Operands as numbers: kernels take truth values too. */
export const whole = (operands: readonly unknown[]): number[] => operands.map(Number);
