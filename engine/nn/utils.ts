import { noGrad } from '../autograd/mode.ts';
import { cat, tensor } from '../tensor/create.ts';
import { elements } from '../tensor/elements.ts';
import { GradientError, ShapeError } from '../tensor/errors.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { byName, type Given } from './functional/given.ts';

/** The p-norm of all gradients together; the greatest element for p = Infinity. */
function totalNorm(gradients: readonly Tensor[], p: number): number {
  let sum = 0;
  for (const gradient of gradients) {
    for (const v of elements(gradient)) {
      const size = Math.abs(v);
      if (p === Infinity) sum = size > sum || Number.isNaN(size) ? size : sum;
      else sum += p === 2 ? size * size : size ** p;
    }
  }
  return p === Infinity ? sum : sum ** (1 / p);
}

const gradientsOf = (parameters: Iterable<Tensor>): Tensor[] =>
  [...parameters].flatMap(({ grad }) => (grad === null ? [] : [grad]));

export interface ClipOptions {
  /** Default 2. */
  readonly normType?: number;
  /** Throw if the norm isn't finite. Default false. */
  readonly errorIfNonfinite?: boolean;
}

/**
 * Scales all gradients together so that their norm is at most `maxNorm` (Pascanu et al. 2012).
 * @returns The norm before, without dimensions.
 */
export function clipGradNorm_(
  parameters: Iterable<Tensor>,
  maxNorm: number,
  ...rest: Given<[normType: number, errorIfNonfinite: boolean], ClipOptions>
): Tensor {
  const names = ['normType', 'errorIfNonfinite'] as const;
  const { normType = 2, errorIfNonfinite = false } = byName<ClipOptions>('clipGradNorm_', names, rest);
  const gradients = gradientsOf(parameters);
  const norm = totalNorm(gradients, normType);
  if (errorIfNonfinite && !Number.isFinite(norm)) {
    throw new GradientError(
      `clipGradNorm_: the norm of the gradients is ${norm}, so there is nothing to scale them by.`,
    );
  }
  const factor = maxNorm / (norm + 1e-6);
  // Also if the norm isn't a number, as in PyTorch: then all gradients become NaN.
  if (!(factor >= 1)) scale(gradients, factor);
  return tensor(norm);
}

function scale(gradients: readonly Tensor[], factor: number): void {
  noGrad(() => {
    for (const gradient of gradients) gradient.mul_(factor);
  });
}

/** Limits every element of every gradient to ±`limit`. */
export function clipGradValue_(parameters: Iterable<Tensor>, limit: number): void {
  noGrad(() => {
    for (const gradient of gradientsOf(parameters)) gradient.clamp_({ min: -limit, max: limit });
  });
}

/** All parameters in one vector. */
export const parametersToVector = (parameters: Iterable<Tensor>): Tensor =>
  cat([...parameters].map((p) => p.reshape([-1])));

/** Copies the pieces of a vector into the parameters. @throws ShapeError if the lengths differ. */
export function vectorToParameters(vector: Tensor, parameters: Iterable<Tensor>): void {
  const list = [...parameters];
  const size = list.reduce((sum, p) => sum + p.numel(), 0);
  if (size !== vector.numel())
    throw new ShapeError(`vectorToParameters: expected ${size} elements, got ${vector.numel()}.`);
  let start = 0;
  noGrad(() => {
    for (const p of list) {
      p.copy_(vector.narrow(0, start, p.numel()).reshape(p.shape));
      start += p.numel();
    }
  });
}

export { removeReparametrizations, spectralNorm, weightNorm } from './reparametrization.ts';
