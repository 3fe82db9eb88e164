import type { Numbers } from '../../tensor/dtype.ts';
import type { Kernels } from '../kernels.ts';
import { lstm as reference } from '../reference/lstm.ts';
import { type Access, NOWHERE } from './access.ts';
import { sample, type Trial } from './firstUse.ts';

/** Elements of an array that surely lies in the heap. */
const LEAST = 64;

type Lstm = Pick<Kernels, 'lstm' | 'lstmBackward'>;

/** LSTMs over whole sequences, of float32 arrays in the heap; small operands may lie elsewhere. */
export function lstmKernels(access: Access, wide: boolean): Lstm {
  const { wasm, heap } = access;
  const all = (...arrays: Numbers[]): boolean => arrays.every((array) => access.single(array));
  /** The weight, packed, lies here for the time of a call. */
  const packed = (width: number): Numbers =>
    heap.allocate('float32', Math.max(LEAST, wasm.lstmScratch(width) / 4), true);
  return {
    lstm(gates, weight, bias, h0, c0, out, cells, sequence) {
      const { steps, n, width, backwards } = sequence;
      const plus = bias === null ? 0 : access.operand(bias, 0);
      const [h, c] = [access.operand(h0, 1), access.operand(c0, 2)];
      if (!all(gates, weight, out, cells) || plus === NOWHERE || h === NOWHERE || c === NOWHERE) {
        reference.lstm(gates, weight, bias, h0, c0, out, cells, sequence);
        return;
      }
      const scratch = packed(width);
      const [z, w, to, memory] = [gates.byteOffset, weight.byteOffset, out.byteOffset, cells.byteOffset];
      wasm.lstm(z, w, plus, h, c, to, memory, scratch.byteOffset, steps, n, width, backwards, wide);
      heap.release(scratch);
    },
    lstmBackward(g, gates, weight, c0, cells, dGates, dh, dc, sequence) {
      const { steps, n, width, backwards } = sequence;
      const c = access.operand(c0, 0);
      if (!all(g, gates, weight, cells, dGates, dh, dc) || c === NOWHERE) {
        reference.lstmBackward(g, gates, weight, c0, cells, dGates, dh, dc, sequence);
        return;
      }
      const scratch = packed(width);
      const [from, z, w, memory] = [g.byteOffset, gates.byteOffset, weight.byteOffset, cells.byteOffset];
      const [to, h, last] = [dGates.byteOffset, dh.byteOffset, dc.byteOffset];
      wasm.lstmBackward(from, z, w, c, memory, to, h, last, scratch.byteOffset, steps, n, width, backwards, wide);
      heap.release(scratch);
    },
  };
}

/** Whole and partial tiles and vectors. */
const SEQUENCE = { steps: 2, n: 7, width: 21, backwards: false };
const STATE = SEQUENCE.n * SEQUENCE.width;

const forwardTrial: Trial<Lstm['lstm']> = (lstm, heap) => {
  const [gates, out, cells] = [sample(heap, 8 * STATE), sample(heap, 3 * STATE), sample(heap, 2 * STATE)];
  const weight = sample(heap, 4 * SEQUENCE.width ** 2);
  lstm(gates, weight, sample(heap, 84), sample(heap, STATE), sample(heap, STATE), out, cells, SEQUENCE);
  return out;
};

const backwardTrial: Trial<Lstm['lstmBackward']> = (rule, heap) => {
  const [gates, cells, out] = [sample(heap, 8 * STATE), sample(heap, 2 * STATE), sample(heap, 8 * STATE)];
  const [dh, dc, c0] = [sample(heap, STATE), sample(heap, STATE), sample(heap, STATE)];
  rule(sample(heap, 3 * STATE), gates, sample(heap, 4 * SEQUENCE.width ** 2), c0, cells, out, dh, dc, SEQUENCE);
  return out;
};

export const lstmTrials = { lstm: forwardTrial, lstmBackward: backwardTrial };
