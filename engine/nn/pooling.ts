import type { Tensor } from '../tensor/tensor.ts';
import { byName, type Given } from './functional/given.ts';
import type { AnySize } from './functional/sizes.ts';
import * as F from './functional.ts';
import { Module } from './module.ts';

// Pooling as modules: sizes and options are those of the functions in F.

const show = (value: unknown): string =>
  Array.isArray(value) ? `[${value.map((v) => v ?? 'null').join(', ')}]` : `${value}`;

const listed = (options: object): string =>
  Object.entries(options)
    .map(([name, value]) => `${name}=${show(value)}`)
    .join(', ');

type Pair = [output: Tensor, indices: Tensor];
/** What a layer returns that was told to return indices. */
type MaybePair<O> = O extends { readonly returnIndices: true } ? Pair : Tensor;

/** A window and how it moves. `names` are its options, in the order in which they may be given by position. */
abstract class Pool<S extends AnySize, O extends object, Output = Tensor> extends Module<[input: Tensor], Output> {
  readonly kernelSize: S;
  readonly options: O;

  constructor(kernelSize: S, names: readonly (keyof O & string)[], given: readonly unknown[]) {
    super();
    this.kernelSize = kernelSize;
    this.options = byName<O>(new.target.name, names, given);
  }

  override describe(): string {
    const { kernelSize } = this;
    return listed({ kernelSize, stride: kernelSize, padding: 0, ...this.options });
  }
}

type MaxRest<S extends AnySize, O> = Given<[stride: S, padding: S, dilation: S], O>;

abstract class MaxPool<S extends AnySize, O extends F.MaxPoolOptions<S>> extends Pool<S, O, MaybePair<O>> {
  constructor(kernelSize: S, ...options: MaxRest<S, O>) {
    super(kernelSize, ['stride', 'padding', 'dilation', 'returnIndices', 'ceilMode'], options);
  }
}

/** The maximum of each window: [n, c, length] → [n, c, length']. With { returnIndices: true } a pair, for MaxUnpool1d. */
export class MaxPool1d<O extends F.MaxPoolOptions<F.Size1> = F.MaxPoolOptions<F.Size1>> extends MaxPool<F.Size1, O> {
  override forward(x: Tensor): MaybePair<O> {
    return F.maxPool1d(x, this.kernelSize, this.options as object) as MaybePair<O>;
  }
}

/** The maximum of each window: [n, c, h, w] → [n, c, h', w']. With { returnIndices: true } a pair, for MaxUnpool2d. */
export class MaxPool2d<O extends F.MaxPoolOptions = F.MaxPoolOptions> extends MaxPool<F.Size, O> {
  override forward(x: Tensor): MaybePair<O> {
    return F.maxPool2d(x, this.kernelSize, this.options as object) as MaybePair<O>;
  }
}

/** The maximum of each window: [n, c, d, h, w] → [n, c, d', h', w']. With { returnIndices: true } a pair, for MaxUnpool3d. */
export class MaxPool3d<O extends F.MaxPoolOptions<F.Size3> = F.MaxPoolOptions<F.Size3>> extends MaxPool<F.Size3, O> {
  override forward(x: Tensor): MaybePair<O> {
    return F.maxPool3d(x, this.kernelSize, this.options as object) as MaybePair<O>;
  }
}

type AvgRest<S extends AnySize> = Given<
  [stride: S, padding: S, ceilMode: boolean, countIncludePad: boolean],
  F.AvgPoolOptions<S>
>;

abstract class AvgPool<S extends AnySize> extends Pool<S, F.AvgPoolOptions<S>> {
  constructor(kernelSize: S, ...options: AvgRest<S>) {
    super(kernelSize, ['stride', 'padding', 'ceilMode', 'countIncludePad', 'divisorOverride'], options);
  }
}

/** The mean of each window: [n, c, length] → [n, c, length']. */
export class AvgPool1d extends AvgPool<F.Size1> {
  override forward(x: Tensor): Tensor {
    return F.avgPool1d(x, this.kernelSize, this.options);
  }
}

/** The mean of each window: [n, c, h, w] → [n, c, h', w']. */
export class AvgPool2d extends AvgPool<F.Size> {
  override forward(x: Tensor): Tensor {
    return F.avgPool2d(x, this.kernelSize, this.options);
  }
}

/** The mean of each window: [n, c, d, h, w] → [n, c, d', h', w']. */
export class AvgPool3d extends AvgPool<F.Size3> {
  override forward(x: Tensor): Tensor {
    return F.avgPool3d(x, this.kernelSize, this.options);
  }
}

abstract class LPPool<S extends AnySize> extends Pool<S, F.LpPoolOptions<S>> {
  readonly p: number;

  constructor(p: number, kernelSize: S, ...options: Given<[stride: S, ceilMode: boolean], F.LpPoolOptions<S>>) {
    super(kernelSize, ['stride', 'ceilMode'], options);
    this.p = p;
  }

  override describe(): string {
    return listed({ p: this.p, kernelSize: this.kernelSize, ...this.options });
  }
}

/** (Σ xᵖ)^(1/p) of each window: [n, c, length] → [n, c, length']. */
export class LPPool1d extends LPPool<F.Size1> {
  override forward(x: Tensor): Tensor {
    return F.lpPool1d(x, this.p, this.kernelSize, this.options);
  }
}

/** (Σ xᵖ)^(1/p) of each window: [n, c, h, w] → [n, c, h', w']. */
export class LPPool2d extends LPPool<F.Size> {
  override forward(x: Tensor): Tensor {
    return F.lpPool2d(x, this.p, this.kernelSize, this.options);
  }
}

/** (Σ xᵖ)^(1/p) of each window: [n, c, d, h, w] → [n, c, d', h', w']. */
export class LPPool3d extends LPPool<F.Size3> {
  override forward(x: Tensor): Tensor {
    return F.lpPool3d(x, this.p, this.kernelSize, this.options);
  }
}

abstract class AdaptivePool<S extends AnySize, Output = Tensor> extends Module<[input: Tensor], Output> {
  readonly outputSize: F.Kept<S>;

  constructor(outputSize: F.Kept<S>) {
    super();
    this.outputSize = outputSize;
  }

  override describe(): string {
    return listed({ outputSize: this.outputSize });
  }
}

abstract class AdaptiveMaxPool<S extends AnySize, O extends F.AdaptiveMaxOptions> extends AdaptivePool<
  S,
  MaybePair<O>
> {
  readonly options: O;

  constructor(outputSize: F.Kept<S>, options: O = {} as O) {
    super(outputSize);
    this.options = options;
  }
}

/** The mean of each of nearly equal regions: [n, c, length] → [n, c, …outputSize]. */
export class AdaptiveAvgPool1d extends AdaptivePool<F.Size1> {
  override forward(x: Tensor): Tensor {
    return F.adaptiveAvgPool1d(x, this.outputSize);
  }
}

/** The maximum of each of nearly equal regions: [n, c, length] → [n, c, …outputSize]. */
export class AdaptiveMaxPool1d<O extends F.AdaptiveMaxOptions = F.AdaptiveMaxOptions> extends AdaptiveMaxPool<
  F.Size1,
  O
> {
  override forward(x: Tensor): MaybePair<O> {
    return F.adaptiveMaxPool1d(x, this.outputSize, this.options as object) as MaybePair<O>;
  }
}

/** The mean of each of nearly equal regions: [n, c, h, w] → [n, c, …outputSize]; null keeps a dimension. */
export class AdaptiveAvgPool2d extends AdaptivePool<F.Size> {
  override forward(x: Tensor): Tensor {
    return F.adaptiveAvgPool2d(x, this.outputSize);
  }
}

/** The maximum of each of nearly equal regions: [n, c, h, w] → [n, c, …outputSize]; null keeps a dimension. */
export class AdaptiveMaxPool2d<O extends F.AdaptiveMaxOptions = F.AdaptiveMaxOptions> extends AdaptiveMaxPool<
  F.Size,
  O
> {
  override forward(x: Tensor): MaybePair<O> {
    return F.adaptiveMaxPool2d(x, this.outputSize, this.options as object) as MaybePair<O>;
  }
}

/** The mean of each of nearly equal regions: [n, c, d, h, w] → [n, c, …outputSize]; null keeps a dimension. */
export class AdaptiveAvgPool3d extends AdaptivePool<F.Size3> {
  override forward(x: Tensor): Tensor {
    return F.adaptiveAvgPool3d(x, this.outputSize);
  }
}

/** The maximum of each of nearly equal regions: [n, c, d, h, w] → [n, c, …outputSize]; null keeps a dimension. */
export class AdaptiveMaxPool3d<O extends F.AdaptiveMaxOptions = F.AdaptiveMaxOptions> extends AdaptiveMaxPool<
  F.Size3,
  O
> {
  override forward(x: Tensor): MaybePair<O> {
    return F.adaptiveMaxPool3d(x, this.outputSize, this.options as object) as MaybePair<O>;
  }
}

abstract class MaxUnpool<S extends AnySize> extends Module<
  [input: Tensor, indices: Tensor, outputSize?: readonly number[]],
  Tensor
> {
  readonly kernelSize: S;
  readonly options: Omit<F.UnpoolOptions<S>, 'outputSize'>;

  constructor(kernelSize: S, ...options: Given<[stride: S, padding: S], Omit<F.UnpoolOptions<S>, 'outputSize'>>) {
    super();
    this.kernelSize = kernelSize;
    this.options = byName<F.UnpoolOptions<S>>(new.target.name, ['stride', 'padding'], options);
  }

  override describe(): string {
    const { kernelSize } = this;
    return listed({ kernelSize, stride: kernelSize, padding: 0, ...this.options });
  }
}

/** Puts maxima back where MaxPool1d found them, with zeros elsewhere. */
export class MaxUnpool1d extends MaxUnpool<F.Size1> {
  override forward(x: Tensor, indices: Tensor, outputSize?: readonly number[]): Tensor {
    return F.maxUnpool1d(x, indices, this.kernelSize, { ...this.options, outputSize });
  }
}

/** Puts maxima back where MaxPool2d found them, with zeros elsewhere. */
export class MaxUnpool2d extends MaxUnpool<F.Size> {
  override forward(x: Tensor, indices: Tensor, outputSize?: readonly number[]): Tensor {
    return F.maxUnpool2d(x, indices, this.kernelSize, { ...this.options, outputSize });
  }
}

/** Puts maxima back where MaxPool3d found them, with zeros elsewhere. */
export class MaxUnpool3d extends MaxUnpool<F.Size3> {
  override forward(x: Tensor, indices: Tensor, outputSize?: readonly number[]): Tensor {
    return F.maxUnpool3d(x, indices, this.kernelSize, { ...this.options, outputSize });
  }
}
