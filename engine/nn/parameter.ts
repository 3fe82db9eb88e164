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
