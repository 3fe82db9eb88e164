import { apply } from '../../autograd/apply.ts';
import { none } from '../../ops/operation.ts';
import { floating, type Operand, together } from '../convert.ts';
import { ShapeError, showShape } from '../errors.ts';
import type { Tensor } from '../tensor.ts';

function expectRanks(name: string, left: Tensor, right: Tensor, ranks: readonly [number, number], form: string): void {
  if (left.shape.length === ranks[0] && right.shape.length === ranks[1]) return;
  throw new ShapeError(
    `${name}: expected ${form}, got ${showShape(left.shape)} and ${showShape(right.shape)}. matmul takes all ranks.`,
  );
}

export interface Scales {
  /** Multiplies this. Default 1. */
  readonly beta?: number;
  /** Multiplies the product. Default 1. */
  readonly alpha?: number;
}

/** Products of vectors and matrices. */
export const linalg = {
  /**
   * Matrix product [batch…, m, k] · [batch…, k, n] → [batch…, m, n]; batches broadcast. A vector on the left is a row, on the
   * right a column, and its dimension disappears from the result.
   */
  matmul(this: Tensor, other: Tensor): Tensor {
    const [a, b] = together(this, other);
    if (a.shape.length === 0 || b.shape.length === 0) {
      throw new ShapeError(
        `matmul: expected vectors or matrices, got ${showShape(a.shape)} and ${showShape(b.shape)}.`,
      );
    }
    const [row, column] = [a.shape.length === 1, b.shape.length === 1];
    let product = apply('matmul', [row ? a.unsqueeze(0) : a, column ? b.unsqueeze(1) : b], none);
    if (column) product = product.squeeze(-1);
    return row ? product.squeeze(column ? -1 : -2) : product;
  },
  /** Matrix product [m, k] · [k, n]. */
  mm(this: Tensor, other: Tensor): Tensor {
    expectRanks('mm', this, other, [2, 2], 'two matrices');
    return this.matmul(other);
  },
  /** Matrix products of two batches [b, m, k] · [b, k, n]. */
  bmm(this: Tensor, other: Tensor): Tensor {
    expectRanks('bmm', this, other, [3, 3], 'two batches of matrices');
    return this.matmul(other);
  },
  /** Matrix times vector [m, k] · [k]. */
  mv(this: Tensor, vector: Tensor): Tensor {
    expectRanks('mv', this, vector, [2, 1], 'a matrix and a vector');
    return this.matmul(vector);
  },
  /** Σxᵢyᵢ of two vectors. */
  dot(this: Tensor, other: Tensor): Tensor {
    expectRanks('dot', this, other, [1, 1], 'two vectors');
    return this.matmul(other);
  },
  /** xᵢyⱼ of two vectors: [m, n]. */
  outer(this: Tensor, other: Tensor): Tensor {
    expectRanks('outer', this, other, [1, 1], 'two vectors');
    return this.unsqueeze(1).mul(other.unsqueeze(0));
  },
  /** beta·this + alpha·a·b. */
  addmm(this: Tensor, a: Tensor, b: Tensor, { beta = 1, alpha = 1 }: Scales = {}): Tensor {
    return this.mul(beta).add(a.mm(b).mul(alpha));
  },
  /** beta·this + alpha·a·v. */
  addmv(this: Tensor, a: Tensor, v: Tensor, { beta = 1, alpha = 1 }: Scales = {}): Tensor {
    return this.mul(beta).add(a.mv(v).mul(alpha));
  },
  /** beta·this + alpha·a·b for batches. */
  baddbmm(this: Tensor, a: Tensor, b: Tensor, { beta = 1, alpha = 1 }: Scales = {}): Tensor {
    return this.mul(beta).add(a.bmm(b).mul(alpha));
  },
  /** The sum of the diagonal of a matrix. */
  trace(this: Tensor): Tensor {
    if (this.shape.length !== 2) throw new ShapeError(`trace: expected a matrix, got ${showShape(this.shape)}.`);
    return this.diagonal().sum();
  },
  /** A matrix with this vector on a diagonal, or the diagonal of this matrix. */
  diag(this: Tensor, offset = 0): Tensor {
    return this.shape.length === 1 ? this.diagEmbed(offset) : this.diagonal({ offset });
  },
  /** Matrices with the last dimension on a diagonal. */
  diagEmbed(this: Tensor, offset = 0): Tensor {
    const batch = this.shape.slice(0, -1);
    const size = this.shape[this.shape.length - 1] + Math.abs(offset);
    const [dim1, dim2] = [batch.length, batch.length + 1];
    return apply('placeDiagonal', [this], { dim1, dim2, offset, shape: [...batch, size, size] });
  },
  /** A⁻¹ of a matrix or a batch. @throws ArgumentError if it is singular. */
  inverse(this: Tensor): Tensor {
    return apply('inverse', [floating(this)], none);
  },
  /** The determinant of a matrix or a batch. */
  det(this: Tensor): Tensor {
    return apply('det', [floating(this)], none);
  },
  /** start + weight·(end − start). */
  lerp(this: Tensor, end: Tensor, weight: Operand): Tensor {
    return this.add(end.sub(this).mul(weight));
  },
  /** This + value·a·b. */
  addcmul(this: Tensor, a: Tensor, b: Tensor, { value = 1 }: { readonly value?: number } = {}): Tensor {
    return this.add(a.mul(b).mul(value));
  },
  /** This + value·a/b. */
  addcdiv(this: Tensor, a: Tensor, b: Tensor, { value = 1 }: { readonly value?: number } = {}): Tensor {
    return this.add(a.div(b).mul(value));
  },
};
