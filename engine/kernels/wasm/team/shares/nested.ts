import { BINARY, type KernelExports } from '../../exports.ts';
import type { Cut, Team } from '../team.ts';
import { FAST_ELEMENT, SLOW_ELEMENT, type Some, shared } from './work.ts';

/** Functions that take about ten times as long an element as reading and writing it. */
const SLOW_PAIRS = new Set<string>(['geluBackward', 'siluBackward', 'logitLoss']);

/** Words of a nest: four sizes, the innermost first, and four strides for each of three arrays. */
const LEVELS = 4;

/** Functions of two arrays, and copies, by their outermost loop. @param words The memory that nests lie in, as int32. */
export function nested(wasm: KernelExports, team: Team, words: Int32Array): Some {
  /** The outermost loop is shared out. `arrays`: bytes an element of those that the nest has strides for. */
  const cut = (nest: number, arrays: readonly number[], outBytes: number | null, each: number): Cut => {
    const at = nest / 4;
    let level = LEVELS - 1;
    while (level > 0 && words[at + level] === 1) level--;
    let inner = 1;
    for (let below = 0; below < level; below++) inner *= words[at + below];
    const moves = arrays.map((bytes, i) => [i, bytes * words[at + LEVELS * (1 + i) + level]] as const);
    const all = outBytes === null ? moves : [...moves, [arrays.length, outBytes * inner] as const];
    const operand = outBytes === null ? arrays.length : arrays.length + 1;
    const units = words[at + level];
    const count = { operand, bytes: 16 * LEVELS, word: level };
    return { units, grain: level === 0 ? 16 : 1, count, moves: all, work: units * inner * each };
  };
  const size = (nest: number): number => {
    const at = nest / 4;
    return words[at] * words[at + 1] * words[at + 2] * words[at + 3];
  };
  /** `nest` is the last operand. */
  const bySize = (operands: readonly number[]): number => size(operands[operands.length - 1]);
  const all: Some = {
    where: shared(team, 'where', wasm.where, bySize, ([, , , , nest]) => cut(nest, [1, 4, 4], 4, FAST_ELEMENT)),
    copy1: shared(team, 'copy1', wasm.copy1, bySize, ([, , nest]) => cut(nest, [1, 1], null, FAST_ELEMENT)),
    copy4: shared(team, 'copy4', wasm.copy4, bySize, ([, , nest]) => cut(nest, [4, 4], null, FAST_ELEMENT)),
  };
  for (const name of BINARY) {
    const outBytes = name === 'eq' || name === 'ne' || name === 'lt' || name === 'le' ? 1 : 4;
    const each = SLOW_PAIRS.has(name) ? SLOW_ELEMENT : FAST_ELEMENT;
    all[name] = shared(team, name, wasm[name], bySize, ([, , , nest]) => cut(nest, [4, 4], outBytes, each));
  }
  return all;
}
