import { full } from '../tensor/create.ts';
import type { Tensor } from '../tensor/tensor.ts';
import * as F from './functional.ts';
import { Module } from './module.ts';
import { Parameter } from './parameter.ts';

/** A module without state: the formulas are those of the tensor methods and of F. */
abstract class Activation extends Module<[input: Tensor], Tensor> {}

export class ReLU extends Activation {
  override forward(x: Tensor): Tensor {
    return x.relu();
  }
}

export class ReLU6 extends Activation {
  override forward(x: Tensor): Tensor {
    return F.relu6(x);
  }
}

export class LeakyReLU extends Activation {
  readonly slope: number;

  constructor(slope = 0.01) {
    super();
    this.slope = slope;
  }

  override forward(x: Tensor): Tensor {
    return x.leakyRelu(this.slope);
  }

  override describe(): string {
    return `slope=${this.slope}`;
  }
}

/** x above 0, weight·x below, with a trained weight: one, or one per channel. */
export class PReLU extends Activation {
  weight: Parameter;

  constructor(count = 1, { init = 0.25 }: { readonly init?: number } = {}) {
    super();
    this.weight = new Parameter(full([count], init));
  }

  override forward(x: Tensor): Tensor {
    return F.prelu(x, this.weight);
  }
}

export class ELU extends Activation {
  readonly alpha: number;

  constructor(alpha = 1) {
    super();
    this.alpha = alpha;
  }

  override forward(x: Tensor): Tensor {
    return x.elu(this.alpha);
  }
}

export class SELU extends Activation {
  override forward(x: Tensor): Tensor {
    return F.selu(x);
  }
}

export class GELU extends Activation {
  readonly approximate: 'none' | 'tanh';

  constructor({ approximate = 'none' }: { readonly approximate?: 'none' | 'tanh' } = {}) {
    super();
    this.approximate = approximate;
  }

  override forward(x: Tensor): Tensor {
    return F.gelu(x, { approximate: this.approximate });
  }
}

export class SiLU extends Activation {
  override forward(x: Tensor): Tensor {
    return x.silu();
  }
}

export class Mish extends Activation {
  override forward(x: Tensor): Tensor {
    return F.mish(x);
  }
}

export class Tanh extends Activation {
  override forward(x: Tensor): Tensor {
    return x.tanh();
  }
}

export class Sigmoid extends Activation {
  override forward(x: Tensor): Tensor {
    return x.sigmoid();
  }
}

export class LogSigmoid extends Activation {
  override forward(x: Tensor): Tensor {
    return x.logSigmoid();
  }
}

export class Softplus extends Activation {
  override forward(x: Tensor): Tensor {
    return x.softplus();
  }
}

export class Softsign extends Activation {
  override forward(x: Tensor): Tensor {
    return F.softsign(x);
  }
}

export class Hardtanh extends Activation {
  readonly min: number;
  readonly max: number;

  constructor(min = -1, max = 1) {
    super();
    this.min = min;
    this.max = max;
  }

  override forward(x: Tensor): Tensor {
    return F.hardtanh(x, this.min, this.max);
  }
}

export class Hardsigmoid extends Activation {
  override forward(x: Tensor): Tensor {
    return F.hardsigmoid(x);
  }
}

export class Hardswish extends Activation {
  override forward(x: Tensor): Tensor {
    return F.hardswish(x);
  }
}

export class Softmax extends Activation {
  readonly dim: number;

  constructor(dim: number) {
    super();
    this.dim = dim;
  }

  override forward(x: Tensor): Tensor {
    return x.softmax(this.dim);
  }

  override describe(): string {
    return `dim=${this.dim}`;
  }
}

export class LogSoftmax extends Activation {
  readonly dim: number;

  constructor(dim: number) {
    super();
    this.dim = dim;
  }

  override forward(x: Tensor): Tensor {
    return x.logSoftmax(this.dim);
  }

  override describe(): string {
    return `dim=${this.dim}`;
  }
}

export class GLU extends Activation {
  readonly dim: number;

  constructor(dim = -1) {
    super();
    this.dim = dim;
  }

  override forward(x: Tensor): Tensor {
    return F.glu(x, this.dim);
  }
}

/** While training, zeroes elements with probability p and scales the others by 1/(1 − p). */
export class Dropout extends Activation {
  readonly p: number;

  constructor(p = 0.5) {
    super();
    this.p = p;
  }

  override forward(x: Tensor): Tensor {
    return F.dropout(x, { p: this.p, training: this.training });
  }

  override describe(): string {
    return `p=${this.p}`;
  }
}

/** While training, zeroes whole channels of [n, c, h, w] with probability p. */
export class Dropout2d extends Dropout {
  override forward(x: Tensor): Tensor {
    return F.dropout2d(x, { p: this.p, training: this.training });
  }
}

/** While training, zeroes whole channels of [n, c, length] with probability p. */
export class Dropout1d extends Dropout {
  override forward(x: Tensor): Tensor {
    return F.dropout1d(x, { p: this.p, training: this.training });
  }
}

export class Softmin extends Softmax {
  override forward(x: Tensor): Tensor {
    return x.neg().softmax(this.dim);
  }
}

export class Tanhshrink extends Activation {
  override forward(x: Tensor): Tensor {
    return F.tanhshrink(x);
  }
}
