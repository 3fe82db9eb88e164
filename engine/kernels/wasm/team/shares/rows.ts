import { NORM_BLOCK } from '../../../reference/layerNorm.ts';
import type { KernelExports } from '../../exports.ts';
import type { Cut, Team } from '../team.ts';
import { FAST_ELEMENT, SLOW_ELEMENT, type Some, shared } from './work.ts';

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
    softmax: shared(
      team,
      'softmax',
      wasm.softmax,
      ([, , rows, length]) => rows * length,
      ([, , rows, length]) => cut(rows, length, 2, [0, 1], [], SLOW_ELEMENT),
    ),
    softmaxBackward: shared(
      team,
      'softmaxBackward',
      wasm.softmaxBackward,
      ([, , , rows, length]) => rows * length,
      ([, , , rows, length]) => cut(rows, length, 3, [0, 1, 2], [], 2 * FAST_ELEMENT),
    ),
    standardize: shared(
      team,
      'standardize',
      wasm.standardize,
      ([, , , rows, length]) => rows * length,
      ([, , , rows, length]) => cut(rows, length, 3, [0, 1], [2], 2 * FAST_ELEMENT),
    ),
    standardizeBackward: shared(
      team,
      'standardizeBackward',
      wasm.standardizeBackward,
      ([, , , , rows, length]) => rows * length,
      ([, , , , rows, length]) => cut(rows, length, 4, [0, 1, 3], [2], 2 * FAST_ELEMENT),
    ),
    layerNorm: shared(
      team,
      'layerNorm',
      wasm.layerNorm,
      ([, , , , , rows, length]) => rows * length,
      ([, , , , , rows, length]) => {
        const { moves, ...rest } = cut(rows, length, 5, [0, 3], [], 2 * FAST_ELEMENT);
        return { ...rest, moves: [...moves, [4, 8]] };
      },
    ),
    layerNormBackward: shared(
      team,
      'layerNormBackward',
      wasm.layerNormBackward,
      ([, , , , , , rows, length]) => rows * length,
      ([, , , , , , rows, length]) => {
        // a block of rows adds two rows to the sums, and parts begin with blocks
        const { moves, ...rest } = cut(rows, length, 6, [0, 1, 4], [], 3 * FAST_ELEMENT);
        return { ...rest, grain: NORM_BLOCK, moves: [...moves, [3, 8], [5, (8 * length) / NORM_BLOCK]] };
      },
    ),
    crossEntropy: shared(
      team,
      'crossEntropy',
      wasm.crossEntropy,
      ([, , , rows, length]) => rows * length,
      ([, , , rows, length]) => cut(rows, length, 3, [0], [1, 2], SLOW_ELEMENT),
    ),
    crossEntropyBackward: shared(
      team,
      'crossEntropyBackward',
      wasm.crossEntropyBackward,
      ([, , , , rows, length]) => rows * length,
      ([, , , , rows, length]) => cut(rows, length, 4, [1, 3], [0, 2], SLOW_ELEMENT),
    ),
  };
}
