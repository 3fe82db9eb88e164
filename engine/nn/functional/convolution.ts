import { apply } from '../../autograd/apply.ts';
import type { Convolution } from '../../ops/conv.ts';
import { ArgumentError, ShapeError, showShape } from '../../tensor/errors.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { pad } from './pad.ts';

/** One number for height and width, or both. */
export type Size = number | readonly [height: number, width: number];

export interface ConvolutionOptions {
  /** Default 1. */
  readonly stride?: Size;
  /** Zeros around the input, or `same`: as many as keep its size. Default 0. */
  readonly padding?: Size | 'same';
  /** Distance between the taps of a kernel. Default 1. */
  readonly dilation?: Size;
  /** Input and output channels fall into this many groups that don't see each other. Default 1. */
  readonly groups?: number;
}

export const pair = (size: Size): readonly [number, number] => (typeof size === 'number' ? [size, size] : size);

/** Filled-in attributes; for one dimension the height is 1 and untouched. */
function attributes(options: ConvolutionOptions, flat = false): Convolution {
  const both = (size: Size, neutral: number) => (flat ? ([neutral, pair(size)[1]] as const) : pair(size));
  const { stride = 1, dilation = 1, padding = 0, groups = 1 } = options;
  if (padding === 'same')
    throw new ArgumentError("convTranspose: padding 'same' is for convolutions; give it as a number.");
  return { stride: both(stride, 1), dilation: both(dilation, 1), groups, padding: both(padding, 0) };
}

/** An input with the zeros around it that `same` asks for, where an even kernel gets one more at the end. */
function convolve(
  x: Tensor,
  weight: Tensor,
  bias: Tensor | null,
  { padding = 0, ...options }: ConvolutionOptions,
  flat = false,
): Tensor {
  const a = attributes({ ...options, padding: padding === 'same' ? 0 : padding }, flat);
  const inputs = (image: Tensor): Tensor[] => (bias === null ? [image, weight] : [image, weight, bias]);
  if (padding !== 'same') return apply('conv2d', inputs(x), a);
  if (a.stride.some((s) => s !== 1)) {
    throw new ArgumentError("conv: padding 'same' needs a stride of 1; give the padding as a number.");
  }
  const [rows, columns] = [0, 1].map((d) => a.dilation[d] * (weight.shape[2 + d] - 1));
  const half = (total: number) => Math.floor(total / 2);
  const even = [rows, columns].every((total) => total % 2 === 0);
  if (even) return apply('conv2d', inputs(x), { ...a, padding: [half(rows), half(columns)] });
  const around = [half(columns), columns - half(columns), half(rows), rows - half(rows)];
  return apply('conv2d', inputs(pad(x, around)), a);
}

/** x [n, c, h, w], weight [f, c/groups, kh, kw], bias [f] → [n, f, h', w'] with h' = ⌊(h + 2·padding − dilation·(kh − 1) − 1)/stride⌋ + 1. */
export function conv2d(
  x: Tensor,
  weight: Tensor,
  bias: Tensor | null = null,
  options: ConvolutionOptions = {},
): Tensor {
  return convolve(x, weight, bias, options);
}

/** x [n, c, length], weight [f, c/groups, k], bias [f] → [n, f, length']. */
export function conv1d(
  x: Tensor,
  weight: Tensor,
  bias: Tensor | null = null,
  options: ConvolutionOptions = {},
): Tensor {
  return convolve(x.unsqueeze(2), weight.unsqueeze(2), bias, options, true).squeeze(2);
}

/**
 * x [n, c, h, w], weight [c, f/groups, kh, kw], bias [f] → [n, f, h', w'] with
 * h' = (h − 1)·stride − 2·padding + dilation·(kh − 1) + outputPadding + 1: what a convolution does to gradients.
 */
export function convTranspose2d(
  x: Tensor,
  weight: Tensor,
  bias: Tensor | null = null,
  options: ConvolutionOptions & { readonly outputPadding?: Size } = {},
): Tensor {
  const a = attributes(options);
  const extra = pair(options.outputPadding ?? 0);
  const size = [0, 1].map(
    (d) =>
      (x.shape[2 + d] - 1) * a.stride[d] - 2 * a.padding[d] + a.dilation[d] * (weight.shape[2 + d] - 1) + extra[d] + 1,
  );
  const y = apply('conv2dInput', [x, weight], { ...a, size: [x.shape[0], weight.shape[1] * a.groups, ...size] });
  return bias === null ? y : y.add(bias.reshape([-1, 1, 1]));
}

/** x [n, c, length], weight [c, f/groups, k], bias [f] → [n, f, length']: the transpose of a convolution. */
export function convTranspose1d(
  x: Tensor,
  weight: Tensor,
  bias: Tensor | null = null,
  options: ConvolutionOptions & { readonly outputPadding?: Size } = {},
): Tensor {
  const [image, kernel] = [x.unsqueeze(2), weight.unsqueeze(2)];
  const a = attributes(options, true);
  const extra = pair(options.outputPadding ?? 0)[1];
  const length = (x.shape[2] - 1) * a.stride[1] - 2 * a.padding[1] + a.dilation[1] * (weight.shape[2] - 1) + extra + 1;
  const size = [x.shape[0], weight.shape[1] * a.groups, 1, length];
  const y = apply('conv2dInput', [image, kernel], { ...a, size }).squeeze(2);
  return bias === null ? y : y.add(bias.reshape([-1, 1]));
}

/** One number for depth, height and width, or all three. */
export type Size3 = number | readonly [depth: number, height: number, width: number];

export interface Convolution3dOptions {
  /** Default 1. */
  readonly stride?: Size3;
  /** Zeros around the input. Default 0. */
  readonly padding?: Size3;
  /** Default 1. */
  readonly dilation?: Size3;
  /** Default 1. */
  readonly groups?: number;
}

export const triple = (size: Size3): readonly [number, number, number] =>
  typeof size === 'number' ? [size, size, size] : size;

/** x [n, c, d, h, w], weight [f, c/groups, kd, kh, kw], bias [f] → [n, f, d', h', w']: a sum of kd flat convolutions. */
export function conv3d(
  x: Tensor,
  weight: Tensor,
  bias: Tensor | null = null,
  { stride = 1, padding = 0, dilation = 1, groups = 1 }: Convolution3dOptions = {},
): Tensor {
  if (x.shape.length !== 5 || weight.shape.length !== 5) {
    throw new ShapeError(
      `conv3d: expected an input [batch, channels, depth, height, width] and a weight of 5 dimensions, got ` +
        `${showShape(x.shape)} and ${showShape(weight.shape)}.`,
    );
  }
  const [[sd, sh, sw], [pd, ph, pw], [dd, dh, dw]] = [stride, padding, dilation].map(triple);
  const slices = pad(x, [0, 0, 0, 0, pd, pd]).transpose(1, 2);
  const [n, depth, c, height, width] = slices.shape;
  const taps = weight.shape[2];
  const out = Math.floor((depth - dd * (taps - 1) - 1) / sd) + 1;
  if (out < 1) {
    throw new ShapeError(
      `conv3d: the kernel ${showShape(weight.shape)} is larger than the padded input ${showShape(x.shape)}.`,
    );
  }
  const flat = { stride: [sh, sw], padding: [ph, pw], dilation: [dh, dw], groups } as const;
  let sum: Tensor | null = null;
  for (let tap = 0; tap < taps; tap++) {
    const start = tap * dd;
    const images = slices.slice(1, start, start + (out - 1) * sd + 1, sd).reshape([n * out, c, height, width]);
    const part = conv2d(images, weight.select(2, tap), tap === 0 ? bias : null, flat);
    sum = sum === null ? part : sum.add(part);
  }
  return sum!.unflatten(0, [n, out]).transpose(1, 2);
}
