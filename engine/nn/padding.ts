import type { Tensor } from '../tensor/tensor.ts';
import * as F from './functional.ts';
import { Module } from './module.ts';

// Padding as modules: an amount for all sides, or [left, right, top, bottom, front, back] as far as there are dimensions.

type Amounts = number | readonly number[];

/** `rank` dimensions are padded, the last ones. */
abstract class Padding extends Module<[input: Tensor], Tensor> {
  readonly padding: readonly number[];
  readonly options: F.PadOptions;

  constructor(padding: Amounts, rank: number, options: F.PadOptions) {
    super();
    this.padding = typeof padding === 'number' ? new Array<number>(2 * rank).fill(padding) : padding;
    this.options = options;
  }

  override forward(x: Tensor): Tensor {
    return F.pad(x, this.padding, this.options);
  }

  override describe(): string {
    const value = this.options.value === undefined ? '' : `, value=${this.options.value}`;
    return `[${this.padding.join(', ')}]${value}`;
  }
}

/** Zeros around the last dimension. */
export class ZeroPad1d extends Padding {
  constructor(padding: Amounts) {
    super(padding, 1, {});
  }
}

/** Zeros around the last two dimensions. */
export class ZeroPad2d extends Padding {
  constructor(padding: Amounts) {
    super(padding, 2, {});
  }
}

/** Zeros around the last three dimensions. */
export class ZeroPad3d extends Padding {
  constructor(padding: Amounts) {
    super(padding, 3, {});
  }
}

/** One value around the last dimension. */
export class ConstantPad1d extends Padding {
  constructor(padding: Amounts, value: number) {
    super(padding, 1, { value });
  }
}

/** One value around the last two dimensions. */
export class ConstantPad2d extends Padding {
  constructor(padding: Amounts, value: number) {
    super(padding, 2, { value });
  }
}

/** One value around the last three dimensions. */
export class ConstantPad3d extends Padding {
  constructor(padding: Amounts, value: number) {
    super(padding, 3, { value });
  }
}

/** Mirrored at the edges of the last dimension. */
export class ReflectionPad1d extends Padding {
  constructor(padding: Amounts) {
    super(padding, 1, { mode: 'reflect' });
  }
}

/** Mirrored at the edges of the last two dimensions. */
export class ReflectionPad2d extends Padding {
  constructor(padding: Amounts) {
    super(padding, 2, { mode: 'reflect' });
  }
}

/** Mirrored at the edges of the last three dimensions. */
export class ReflectionPad3d extends Padding {
  constructor(padding: Amounts) {
    super(padding, 3, { mode: 'reflect' });
  }
}

/** The elements at the edges repeated, around the last dimension. */
export class ReplicationPad1d extends Padding {
  constructor(padding: Amounts) {
    super(padding, 1, { mode: 'replicate' });
  }
}

/** The elements at the edges repeated, around the last two dimensions. */
export class ReplicationPad2d extends Padding {
  constructor(padding: Amounts) {
    super(padding, 2, { mode: 'replicate' });
  }
}

/** The elements at the edges repeated, around the last three dimensions. */
export class ReplicationPad3d extends Padding {
  constructor(padding: Amounts) {
    super(padding, 3, { mode: 'replicate' });
  }
}

/** The other end repeated, around the last dimension. */
export class CircularPad1d extends Padding {
  constructor(padding: Amounts) {
    super(padding, 1, { mode: 'circular' });
  }
}

/** The other end repeated, around the last two dimensions. */
export class CircularPad2d extends Padding {
  constructor(padding: Amounts) {
    super(padding, 2, { mode: 'circular' });
  }
}

/** The other end repeated, around the last three dimensions. */
export class CircularPad3d extends Padding {
  constructor(padding: Amounts) {
    super(padding, 3, { mode: 'circular' });
  }
}
