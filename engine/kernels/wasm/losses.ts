import type { Kernels } from '../kernels.ts';
import { reference } from '../reference/reference.ts';
import { type Access, NOWHERE } from './access.ts';
import { sample, type Trial } from './firstUse.ts';

type Losses = Pick<Kernels, 'total' | 'logitLossBackward'>;

/** What losses of elements need: their sum, and the rule of one of them. */
export function lossKernels(access: Access): Losses {
  const { wasm } = access;
  return {
    total: (x) => (access.single(x) ? wasm.sum(x.byteOffset, x.length) : reference.total(x)),
    logitLossBackward(g, x, y, out) {
      const [factor, from, by] = [access.operand(g, 0), access.operand(x, 1), access.operand(y, 2)];
      if (factor === NOWHERE || from === NOWHERE || by === NOWHERE || !access.single(out)) {
        reference.logitLossBackward(g, x, y, out);
      } else wasm.logitLossBackward(factor, g.length > 1, from, by, out.byteOffset, out.length);
    },
  };
}

const totalTrial: Trial<Losses['total']> = (total, heap) => Float64Array.of(total(sample(heap, 29)));

const logitTrial: Trial<Losses['logitLossBackward']> = (rule, heap) => {
  const [g, x, out] = [sample(heap, 29), sample(heap, 29), sample(heap, 58)];
  rule(g, x, g, out.subarray(0, 29));
  rule(Float32Array.of(0.7), x, g, out.subarray(29));
  return out;
};

export const lossTrials = { total: totalTrial, logitLossBackward: logitTrial };
