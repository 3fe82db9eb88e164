import { NORM_BLOCK } from '../../../reference/layerNorm.ts';
import type { KernelExports } from '../../exports.ts';
import type { Cut, Team } from '../team.ts';
import { FAST_ELEMENT, SLOW_ELEMENT, type Some, whole } from './work.ts';

/** Softmax, normalization of rows and cross-entropy, by rows. */
export function alongRows(wasm: KernelExports, team: Team): Some {
  /** `rows`: operands that move by a row; `single`: those with one element a row. */
  const cut = (units: number, length: number, count: number, rows: number[], single: number[], each: number): Cut => ({
    units,
    grain: 1,
    count,
    moves: [...rows.map((i) => [i, 4 * length] as const), ...single.map((i) => [i, 4] as const)],
    work: units * length * each,
  });
  return {
    softmax(...operands) {
      const [, , rows, length] = operands;
      if (rows * length < team.leastWork) wasm.softmax(...operands);
      else team.call('softmax', whole(operands), cut(rows, length, 2, [0, 1], [], SLOW_ELEMENT));
    },
    softmaxBackward(...operands) {
      const [, , , rows, length] = operands;
      if (rows * length < team.leastWork) wasm.softmaxBackward(...operands);
      else team.call('softmaxBackward', whole(operands), cut(rows, length, 3, [0, 1, 2], [], 2 * FAST_ELEMENT));
    },
    standardize(...operands) {
      const [, , , rows, length] = operands;
      if (rows * length < team.leastWork) wasm.standardize(...operands);
      else team.call('standardize', operands, cut(rows, length, 3, [0, 1], [2], 2 * FAST_ELEMENT));
    },
    standardizeBackward(...operands) {
      const [, , , , rows, length] = operands;
      if (rows * length < team.leastWork) wasm.standardizeBackward(...operands);
      else team.call('standardizeBackward', operands, cut(rows, length, 4, [0, 1, 3], [2], 2 * FAST_ELEMENT));
    },
    layerNorm(...operands) {
      const [, , , , , rows, length] = operands;
      if (rows * length < team.leastWork) return wasm.layerNorm(...operands);
      const moves = [0, 3].map((i) => [i, 4 * length] as const);
      const work = rows * length * 2 * FAST_ELEMENT;
      team.call('layerNorm', operands, { units: rows, grain: 1, count: 5, moves: [...moves, [4, 8]], work });
    },
    layerNormBackward(...operands) {
      const [, , , , , , rows, length] = operands;
      if (rows * length < team.leastWork) return wasm.layerNormBackward(...operands);
      // a block of rows adds two rows to the sums, and parts begin with blocks
      const moves = [0, 1, 4].map((i) => [i, 4 * length] as const);
      const sums = [5, (8 * length) / NORM_BLOCK] as const;
      const work = rows * length * 3 * FAST_ELEMENT;
      const cut = { units: rows, grain: NORM_BLOCK, count: 6, moves: [...moves, [3, 8] as const, sums], work };
      team.call('layerNormBackward', operands, cut);
    },
    crossEntropy(...operands) {
      const [, , , rows, length] = operands;
      if (rows * length < team.leastWork) wasm.crossEntropy(...operands);
      else team.call('crossEntropy', operands, cut(rows, length, 3, [0], [1, 2], SLOW_ELEMENT));
    },
    crossEntropyBackward(...operands) {
      const [, , , , rows, length] = operands;
      if (rows * length < team.leastWork) wasm.crossEntropyBackward(...operands);
      else team.call('crossEntropyBackward', operands, cut(rows, length, 4, [1, 3], [0, 2], SLOW_ELEMENT));
    },
  };
}
