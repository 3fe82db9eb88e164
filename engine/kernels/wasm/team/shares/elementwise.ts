import { type KernelExports, UNARY } from '../../exports.ts';
import type { Cut, Team } from '../team.ts';
import { FAST_ELEMENT, flat, SLOW_ELEMENT, type Some, shared } from './work.ts';

/** Functions that take about ten times as long an element as reading and writing it. */
const SLOW = new Set<string>(['expOf', 'logOf', 'tanhOf', 'sigmoidOf', 'erfOf', 'geluOf', 'logSigmoidOf', 'silu']);

/** Operands of a function of one array: where it lies, where the result belongs, elements, and what else it wants. */
type Elementwise = readonly [x: number, out: number, n: number, ...rest: number[]];

const length = ([, , n]: Elementwise): number => n;
const each =
  (nanoseconds: number) =>
  ([, , n]: Elementwise): Cut =>
    flat(n, 2, [0, 1], nanoseconds);

/** Functions of one array, by elements. */
export function elementwise(wasm: KernelExports, team: Team): Some {
  const all: Some = {
    leakyRelu: shared(team, 'leakyRelu', wasm.leakyRelu, length, each(FAST_ELEMENT)),
    clamp: shared(team, 'clamp', wasm.clamp, length, each(FAST_ELEMENT)),
  };
  for (const name of UNARY) {
    all[name] = shared(team, name, wasm[name], length, each(SLOW.has(name) ? SLOW_ELEMENT : FAST_ELEMENT));
  }
  return all;
}
