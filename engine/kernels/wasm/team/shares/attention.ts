import { GEOMETRY_BYTES } from '../../attention.ts';
import type { KernelExports } from '../../exports.ts';
import type { Cut, Team } from '../team.ts';
import { MULTIPLICATION, SLOW_ELEMENT, type Some } from './work.ts';

/** Words of a geometry, see assembly/attention/attention.ts: the batches, and the strides from one to the next. */
const BATCHES = 0;
const [Q, K, V, MASK, OUT, SUMS, DQ, DK, DV] = [9, 12, 15, 18, 21, 24, 27, 30, 33];

/** By batches. @param words The memory that geometries lie in, as int32. */
export function attentions(wasm: KernelExports, team: Team, words: Int32Array): Some {
  /** `strides`: of each operand behind the geometry, the word that says how far it is to the next batch. */
  const cut = (operands: readonly number[], strides: readonly number[], scratch: number, products: number): Cut => {
    const [geometry] = operands;
    const word = (i: number) => words[geometry / 4 + i];
    const [batches, heads, queries, keys, width, valueWidth] = [0, 1, 2, 3, 4, 5].map(word);
    const multiplications = batches * heads * queries * keys * products * (width + valueWidth);
    return {
      units: batches,
      grain: 1,
      count: { operand: 0, bytes: GEOMETRY_BYTES, word: BATCHES },
      moves: strides.flatMap((at, i) => (operands[i + 1] === 0 ? [] : [[i + 1, 4 * word(at)] as const])),
      scratch: { operand: operands.length - 1, bytes: scratch },
      work: multiplications * MULTIPLICATION + batches * heads * queries * keys * SLOW_ELEMENT,
    };
  };
  return {
    // each thread needs some
    attentionScratch: (geometry) => wasm.attentionScratch(geometry) * team.threads,
    attentionBackwardScratch: (geometry) => wasm.attentionBackwardScratch(geometry) * team.threads,
    attention(...operands) {
      const scratch = wasm.attentionScratch(operands[0]);
      team.call('attention', operands, cut(operands, [Q, K, V, MASK, OUT, SUMS], scratch, 1));
    },
    attentionBackward(...operands) {
      const scratch = wasm.attentionBackwardScratch(operands[0]);
      const strides = [OUT, Q, K, V, MASK, OUT, SUMS, DQ, DK, DV];
      team.call('attentionBackward', operands, cut(operands, strides, scratch, 2.5));
    },
  };
}
