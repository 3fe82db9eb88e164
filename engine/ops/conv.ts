import { kernels } from '../kernels/kernels.ts';
import type { ConvolutionShape } from '../kernels/reference/convolution.ts';
import { promote } from '../tensor/dtype.ts';
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

function shapeOf(input: Shape, weight: Shape, output: Shape, a: Convolution): ConvolutionShape {
  return {
    batch: input[0],
    groups: a.groups,
    filters: weight[0] / a.groups,
    window: {
      channels: weight[1],
      input: [input[2], input[3]],
      kernel: [weight[2], weight[3]],
      output: [output[2], output[3]],
      stride: a.stride,
      padding: a.padding,
      dilation: a.dilation,
    },
  };
}

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
  overwrites: true,
  forward([x, weight, bias], attributes, out, shape) {
    const b = bias === undefined ? null : elements(bias);
    kernels.conv2d(elements(x), elements(weight), b, out, shapeOf(x.shape, weight.shape, shape, attributes));
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
  overwrites: true,
  forward([y, weight], attributes, out, shape) {
    kernels.conv2dInput(elements(y), elements(weight), out, shapeOf(shape, weight.shape, y.shape, attributes));
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
  overwrites: true,
  forward([y, x], attributes, out, shape) {
    kernels.conv2dWeight(elements(y), elements(x), out, shapeOf(x.shape, shape, y.shape, attributes));
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
