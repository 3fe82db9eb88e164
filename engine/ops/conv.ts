import { kernels } from '../kernels/kernels.ts';
import type { Window } from '../kernels/reference/convolution.ts';
import { allocate, type Numbers, promote } from '../tensor/dtype.ts';
import { elements } from '../tensor/elements.ts';
import { ShapeError, showShape } from '../tensor/errors.ts';
import type { Computed } from './operation.ts';
import { type Sample, spread } from './sample.ts';

export interface Convolution {
  readonly stride: readonly [number, number];
  readonly padding: readonly [number, number];
  readonly dilation: readonly [number, number];
  readonly groups: number;
}

type Shape = readonly number[];

function outputSize(input: Shape, weight: Shape, { stride, padding, dilation }: Convolution): [number, number] {
  const size = (d: 0 | 1) =>
    Math.floor((input[2 + d] + 2 * padding[d] - dilation[d] * (weight[2 + d] - 1) - 1) / stride[d]) + 1;
  return [size(0), size(1)];
}

/** One group of one image: x [c, h, w] ↔ y [f, oh, ow] through a weight matrix [f, c·kh·kw]. */
interface Group {
  readonly window: Window;
  readonly filters: number;
  /** Rows of the patch matrix. */
  readonly taps: number;
  readonly positions: number;
}

function groupOf(input: Shape, weight: Shape, output: Shape, a: Convolution): Group {
  const window: Window = {
    channels: weight[1],
    input: [input[2], input[3]],
    kernel: [weight[2], weight[3]],
    output: [output[2], output[3]],
    stride: a.stride,
    padding: a.padding,
    dilation: a.dilation,
  };
  const taps = weight[1] * weight[2] * weight[3];
  return { window, filters: weight[0] / a.groups, taps, positions: output[2] * output[3] };
}

/** Calls `visit` for each image and group with the starts of its part of x, weight and y. */
function eachGroup(
  batch: number,
  groups: number,
  g: Group,
  visit: (x: number, weight: number, y: number) => void,
): void {
  const plane = g.window.channels * g.window.input[0] * g.window.input[1];
  for (let i = 0; i < batch * groups; i++)
    visit(i * plane, (i % groups) * g.filters * g.taps, i * g.filters * g.positions);
}

const rowMajor = (data: Numbers, start: number, columns: number) => ({
  data,
  start,
  rowStride: columns,
  columnStride: 1,
});
const transposed = (data: Numbers, start: number, columns: number) => ({
  data,
  start,
  rowStride: 1,
  columnStride: columns,
});

const plain: Convolution = { stride: [1, 1], padding: [0, 0], dilation: [1, 1], groups: 1 };
const variants: readonly Convolution[] = [
  plain,
  { ...plain, stride: [2, 1], padding: [1, 2] },
  { ...plain, dilation: [1, 2], padding: [0, 1], groups: 2 },
];

/**
 * x [n, c, h, w], weight [f, c/groups, kh, kw], bias [f] or none → [n, f, oh, ow]. Cross-correlation, as in PyTorch:
 * each image is spread into a matrix of patches, which the weight multiplies.
 */
export const conv2d: Computed<Convolution> = {
  infer([x, weight, bias], attributes) {
    if (x.shape.length !== 4 || weight.shape.length !== 4) {
      throw new ShapeError(
        `conv2d: expected an input [batch, channels, height, width] and a weight [filters, channels, height, width], ` +
          `got ${showShape(x.shape)} and ${showShape(weight.shape)}.`,
      );
    }
    const { groups } = attributes;
    if (x.shape[1] !== weight.shape[1] * groups || weight.shape[0] % groups !== 0) {
      throw new ShapeError(
        `conv2d: a weight of shape ${showShape(weight.shape)} in ${groups} group(s) expects ${weight.shape[1] * groups} ` +
          `input channels, got ${x.shape[1]} (input ${showShape(x.shape)}).`,
      );
    }
    const size = outputSize(x.shape, weight.shape, attributes);
    if (size[0] < 1 || size[1] < 1) {
      throw new ShapeError(
        `conv2d: the kernel ${showShape(weight.shape)} is larger than the padded input ${showShape(x.shape)}.`,
      );
    }
    if (bias !== undefined && (bias.shape.length !== 1 || bias.shape[0] !== weight.shape[0])) {
      throw new ShapeError(`conv2d: expected a bias of shape [${weight.shape[0]}], got ${showShape(bias.shape)}.`);
    }
    return { shape: [x.shape[0], weight.shape[0], ...size], dtype: promote(x.dtype, weight.dtype) };
  },
  forward([x, weight, bias], attributes, out, shape) {
    const group = groupOf(x.shape, weight.shape, shape, attributes);
    const { taps, positions, filters } = group;
    if (bias !== undefined) {
      const b = elements(bias);
      for (let i = 0, p = 0; p < out.length; i++, p += positions) out.fill(b[i % b.length], p, p + positions);
    }
    const [image, w] = [elements(x), elements(weight)];
    const patches = allocate(x.dtype, taps * positions);
    eachGroup(x.shape[0], attributes.groups, group, (from, row, to) => {
      kernels.patches(image, from, group.window, patches);
      const columns = rowMajor(patches, 0, positions);
      kernels.matmul(rowMajor(w, row, taps), columns, out, to, filters, taps, positions, bias !== undefined);
    });
  },
  saves: [0, 1],
  backward: (g, { inputs, saved, needs, attributes, apply }) => [
    needs[0] ? apply('conv2dInput', [g, saved(1)], { ...attributes, size: inputs[0].shape }) : null,
    needs[1] ? apply('conv2dWeight', [g, saved(0)], { ...attributes, size: inputs[1].shape }) : null,
    ...(inputs.length > 2 ? [needs[2] ? g.sum([0, 2, 3]) : null] : []),
  ],
  samples: () => [
    ...variants.map(
      (a): Sample<Convolution> => ({
        inputs: [spread([2, 2, 4, 5]), spread([4, 2 / a.groups, 3, 2], -1, 1, 1)],
        attributes: a,
      }),
    ),
    { inputs: [spread([1, 1, 3, 3]), spread([2, 1, 2, 2]), spread([2])], attributes: plain },
  ],
};

/** `size` is the shape of the result. */
export interface ConvolutionGradient extends Convolution {
  readonly size: Shape;
}

/** y [n, f, oh, ow], weight → x: the transpose of `conv2d` in its input. */
export const conv2dInput: Computed<ConvolutionGradient> = {
  infer: ([y, weight], { size }) => ({ shape: size, dtype: promote(y.dtype, weight.dtype) }),
  forward([y, weight], attributes, out, shape) {
    const group = groupOf(shape, weight.shape, y.shape, attributes);
    const { taps, positions, filters } = group;
    const [g, w] = [elements(y), elements(weight)];
    const patches = allocate(y.dtype, taps * positions);
    eachGroup(shape[0], attributes.groups, group, (to, row, from) => {
      const incoming = rowMajor(g, from, positions);
      kernels.matmul(transposed(w, row, taps), incoming, patches, 0, taps, filters, positions, false);
      kernels.addPatches(patches, group.window, out, to);
    });
  },
  saves: [0, 1],
  backward: (g, { inputs, saved, needs, attributes, apply }) => [
    needs[0] ? apply('conv2d', [g, saved(1)], attributes) : null,
    needs[1] ? apply('conv2dWeight', [saved(0), g], { ...attributes, size: inputs[1].shape }) : null,
  ],
  samples: () =>
    variants.map((a) => ({
      inputs: [spread([2, 4, ...outputSize([2, 2, 4, 5], [4, 2, 3, 2], a)]), spread([4, 2 / a.groups, 3, 2], -1, 1, 1)],
      attributes: { ...a, size: [2, 2, 4, 5] },
    })),
};

/** y [n, f, oh, ow], x → weight: the transpose of `conv2d` in its weight. */
export const conv2dWeight: Computed<ConvolutionGradient> = {
  infer: ([y, x], { size }) => ({ shape: size, dtype: promote(y.dtype, x.dtype) }),
  forward([y, x], attributes, out, shape) {
    const group = groupOf(x.shape, shape, y.shape, attributes);
    const { taps, positions, filters } = group;
    const [g, image] = [elements(y), elements(x)];
    const patches = allocate(x.dtype, taps * positions);
    eachGroup(x.shape[0], attributes.groups, group, (from, row, to) => {
      kernels.patches(image, from, group.window, patches);
      const incoming = rowMajor(g, to, positions);
      kernels.matmul(incoming, transposed(patches, 0, positions), out, row, filters, positions, taps, true);
    });
  },
  saves: [0, 1],
  backward: (g, { inputs, saved, needs, attributes, apply }) => [
    needs[0] ? apply('conv2d', [saved(1), g], attributes) : null,
    needs[1] ? apply('conv2dInput', [saved(0), g], { ...attributes, size: inputs[1].shape }) : null,
  ],
  samples: () =>
    variants.map((a) => ({
      inputs: [spread([2, 4, ...outputSize([2, 2, 4, 5], [4, 2, 3, 2], a)]), spread([2, 2, 4, 5], -1, 1, 1)],
      attributes: { ...a, size: [4, 2 / a.groups, 3, 2] },
    })),
};
