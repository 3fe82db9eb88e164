import type { KernelExports } from '../../exports.ts';
import type { Team } from '../team.ts';
import { FAST_ELEMENT, flat, type Some, shared } from './work.ts';

/** Optimizers' steps, by elements. */
export function updates(wasm: KernelExports, team: Team): Some {
  return {
    sgd: shared(
      team,
      'sgd',
      wasm.sgd,
      ([, , n]) => n,
      ([, , n]) => flat(n, 2, [0, 1], FAST_ELEMENT),
    ),
    sgdMomentum: shared(
      team,
      'sgdMomentum',
      wasm.sgdMomentum,
      ([, , , n]) => n,
      ([, , , n]) => flat(n, 3, [0, 1, 2], 2 * FAST_ELEMENT),
    ),
    adam: shared(
      team,
      'adam',
      wasm.adam,
      ([, , , , , n]) => n,
      ([, , , , top, n]) => flat(n, 5, top === 0 ? [0, 1, 2, 3] : [0, 1, 2, 3, 4], 4 * FAST_ELEMENT),
    ),
  };
}
