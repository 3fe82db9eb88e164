import { ShapeError, showShape } from '../tensor/errors.ts';
import { broadcastShapes, broadcastStrides, sameShape, viewStrides } from '../tensor/shape.ts';
import type { Viewed } from './operation.ts';
import type { Dim } from './rows.ts';
import { spread } from './sample.ts';

export interface Shape {
  readonly shape: readonly number[];
}

/** The same elements in the same order; the caller makes sure that no copy is needed. */
export const reshape: Viewed<Shape> = {
  layout(x, { shape }) {
    const strides = viewStrides(x, shape);
    if (strides === null) {
      throw new ShapeError(
        `view: ${showShape(x.shape)} with strides ${showShape(x.strides)} can't be shown as ${showShape(shape)} without ` +
          'copying. Use reshape(), which copies when it must.',
      );
    }
    return { shape, strides, offset: x.offset };
  },
  saves: [],
  backward: (g, { inputs }) => [g.reshape(inputs[0].shape)],
  samples: () => [
    { inputs: [spread([2, 6])], attributes: { shape: [3, 4] } },
    { inputs: [spread([1])], attributes: { shape: [] } },
  ],
};

/** Repeats dimensions of size 1, without copying. The sum over what was broadcast is the caller's. */
export const expand: Viewed<Shape> = {
  layout(x, { shape }) {
    if (!sameShape(broadcastShapes('expand', x.shape, shape), shape)) {
      throw new ShapeError(`expand: ${showShape(x.shape)} can't grow to ${showShape(shape)}; only sizes of 1 can.`);
    }
    return { shape, strides: broadcastStrides(x, shape), offset: x.offset };
  },
  saves: [],
  backward: (g) => [g],
  samples: () => [
    { inputs: [spread([2, 1])], attributes: { shape: [3, 2, 4] } },
    { inputs: [spread([])], attributes: { shape: [2] } },
  ],
};

export interface Permutation {
  /** A permutation of the dimensions: output dimension d is input dimension dims[d]. */
  readonly dims: readonly number[];
}

export const permute: Viewed<Permutation> = {
  layout: (x, { dims }) => ({
    shape: dims.map((d) => x.shape[d]),
    strides: dims.map((d) => x.strides[d]),
    offset: x.offset,
  }),
  saves: [],
  // The inverse permutation.
  backward: (g, { attributes: { dims } }) => [g.permute(dims.map((_, d) => dims.indexOf(d)))],
  samples: () => [{ inputs: [spread([2, 3, 4])], attributes: { dims: [2, 0, 1] } }],
};

export interface Slice extends Dim {
  readonly start: number;
  /** One past the last; 0 ≤ start ≤ end ≤ size. */
  readonly end: number;
  readonly step: number;
}

export const slice: Viewed<Slice> = {
  layout(x, { dim, start, end, step }) {
    const length = Math.ceil((end - start) / step);
    return {
      shape: x.shape.with(dim, length),
      strides: x.strides.with(dim, x.strides[dim] * step),
      offset: x.offset + start * x.strides[dim],
    };
  },
  saves: [],
  backward: (g, { inputs, attributes, apply }) => [
    apply('place', [g], { ...attributes, size: inputs[0].shape[attributes.dim] }),
  ],
  samples: () => [
    { inputs: [spread([2, 5])], attributes: { dim: 1, start: 1, end: 4, step: 1 } },
    { inputs: [spread([5, 2])], attributes: { dim: 0, start: 0, end: 5, step: 2 } },
  ],
};

export interface Select extends Dim {
  readonly index: number;
}

export const select: Viewed<Select> = {
  layout: (x, { dim, index }) => ({
    shape: x.shape.toSpliced(dim, 1),
    strides: x.strides.toSpliced(dim, 1),
    offset: x.offset + index * x.strides[dim],
  }),
  saves: [],
  backward: (g, { inputs, attributes: { dim, index }, apply }) => [
    apply('place', [g.unsqueeze(dim)], { dim, start: index, end: index + 1, step: 1, size: inputs[0].shape[dim] }),
  ],
  samples: () => [
    { inputs: [spread([2, 3, 2])], attributes: { dim: 1, index: 2 } },
    { inputs: [spread([4])], attributes: { dim: 0, index: 0 } },
  ],
};

export interface Diagonal {
  readonly dim1: number;
  readonly dim2: number;
  /** Above the main diagonal if positive. */
  readonly offset: number;
}

/** The diagonal of two dimensions, as a new last dimension. */
export const diagonal: Viewed<Diagonal> = {
  layout(x, { dim1, dim2, offset }) {
    const [down, right] = [Math.max(-offset, 0), Math.max(offset, 0)];
    const length = Math.max(0, Math.min(x.shape[dim1] - down, x.shape[dim2] - right));
    const others = [...x.shape.keys()].filter((d) => d !== dim1 && d !== dim2);
    return {
      shape: [...others.map((d) => x.shape[d]), length],
      strides: [...others.map((d) => x.strides[d]), x.strides[dim1] + x.strides[dim2]],
      offset: x.offset + (length > 0 ? down * x.strides[dim1] + right * x.strides[dim2] : 0),
    };
  },
  saves: [],
  backward: (g, { inputs, attributes, apply }) => [
    apply('placeDiagonal', [g], { ...attributes, shape: inputs[0].shape }),
  ],
  samples: () => [
    { inputs: [spread([3, 4])], attributes: { dim1: 0, dim2: 1, offset: 1 } },
    { inputs: [spread([2, 3, 3])], attributes: { dim1: 1, dim2: 2, offset: -1 } },
  ],
};

export interface Windows extends Dim {
  /** How many elements a window shows. */
  readonly size: number;
  /** From the start of a window to that of the next. */
  readonly step: number;
}

/** Windows along a dimension, which becomes their number; their elements are a new last dimension. They may overlap. */
export const unfold: Viewed<Windows> = {
  layout: (x, { dim, size, step }) => ({
    shape: [...x.shape.with(dim, Math.floor((x.shape[dim] - size) / step) + 1), size],
    strides: [...x.strides.with(dim, x.strides[dim] * step), x.strides[dim]],
    offset: x.offset,
  }),
  saves: [],
  backward: (g, { inputs, attributes, apply }) => [
    apply('addWindows', [g], { ...attributes, length: inputs[0].shape[attributes.dim] }),
  ],
  samples: () => [
    { inputs: [spread([7])], attributes: { dim: 0, size: 3, step: 2 } },
    { inputs: [spread([2, 5, 2])], attributes: { dim: 1, size: 2, step: 1 } },
    { inputs: [spread([2, 5])], attributes: { dim: 1, size: 1, step: 3 } },
  ],
};
