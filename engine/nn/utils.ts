import { noGrad } from '../autograd/mode.ts';
import { cat, tensor } from '../tensor/create.ts';
import { elements } from '../tensor/elements.ts';
import { ShapeError } from '../tensor/errors.ts';
import type { Tensor } from '../tensor/tensor.ts';

/** The 2-norm of all gradients together. */
function totalNorm(gradients: readonly Tensor[]): number {
  let sum = 0;
  for (const gradient of gradients) for (const v of elements(gradient)) sum += v * v;
  return Math.sqrt(sum);
}

const gradientsOf = (parameters: Iterable<Tensor>): Tensor[] =>
  [...parameters].flatMap(({ grad }) => (grad === null ? [] : [grad]));

/**
 * Scales all gradients together so that their 2-norm is at most `maxNorm` (Pascanu et al. 2012).
 * @returns The norm before, without dimensions.
 */
export function clipGradNorm_(parameters: Iterable<Tensor>, maxNorm: number): Tensor {
  const gradients = gradientsOf(parameters);
  const norm = totalNorm(gradients);
  const factor = maxNorm / (norm + 1e-6);
  if (factor < 1) scale(gradients, factor);
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
