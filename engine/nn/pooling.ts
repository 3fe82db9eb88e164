import type { Tensor } from '../tensor/tensor.ts';
import * as F from './functional.ts';
import { Module } from './module.ts';

/** Sizes and options are those of the function in F. */
abstract class Pool<S extends F.Size, O extends object> extends Module<[input: Tensor], Tensor> {
  readonly kernelSize: S;
  readonly options: O;

  constructor(kernelSize: S, options: O = {} as O) {
    super();
    this.kernelSize = kernelSize;
    this.options = options;
  }

  override describe(): string {
    const options = Object.entries(this.options).map(([name, value]) => `, ${name}=${value}`);
    return `kernelSize=${this.kernelSize}${options.join('')}`;
  }
}

/** The maximum of each window: [n, c, h, w] → [n, c, h', w']. */
export class MaxPool2d extends Pool<F.Size, F.PoolOptions> {
  override forward(x: Tensor): Tensor {
    return F.maxPool2d(x, this.kernelSize, this.options);
  }
}

/** The maximum of each window: [n, c, length] → [n, c, length']. */
export class MaxPool1d extends Pool<number, F.PoolOptions> {
  override forward(x: Tensor): Tensor {
    return F.maxPool1d(x, this.kernelSize, this.options);
  }
}

/** The mean of each window, padding counted as zeros: [n, c, h, w] → [n, c, h', w']. */
export class AvgPool2d extends Pool<F.Size, F.AvgPoolOptions> {
  override forward(x: Tensor): Tensor {
    return F.avgPool2d(x, this.kernelSize, this.options);
  }
}

/** The mean of each window, padding counted as zeros: [n, c, length] → [n, c, length']. */
export class AvgPool1d extends Pool<number, F.AvgPoolOptions> {
  override forward(x: Tensor): Tensor {
    return F.avgPool1d(x, this.kernelSize, this.options);
  }
}

abstract class AdaptivePool<S extends F.Size> extends Module<[input: Tensor], Tensor> {
  readonly size: S;

  constructor(size: S) {
    super();
    this.size = size;
  }

  override describe(): string {
    return `${this.size}`;
  }
}

/** The mean of each of `size` nearly equal regions: [n, c, h, w] → [n, c, …size]. */
export class AdaptiveAvgPool2d extends AdaptivePool<F.Size> {
  override forward(x: Tensor): Tensor {
    return F.adaptiveAvgPool2d(x, this.size);
  }
}

/** The mean of each of `size` nearly equal regions: [n, c, length] → [n, c, size]. */
export class AdaptiveAvgPool1d extends AdaptivePool<number> {
  override forward(x: Tensor): Tensor {
    return F.adaptiveAvgPool1d(x, this.size);
  }
}

/** The maximum of each of `size` nearly equal regions: [n, c, h, w] → [n, c, …size]. */
export class AdaptiveMaxPool2d extends AdaptivePool<F.Size> {
  override forward(x: Tensor): Tensor {
    return F.adaptiveMaxPool2d(x, this.size);
  }
}

/** The maximum of each of `size` nearly equal regions: [n, c, length] → [n, c, size]. */
export class AdaptiveMaxPool1d extends AdaptivePool<number> {
  override forward(x: Tensor): Tensor {
    return F.adaptiveMaxPool1d(x, this.size);
  }
}
