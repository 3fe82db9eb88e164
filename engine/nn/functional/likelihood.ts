import { observer } from '../../autograd/observer.ts';
import { ArgumentError, ShapeError, showShape } from '../../tensor/errors.ts';
import { sameShape } from '../../tensor/shape.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { known } from './given.ts';
import { checkPair, type LossOptions, reduce } from './reduction.ts';

export interface PoissonOptions extends LossOptions {
  /** The input is the logarithm of the rate, not the rate. Default true. */
  readonly logInput?: boolean;
  /** Add Stirling's approximation of ln y! for targets above 1. Default false. */
  readonly full?: boolean;
  /** Added to rates before taking logarithms. Default 1e-8. */
  readonly eps?: number;
}

/** −ln p(y) but for a constant, for counts y of a Poisson distribution: eˣ − y·x for the logarithm x of the rate. */
export function poissonNllLoss(input: Tensor, target: Tensor, options: PoissonOptions = {}): Tensor {
  const {
    logInput = true,
    full = false,
    eps = 1e-8,
    reduction,
  } = known('poissonNllLoss', options, ['logInput', 'full', 'eps', 'reduction']);
  checkPair('poissonNllLoss', input, target);
  observer?.lossGiven('poissonNllLoss', input, target, { logInput, full, eps });
  const losses = logInput ? input.exp().sub(target.mul(input)) : input.sub(target.mul(input.add(eps).log()));
  if (!full) return reduce(losses, reduction);
  // y·ln y − y + ½·ln(2πy); the clamp keeps what isn't chosen finite, and so its gradient too
  const y = target.clamp({ min: 1 });
  const stirling = y
    .mul(y.log())
    .sub(y)
    .add(
      y
        .mul(2 * Math.PI)
        .log()
        .mul(0.5),
    );
  return reduce(losses.add(target.gt(1).where(stirling, 0)), reduction);
}

export interface GaussianOptions extends LossOptions {
  /** The least variance. Default 1e-6. */
  readonly eps?: number;
  /** Add the constant ½·ln 2π. Default false. */
  readonly full?: boolean;
}

/** A variance for each element, for each sample [n] of [n, features], or one for all. */
function spreadVariance(variance: Tensor, { shape }: Tensor): Tensor {
  if (sameShape(variance.shape, shape) || variance.numel() === 1) return variance;
  if (sameShape(variance.shape, shape.slice(0, -1))) return variance.unsqueeze(-1);
  if (sameShape(variance.shape, [...shape.slice(0, -1), 1])) return variance;
  throw new ShapeError(
    `gaussianNllLoss: expected a variance of shape ${showShape(shape)} or one per sample, got ${showShape(variance.shape)}.`,
  );
}

/** ½(ln v + (x − y)²/v) for a predicted variance v (a number, or a tensor), at least `eps`. */
export function gaussianNllLoss(
  input: Tensor,
  target: Tensor,
  variance: Tensor | number,
  options: GaussianOptions = {},
): Tensor {
  const { reduction, eps = 1e-6, full = false } = known('gaussianNllLoss', options, ['reduction', 'eps', 'full']);
  checkPair('gaussianNllLoss', input, target);
  const given = typeof variance === 'number' ? input.newTensor([variance], []) : spreadVariance(variance, input);
  if (given.lt(0).any().item()) throw new ArgumentError('gaussianNllLoss: a variance is negative.');
  // The limit isn't part of the derivative, as in PyTorch: what fell below it can still grow.
  const fixed = given.detach();
  const v = given.add(fixed.clamp({ min: eps }).sub(fixed));
  const losses = v.log().add(input.sub(target).square().div(v)).mul(0.5);
  return reduce(full ? losses.add(0.5 * Math.log(2 * Math.PI)) : losses, reduction);
}
