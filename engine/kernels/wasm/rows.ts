import { reference } from '../reference/reference.ts';
import { type Access, NOWHERE } from './access.ts';
import { sample, type Trial } from './firstUse.ts';

type Rows = Pick<
  typeof reference,
  'softmax' | 'softmaxBackward' | 'standardize' | 'standardizeBackward' | 'crossEntropy' | 'crossEntropyBackward'
>;

/** Work along contiguous rows of float32 in the heap; the rest goes to the reference. */
export function wasmRows(access: Access): Rows {
  const { wasm, heap } = access;
  return {
    softmax(x, out, outer, length, inner, log) {
      if (inner === 1 && length > 0 && access.single(x) && access.single(out)) {
        wasm.softmax(x.byteOffset, out.byteOffset, outer, length, log);
      } else reference.softmax(x, out, outer, length, inner, log);
    },
    softmaxBackward(g, y, out, outer, length, inner, log) {
      if (inner === 1 && access.single(g) && access.single(y) && access.single(out)) {
        wasm.softmaxBackward(g.byteOffset, y.byteOffset, out.byteOffset, outer, length, log);
      } else reference.softmaxBackward(g, y, out, outer, length, inner, log);
    },
    standardize(x, out, inverseStd, length, eps) {
      if (access.single(x) && access.single(out) && inverseStd instanceof Float32Array) {
        const to = access.result(inverseStd, 0);
        if (to !== NOWHERE) {
          wasm.standardize(x.byteOffset, out.byteOffset, to, inverseStd.length, length, eps);
          access.written(inverseStd, to);
          return;
        }
      }
      reference.standardize(x, out, inverseStd, length, eps);
    },
    standardizeBackward(g, y, inverseStd, out, length) {
      const scale = access.operand(inverseStd, 0);
      if (access.single(g) && access.single(y) && access.single(out) && scale !== NOWHERE) {
        wasm.standardizeBackward(g.byteOffset, y.byteOffset, scale, out.byteOffset, inverseStd.length, length);
      } else reference.standardizeBackward(g, y, inverseStd, out, length);
    },
    crossEntropy(x, index, out, outer, length, inner, ignored) {
      if (inner === 1 && access.single(x) && access.single(out) && heap.holds(index)) {
        wasm.crossEntropy(x.byteOffset, index.byteOffset, out.byteOffset, outer, length, ignored);
      } else reference.crossEntropy(x, index, out, outer, length, inner, ignored);
    },
    crossEntropyBackward(g, x, index, out, outer, length, inner, ignored) {
      if (inner === 1 && access.single(g) && access.single(x) && access.single(out) && heap.holds(index)) {
        const [from, by] = [g.byteOffset, x.byteOffset];
        wasm.crossEntropyBackward(from, by, index.byteOffset, out.byteOffset, outer, length, ignored);
      } else reference.crossEntropyBackward(g, x, index, out, outer, length, inner, ignored);
    },
  };
}

/** Rows of 13: pairs of vectors, a vector, and a rest. */
const LENGTH = 13;

const softmaxTrial: Trial<Rows['softmax']> = (softmax, heap) => {
  const [x, out] = [sample(heap, 2 * LENGTH), sample(heap, 4 * LENGTH)];
  softmax(x, out.subarray(0, 2 * LENGTH), 2, LENGTH, 1, false);
  softmax(x, out.subarray(2 * LENGTH), 2, LENGTH, 1, true);
  return out;
};

const crossEntropyTrial: Trial<Rows['crossEntropyBackward']> = (rule, heap) => {
  const [g, x, out] = [sample(heap, 20), sample(heap, 20 * LENGTH), sample(heap, 20 * LENGTH)];
  const classes = heap.allocate('int32', 20, true);
  for (let i = 0; i < 20; i++) classes[i] = i % LENGTH;
  rule(g, x, classes, out, 20, LENGTH, 1, 3);
  return out;
};

export const rowsTrials = { softmax: softmaxTrial, crossEntropyBackward: crossEntropyTrial };
