import { apply } from '../../autograd/apply.ts';
import { none } from '../../ops/operation.ts';
import { floating, type Operand } from '../convert.ts';
import { ArgumentError } from '../errors.ts';
import type { Tensor } from '../tensor.ts';

export interface NumberOptions {
  readonly nan?: number;
  readonly posinf?: number;
  readonly neginf?: number;
}

export interface Limits {
  readonly min?: Operand;
  readonly max?: Operand;
}

/** Functions of one element, element by element. Shapes stay; integers become float32 where results have fractions. */
export const unary = {
  /** −x. */
  neg(this: Tensor): Tensor {
    return apply('neg', [this], none);
  },
  /** |x|. */
  abs(this: Tensor): Tensor {
    return apply('abs', [this], none);
  },
  /** −1, 0 or 1. */
  sign(this: Tensor): Tensor {
    return apply('sign', [this], none);
  },
  /** x². */
  square(this: Tensor): Tensor {
    return apply('square', [this], none);
  },
  /** 1/x. */
  reciprocal(this: Tensor): Tensor {
    return apply('reciprocal', [floating(this)], none);
  },
  /** eˣ. */
  exp(this: Tensor): Tensor {
    return apply('exp', [floating(this)], none);
  },
  /** eˣ − 1, exact near 0. */
  expm1(this: Tensor): Tensor {
    return apply('expm1', [floating(this)], none);
  },
  /** ln x. */
  log(this: Tensor): Tensor {
    return apply('log', [floating(this)], none);
  },
  /** ln(1 + x), exact near 0. */
  log1p(this: Tensor): Tensor {
    return apply('log1p', [floating(this)], none);
  },
  /** log₂ x. */
  log2(this: Tensor): Tensor {
    return apply('log2', [floating(this)], none);
  },
  /** log₁₀ x. */
  log10(this: Tensor): Tensor {
    return apply('log10', [floating(this)], none);
  },
  /** √x. */
  sqrt(this: Tensor): Tensor {
    return apply('sqrt', [floating(this)], none);
  },
  /** 1/√x. */
  rsqrt(this: Tensor): Tensor {
    return apply('rsqrt', [floating(this)], none);
  },
  /** sin x, x in radians. */
  sin(this: Tensor): Tensor {
    return apply('sin', [floating(this)], none);
  },
  /** cos x, x in radians. */
  cos(this: Tensor): Tensor {
    return apply('cos', [floating(this)], none);
  },
  /** tan x, x in radians. */
  tan(this: Tensor): Tensor {
    return apply('tan', [floating(this)], none);
  },
  /** arcsin x, in radians. */
  asin(this: Tensor): Tensor {
    return apply('asin', [floating(this)], none);
  },
  /** arccos x, in radians. */
  acos(this: Tensor): Tensor {
    return apply('acos', [floating(this)], none);
  },
  /** arctan x, in radians. */
  atan(this: Tensor): Tensor {
    return apply('atan', [floating(this)], none);
  },
  /** sinh x. */
  sinh(this: Tensor): Tensor {
    return apply('sinh', [floating(this)], none);
  },
  /** cosh x. */
  cosh(this: Tensor): Tensor {
    return apply('cosh', [floating(this)], none);
  },
  /** ln(x + √(x² + 1)). */
  asinh(this: Tensor): Tensor {
    return apply('asinh', [floating(this)], none);
  },
  /** ln(x + √(x² − 1)). */
  acosh(this: Tensor): Tensor {
    return apply('acosh', [floating(this)], none);
  },
  /** ½·ln((1 + x)/(1 − x)). */
  atanh(this: Tensor): Tensor {
    return apply('atanh', [floating(this)], none);
  },
  /** tanh x. */
  tanh(this: Tensor): Tensor {
    return apply('tanh', [floating(this)], none);
  },
  /** The error function. */
  erf(this: Tensor): Tensor {
    return apply('erf', [floating(this)], none);
  },
  /** The inverse of the error function, for x in (−1, 1). */
  erfinv(this: Tensor): Tensor {
    return apply('erfinv', [floating(this)], none);
  },
  /** ln |Γ(x)|. */
  lgamma(this: Tensor): Tensor {
    return apply('lgamma', [floating(this)], none);
  },
  /** ψ(x), the derivative of ln Γ(x). */
  digamma(this: Tensor): Tensor {
    return this.polygamma(0);
  },
  /** The derivative of order n ≥ 0 of ψ(x). */
  polygamma(this: Tensor, order: number): Tensor {
    if (!Number.isInteger(order) || order < 0) {
      throw new ArgumentError(`polygamma: expected an order of 0, 1, 2 …, got ${order}.`);
    }
    return apply('polygamma', [floating(this)], { order });
  },
  /** 1/(1 + e⁻ˣ). */
  sigmoid(this: Tensor): Tensor {
    return apply('sigmoid', [floating(this)], none);
  },
  /** ln σ(x), without overflow. */
  logSigmoid(this: Tensor): Tensor {
    return apply('logSigmoid', [floating(this)], none);
  },
  /** max(x, 0). */
  relu(this: Tensor): Tensor {
    return apply('relu', [this], none);
  },
  /** x·Φ(x), exact (Hendrycks & Gimpel 2016). */
  gelu(this: Tensor): Tensor {
    return apply('gelu', [floating(this)], none);
  },
  /** x·σ(x) (Elfwing et al. 2017). */
  silu(this: Tensor): Tensor {
    return apply('silu', [floating(this)], none);
  },
  /** The greatest integer not above x. Its gradient is 0. */
  floor(this: Tensor): Tensor {
    return apply('floor', [this], none);
  },
  /** The smallest integer not below x. Its gradient is 0. */
  ceil(this: Tensor): Tensor {
    return apply('ceil', [this], none);
  },
  /** The nearest integer, halves to the even one. Its gradient is 0. */
  round(this: Tensor): Tensor {
    return apply('round', [this], none);
  },
  /** The integer part. Its gradient is 0. */
  trunc(this: Tensor): Tensor {
    return apply('trunc', [this], none);
  },
  /** x less its integer part, with the sign of x. */
  frac(this: Tensor): Tensor {
    return apply('frac', [this], none);
  },
  /** bool: is NaN. */
  isnan(this: Tensor): Tensor {
    return apply('isnan', [this], none);
  },
  /** bool: is neither NaN nor infinite. */
  isfinite(this: Tensor): Tensor {
    return apply('isfinite', [this], none);
  },
  /** bool: is ∞ or −∞. */
  isinf(this: Tensor): Tensor {
    return apply('isinf', [this], none);
  },
  /** bool: is 0. */
  logicalNot(this: Tensor): Tensor {
    return apply('logicalNot', [this], none);
  },
  /** NaN and the infinities replaced; by default 0 and the greatest numbers of the type. */
  nanToNum(this: Tensor, { nan = 0, posinf, neginf }: NumberOptions = {}): Tensor {
    const top = this.dtype === 'float64' ? Number.MAX_VALUE : 3.4028234663852886e38;
    const bounded = this.isnan().where(nan, this);
    return bounded.eq(Infinity).where(posinf ?? top, bounded.eq(-Infinity).where(neginf ?? -top, bounded));
  },
  /** x above 0, slope·x below. */
  leakyRelu(this: Tensor, slope = 0.01): Tensor {
    return apply('leakyRelu', [floating(this)], { slope });
  },
  /** x above 0, alpha·(eˣ − 1) below. */
  elu(this: Tensor, alpha = 1): Tensor {
    return apply('elu', [floating(this)], { alpha });
  },
  /** Limits every element to [min, max]: `clamp({ min: 0 })` or `clamp(0, 1)`. Limits that are tensors broadcast. */
  clamp(this: Tensor, limits: Limits | number, upper?: number): Tensor {
    const { min = -Infinity, max = Infinity } = typeof limits === 'number' ? { min: limits, max: upper } : limits;
    if (typeof min === 'number' && typeof max === 'number') return apply('clamp', [this], { min, max });
    const raised = this.lt(min).where(min, this);
    return raised.gt(max).where(max, raised);
  },
  /** ln(1 + eˣ) = −ln σ(−x), without overflow. */
  softplus(this: Tensor): Tensor {
    return this.neg().logSigmoid().neg();
  },
};
