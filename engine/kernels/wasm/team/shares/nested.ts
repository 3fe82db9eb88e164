import { BINARY, type KernelExports } from '../../exports.ts';
import type { Cut, Team } from '../team.ts';
import { FAST_ELEMENT, SLOW_ELEMENT, type Some } from './work.ts';

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
  const shared: Some = {
    where(condition, x, y, out, nest) {
      if (size(nest) < team.leastWork) wasm.where(condition, x, y, out, nest);
      else team.call('where', [condition, x, y, out, nest], cut(nest, [1, 4, 4], 4, FAST_ELEMENT));
    },
  };
  for (const [name, bytes] of [
    ['copy1', 1],
    ['copy4', 4],
  ] as const) {
    const alone = wasm[name];
    shared[name] = (x, out, nest) => {
      if (size(nest) < team.leastWork) alone(x, out, nest);
      else team.call(name, [x, out, nest], cut(nest, [bytes, bytes], null, FAST_ELEMENT));
    };
  }
  for (const name of BINARY) {
    const alone = wasm[name];
    const outBytes = name === 'eq' || name === 'ne' || name === 'lt' || name === 'le' ? 1 : 4;
    const each = SLOW_PAIRS.has(name) ? SLOW_ELEMENT : FAST_ELEMENT;
    shared[name] = (x, y, out, nest) => {
      if (size(nest) < team.leastWork) alone(x, y, out, nest);
      else team.call(name, [x, y, out, nest], cut(nest, [4, 4], outBytes, each));
    };
  }
  return shared;
}
