import type { Tensor } from '../tensor/tensor.ts';
import * as F from './functional.ts';
import { Module } from './module.ts';

abstract class Pool2d extends Module<[input: Tensor], Tensor> {
  readonly kernelSize: F.Size;
  readonly options: F.PoolOptions;

  constructor(kernelSize: F.Size, options: F.PoolOptions = {}) {
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
export class MaxPool2d extends Pool2d {
  override forward(x: Tensor): Tensor {
    return F.maxPool2d(x, this.kernelSize, this.options);
  }
}

/** The mean of each window, padding counted as zeros: [n, c, h, w] → [n, c, h', w']. */
export class AvgPool2d extends Pool2d {
  override forward(x: Tensor): Tensor {
    return F.avgPool2d(x, this.kernelSize, this.options);
  }
}

/** The mean of each of `size` nearly equal regions: [n, c, h, w] → [n, c, …size]. */
export class AdaptiveAvgPool2d extends Module<[input: Tensor], Tensor> {
  readonly size: F.Size;

  constructor(size: F.Size) {
    super();
    this.size = size;
  }

  override forward(x: Tensor): Tensor {
    return F.adaptiveAvgPool2d(x, this.size);
  }

  override describe(): string {
    return `${this.size}`;
  }
}

/** The maximum of each window: [n, c, length] → [n, c, length']. */
export class MaxPool1d extends Module<[input: Tensor], Tensor> {
  readonly kernelSize: number;
  readonly options: F.PoolOptions;

  constructor(kernelSize: number, options: F.PoolOptions = {}) {
    super();
    this.kernelSize = kernelSize;
    this.options = options;
  }

  override forward(x: Tensor): Tensor {
    return F.maxPool1d(x, this.kernelSize, this.options);
  }
}

/** Repeats each pixel `scale` times in both directions: [n, c, h, w] → [n, c, scale·h, scale·w]. */
export class Upsample extends Module<[input: Tensor], Tensor> {
  readonly scale: number;

  constructor(scale: number) {
    super();
    this.scale = scale;
  }

  override forward(x: Tensor): Tensor {
    return F.upsampleNearest(x, this.scale);
  }
}
