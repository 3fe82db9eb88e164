import { apply } from '../../autograd/apply.ts';
import { noGrad } from '../../autograd/mode.ts';
import { dtypes, toFloating } from '../../tensor/dtype.ts';
import { ArgumentError, ShapeError, showShape } from '../../tensor/errors.ts';
import { sameShape, sizeOf } from '../../tensor/shape.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { known } from './given.ts';

const affine = (x: Tensor, weight: Tensor | null, bias: Tensor | null): Tensor => {
  const scaled = weight === null ? x : x.mul(weight);
  return bias === null ? scaled : scaled.add(bias);
};

/** A vector of channels, shaped to broadcast over [n, c, …]. */
const perChannel = (v: Tensor | null, rank: number): Tensor | null =>
  v === null ? null : v.reshape([-1, ...new Array<number>(rank - 2).fill(1)]);

export interface NormOptions {
  readonly weight?: Tensor | null;
  readonly bias?: Tensor | null;
  /** Added to the variance. Default 1e-5. */
  readonly eps?: number;
}

/** Standardizes over the trailing dimensions `shape` (Ba et al. 2016). */
export function layerNorm(x: Tensor, shape: readonly number[], options: NormOptions = {}): Tensor {
  const { weight = null, bias = null, eps = 1e-5 } = known('layerNorm', options, ['weight', 'bias', 'eps']);
  const trailing = x.shape.slice(x.shape.length - shape.length);
  if (trailing.length !== shape.length || trailing.some((n, d) => n !== shape[d])) {
    throw new ShapeError(`layerNorm: expected the input to end in ${showShape(shape)}, got ${showShape(x.shape)}.`);
  }
  const alike = [weight, bias].every(
    (it) => it !== null && it.dtype === toFloating(x.dtype) && sameShape(it.shape, shape),
  );
  if (alike) return apply('layerNorm', [x, weight!, bias!], { eps });
  const rows = apply('standardize', [x.reshape([-1, sizeOf(shape)])], { eps });
  return affine(rows.reshape(x.shape), weight, bias);
}

/** x/√(mean x² + eps) over the trailing dimensions `shape`, eps by default that of the element type (Zhang & Sennrich 2019). */
export function rmsNorm(x: Tensor, shape: readonly number[], options: Omit<NormOptions, 'bias'> = {}): Tensor {
  const { weight = null, eps = dtypes[x.dtype].epsilon } = known('rmsNorm', options, ['weight', 'eps']);
  const dims = shape.map((_, i) => i - shape.length);
  return affine(x.mul(x.square().mean(dims, { keepdim: true }).add(eps).rsqrt()), weight, null);
}

/** Standardizes each of `groups` groups of channels of each sample [n, c, …] (Wu & He 2018). */
export function groupNorm(x: Tensor, groups: number, options: NormOptions = {}): Tensor {
  const { weight = null, bias = null, eps = 1e-5 } = known('groupNorm', options, ['weight', 'bias', 'eps']);
  if (x.shape.length < 2 || x.shape[1] % groups !== 0) {
    throw new ShapeError(`groupNorm: the channels of ${showShape(x.shape)} can't be split into ${groups} groups.`);
  }
  const rows = apply('standardize', [x.reshape([x.shape[0] * groups, -1])], { eps });
  return affine(rows.reshape(x.shape), perChannel(weight, x.shape.length), perChannel(bias, x.shape.length));
}

const batchNames = ['runningMean', 'runningVar', 'weight', 'bias', 'training', 'momentum', 'eps'] as const;

export interface BatchNormOptions extends NormOptions {
  /** [c], changed in place while training; used instead of the batch otherwise. */
  readonly runningMean?: Tensor | null;
  readonly runningVar?: Tensor | null;
  /** How much of the batch goes into the running statistics. Default 0.1. */
  readonly momentum?: number;
  /** Default false. */
  readonly training?: boolean;
}

export interface InstanceNormOptions extends Omit<BatchNormOptions, 'training'> {
  /** Standardize by the samples themselves, and let them into running statistics. Default true. */
  readonly useInputStats?: boolean;
}

/** Standardizes each channel of each sample, or by running statistics (Ulyanov et al. 2016). */
export function instanceNorm(x: Tensor, options: InstanceNormOptions = {}): Tensor {
  const names = ['runningMean', 'runningVar', 'weight', 'bias', 'useInputStats', 'momentum', 'eps'] as const;
  const given = known('instanceNorm', options, names);
  const { runningMean = null, runningVar = null, weight, bias, useInputStats = true, momentum = 0.1, eps } = given;
  if (!useInputStats) return batchNorm(x, { runningMean, runningVar, weight, bias, eps });
  if (sizeOf(x.shape.slice(2)) < 2) {
    throw new ArgumentError(
      `instanceNorm: needs more than one value per channel, got the input ${showShape(x.shape)}.`,
    );
  }
  if (runningMean !== null && runningVar !== null) {
    noGrad(() => {
      const places = [...x.shape.keys()].slice(2);
      runningMean.mul_(1 - momentum).add_(x.mean(places).mean(0).mul(momentum));
      runningVar.mul_(1 - momentum).add_(x.var(places).mean(0).mul(momentum));
    });
  }
  return groupNorm(x, x.shape[1], { weight, bias, eps });
}

/** Standardizes each channel of [n, c, …] over the batch, or by running statistics (Ioffe & Szegedy 2015). */
export function batchNorm(x: Tensor, options: BatchNormOptions): Tensor {
  const {
    runningMean = null,
    runningVar = null,
    eps = 1e-5,
    momentum = 0.1,
    training = false,
  } = known('batchNorm', options, batchNames);
  const rank = x.shape.length;
  const [weight, bias] = [perChannel(options.weight ?? null, rank), perChannel(options.bias ?? null, rank)];
  const dims = [...x.shape.keys()].filter((d) => d !== 1);
  const count = sizeOf(dims.map((d) => x.shape[d]));
  if (!training && runningMean !== null && runningVar !== null) {
    const scale = perChannel(runningVar, rank)!.add(eps).rsqrt();
    return affine(x.sub(perChannel(runningMean, rank)!).mul(scale), weight, bias);
  }
  if (count < 2) {
    throw new ArgumentError(
      `batchNorm: training needs more than one value per channel, got the input ${showShape(x.shape)}. Use a larger batch, or eval().`,
    );
  }
  const running = training && runningMean !== null && runningVar !== null;
  const attributes = { eps, running: running ? { mean: runningMean, var: runningVar, momentum } : null };
  if (options.weight && options.bias) return apply('batchNorm', [x, options.weight, options.bias], attributes);
  return affine(apply('batchNorm', [x], attributes), weight, bias);
}

/** x/max(‖x‖₂, eps) along a dimension. */
export const normalize = (x: Tensor, dim = 1, eps = 1e-12): Tensor => x.div(x.norm(2, dim, true).clamp({ min: eps }));
