import { ones, zeros } from '../tensor/create.ts';
import { ShapeError, showShape } from '../tensor/errors.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { byName, type Given } from './functional/given.ts';
import * as F from './functional.ts';
import { Module } from './module.ts';
import { Buffer, Parameter } from './parameter.ts';

interface Affine {
  /** Added to the variance. Default 1e-5. */
  readonly eps?: number;
  /** Train a scale and a shift. Default true. */
  readonly affine?: boolean;
}

interface Running extends Affine {
  /** How much of each batch goes into the running statistics; null for the mean of all batches. Default 0.1. */
  readonly momentum?: number | null;
  /** Keep running statistics for evaluation; without them the batch is used there too. Default true. */
  readonly trackRunningStats?: boolean;
}

const short = (value: unknown): string =>
  typeof value === 'number' && value !== 0 && Math.abs(value) < 1e-3 ? value.toExponential() : `${value}`;

/** Options as `toString` shows them. */
const listed = (options: object): string =>
  Object.entries(options)
    .map(([name, value]) => `${name}=${short(value)}`)
    .join(', ');

/** Standardizes each channel over the batch; by running statistics when not training. Scale 1 and shift 0 at first. */
abstract class BatchNorm extends Module<[input: Tensor], Tensor> {
  readonly features: number;
  readonly eps: number;
  readonly momentum: number | null;
  weight: Parameter | null;
  bias: Parameter | null;
  runningMean: Buffer | null;
  runningVar: Buffer | null;
  /** How many batches the running statistics are the mean of; only for a momentum of null. */
  numBatchesTracked: Buffer | null;

  constructor(
    features: number,
    ...options: Given<[eps: number, momentum: number | null, affine: boolean, trackRunningStats: boolean], Running>
  ) {
    super();
    const given = byName<Running>(new.target.name, ['eps', 'momentum', 'affine', 'trackRunningStats'], options);
    const { eps = 1e-5, momentum = 0.1, affine = true, trackRunningStats = true } = given;
    this.features = features;
    this.eps = eps;
    this.momentum = momentum;
    this.weight = affine ? new Parameter(ones([features])) : null;
    this.bias = affine ? new Parameter(zeros([features])) : null;
    this.runningMean = trackRunningStats ? new Buffer(zeros([features])) : null;
    this.runningVar = trackRunningStats ? new Buffer(ones([features])) : null;
    this.numBatchesTracked = trackRunningStats && momentum === null ? new Buffer(zeros([], { dtype: 'int32' })) : null;
  }

  /** The ranks this class takes. */
  abstract get ranks(): readonly number[];

  override forward(x: Tensor): Tensor {
    if (!this.ranks.includes(x.shape.length) || x.shape[1] !== this.features) {
      throw new ShapeError(
        `${this.constructor.name}: expected ${this.features} channels in dimension 1 of ${this.ranks.join(' or ')} dimensions, got ${showShape(x.shape)}.`,
      );
    }
    // The mean of k batches moves by 1/k towards the newest.
    const momentum = this.momentum ?? 1 / ((this.numBatchesTracked?.item() ?? 0) + 1);
    if (this.training) this.numBatchesTracked?.add_(1);
    const { weight, bias, runningMean, runningVar, eps, training } = this;
    return F.batchNorm(x, { weight, bias, runningMean, runningVar, eps, momentum, training });
  }

  override describe(): string {
    const { features, eps, momentum, weight, runningMean } = this;
    return `${features}, ${listed({ eps, momentum, affine: weight !== null, trackRunningStats: runningMean !== null })}`;
  }
}

/** [n, c] or [n, c, length]. */
export class BatchNorm1d extends BatchNorm {
  override get ranks(): readonly number[] {
    return [2, 3];
  }
}

/** [n, c, h, w]. */
export class BatchNorm2d extends BatchNorm {
  override get ranks(): readonly number[] {
    return [4];
  }
}

/** [n, c, d, h, w]. */
export class BatchNorm3d extends BatchNorm {
  override get ranks(): readonly number[] {
    return [5];
  }
}

interface LayerNormOptions extends Affine {
  /** PyTorch's name for `affine`. */
  readonly elementwiseAffine?: boolean;
  /** Train a shift too. Default true. */
  readonly bias?: boolean;
}

/** Standardizes over the trailing dimensions `shape`. Scale 1 and shift 0 at first. */
export class LayerNorm extends Module<[input: Tensor], Tensor> {
  readonly shape: readonly number[];
  readonly eps: number;
  weight: Parameter | null;
  bias: Parameter | null;

  constructor(
    shape: number | readonly number[],
    ...options: Given<[eps: number, elementwiseAffine: boolean, bias: boolean], LayerNormOptions>
  ) {
    super();
    const given = byName<LayerNormOptions>('LayerNorm', ['eps', 'elementwiseAffine', 'bias', 'affine'], options);
    const { eps = 1e-5, elementwiseAffine = true, affine = elementwiseAffine, bias = true } = given;
    this.shape = typeof shape === 'number' ? [shape] : shape;
    this.eps = eps;
    this.weight = affine ? new Parameter(ones(this.shape)) : null;
    this.bias = affine && bias ? new Parameter(zeros(this.shape)) : null;
  }

  override forward(x: Tensor): Tensor {
    return F.layerNorm(x, this.shape, this);
  }

  override describe(): string {
    const { shape, eps, weight } = this;
    return `${showShape(shape)}, ${listed({ eps, elementwiseAffine: weight !== null })}`;
  }
}

interface RMSNormOptions {
  /** Added to the mean square. Default: the machine epsilon of the input's type. */
  readonly eps?: number | null;
  /** Train a scale. Default true. */
  readonly elementwiseAffine?: boolean;
}

/** x/√(mean x² + eps) over the trailing dimensions `shape`, scaled. */
export class RMSNorm extends Module<[input: Tensor], Tensor> {
  readonly shape: readonly number[];
  /** Null for the machine epsilon of the input's type. */
  readonly eps: number | null;
  weight: Parameter | null;

  constructor(
    shape: number | readonly number[],
    ...options: Given<[eps: number | null, elementwiseAffine: boolean], RMSNormOptions>
  ) {
    super();
    const names = ['eps', 'elementwiseAffine'] as const;
    const { eps = null, elementwiseAffine = true } = byName<RMSNormOptions>('RMSNorm', names, options);
    this.shape = typeof shape === 'number' ? [shape] : shape;
    this.eps = eps;
    this.weight = elementwiseAffine ? new Parameter(ones(this.shape)) : null;
  }

  override forward(x: Tensor): Tensor {
    return F.rmsNorm(x, this.shape, { weight: this.weight, eps: this.eps ?? undefined });
  }

  override describe(): string {
    const { shape, eps, weight } = this;
    return `${showShape(shape)}, ${listed({ eps, elementwiseAffine: weight !== null })}`;
  }
}

/** Standardizes each of `groups` groups of channels of each sample [n, c, …]. */
export class GroupNorm extends Module<[input: Tensor], Tensor> {
  readonly groups: number;
  readonly channels: number;
  readonly eps: number;
  weight: Parameter | null;
  bias: Parameter | null;

  constructor(groups: number, channels: number, ...options: Given<[eps: number, affine: boolean], Affine>) {
    super();
    const { eps = 1e-5, affine = true } = byName<Affine>(new.target.name, ['eps', 'affine'], options);
    this.groups = groups;
    this.channels = channels;
    this.eps = eps;
    this.weight = affine ? new Parameter(ones([channels])) : null;
    this.bias = affine ? new Parameter(zeros([channels])) : null;
  }

  override forward(x: Tensor): Tensor {
    return F.groupNorm(x, this.groups, this);
  }

  override describe(): string {
    const { groups, channels, eps, weight } = this;
    return `${groups}, ${channels}, ${listed({ eps, affine: weight !== null })}`;
  }
}

interface InstanceOptions extends Affine {
  /** How much of each batch goes into the running statistics. Default 0.1. */
  readonly momentum?: number;
  /** Keep running statistics, and use them for evaluation. Default false. */
  readonly trackRunningStats?: boolean;
}

type InstanceRest = Given<
  [eps: number, momentum: number, affine: boolean, trackRunningStats: boolean],
  InstanceOptions
>;

/** Standardizes each channel of each sample; no scale and shift, and no running statistics, unless asked for. */
abstract class InstanceNorm extends Module<[input: Tensor], Tensor> {
  readonly features: number;
  readonly eps: number;
  readonly momentum: number;
  weight: Parameter | null;
  bias: Parameter | null;
  runningMean: Buffer | null;
  runningVar: Buffer | null;

  constructor(features: number, ...options: InstanceRest) {
    super();
    const names = ['eps', 'momentum', 'affine', 'trackRunningStats'] as const;
    const given = byName<InstanceOptions>(new.target.name, names, options);
    const { eps = 1e-5, momentum = 0.1, affine = false, trackRunningStats = false } = given;
    this.features = features;
    this.eps = eps;
    this.momentum = momentum;
    this.weight = affine ? new Parameter(ones([features])) : null;
    this.bias = affine ? new Parameter(zeros([features])) : null;
    this.runningMean = trackRunningStats ? new Buffer(zeros([features])) : null;
    this.runningVar = trackRunningStats ? new Buffer(ones([features])) : null;
  }

  /** How many dimensions a batch has; a sample alone has one less. */
  abstract get rank(): number;

  override forward(x: Tensor): Tensor {
    const alone = x.shape.length === this.rank - 1;
    if (!alone && x.shape.length !== this.rank) {
      throw new ShapeError(`${this.constructor.name}: expected ${this.rank} dimensions, got ${showShape(x.shape)}.`);
    }
    const { weight, bias, runningMean, runningVar, eps, momentum } = this;
    const useInputStats = this.training || runningMean === null;
    const options = { weight, bias, runningMean, runningVar, eps, momentum, useInputStats };
    return alone ? F.instanceNorm(x.unsqueeze(0), options).squeeze(0) : F.instanceNorm(x, options);
  }

  override describe(): string {
    const { features, eps, momentum, weight, runningMean } = this;
    return `${features}, ${listed({ eps, momentum, affine: weight !== null, trackRunningStats: runningMean !== null })}`;
  }
}

/** [n, c, length]. */
export class InstanceNorm1d extends InstanceNorm {
  override get rank(): number {
    return 3;
  }
}

/** [n, c, h, w]. */
export class InstanceNorm2d extends InstanceNorm {
  override get rank(): number {
    return 4;
  }
}

/** [n, c, d, h, w]. */
export class InstanceNorm3d extends InstanceNorm {
  override get rank(): number {
    return 5;
  }
}
