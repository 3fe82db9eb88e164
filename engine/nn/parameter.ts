import { type DType, isFloating } from '../tensor/dtype.ts';
import { Tensor } from '../tensor/tensor.ts';

/** A tensor that is trained. A module's own fields of this class are its parameters. Shares the memory it is given. */
export class Parameter extends Tensor {
  constructor(data: Tensor, { requiresGrad = true }: { readonly requiresGrad?: boolean } = {}) {
    super(data.storage, data.dtype, data);
    if (requiresGrad) this.requiresGrad_();
  }
}

/** A tensor that belongs to a module's state but isn't trained, such as running statistics. Shares the memory it is given. */
export class Buffer extends Tensor {
  constructor(data: Tensor) {
    super(data.storage, data.dtype, data);
  }
}

/** Changes the element type of a floating leaf in place, and of its gradient; it stays the same object. */
export function retype(leaf: Tensor, dtype: DType): void {
  if (leaf.dtype === dtype || !isFloating(leaf.dtype)) return;
  const { storage, strides, offset } = leaf.detach().to(dtype);
  const gradient = leaf.grad;
  // Fields that are never written otherwise; nothing on the tape reads the leaf itself.
  Object.assign(leaf, { storage, dtype, strides, offset, rewritesSeen: storage.rewrites });
  if (gradient !== null) leaf.grad = gradient.detach().to(dtype);
}
