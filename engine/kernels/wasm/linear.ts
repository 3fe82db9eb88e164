import type { Numbers } from '../../tensor/dtype.ts';
import type { Kernels } from '../kernels.ts';
import { linearBy } from '../reference/linear.ts';
import { type Access, NOWHERE } from './access.ts';
import type { Address } from './exports.ts';
import { sample, type Trial } from './firstUse.ts';

type Linear = Pick<Kernels, 'linear' | 'linearBackward'>;

/** Linear layers on arrays that `access` reaches; others by way of `matmul`. */
export function linearKernels(access: Access, matmul: Kernels['matmul'], wide: boolean): Linear {
  const { wasm } = access;
  const slow = linearBy(matmul);
  /** 0 for an array that isn't there. */
  const operand = (array: Numbers | null, slot: number): Address => (array === null ? 0 : access.operand(array, slot));
  const result = (array: Numbers | null, slot: number): Address =>
    array === null ? 0 : array instanceof Float32Array ? access.result(array, slot) : NOWHERE;
  const written = (array: Numbers | null, at: Address): void => {
    if (array !== null) access.written(array as Float32Array, at);
  };
  return {
    linear(x, weight, bias, out, m, k, n) {
      const [from, by, plus, to] = [operand(x, 0), operand(weight, 1), operand(bias, 2), result(out, 3)];
      if (m * k * n === 0 || from === NOWHERE || by === NOWHERE || plus === NOWHERE || to === NOWHERE) {
        slow.linear(x, weight, bias, out, m, k, n);
        return;
      }
      wasm.linear(from, by, plus, to, m, k, n, wide);
      written(out, to);
    },
    linearBackward(g, x, weight, dx, dw, db, m, k, n) {
      const [from, input, by] = [operand(g, 0), operand(x, 1), operand(weight, 2)];
      const [forX, forWeight, forBias] = [result(dx, 3), result(dw, 4), result(db, 5)];
      const reached = from !== NOWHERE && input !== NOWHERE && by !== NOWHERE;
      if (m * k * n === 0 || !reached || forX === NOWHERE || forWeight === NOWHERE || forBias === NOWHERE) {
        slow.linearBackward(g, x, weight, dx, dw, db, m, k, n);
        return;
      }
      wasm.linearBackward(from, input, by, forX, forWeight, forBias, m, k, n, wide);
      written(dx, forX);
      written(dw, forWeight);
      written(db, forBias);
    },
  };
}

/** Whole and partial tiles. */
const [M, K, N] = [13, 11, 35];

const linearTrial: Trial<Linear['linear']> = (linear, heap) => {
  const out = sample(heap, M * N);
  linear(sample(heap, M * K), sample(heap, N * K), sample(heap, N), out, M, K, N);
  return out;
};

const linearBackwardTrial: Trial<Linear['linearBackward']> = (rule, heap) => {
  const out = sample(heap, M * K + N * K + N);
  const [dx, dw, db] = [out.subarray(0, M * K), out.subarray(M * K, (M + N) * K), out.subarray((M + N) * K)];
  rule(sample(heap, M * N), sample(heap, M * K), sample(heap, N * K), dx, dw, db, M, K, N);
  return out;
};

export const linearTrials = { linear: linearTrial, linearBackward: linearBackwardTrial };
