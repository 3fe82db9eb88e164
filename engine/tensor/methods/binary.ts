import { apply } from '../../autograd/apply.ts';
import { none } from '../../ops/operation.ts';
import { type Operand, scalar, together } from '../convert.ts';
import type { Tensor } from '../tensor.ts';

/**
 * Functions of two elements. The shapes broadcast, aligned at the last dimension; the element types are promoted.
 * All throw ShapeError if the shapes don't broadcast.
 */
export const binary = {
  /** x + y. */
  add(this: Tensor, other: Operand): Tensor {
    return apply('add', together(this, other), none);
  },
  /** x − y. */
  sub(this: Tensor, other: Operand): Tensor {
    return apply('sub', together(this, other), none);
  },
  /** x·y. */
  mul(this: Tensor, other: Operand): Tensor {
    return apply('mul', together(this, other), none);
  },
  /** x/y; integers give float32. */
  div(this: Tensor, other: Operand): Tensor {
    return apply('div', together(this, other), none);
  },
  /** x − y⌊x/y⌋, with the sign of y. */
  remainder(this: Tensor, other: Operand): Tensor {
    return apply('remainder', together(this, other), none);
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
    return apply('pow', together(this, exponent), none);
  },
  /** Where this is not 0: x, elsewhere y; all three broadcast. */
  where(this: Tensor, x: Operand, y: Operand): Tensor {
    const [a, b] = typeof x === 'number' && typeof y === 'number' ? together(scalar(x, 'float32'), y) : together(x, y);
    return apply('where', [this, a, b], none);
  },
  /** This, with `value` wherever the mask is not 0. */
  maskedFill(this: Tensor, mask: Tensor, value: Operand): Tensor {
    return mask.where(value, this);
  },
};
