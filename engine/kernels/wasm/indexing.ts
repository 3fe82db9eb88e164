import type { Numbers } from '../../tensor/dtype.ts';
import { reference } from '../reference/reference.ts';
import type { Access } from './access.ts';

type Picking = Pick<
  typeof reference,
  'firstOutside' | 'indexSelect' | 'indexAdd' | 'gatherAlong' | 'scatterAdd' | 'maxPool'
>;

/** Picking float32 by int32 indices, all in the heap; the rest goes to the reference. */
export function wasmIndexing(access: Access): Picking {
  const { wasm, heap } = access;
  const reachable = (x: Numbers, index: Numbers, out: Numbers): boolean =>
    access.single(x) && access.single(out) && index instanceof Int32Array && heap.holds(index);
  return {
    firstOutside(index, size) {
      if (!(index instanceof Int32Array) || !heap.holds(index)) return reference.firstOutside(index, size);
      return wasm.firstOutside(index.byteOffset, index.length, size);
    },
    indexSelect(x, index, out, outer, length, inner) {
      if (!reachable(x, index, out)) return reference.indexSelect(x, index, out, outer, length, inner);
      wasm.indexSelect(x.byteOffset, index.byteOffset, out.byteOffset, index.length, outer, length, inner);
    },
    indexAdd(x, index, out, outer, length, inner) {
      if (!reachable(x, index, out)) return reference.indexAdd(x, index, out, outer, length, inner);
      wasm.indexAdd(x.byteOffset, index.byteOffset, out.byteOffset, index.length, outer, length, inner);
    },
    gatherAlong(x, index, out, outer, length, picks, inner) {
      if (!reachable(x, index, out)) return reference.gatherAlong(x, index, out, outer, length, picks, inner);
      wasm.gatherAlong(x.byteOffset, index.byteOffset, out.byteOffset, outer, length, picks, inner);
    },
    scatterAdd(x, index, out, outer, length, picks, inner) {
      if (!reachable(x, index, out)) return reference.scatterAdd(x, index, out, outer, length, picks, inner);
      wasm.scatterAdd(x.byteOffset, index.byteOffset, out.byteOffset, outer, length, picks, inner);
    },
    maxPool(x, out, indices, planes, w) {
      if (!reachable(x, indices, out)) return reference.maxPool(x, out, indices, planes, w);
      const [from, to, at] = [x.byteOffset, out.byteOffset, indices.byteOffset];
      const { input, output, kernel, stride, padding, dilation } = w;
      wasm.maxPool(from, to, at, planes, ...input, ...output, ...kernel, ...stride, ...padding, ...dilation);
    },
  };
}
