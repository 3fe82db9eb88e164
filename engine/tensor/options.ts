import type { DType, Numbers } from './dtype.ts';
import { wrap } from './elements.ts';
import type { Tensor } from './tensor.ts';

export interface TensorOptions {
  /** Default float32 (int32 where it says so). */
  readonly dtype?: DType;
  /** Make a leaf whose gradient backward computes. Default false. */
  readonly requiresGrad?: boolean;
}

/** A new tensor of row-major elements, as the options say. */
export function finish(data: Numbers, dtype: DType, shape: readonly number[], options: TensorOptions): Tensor {
  const made = wrap(data, dtype, [...shape]);
  return options.requiresGrad ? made.requiresGrad_() : made;
}
