import { observer } from '../autograd/observer.ts';
import type { TapeNode } from '../autograd/tape.ts';
import { memory } from '../kernels/memory.ts';
import { type DType, isFloating } from './dtype.ts';
import { DTypeError, GradientError } from './errors.ts';
import type { TensorMethods } from './methods/install.ts';
import type { Layout } from './shape.ts';
import type { Storage } from './storage.ts';

/** A user's function that sees a gradient and may replace it. */
export type GradientHook = (gradient: Tensor) => Tensor | undefined;

/**
 * An n-dimensional array with a history. This file holds what a tensor is; what it can do is in `methods/`, put on the
 * prototype by `methods/install.ts`, so that operations can work with tensors without importing what is built on them.
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the methods are installed on the prototype by methods/install.ts
export class Tensor {
  readonly storage: Storage;
  readonly shape: readonly number[];
  /** Distance in elements between neighbours along each dimension. */
  readonly strides: readonly number[];
  /** Where the first element lies in the storage. */
  readonly offset: number;
  readonly dtype: DType;
  /** What `grad` holds, for the engine itself. Who reads it here must not keep it. */
  accumulated: Tensor | null = null;
  /** Someone outside the engine may hold the gradient. */
  gradientShared = false;
  /** The operation this tensor is the output of, when it is on the tape. */
  node: TapeNode | null = null;
  /** The tensor that this one is a view of (never a view itself), so that a change in place reaches its history. */
  base: Tensor | null = null;
  /** The storage's `rewrites` this history includes; −1 for a detached tensor, whose history doesn't matter. */
  rewritesSeen: number;
  hooks: GradientHook[] | null = null;
  /** A leaf's place in the backward pass that was last to come by, see autograd/pass.ts. */
  slot = 0;
  #leafWantsGradient = false;

  constructor(storage: Storage, dtype: DType, layout: Layout) {
    this.storage = storage;
    this.dtype = dtype;
    this.shape = layout.shape;
    this.strides = layout.strides;
    this.offset = layout.offset;
    this.rewritesSeen = storage.rewrites;
  }

  /** d(root)/d(this), filled in by `backward`; null before, and settable. Same shape as the tensor. */
  get grad(): Tensor | null {
    this.gradientShared = true;
    return this.accumulated;
  }

  set grad(gradient: Tensor | null) {
    this.accumulated = gradient;
    this.gradientShared = true;
  }

  /** As `grad = null`, and its memory comes back at once if nobody has seen it. */
  dropGradient(): void {
    if (this.accumulated !== null && !this.gradientShared) memory.release(this.accumulated.storage.data);
    this.accumulated = null;
    this.gradientShared = false;
  }

  /** The number of dimensions. */
  get ndim(): number {
    return this.shape.length;
  }

  /** The dimensions in reverse order: the transpose of a matrix. */
  get T(): Tensor {
    return this.permute([...this.shape.keys()].reverse());
  }

  /** The last two dimensions swapped: the transposes of a batch of matrices. */
  get mT(): Tensor {
    return this.transpose(-2, -1);
  }

  /** The slices along the first dimension. @throws ShapeError for a tensor without dimensions. */
  *[Symbol.iterator](): Generator<Tensor> {
    yield* this.unbind(0);
  }

  /** True for a tensor made by the user rather than by a recorded operation. */
  get isLeaf(): boolean {
    return this.node === null;
  }

  /** True when gradients flow to or through this tensor. */
  get requiresGrad(): boolean {
    return this.node !== null || this.#leafWantsGradient;
  }

  /** As `requiresGrad_`. */
  set requiresGrad(wanted: boolean) {
    this.requiresGrad_(wanted);
  }

  /**
   * Asks (or stops asking) for this leaf's gradient.
   * @throws DTypeError for integers and bools, GradientError for the output of a recorded operation.
   */
  requiresGrad_(wanted = true): this {
    if (wanted && !isFloating(this.dtype)) {
      throw new DTypeError(`requiresGrad: only float32 and float64 have gradients, this tensor is ${this.dtype}.`);
    }
    if (this.node !== null) {
      if (wanted) return this;
      throw new GradientError(
        `requiresGrad_(false): this tensor is the output of ${this.node.operation}; only leaves can be switched. ` +
          'Use detach() for a tensor that shares its memory and has no history.',
      );
    }
    const news = wanted && !this.#leafWantsGradient;
    this.#leafWantsGradient = wanted;
    if (news) observer?.leafCreated(this);
    return this;
  }
}

export interface Tensor extends TensorMethods {}
