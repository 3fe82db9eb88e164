import type { KernelExports } from '../../exports.ts';
import type { Team } from '../team.ts';
import { FAST_ELEMENT, flat, type Some, whole } from './work.ts';

/** Optimizers' steps, by elements. */
export function updates(wasm: KernelExports, team: Team): Some {
  return {
    sgd(...operands) {
      const n = operands[2];
      if (n < team.leastWork) wasm.sgd(...operands);
      else team.call('sgd', operands, flat(n, 2, [0, 1], FAST_ELEMENT));
    },
    sgdMomentum(...operands) {
      const n = operands[3];
      if (n < team.leastWork) wasm.sgdMomentum(...operands);
      else team.call('sgdMomentum', whole(operands), flat(n, 3, [0, 1, 2], 2 * FAST_ELEMENT));
    },
    adam(...operands) {
      const [, , , , top, n] = operands;
      if (n < team.leastWork) wasm.adam(...operands);
      else team.call('adam', operands, flat(n, 5, top === 0 ? [0, 1, 2, 3] : [0, 1, 2, 3, 4], 4 * FAST_ELEMENT));
    },
  };
}
