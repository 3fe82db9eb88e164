import { apply } from '../../autograd/apply.ts';
import { none } from '../../ops/operation.ts';
import { together } from '../convert.ts';
import { ShapeError, showShape } from '../errors.ts';
import { resolveDim } from '../shape.ts';
import type { Tensor } from '../tensor.ts';

/** Methods that pick, turn and multiply. */
export const indexing = {
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
    return this.matmul(other);
  },
  /** Matrix products of two batches [b, m, k] · [b, k, n]. */
  bmm(this: Tensor, other: Tensor): Tensor {
    return this.matmul(other);
  },
  /** Σxᵢyᵢ of two vectors. */
  dot(this: Tensor, other: Tensor): Tensor {
    return this.matmul(other);
  },
  /** xᵢyⱼ of two vectors: [m, n]. */
  outer(this: Tensor, other: Tensor): Tensor {
    return this.unsqueeze(1).mul(other.unsqueeze(0));
  },
  /** The slices at the given int32 positions [k] of a dimension. */
  indexSelect(this: Tensor, dim: number, index: Tensor): Tensor {
    return apply('indexSelect', [this, index], { dim: resolveDim('indexSelect', dim, this.shape.length) });
  },
  /** Element by element along a dimension: out[i, j] = x[index[i, j], j] for dim 0. The index is int32. */
  gather(this: Tensor, dim: number, index: Tensor): Tensor {
    return apply('gather', [this, index], { dim: resolveDim('gather', dim, this.shape.length) });
  },
  /** This, with source[i, j] added at [index[i, j], j] (for dim 0). The index is int32, of the shape of the source. */
  scatterAdd(this: Tensor, dim: number, index: Tensor, source: Tensor): Tensor {
    const d = resolveDim('scatterAdd', dim, this.shape.length);
    return this.add(apply('scatterAdd', [source, index], { dim: d, size: this.shape[d] }));
  },
  /** The elements where a bool mask of the same shape holds, as a vector in row-major order. */
  maskedSelect(this: Tensor, mask: Tensor): Tensor {
    const positions = mask.broadcastTo(this.shape).reshape([-1]).nonzero().reshape([-1]);
    return this.reshape([-1]).indexSelect(0, positions);
  },
  /** int32 [count, dimensions]: the positions of the elements that are not 0. */
  nonzero(this: Tensor): Tensor {
    const found: number[] = [];
    let index = 0;
    for (const value of this.toFlat()) {
      if (value !== 0) {
        let rest = index;
        const position = this.shape.map(() => 0);
        for (let d = this.shape.length - 1; d >= 0; d--) {
          position[d] = rest % this.shape[d];
          rest = Math.floor(rest / this.shape[d]);
        }
        found.push(...position);
      }
      index++;
    }
    const rank = this.shape.length;
    return this.newTensor(found, [rank === 0 ? 0 : found.length / rank, rank], 'int32');
  },
  /** Reverses the order along a dimension. */
  flip(this: Tensor, dim: number): Tensor {
    return apply('flip', [this], { dim: resolveDim('flip', dim, this.shape.length) });
  },
  /** Shifts along a dimension; what leaves at the end comes in at the start. */
  roll(this: Tensor, shift: number, dim: number): Tensor {
    const d = resolveDim('roll', dim, this.shape.length);
    const n = this.shape[d];
    const cut = n === 0 ? 0 : (((n - shift) % n) + n) % n;
    return apply('cat', [this.slice(d, cut), this.slice(d, 0, cut)], { dim: d });
  },
  /** Zero above a diagonal of the last two dimensions. */
  tril(this: Tensor, diagonal = 0): Tensor {
    return apply('triangle', [this], { diagonal, upper: false });
  },
  /** Zero below a diagonal of the last two dimensions. */
  triu(this: Tensor, diagonal = 0): Tensor {
    return apply('triangle', [this], { diagonal, upper: true });
  },
};
