import type { DType, Numbers } from './dtype.ts';
import { wrap } from './elements.ts';
import { ArgumentError, showShape } from './errors.ts';
import { sizeOf } from './shape.ts';
import type { Tensor } from './tensor.ts';

export interface TensorOptions {
  /** Default float32 (int32 where it says so). */
  readonly dtype?: DType;
  /** Make a leaf whose gradient backward computes. Default false. */
  readonly requiresGrad?: boolean;
}

/** Number of elements of a new tensor. @throws ArgumentError for sizes that are none, or not in an array, as in `randn(3, 4)`. */
export function newSize(shape: readonly number[]): number {
  if (!Array.isArray(shape)) throw new ArgumentError('A shape is one array: [3, 4] rather than 3, 4.');
  const wrong = shape.find((n) => !Number.isInteger(n) || n < 0);
  if (wrong !== undefined)
    throw new ArgumentError(`Sizes are whole numbers from 0 on, got ${wrong} in ${showShape(shape)}.`);
  return sizeOf(shape);
}

/** A new tensor of row-major elements, as the options say. */
export function finish(data: Numbers, dtype: DType, shape: readonly number[], options: TensorOptions): Tensor {
  const made = wrap(data, dtype, [...shape]);
  return options.requiresGrad ? made.requiresGrad_() : made;
}
