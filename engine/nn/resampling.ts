import type { Tensor } from '../tensor/tensor.ts';
import type { Size } from './functional/convolution.ts';
import * as F from './functional.ts';
import { Module } from './module.ts';

const showOptions = (options: object): string =>
  Object.entries(options)
    .map(([name, value]) => `${name}=${value}`)
    .join(', ');

/** Another height and width: `scaleFactor` times as much, or a size: [n, c, h, w] → [n, c, h', w']. */
export class Upsample extends Module<[input: Tensor], Tensor> {
  readonly options: F.InterpolateOptions;

  constructor(options: number | F.InterpolateOptions) {
    super();
    this.options = typeof options === 'number' ? { scaleFactor: options } : options;
  }

  override forward(x: Tensor): Tensor {
    const { scaleFactor, mode = 'nearest' } = this.options;
    const repeats = mode === 'nearest' && typeof scaleFactor === 'number' && Number.isInteger(scaleFactor);
    return repeats ? F.upsampleNearest(x, scaleFactor) : F.interpolate(x, this.options);
  }

  override describe(): string {
    return showOptions(this.options);
  }
}

abstract class Shuffle extends Module<[input: Tensor], Tensor> {
  readonly factor: number;

  constructor(factor: number) {
    super();
    this.factor = factor;
  }

  override describe(): string {
    return `${this.factor}`;
  }
}

/** [n, c·r², h, w] → [n, c, r·h, r·w]. */
export class PixelShuffle extends Shuffle {
  override forward(x: Tensor): Tensor {
    return F.pixelShuffle(x, this.factor);
  }
}

/** [n, c, r·h, r·w] → [n, c·r², h, w]. */
export class PixelUnshuffle extends Shuffle {
  override forward(x: Tensor): Tensor {
    return F.pixelUnshuffle(x, this.factor);
  }
}

/** The patches under a window as columns: [n, c, h, w] → [n, c·kh·kw, patches]. */
export class Unfold extends Module<[input: Tensor], Tensor> {
  readonly kernelSize: Size;
  readonly options: F.WindowOptions;

  constructor(kernelSize: Size, options: F.WindowOptions = {}) {
    super();
    this.kernelSize = kernelSize;
    this.options = options;
  }

  override forward(x: Tensor): Tensor {
    return F.unfold(x, this.kernelSize, this.options);
  }

  override describe(): string {
    return showOptions({ kernelSize: this.kernelSize, ...this.options });
  }
}

/** Columns added back as patches: [n, c·kh·kw, patches] → [n, c, …outputSize]. */
export class Fold extends Module<[input: Tensor], Tensor> {
  readonly outputSize: Size;
  readonly kernelSize: Size;
  readonly options: F.WindowOptions;

  constructor(outputSize: Size, kernelSize: Size, options: F.WindowOptions = {}) {
    super();
    this.outputSize = outputSize;
    this.kernelSize = kernelSize;
    this.options = options;
  }

  override forward(x: Tensor): Tensor {
    return F.fold(x, this.outputSize, this.kernelSize, this.options);
  }

  override describe(): string {
    return showOptions({ outputSize: this.outputSize, kernelSize: this.kernelSize, ...this.options });
  }
}
