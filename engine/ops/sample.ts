import type { DType } from '../tensor/dtype.ts';
import { sizeOf } from '../tensor/shape.ts';

/** An input of a sample, as plain data: the check makes it a tensor of the type it works in. */
export interface SampleInput {
  readonly shape: readonly number[];
  readonly values: readonly number[];
  /** Fixed for indices and conditions; floating inputs follow the check. */
  readonly dtype?: DType;
}

/** One application of an operation to check its rule on. */
export interface Sample<A> {
  readonly inputs: readonly SampleInput[];
  readonly attributes: A;
  /**
   * At a kink or a special value finite differences say nothing: the gradient of the summed output
   * with respect to the first input, as PyTorch chose it.
   */
  readonly expected?: readonly number[];
}

export const values = (shape: readonly number[], list: readonly number[], dtype?: DType): SampleInput => {
  if (list.length !== sizeOf(shape)) throw new RangeError(`A sample of shape [${shape}] has ${list.length} values.`);
  return { shape, values: list, dtype };
};

/** Distinct values spread over (low, high) without a pattern: multiples of the golden ratio, modulo 1. */
export function spread(shape: readonly number[], low = -2, high = 2, seed = 0): SampleInput {
  const golden = (Math.sqrt(5) - 1) / 2;
  const list = Array.from(
    { length: sizeOf(shape) },
    (_, i) => low + (high - low) * (((i + 1 + seed * 17.3) * golden) % 1),
  );
  return { shape, values: list };
}
