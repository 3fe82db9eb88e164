import { planOf } from '../../autograd/plan.ts';
import { ArgumentError, ShapeError, showShape } from '../../tensor/errors.ts';
import { sameShape } from '../../tensor/shape.ts';
import type { Tensor } from '../../tensor/tensor.ts';

/** How the losses of elements become one: their mean, their sum, or left apart. */
export type Reduction = 'mean' | 'sum' | 'none';

export interface LossOptions {
  /** Default mean. */
  readonly reduction?: Reduction;
}

/** The mean or the sum of losses that a loss function has just computed, or the losses. */
export function reduce(loss: Tensor, reduction: Reduction = 'mean'): Tensor {
  if (reduction === 'none') return loss;
  // Nobody outside gets the losses themselves: their memory comes back with the backward pass.
  if (loss.node !== null && planOf(loss.node.operation).forward !== null) loss.storage.internal = true;
  if (reduction === 'mean') return loss.mean();
  if (reduction === 'sum') return loss.sum();
  throw new ArgumentError(`A reduction is mean, sum or none, got ${reduction}.`);
}

/** Broadcasting a target by accident ([n] against [n, 1]) would train on wrong pairs without a word. */
export function checkPair(loss: string, input: Tensor, target: Tensor): void {
  if (sameShape(input.shape, target.shape)) return;
  throw new ShapeError(
    `${loss}: input ${showShape(input.shape)} and target ${showShape(target.shape)} must have the same shape. ` +
      'Use reshape, squeeze or unsqueeze on one of them.',
  );
}
