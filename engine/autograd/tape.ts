import type { OperationName } from '../ops/table.ts';
import type { Site } from '../site.ts';
import type { DType } from '../tensor/dtype.ts';
import type { Tensor } from '../tensor/tensor.ts';

/** What an observer knows an operation by, from step to step. */
export interface Mark {
  /** Where it was called. */
  readonly site: Site | null;
}

/**
 * One operation on the tape: plain data, no closures, so that the tape can be printed, checked, and walked again
 * to find where a non-finite value was born.
 */
export interface TapeNode {
  readonly operation: OperationName;
  readonly attributes: unknown;
  /** The tensors the operation was applied to, in order (also those that need no gradient). Empty once freed. */
  inputs: readonly Tensor[];
  /**
   * Where each input's gradient goes: the node that made it, the leaf itself, or null if it needs none. Kept beside
   * `inputs` because an in-place operation gives a tensor a new node, and the earlier reader must not follow it there.
   */
  readonly sources: readonly (TapeNode | Tensor | null)[];
  /** What the rule needs later, as the operation chose. Empty once freed. */
  saved: readonly Tensor[];
  /** The storage version of each saved tensor at that time. */
  readonly versions: readonly number[];
  readonly shape: readonly number[];
  readonly dtype: DType;
  /** Order of creation. Backward visits nodes from the highest to the lowest. */
  readonly sequence: number;
  /** Its place in the backward pass that was last to come by, see pass.ts. */
  slot: number;
  /** A backward without `retainGraph` has gone through. */
  freed: boolean;
  /** The output, when someone asked for its gradient (`retainGrad`, `registerHook`). */
  watched: Tensor | null;
  /** The module whose `forward` was running (the innermost), where somebody watches. */
  readonly module: object | null;
  /** Filled in by the observer. */
  mark: Mark | null;
}
