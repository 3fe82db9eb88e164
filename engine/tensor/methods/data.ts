import { apply } from '../../autograd/apply.ts';
import { type BackwardOptions, backward, retainGrad } from '../../autograd/backward.ts';
import { handle, type RemovableHandle } from '../../autograd/handle.ts';
import { allocate } from '../allocate.ts';
import { nest } from '../convert.ts';
import type { DType, Numbers } from '../dtype.ts';
import { elements, wrap } from '../elements.ts';
import { GradientError, ShapeError, showShape } from '../errors.ts';
import { show } from '../print.ts';
import { resolveDim, sizeOf } from '../shape.ts';
import { type GradientHook, Tensor } from '../tensor.ts';

/** The shape, or the size of one dimension. */
function size(this: Tensor): readonly number[];
function size(this: Tensor, dim: number): number;
function size(this: Tensor, dim?: number): readonly number[] | number {
  return dim === undefined ? this.shape : this.shape[resolveDim('size', dim, this.shape.length)];
}

const isOptions = (given: Tensor | BackwardOptions | undefined): given is BackwardOptions =>
  given !== undefined && !(given instanceof Tensor) && ('retainGraph' in given || 'createGraph' in given);

/** Methods that look at values, types and gradients. */
export const data = {
  /** The one element, as a number. @throws ShapeError if there are more. */
  item(this: Tensor): number {
    if (sizeOf(this.shape) !== 1) {
      throw new ShapeError(
        `item: expected one element, got shape ${showShape(this.shape)}. Reduce it or use toArray().`,
      );
    }
    return this.storage.data[this.offset];
  },
  /** Nested arrays of the tensor's shape; a bare number for a tensor without dimensions. */
  toArray<T = number[]>(this: Tensor): T {
    return nest(this) as T;
  },
  /** As `toArray`. */
  tolist<T = number[]>(this: Tensor): T {
    return this.toArray<T>();
  },
  /** What `JSON.stringify` writes: the nested arrays. */
  toJSON(this: Tensor): unknown {
    return nest(this);
  },
  /** A copy of the elements in row-major order. */
  toFlat(this: Tensor): Numbers {
    return elements(this).slice();
  },
  /** Another element type: to int32 towards zero, to bool by "is not 0". */
  to(this: Tensor, dtype: DType): Tensor {
    return dtype === this.dtype ? this : apply('cast', [this], { dtype });
  },
  /** As float32. */
  float(this: Tensor): Tensor {
    return this.to('float32');
  },
  /** As float64. */
  double(this: Tensor): Tensor {
    return this.to('float64');
  },
  /** As int32, towards zero. */
  int(this: Tensor): Tensor {
    return this.to('int32');
  },
  /** As int32: there is no wider integer here. */
  long(this: Tensor): Tensor {
    return this.to('int32');
  },
  /** As bool: what is not 0. */
  bool(this: Tensor): Tensor {
    return this.to('bool');
  },
  size,
  /** The number of dimensions. */
  dim(this: Tensor): number {
    return this.shape.length;
  },
  /** The number of elements. */
  numel(this: Tensor): number {
    return sizeOf(this.shape);
  },
  /** Elements given in row-major order, in this tensor's type unless another is named. No history. */
  newTensor(this: Tensor, values: ArrayLike<number>, shape: readonly number[], type?: DType): Tensor {
    const dtype = type ?? this.dtype;
    const out = allocate(dtype, sizeOf(shape));
    out.set(values);
    return wrap(out, dtype, shape);
  },
  /** The same memory without a history: no gradient flows back through it. */
  detach(this: Tensor): Tensor {
    const detached = new Tensor(this.storage, this.dtype, this);
    detached.rewritesSeen = -1;
    return detached;
  },
  /**
   * Cuts this very tensor off from its history, in place: it becomes a leaf without a gradient. What was computed from it before
   * keeps its own. @throws GradientError for a view.
   */
  detach_(this: Tensor): Tensor {
    if (this.base !== null) throw new GradientError("detach_: a view can't be cut off in place. Use detach().");
    this.node = null;
    this.hooks = null;
    return this.requiresGrad_(false);
  },
  /**
   * Computes d(this)/d(leaf) for every leaf this depends on and adds it to the leaf's `grad`.
   * @param gradient Where to start, of this tensor's shape; 1 for a scalar by default. It may be left out: `backward(options)`.
   * @throws GradientError if this isn't a scalar (and no gradient is given), has no history, was freed by an earlier
   * backward, or if a tensor the tape needs was changed in place.
   */
  backward(this: Tensor, gradient?: Tensor | BackwardOptions, options?: BackwardOptions): void {
    if (isOptions(gradient)) backward(this, undefined, gradient);
    else backward(this, gradient, options);
  },
  /** Makes backward fill `grad` though this is no leaf. */
  retainGrad(this: Tensor): void {
    retainGrad(this);
  },
  /** Calls `hook` with the gradient of this tensor during backward; what it returns, if anything, replaces the gradient. Returns a function that removes the hook. */
  registerHook(this: Tensor, hook: GradientHook): RemovableHandle {
    if (!this.requiresGrad) throw new GradientError('registerHook: this tensor requires no gradient.');
    this.hooks ??= [];
    this.hooks.push(hook);
    if (this.node !== null) this.node.watched = this;
    return handle(() => {
      this.hooks = this.hooks?.filter((other) => other !== hook) ?? null;
    });
  },
  /** As PyTorch prints it. */
  toString(this: Tensor): string {
    return show(this);
  },
};
