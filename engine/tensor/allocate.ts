import { memory } from '../kernels/memory.ts';
import { type DType, dtypes, type Numbers } from './dtype.ts';
import { DTypeError } from './errors.ts';

/** @throws DTypeError for a type that isn't one. */
function known(dtype: DType): DType {
  if (dtype === 'float32' || dtype === 'float64' || dtype === 'int32' || dtype === 'bool') return dtype;
  throw new DTypeError(`Expected the element type ${Object.keys(dtypes).join(', ')}, got ${String(dtype)}.`);
}

/** Room for `size` elements, all 0. */
export const allocate = (dtype: DType, size: number): Numbers => memory.allocate(known(dtype), size, false);

/** Room for elements that will all be written before they are read: anything may be in it. */
export const allocateDirty = (dtype: DType, size: number): Numbers => memory.allocate(known(dtype), size, true);
