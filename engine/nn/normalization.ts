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
  /** How much of each batch goes into the running statistics. Default 0.1. */
  readonly momentum?: number;
  /** Keep running statistics for evaluation; without them the batch is used there too. Default true. */
  readonly trackRunningStats?: boolean;
}

/** Standardizes each channel over the batch; by running statistics when not training. Scale 1 and shift 0 at first. */
abstract class BatchNorm extends Module<[input: Tensor], Tensor> {
  readonly features: number;
  readonly eps: number;
  readonly momentum: number;
  weight: Parameter | null;
  bias: Parameter | null;
  runningMean: Buffer | null;
  runningVar: Buffer | null;

  constructor(
    features: number,
    ...options: Given<[eps: number, momentum: number, affine: boolean, trackRunningStats: boolean], Running>
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
  }

  /** The ranks this class takes. */
  abstract get ranks(): readonly number[];

  override forward(x: Tensor): Tensor {
    if (!this.ranks.includes(x.shape.length) || x.shape[1] !== this.features) {
      throw new ShapeError(
        `${this.constructor.name}: expected ${this.features} channels in dimension 1 of ${this.ranks.join(' or ')} dimensions, got ${showShape(x.shape)}.`,
      );
    }
    return F.batchNorm(x, this);
  }

  override describe(): string {
    return `${this.features}, eps=${this.eps}, momentum=${this.momentum}`;
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
    return `${showShape(this.shape)}, eps=${this.eps}`;
  }
}

/** x/√(mean x² + eps) over the trailing dimensions `shape`, scaled. */
export class RMSNorm extends Module<[input: Tensor], Tensor> {
  readonly shape: readonly number[];
  readonly eps: number;
  weight: Parameter;

  constructor(shape: number | readonly number[], ...options: Given<[eps: number], Pick<Affine, 'eps'>>) {
    super();
    const { eps = 1e-5 } = byName<Pick<Affine, 'eps'>>('RMSNorm', ['eps'], options);
    this.shape = typeof shape === 'number' ? [shape] : shape;
    this.eps = eps;
    this.weight = new Parameter(ones(this.shape));
  }

  override forward(x: Tensor): Tensor {
    return F.rmsNorm(x, this.shape, this);
  }

  override describe(): string {
    return `${showShape(this.shape)}, eps=${this.eps}`;
  }
}

/** Standardizes each of `groups` groups of channels of each sample [n, c, …]. */
export class GroupNorm extends Module<[input: Tensor], Tensor> {
  readonly groups: number;
  readonly eps: number;
  weight: Parameter | null;
  bias: Parameter | null;

  constructor(groups: number, channels: number, ...options: Given<[eps: number, affine: boolean], Affine>) {
    super();
    const { eps = 1e-5, affine = true } = byName<Affine>(new.target.name, ['eps', 'affine'], options);
    this.groups = groups;
    this.eps = eps;
    this.weight = affine ? new Parameter(ones([channels])) : null;
    this.bias = affine ? new Parameter(zeros([channels])) : null;
  }

  override forward(x: Tensor): Tensor {
    return F.groupNorm(x, this.groups, this);
  }

  override describe(): string {
    return `groups=${this.groups}, eps=${this.eps}`;
  }
}

/** Standardizes each channel of each sample; no scale and shift unless asked for. */
abstract class InstanceNorm extends GroupNorm {
  constructor(channels: number, ...options: Given<[], Affine>) {
    const { eps = 1e-5, affine = false } = byName<Affine>('InstanceNorm', ['eps', 'affine'], options);
    super(channels, channels, { eps, affine });
  }
}

/** [n, c, length]. */
export class InstanceNorm1d extends InstanceNorm {}

/** [n, c, h, w]. */
export class InstanceNorm2d extends InstanceNorm {}

/** [n, c, d, h, w]. */
export class InstanceNorm3d extends InstanceNorm {}
