import { kernels } from '../kernels/kernels.ts';
import { type Numbers, promote } from '../tensor/dtype.ts';
import { elements } from '../tensor/elements.ts';
import { DTypeError, ShapeError, showShape } from '../tensor/errors.ts';
import { broadcastShapes, sameShape, sizeOf } from '../tensor/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { type Computed, type None, none } from './operation.ts';
import { around, type Dim } from './rows.ts';
import { spread, values } from './sample.ts';

/** The elements of an index tensor. @throws DTypeError unless int32, ShapeError for an index outside 0 … size − 1. */
function indices(operation: string, index: Tensor, size: number): Numbers {
  if (index.dtype !== 'int32') {
    throw new DTypeError(`${operation}: indices must be int32, got ${index.dtype}. Convert with index.to('int32').`);
  }
  const list = elements(index);
  const bad = kernels.firstOutside(list, size);
  if (bad >= 0) throw new ShapeError(`${operation}: index ${list[bad]} is outside 0 … ${size - 1}.`);
  return list;
}

export interface DimSize extends Dim {
  readonly size: number;
}

/** x, index [k] → the slices of x at those indices of `dim`. */
export const indexSelect: Computed<Dim> = {
  infer([x, index], { dim }) {
    if (index.shape.length !== 1)
      throw new ShapeError(`indexSelect: the index must be a vector, got ${showShape(index.shape)}.`);
    return { shape: x.shape.with(dim, index.shape[0]), dtype: x.dtype };
  },
  overwrites: true,
  forward([x, index], { dim }, out) {
    kernels.indexSelect(elements(x), indices('indexSelect', index, x.shape[dim]), out, ...around(x.shape, dim));
  },
  saves: [1],
  backward: (g, { inputs, saved, attributes: { dim }, apply }) => [
    apply('indexAdd', [g, saved(0)], { dim, size: inputs[0].shape[dim] }),
    null,
  ],
  samples: () => [
    { inputs: [spread([4, 2]), values([3], [2, 0, 2], 'int32')], attributes: { dim: 0 } },
    { inputs: [spread([2, 3, 2]), values([2], [1, 1], 'int32')], attributes: { dim: 1 } },
  ],
};

/** The transpose of `indexSelect`: adds the slices of x into zeros of `size`. */
export const indexAdd: Computed<DimSize> = {
  infer: ([x], { dim, size }) => ({ shape: x.shape.with(dim, size), dtype: x.dtype }),
  forward([x, index], { dim, size }, out, shape) {
    kernels.indexAdd(elements(x), indices('indexAdd', index, size), out, ...around(shape, dim));
  },
  saves: [1],
  backward: (g, { saved, attributes: { dim }, apply }) => [apply('indexSelect', [g, saved(0)], { dim }), null],
  samples: () => [{ inputs: [spread([3, 2]), values([3], [2, 0, 2], 'int32')], attributes: { dim: 0, size: 4 } }],
};

/** x, index [k], source → x with the slices of `source` at those indices of `dim`, which must be distinct. */
export const indexCopy: Computed<Dim> = {
  infer([x, index, source], { dim }) {
    const expected = x.shape.with(dim, index.shape[0] ?? 1);
    if (index.shape.length !== 1 || !sameShape(source.shape, expected)) {
      throw new ShapeError(
        `indexCopy: for ${index.shape.length === 1 ? index.shape[0] : 'a vector of'} positions in dimension ${dim} of ` +
          `${showShape(x.shape)} expected a source ${showShape(expected)}, got ${showShape(source.shape)} with the index ` +
          `${showShape(index.shape)}.`,
      );
    }
    if (source.dtype !== x.dtype) {
      throw new DTypeError(`indexCopy: expected a source of ${x.dtype}, got ${source.dtype}. Convert it with to().`);
    }
    return { shape: x.shape, dtype: x.dtype };
  },
  forward([x, index, source], { dim }, out) {
    out.set(elements(x));
    const list = indices('indexCopy', index, x.shape[dim]);
    kernels.indexCopy(elements(source), list, out, ...around(x.shape, dim));
  },
  saves: [1],
  backward: (g, { inputs, needs, saved, attributes: { dim }, apply }) => {
    const nothing = g.newTensor(new Uint8Array(sizeOf(inputs[2].shape)), inputs[2].shape);
    return [
      needs[0] ? apply('indexCopy', [g, saved(0), nothing], { dim }) : null,
      null,
      needs[2] ? apply('indexSelect', [g, saved(0)], { dim }) : null,
    ];
  },
  samples: () => [
    { inputs: [spread([4, 2]), values([2], [2, 0], 'int32'), spread([2, 2], -1, 1, 1)], attributes: { dim: 0 } },
    { inputs: [spread([2, 3, 2]), values([2], [1, 2], 'int32'), spread([2, 2, 2], -1, 1)], attributes: { dim: 1 } },
  ],
};

/** Element by element along `dim`: out[i, j] = x[index[i, j], j] for dim 0. */
export const gather: Computed<Dim> = {
  infer([x, index], { dim }) {
    const fits = index.shape.length === x.shape.length && index.shape.every((n, d) => d === dim || n === x.shape[d]);
    if (!fits) {
      throw new ShapeError(
        `gather: the index ${showShape(index.shape)} must have the shape of the input ${showShape(x.shape)} except in dimension ${dim}.`,
      );
    }
    return { shape: index.shape, dtype: x.dtype };
  },
  overwrites: true,
  forward([x, index], { dim }, out) {
    const [outer, length, inner] = around(x.shape, dim);
    const list = indices('gather', index, length);
    kernels.gatherAlong(elements(x), list, out, outer, length, index.shape[dim], inner);
  },
  saves: [1],
  backward: (g, { inputs, saved, attributes: { dim }, apply }) => [
    apply('scatterAdd', [g, saved(0)], { dim, size: inputs[0].shape[dim] }),
    null,
  ],
  samples: () => [
    { inputs: [spread([2, 3]), values([2, 2], [0, 2, 1, 1], 'int32')], attributes: { dim: 1 } },
    { inputs: [spread([3, 2]), values([1, 2], [2, 0], 'int32')], attributes: { dim: 0 } },
  ],
};

/** The transpose of `gather`: adds the elements of x into zeros of `size` along `dim`. */
export const scatterAdd: Computed<DimSize> = {
  infer: ([x], { dim, size }) => ({ shape: x.shape.with(dim, size), dtype: x.dtype }),
  forward([x, index], { dim, size }, out, shape) {
    const [outer, length, inner] = around(shape, dim);
    const list = indices('scatterAdd', index, size);
    kernels.scatterAdd(elements(x), list, out, outer, length, x.shape[dim], inner);
  },
  saves: [1],
  backward: (g, { saved, attributes: { dim }, apply }) => [apply('gather', [g, saved(0)], { dim }), null],
  samples: () => [{ inputs: [spread([2, 2]), values([2, 2], [0, 2, 1, 1], 'int32')], attributes: { dim: 1, size: 3 } }],
};

/** condition, x, y → x where the condition holds, else y; all broadcast. */
export const where: Computed<None> = {
  infer: ([condition, x, y]) => ({
    shape: broadcastShapes('where', condition.shape, broadcastShapes('where', x.shape, y.shape)),
    dtype: promote(x.dtype, y.dtype),
  }),
  overwrites: true,
  forward([condition, x, y], _, out, shape) {
    kernels.where(condition.storage.data, condition, x.storage.data, x, y.storage.data, y, out, shape);
  },
  saves: [0],
  backward: (g, { saved, needs }) => [
    null,
    needs[1] ? saved(0).where(g, 0) : null,
    needs[2] ? saved(0).where(0, g) : null,
  ],
  samples: () => [
    { inputs: [values([2, 2], [1, 0, 0, 1], 'bool'), spread([2, 2]), spread([2, 2], -1, 1, 1)], attributes: none },
    { inputs: [values([2, 1], [1, 0], 'bool'), spread([]), spread([3])], attributes: none },
  ],
};
