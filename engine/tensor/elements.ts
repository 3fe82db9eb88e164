import { trace } from '../autograd/userLine.ts';
import { kernels } from '../kernels/kernels.ts';
import { allocate, allocateDirty } from './allocate.ts';
import type { DType, Numbers } from './dtype.ts';
import { broadcastStrides, contiguousStrides, isContiguous, sameShape, sizeOf } from './shape.ts';
import { Storage } from './storage.ts';
import { Tensor } from './tensor.ts';

/**
 * The elements in row-major order, broadcast to `shape` if it is given. May be the storage itself: read it, don't write
 * it, don't keep it.
 */
export function elements(tensor: Tensor, shape: readonly number[] = tensor.shape): Numbers {
  const { data } = tensor.storage;
  const size = sizeOf(shape);
  if (isContiguous(tensor) && (shape === tensor.shape || sameShape(tensor.shape, shape))) {
    return tensor.offset === 0 && data.length === size ? data : data.subarray(tensor.offset, tensor.offset + size);
  }
  const out = allocate(tensor.dtype, size);
  kernels.gather(data, { shape, strides: broadcastStrides(tensor, shape), offset: tensor.offset }, out);
  return out;
}

/** A new tensor around row-major elements. */
export function wrap(data: Numbers, dtype: DType, shape: readonly number[]): Tensor {
  return new Tensor(new Storage(data), dtype, { shape, strides: contiguousStrides(shape), offset: 0 });
}

/** The same elements in memory of their own, without a history. */
export function copied(tensor: Tensor): Tensor {
  const { shape, dtype } = tensor;
  const out = allocateDirty(dtype, sizeOf(shape));
  if (isContiguous(tensor)) out.set(elements(tensor));
  else kernels.gather(tensor.storage.data, tensor, out);
  return wrap(out, dtype, shape);
}

/** Overwrites a tensor's memory, as its layout says. Counts as an in-place change. */
export function overwrite(tensor: Tensor, values: Numbers): void {
  const { data } = tensor.storage;
  // an optimizer may have worked on the memory itself
  if (isContiguous(tensor)) {
    if (values !== data) data.set(values, tensor.offset);
  } else kernels.scatter(values, data, tensor);
  tensor.storage.version++;
  if (tensor.storage.held > 0) tensor.storage.writtenAt = trace();
}
