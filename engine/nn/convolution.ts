import { zeros } from '../tensor/create.ts';
import { ArgumentError } from '../tensor/errors.ts';
import type { Tensor } from '../tensor/tensor.ts';
import * as F from './functional.ts';
import { defaultUniform_, fans } from './init.ts';
import { Module } from './module.ts';
import { Parameter } from './parameter.ts';

/** What all convolutions take. */
interface Shared {
  readonly groups?: number;
  readonly bias?: boolean;
}

export interface ConvOptions extends F.ConvolutionOptions {
  /** Default true. */
  readonly bias?: boolean;
}

interface TransposedOptions extends ConvOptions {
  /** Added to one side of the output, to choose among the sizes that a strided convolution maps to the same one. */
  readonly outputPadding?: F.Size;
}

/** What convolutions have in common: a weight [first, second / groups, …kernel], initialized U(±1/√fanIn). */
abstract class Convolution<O extends Shared> extends Module<[input: Tensor], Tensor> {
  readonly inChannels: number;
  readonly outChannels: number;
  readonly options: O;
  weight: Parameter;
  /** [outChannels]. */
  bias: Parameter | null;

  constructor(inChannels: number, outChannels: number, shape: readonly number[], options: O) {
    super();
    const { groups = 1, bias = true } = options;
    if (inChannels % groups !== 0 || outChannels % groups !== 0) {
      throw new ArgumentError(
        `${new.target.name}: ${inChannels} and ${outChannels} channels can't be split into ${groups} groups.`,
      );
    }
    this.inChannels = inChannels;
    this.outChannels = outChannels;
    this.options = options;
    const weight = zeros(shape);
    const { fanIn } = fans(weight);
    this.weight = new Parameter(defaultUniform_(weight, fanIn));
    this.bias = bias ? new Parameter(defaultUniform_(zeros([outChannels]), fanIn)) : null;
  }

  override describe(): string {
    const kernel = `[${this.weight.shape.slice(2).join(', ')}]`;
    const options = Object.entries(this.options).map(([name, value]) => `, ${name}=${value}`);
    return `${this.inChannels}, ${this.outChannels}, kernelSize=${kernel}${options.join('')}`;
  }
}

/** [n, in, length] → [n, out, length']. */
export class Conv1d extends Convolution<ConvOptions> {
  constructor(inChannels: number, outChannels: number, kernelSize: number, options: ConvOptions = {}) {
    super(inChannels, outChannels, [outChannels, inChannels / (options.groups ?? 1), kernelSize], options);
  }

  override forward(input: Tensor): Tensor {
    return F.conv1d(input, this.weight, this.bias, this.options);
  }
}

/** [n, in, h, w] → [n, out, h', w']. */
export class Conv2d extends Convolution<ConvOptions> {
  constructor(inChannels: number, outChannels: number, kernelSize: F.Size, options: ConvOptions = {}) {
    super(inChannels, outChannels, [outChannels, inChannels / (options.groups ?? 1), ...F.pair(kernelSize)], options);
  }

  override forward(input: Tensor): Tensor {
    return F.conv2d(input, this.weight, this.bias, this.options);
  }
}

/** [n, in, h, w] → [n, out, h', w'], the transpose of a convolution from out to in channels. */
export class ConvTranspose2d extends Convolution<TransposedOptions> {
  constructor(inChannels: number, outChannels: number, kernelSize: F.Size, options: TransposedOptions = {}) {
    super(inChannels, outChannels, [inChannels, outChannels / (options.groups ?? 1), ...F.pair(kernelSize)], options);
  }

  override forward(input: Tensor): Tensor {
    return F.convTranspose2d(input, this.weight, this.bias, this.options);
  }
}

/** [n, in, length] → [n, out, length'], the transpose of a convolution from out to in channels. */
export class ConvTranspose1d extends Convolution<TransposedOptions> {
  constructor(inChannels: number, outChannels: number, kernelSize: number, options: TransposedOptions = {}) {
    super(inChannels, outChannels, [inChannels, outChannels / (options.groups ?? 1), kernelSize], options);
  }

  override forward(input: Tensor): Tensor {
    return F.convTranspose1d(input, this.weight, this.bias, this.options);
  }
}

type Conv3dOptions = F.Convolution3dOptions & Shared;

/** [n, in, d, h, w] → [n, out, d', h', w']. */
export class Conv3d extends Convolution<Conv3dOptions> {
  constructor(inChannels: number, outChannels: number, kernelSize: F.Size3, options: Conv3dOptions = {}) {
    super(inChannels, outChannels, [outChannels, inChannels / (options.groups ?? 1), ...F.triple(kernelSize)], options);
  }

  override forward(input: Tensor): Tensor {
    return F.conv3d(input, this.weight, this.bias, this.options);
  }
}
