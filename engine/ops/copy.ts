import { kernels } from '../kernels/kernels.ts';
import { type DType, isFloating, type Numbers, promote } from '../tensor/dtype.ts';
import { elements } from '../tensor/elements.ts';
import { ShapeError, showShape } from '../tensor/errors.ts';
import { contiguousStrides, type Layout } from '../tensor/shape.ts';
import { Storage } from '../tensor/storage.ts';
import { Tensor } from '../tensor/tensor.ts';
import { type Computed, type None, none } from './operation.ts';
import { around, type Dim } from './rows.ts';
import { spread } from './sample.ts';
import { type Diagonal, diagonal, type Shape, type Slice, slice, type Windows } from './view.ts';

/** A copy in row-major order. */
export const clone: Computed<None> = {
  infer: ([x]) => ({ shape: x.shape, dtype: x.dtype }),
  overwrites: true,
  forward: ([x], _, out) => out.set(elements(x)),
  saves: [],
  backward: (g) => [g],
  samples: () => [{ inputs: [spread([2, 3])], attributes: none }],
};

export interface Cast {
  readonly dtype: DType;
}

/** Another element type: to int32 towards zero, to bool by "is not 0". */
export const cast: Computed<Cast> = {
  infer: ([x], { dtype }) => ({ shape: x.shape, dtype }),
  forward: ([x], { dtype }, out) => (dtype === 'bool' ? kernels.unary.nonzero(elements(x), out) : out.set(elements(x))),
  saves: [],
  backward: (g, { inputs }) => [isFloating(inputs[0].dtype) ? g.to(inputs[0].dtype) : null],
  samples: () => [{ inputs: [spread([2, 3])], attributes: { dtype: 'float64' } }],
};

export const cat: Computed<Dim> = {
  infer(inputs, { dim }) {
    const [first] = inputs;
    let size = 0;
    let { dtype } = first;
    for (const { shape, dtype: other } of inputs) {
      if (shape.length !== first.shape.length || shape.some((n, d) => d !== dim && n !== first.shape[d])) {
        throw new ShapeError(
          `cat: shapes must be equal except in dimension ${dim}, got ${inputs.map((t) => showShape(t.shape)).join(' and ')}.`,
        );
      }
      size += shape[dim];
      dtype = promote(dtype, other);
    }
    return { shape: first.shape.with(dim, size), dtype };
  },
  forward(inputs, { dim }, out, shape) {
    const [outer, length, inner] = around(shape, dim);
    let start = 0;
    for (const input of inputs) {
      const data = elements(input);
      const block = input.shape[dim] * inner;
      for (let o = 0; o < outer; o++) out.set(data.subarray(o * block, (o + 1) * block), o * length * inner + start);
      start += block;
    }
  },
  saves: [],
  backward(g, { inputs, needs, attributes: { dim } }) {
    let start = 0;
    return inputs.map(({ shape }, i) => {
      const end = start + shape[dim];
      const part = needs[i] ? g.slice(dim, start, end) : null;
      start = end;
      return part;
    });
  },
  samples: () => [
    { inputs: [spread([2, 2]), spread([2, 3])], attributes: { dim: 1 } },
    { inputs: [spread([1, 2]), spread([2, 2]), spread([1, 2])], attributes: { dim: 0 } },
  ],
};

export const flip: Computed<Dim> = {
  infer: ([x]) => ({ shape: x.shape, dtype: x.dtype }),
  forward([x], { dim }, out) {
    const offset = x.offset + (x.shape[dim] - 1) * x.strides[dim];
    const backwards = { shape: x.shape, strides: x.strides.with(dim, -x.strides[dim]), offset };
    kernels.gather(x.storage.data, backwards, out);
  },
  saves: [],
  backward: (g, { attributes: { dim } }) => [g.flip(dim)],
  samples: () => [{ inputs: [spread([2, 3, 2])], attributes: { dim: 1 } }],
};

/** Zeros of `shape`, with `x` written where `view` shows them. */
function writeInto(x: Tensor, out: Numbers, shape: readonly number[], view: (zeros: Tensor) => Layout): void {
  const zeros = new Tensor(new Storage(out), x.dtype, { shape, strides: contiguousStrides(shape), offset: 0 });
  kernels.scatter(elements(x), out, view(zeros));
}

export interface Place extends Slice {
  readonly size: number;
}

/** The transpose of `slice`: zeros, with `x` in the slice. */
export const place: Computed<Place> = {
  infer: ([x], { dim, size }) => ({ shape: x.shape.with(dim, size), dtype: x.dtype }),
  forward: ([x], attributes, out, shape) => writeInto(x, out, shape, (zeros) => slice.layout(zeros, attributes)),
  saves: [],
  backward: (g, { attributes: { dim, start, end, step } }) => [g.slice(dim, start, end, step)],
  samples: () => [{ inputs: [spread([2, 2])], attributes: { dim: 1, start: 1, end: 5, step: 2, size: 6 } }],
};

/** The transpose of `diagonal`: zeros, with `x` on the diagonal. */
export const placeDiagonal: Computed<Diagonal & Shape> = {
  infer: ([x], { shape }) => ({ shape, dtype: x.dtype }),
  forward: ([x], attributes, out, shape) => writeInto(x, out, shape, (zeros) => diagonal.layout(zeros, attributes)),
  saves: [],
  backward: (g, { attributes }) => [g.diagonal(attributes)],
  samples: () => [{ inputs: [spread([3])], attributes: { dim1: 0, dim2: 1, offset: 1, shape: [3, 4] } }],
};

/** The transpose of `unfold`: zeros of `length` along `dim`, with the windows added where they were taken from. */
export const addWindows: Computed<Windows & { readonly length: number }> = {
  infer: ([x], { dim, length }) => ({ shape: x.shape.slice(0, -1).with(dim, length), dtype: x.dtype }),
  forward: ([x], { dim, size, step }, out, shape) =>
    kernels.addWindows(elements(x), out, around(shape, dim), [x.shape[dim], step, size]),
  saves: [],
  backward: (g, { attributes: { dim, size, step } }) => [g.unfold(dim, size, step)],
  samples: () => [
    { inputs: [spread([3, 3])], attributes: { dim: 0, size: 3, step: 2, length: 8 } },
    { inputs: [spread([2, 4, 2, 2])], attributes: { dim: 1, size: 2, step: 1, length: 5 } },
  ],
};

export interface Triangle {
  /** The last kept diagonal (lower) or the first (upper), above the main one if positive. */
  readonly diagonal: number;
  readonly upper: boolean;
}

/** Zeros one side of a diagonal in the last two dimensions. */
export const triangle: Computed<Triangle> = {
  infer: ([x]) => {
    if (x.shape.length < 2)
      throw new ShapeError(`tril, triu: expected a matrix or a batch of them, got ${showShape(x.shape)}.`);
    return { shape: x.shape, dtype: x.dtype };
  },
  forward([x], { diagonal: k, upper }, out) {
    const data = elements(x);
    const [rows, columns] = x.shape.slice(-2);
    for (let i = 0; i < out.length; i++) {
      const above = (i % columns) - (Math.floor(i / columns) % rows);
      if (upper ? above >= k : above <= k) out[i] = data[i];
    }
  },
  saves: [],
  backward: (g, { attributes, apply }) => [apply('triangle', [g], attributes)],
  samples: () => [
    { inputs: [spread([3, 3])], attributes: { diagonal: 0, upper: false } },
    { inputs: [spread([2, 3, 4])], attributes: { diagonal: 1, upper: true } },
  ],
};
