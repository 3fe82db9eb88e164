import { type KernelExports, UNARY } from '../../exports.ts';
import type { Team } from '../team.ts';
import { FAST_ELEMENT, flat, SLOW_ELEMENT, type Some } from './work.ts';

/** Functions that take about ten times as long an element as reading and writing it. */
const SLOW = new Set<string>(['expOf', 'logOf', 'tanhOf', 'sigmoidOf', 'erfOf', 'geluOf', 'logSigmoidOf', 'silu']);

/** Functions of one array, by elements. */
export function elementwise(wasm: KernelExports, team: Team): Some {
  const shared: Some = {
    leakyRelu(x, out, n, slope) {
      if (n < team.leastWork) wasm.leakyRelu(x, out, n, slope);
      else team.call('leakyRelu', [x, out, n, slope], flat(n, 2, [0, 1], FAST_ELEMENT));
    },
    clamp(x, out, n, min, max) {
      if (n < team.leastWork) wasm.clamp(x, out, n, min, max);
      else team.call('clamp', [x, out, n, min, max], flat(n, 2, [0, 1], FAST_ELEMENT));
    },
  };
  for (const name of UNARY) {
    const [alone, each] = [wasm[name], SLOW.has(name) ? SLOW_ELEMENT : FAST_ELEMENT];
    shared[name] = (x, out, n) => {
      if (n < team.leastWork) alone(x, out, n);
      else team.call(name, [x, out, n], flat(n, 2, [0, 1], each));
    };
  }
  return shared;
}
