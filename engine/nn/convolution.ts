import { zeros } from '../tensor/create.ts';
import { ArgumentError, showShape } from '../tensor/errors.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { byName, type Given } from './functional/given.ts';
import { type AnySize, sizes } from './functional/sizes.ts';
import * as F from './functional.ts';
import { defaultUniform_, fans } from './init.ts';
import { Module } from './module.ts';
import { Parameter } from './parameter.ts';

interface Biased {
  /** Default true. */
  readonly bias?: boolean;
}

export type ConvOptions<S extends AnySize = F.Size> = F.ConvolutionOptions<S> & Biased;
export type ConvTransposeOptions<S extends AnySize = F.Size> = F.TransposedOptions<S> & Biased;

const convNames = ['stride', 'padding', 'dilation', 'groups', 'bias', 'paddingMode'] as const;
const transposedNames = ['stride', 'padding', 'outputPadding', 'groups', 'bias', 'dilation'] as const;

/** What is printed only where it isn't the default. */
const defaults: Readonly<Record<string, string>> = {
  padding: '0',
  dilation: '1',
  outputPadding: '0',
  groups: '1',
  bias: 'true',
  paddingMode: 'zeros',
};

type Options = Biased & Omit<F.ConvolutionOptions<AnySize>, 'padding'> & { readonly padding?: AnySize | string };

/** What convolutions have in common: a weight [first, second / groups, …kernel], initialized U(±1/√fanIn). */
abstract class Convolution<O> extends Module<[input: Tensor], Tensor> {
  readonly inChannels: number;
  readonly outChannels: number;
  /** What the function in F takes. */
  protected readonly options: O;
  weight: Parameter;
  /** [outChannels]. */
  bias: Parameter | null;

  constructor(
    channels: readonly [from: number, to: number],
    rank: number,
    kernelSize: AnySize,
    given: Options,
    transposed = false,
  ) {
    super();
    const [inChannels, outChannels] = channels;
    const { bias = true, ...options } = given;
    const { groups = 1 } = options;
    if (inChannels % groups !== 0 || outChannels % groups !== 0) {
      throw new ArgumentError(
        `${new.target.name}: ${inChannels} and ${outChannels} channels can't be split into ${groups} groups.`,
      );
    }
    const kernel = sizes(new.target.name, 'kernelSize', kernelSize, rank);
    const [first, second] = transposed ? [inChannels, outChannels] : [outChannels, inChannels];
    this.inChannels = inChannels;
    this.outChannels = outChannels;
    this.options = options as O;
    const weight = zeros([first, second / groups, ...kernel]);
    const { fanIn } = fans(weight);
    this.weight = new Parameter(defaultUniform_(weight, fanIn));
    this.bias = bias ? new Parameter(defaultUniform_(zeros([outChannels]), fanIn)) : null;
  }

  override describe(): string {
    const { stride = 1, ...others } = this.options as Options;
    const kernel = showShape(this.weight.shape.slice(2));
    const shown = Object.entries({ stride, ...others, bias: this.bias !== null })
      .filter(([name, value]) => `${value}` !== defaults[name])
      .map(([name, value]) => `, ${name}=${Array.isArray(value) ? showShape(value) : value}`);
    return `${this.inChannels}, ${this.outChannels}, kernelSize=${kernel}${shown.join('')}`;
  }
}

type ConvRest<S extends AnySize> = Given<
  [stride: S, padding: S | 'same' | 'valid', dilation: S, groups: number, bias: boolean],
  ConvOptions<S>
>;
type TransposedRest<S extends AnySize> = Given<
  [stride: S, padding: S, outputPadding: S, groups: number, bias: boolean, dilation: S],
  ConvTransposeOptions<S>
>;

/** [n, in, length] → [n, out, length']. */
export class Conv1d extends Convolution<F.ConvolutionOptions<F.Size1>> {
  constructor(inChannels: number, outChannels: number, kernelSize: F.Size1, ...options: ConvRest<F.Size1>) {
    super([inChannels, outChannels], 1, kernelSize, byName<ConvOptions<F.Size1>>('Conv1d', convNames, options));
  }

  override forward(input: Tensor): Tensor {
    return F.conv1d(input, this.weight, this.bias, this.options);
  }
}

/** [n, in, h, w] → [n, out, h', w']. */
export class Conv2d extends Convolution<F.ConvolutionOptions> {
  constructor(inChannels: number, outChannels: number, kernelSize: F.Size, ...options: ConvRest<F.Size>) {
    super([inChannels, outChannels], 2, kernelSize, byName<ConvOptions>('Conv2d', convNames, options));
  }

  override forward(input: Tensor): Tensor {
    return F.conv2d(input, this.weight, this.bias, this.options);
  }
}

/** [n, in, d, h, w] → [n, out, d', h', w']. */
export class Conv3d extends Convolution<F.ConvolutionOptions<F.Size3>> {
  constructor(inChannels: number, outChannels: number, kernelSize: F.Size3, ...options: ConvRest<F.Size3>) {
    super([inChannels, outChannels], 3, kernelSize, byName<ConvOptions<F.Size3>>('Conv3d', convNames, options));
  }

  override forward(input: Tensor): Tensor {
    return F.conv3d(input, this.weight, this.bias, this.options);
  }
}

/** [n, in, length] → [n, out, length'], the transpose of a convolution from out to in channels. */
export class ConvTranspose1d extends Convolution<F.TransposedOptions<F.Size1>> {
  constructor(inChannels: number, outChannels: number, kernelSize: F.Size1, ...options: TransposedRest<F.Size1>) {
    const given = byName<ConvTransposeOptions<F.Size1>>('ConvTranspose1d', transposedNames, options);
    super([inChannels, outChannels], 1, kernelSize, given, true);
  }

  override forward(input: Tensor): Tensor {
    return F.convTranspose1d(input, this.weight, this.bias, this.options);
  }
}

/** [n, in, h, w] → [n, out, h', w'], the transpose of a convolution from out to in channels. */
export class ConvTranspose2d extends Convolution<F.TransposedOptions> {
  constructor(inChannels: number, outChannels: number, kernelSize: F.Size, ...options: TransposedRest<F.Size>) {
    const given = byName<ConvTransposeOptions>('ConvTranspose2d', transposedNames, options);
    super([inChannels, outChannels], 2, kernelSize, given, true);
  }

  override forward(input: Tensor): Tensor {
    return F.convTranspose2d(input, this.weight, this.bias, this.options);
  }
}

/** [n, in, d, h, w] → [n, out, d', h', w'], the transpose of a convolution from out to in channels. */
export class ConvTranspose3d extends Convolution<F.TransposedOptions<F.Size3>> {
  constructor(inChannels: number, outChannels: number, kernelSize: F.Size3, ...options: TransposedRest<F.Size3>) {
    const given = byName<ConvTransposeOptions<F.Size3>>('ConvTranspose3d', transposedNames, options);
    super([inChannels, outChannels], 3, kernelSize, given, true);
  }

  override forward(input: Tensor): Tensor {
    return F.convTranspose3d(input, this.weight, this.bias, this.options);
  }
}
