import { apply } from '../../autograd/apply.ts';
import { none } from '../../ops/operation.ts';
import { type Operand, scalar, together } from '../convert.ts';
import { isFloating } from '../dtype.ts';
import { ArgumentError, DTypeError } from '../errors.ts';
import { broadcastShapes, sameShape } from '../shape.ts';
import type { Tensor } from '../tensor.ts';

export interface Closeness {
  /** Relative to the other. Default 1e-5. */
  readonly rtol?: number;
  /** Default 1e-8. */
  readonly atol?: number;
}

export interface Alpha {
  /** Multiplies the other. Default 1. */
  readonly alpha?: number;
}

const scaled = (other: Operand, alpha: number): Operand =>
  alpha === 1 ? other : typeof other === 'number' ? other * alpha : other.mul(alpha);

/** Integers have no infinity to say it with. */
function checkDivisor(name: string, divisor: Tensor): void {
  if (!isFloating(divisor.dtype) && divisor.numel() > 0 && divisor.eq(0).any().item() !== 0) {
    throw new ArgumentError(`${name}: expected a divisor of integers that isn't 0. Convert to float32 for ∞ and NaN.`);
  }
}

/** A remainder of one kind or the other. */
function rest(name: 'remainder' | 'fmod', x: Tensor, y: Operand): Tensor {
  const pair = together(x, y);
  checkDivisor(name, pair[1]);
  return apply(name, pair, none);
}

function where(this: Tensor): Tensor[];
function where(this: Tensor, x: Operand, y: Operand): Tensor;
function where(this: Tensor, x?: Operand, y?: Operand): Tensor | Tensor[] {
  if (x === undefined && y === undefined) return this.nonzero().unbind(1);
  const [a, b] = typeof x === 'number' && typeof y === 'number' ? together(scalar(x, 'float32'), y) : together(x!, y!);
  return apply('where', [this, a, b], none);
}

/**
 * Functions of two elements. The shapes broadcast, aligned at the last dimension; the element types are promoted.
 * All throw ShapeError if the shapes don't broadcast.
 */
export const binary = {
  /** x + alpha·y. */
  add(this: Tensor, other: Operand, { alpha = 1 }: Alpha = {}): Tensor {
    const pair = together(this, scaled(other, alpha));
    // Of bools the sum is "or".
    return apply(pair[0].dtype === 'bool' ? 'logicalOr' : 'add', pair, none);
  },
  /** x − alpha·y. */
  sub(this: Tensor, other: Operand, { alpha = 1 }: Alpha = {}): Tensor {
    const pair = together(this, scaled(other, alpha));
    if (pair[0].dtype === 'bool')
      throw new DTypeError("sub: bools have no difference. Use logicalXor() or to('int32').");
    return apply('sub', pair, none);
  },
  /** x·y. */
  mul(this: Tensor, other: Operand): Tensor {
    return apply('mul', together(this, other), none);
  },
  /** x/y; integers give float32. With `roundingMode` a whole number, and integers give integers. */
  div(this: Tensor, other: Operand, { roundingMode }: { readonly roundingMode?: 'floor' | 'trunc' } = {}): Tensor {
    const pair = together(this, other);
    if (roundingMode === undefined) return apply('div', pair, none);
    checkDivisor('div', pair[1]);
    const whole = !isFloating(pair[0].dtype);
    // float32 doesn't hold every int32.
    const [x, y] = whole ? pair.map((t) => t.to('float64')) : pair;
    const rounded = x.div(y)[roundingMode]();
    return whole ? rounded.to('int32') : rounded;
  },
  /** ⌊x/y⌋. */
  floorDivide(this: Tensor, other: Operand): Tensor {
    return this.div(other, { roundingMode: 'floor' });
  },
  /** x − y⌊x/y⌋, with the sign of y. */
  remainder(this: Tensor, other: Operand): Tensor {
    return rest('remainder', this, other);
  },
  /** The remainder of x/y towards zero, with the sign of x. */
  fmod(this: Tensor, other: Operand): Tensor {
    return rest('fmod', this, other);
  },
  /** The greater of the two. */
  maximum(this: Tensor, other: Operand): Tensor {
    return apply('maximum', together(this, other), none);
  },
  /** The smaller of the two. */
  minimum(this: Tensor, other: Operand): Tensor {
    return apply('minimum', together(this, other), none);
  },
  /** The angle of (other, this), in radians. */
  atan2(this: Tensor, other: Operand): Tensor {
    return apply('atan2', together(this, other), none);
  },
  /** bool: equal. */
  eq(this: Tensor, other: Operand): Tensor {
    return apply('eq', together(this, other), none);
  },
  /** bool: not equal. */
  ne(this: Tensor, other: Operand): Tensor {
    return apply('ne', together(this, other), none);
  },
  /** bool: less. */
  lt(this: Tensor, other: Operand): Tensor {
    return apply('lt', together(this, other), none);
  },
  /** bool: less or equal. */
  le(this: Tensor, other: Operand): Tensor {
    return apply('le', together(this, other), none);
  },
  /** bool: greater. */
  gt(this: Tensor, other: Operand): Tensor {
    return apply('gt', together(this, other), none);
  },
  /** bool: greater or equal. */
  ge(this: Tensor, other: Operand): Tensor {
    return apply('ge', together(this, other), none);
  },
  /** bool: both are not 0. */
  logicalAnd(this: Tensor, other: Operand): Tensor {
    return apply('logicalAnd', together(this, other), none);
  },
  /** bool: one is not 0. */
  logicalOr(this: Tensor, other: Operand): Tensor {
    return apply('logicalOr', together(this, other), none);
  },
  /** bool: exactly one is not 0. */
  logicalXor(this: Tensor, other: Operand): Tensor {
    return apply('logicalXor', together(this, other), none);
  },
  /** xʸ. */
  pow(this: Tensor, exponent: Operand): Tensor {
    if (typeof exponent === 'number' && exponent < 0 && Number.isInteger(exponent) && !isFloating(this.dtype)) {
      throw new DTypeError(
        `pow: ${this.dtype} has no negative powers; expected a floating tensor for the exponent ${exponent}. Use x.to('float32').`,
      );
    }
    return apply('pow', together(this, exponent), none);
  },
  /** Where this is not 0: x, elsewhere y; all three broadcast. Without both, where that is: int32 positions along each dimension. */
  where,
  /** bool: closer than atol + rtol·|other|. */
  isclose(this: Tensor, other: Operand, { rtol = 1e-5, atol = 1e-8 }: Closeness = {}): Tensor {
    const [x, y] = together(this, other);
    const near = x.sub(y).abs().le(y.abs().mul(rtol).add(atol)).logicalAnd(y.isfinite());
    return near.logicalOr(x.eq(y));
  },
  /** Whether all elements are close. */
  allclose(this: Tensor, other: Tensor, options?: Closeness): boolean {
    return this.isclose(other, options).all().item() !== 0;
  },
  /** Whether shape and elements are equal. */
  equal(this: Tensor, other: Tensor): boolean {
    return sameShape(this.shape, other.shape) && this.eq(other).all().item() !== 0;
  },
  /** ln(eˣ + eʸ), without overflow. */
  logaddexp(this: Tensor, other: Tensor): Tensor {
    const [x, y] = together(this, other);
    const shape = broadcastShapes('logaddexp', x.shape, y.shape);
    return apply('cat', [x.expand(shape).unsqueeze(0), y.expand(shape).unsqueeze(0)], { dim: 0 }).logsumexp(0);
  },
  /** This, with `value` wherever the mask is not 0. */
  maskedFill(this: Tensor, mask: Tensor, value: Operand): Tensor {
    return mask.where(value, this);
  },
};
