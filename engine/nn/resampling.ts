import type { Tensor } from '../tensor/tensor.ts';
import * as F from './functional.ts';
import { Module } from './module.ts';

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
    return Object.entries(this.options)
      .map(([name, value]) => `${name}=${value}`)
      .join(', ');
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
