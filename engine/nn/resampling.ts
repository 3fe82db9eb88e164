import type { Tensor } from '../tensor/tensor.ts';
import type { Size } from './functional/convolution.ts';
import { known } from './functional/given.ts';
import * as F from './functional.ts';
import { Module } from './module.ts';

const showOptions = (options: object): string =>
  Object.entries(options)
    .map(([name, value]) => `${name}=${value}`)
    .join(', ');

const upsampleNames = ['size', 'scaleFactor', 'mode', 'alignCorners'] as const;

/** Other sizes after the channels: `scaleFactor` times as much (a number alone is one), or a size. */
export class Upsample extends Module<[input: Tensor], Tensor> {
  readonly options: F.InterpolateOptions;

  constructor(options: number | F.InterpolateOptions) {
    super();
    this.options =
      typeof options === 'number' ? { scaleFactor: options } : known(new.target.name, options, upsampleNames);
  }

  override forward(x: Tensor): Tensor {
    return F.interpolate(x, this.options);
  }

  override describe(): string {
    return showOptions(this.options);
  }
}

/** Another height and width by repeating pixels. */
export class UpsamplingNearest2d extends Upsample {
  constructor(options: number | Pick<F.InterpolateOptions, 'size' | 'scaleFactor'>) {
    super({ ...(typeof options === 'number' ? { scaleFactor: options } : options), mode: 'nearest' });
  }
}

/** Another height and width by bilinear interpolation, corners staying corners. */
export class UpsamplingBilinear2d extends Upsample {
  constructor(options: number | Pick<F.InterpolateOptions, 'size' | 'scaleFactor'>) {
    super({
      ...(typeof options === 'number' ? { scaleFactor: options } : options),
      mode: 'bilinear',
      alignCorners: true,
    });
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
    this.options = known('Unfold', options, ['stride', 'padding', 'dilation']);
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
    this.options = known('Fold', options, ['stride', 'padding', 'dilation']);
  }

  override forward(x: Tensor): Tensor {
    return F.fold(x, this.outputSize, this.kernelSize, this.options);
  }

  override describe(): string {
    return showOptions({ outputSize: this.outputSize, kernelSize: this.kernelSize, ...this.options });
  }
}
