import { apply } from '../../autograd/apply.ts';
import type { Convolution } from '../../ops/conv.ts';
import type { Pooling } from '../../ops/pool.ts';
import { ArgumentError } from '../../tensor/errors.ts';
import type { Tensor } from '../../tensor/tensor.ts';

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
function attributes(weight: Tensor, options: ConvolutionOptions, flat = false): Convolution {
  const both = (size: Size, neutral: number) => (flat ? ([neutral, pair(size)[1]] as const) : pair(size));
  const [stride, dilation] = [both(options.stride ?? 1, 1), both(options.dilation ?? 1, 1)];
  const { padding = 0, groups = 1 } = options;
  if (padding !== 'same') return { stride, dilation, groups, padding: both(padding, 0) };
  const taps = weight.shape.slice(-2);
  const around = [0, 1].map((d) => (flat && d === 0 ? 0 : (dilation[d] * (taps[d] - 1)) / 2));
  if (!around.every(Number.isInteger) || stride.some((s) => s !== 1)) {
    throw new ArgumentError(
      "conv: padding 'same' needs a stride of 1 and an odd kernel; give the padding as a number.",
    );
  }
  return { stride, dilation, groups, padding: [around[0], around[1]] };
}

/** x [n, c, h, w], weight [f, c/groups, kh, kw], bias [f] → [n, f, h', w'] with h' = ⌊(h + 2·padding − dilation·(kh − 1) − 1)/stride⌋ + 1. */
export function conv2d(
  x: Tensor,
  weight: Tensor,
  bias: Tensor | null = null,
  options: ConvolutionOptions = {},
): Tensor {
  return apply('conv2d', bias === null ? [x, weight] : [x, weight, bias], attributes(weight, options));
}

/** x [n, c, length], weight [f, c/groups, k], bias [f] → [n, f, length']. */
export function conv1d(
  x: Tensor,
  weight: Tensor,
  bias: Tensor | null = null,
  options: ConvolutionOptions = {},
): Tensor {
  const [image, kernel] = [x.unsqueeze(2), weight.unsqueeze(2)];
  return apply(
    'conv2d',
    bias === null ? [image, kernel] : [image, kernel, bias],
    attributes(kernel, options, true),
  ).squeeze(2);
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
  const a = attributes(weight, options);
  const extra = pair(options.outputPadding ?? 0);
  const size = [0, 1].map(
    (d) =>
      (x.shape[2 + d] - 1) * a.stride[d] - 2 * a.padding[d] + a.dilation[d] * (weight.shape[2 + d] - 1) + extra[d] + 1,
  );
  const y = apply('conv2dInput', [x, weight], { ...a, size: [x.shape[0], weight.shape[1] * a.groups, ...size] });
  return bias === null ? y : y.add(bias.reshape([-1, 1, 1]));
}

export interface PoolOptions {
  /** Default: the kernel size, so that windows don't overlap. */
  readonly stride?: Size;
  /** Default 0. */
  readonly padding?: Size;
  /** Default 1. */
  readonly dilation?: Size;
}

function pooling(kernelSize: Size, { stride = kernelSize, padding = 0, dilation = 1 }: PoolOptions): Pooling {
  return { kernel: pair(kernelSize), stride: pair(stride), padding: pair(padding), dilation: pair(dilation) };
}

/** The maximum of each window: [n, c, h, w] → [n, c, h', w']. */
export const maxPool2d = (x: Tensor, kernelSize: Size, options: PoolOptions = {}): Tensor =>
  apply('maxPool2d', [x], pooling(kernelSize, options));

/** The maximum of each window: [n, c, length] → [n, c, length']. */
export function maxPool1d(x: Tensor, kernelSize: number, options: PoolOptions = {}): Tensor {
  return apply('maxPool2d', [x.unsqueeze(2)], flat(pooling(kernelSize, options))).squeeze(2);
}

/** The same window, one element high. */
const flat = ({ kernel, stride, padding, dilation }: Pooling): Pooling => ({
  kernel: [1, kernel[1]],
  stride: [1, stride[1]],
  padding: [0, padding[1]],
  dilation: [1, dilation[1]],
});

/** Repeats each pixel `scale` times in both directions: [n, c, h, w] → [n, c, scale·h, scale·w]. */
export function upsampleNearest(x: Tensor, scale: number): Tensor {
  const [n, c, height, width] = x.shape;
  const pixels = x.reshape([n, c, height, 1, width, 1]).expand([n, c, height, scale, width, scale]);
  return pixels.reshape([n, c, height * scale, width * scale]);
}

/** The mean of each window, padding counted as zeros: [n, c, h, w] → [n, c, h', w']. */
export function avgPool2d(x: Tensor, kernelSize: Size, options: PoolOptions = {}): Tensor {
  const { kernel, stride, padding, dilation } = pooling(kernelSize, options);
  const [n, c, height, width] = x.shape;
  const ones = x.newTensor(new Float64Array(kernel[0] * kernel[1]).fill(1 / (kernel[0] * kernel[1])), [
    1,
    1,
    ...kernel,
  ]);
  const planes = apply('conv2d', [x.reshape([n * c, 1, height, width]), ones], {
    stride,
    padding,
    dilation,
    groups: 1,
  });
  return planes.reshape([n, c, ...planes.shape.slice(2)]);
}

/** The mean of each of `size` nearly equal regions: [n, c, h, w] → [n, c, …size]. */
export function adaptiveAvgPool2d(x: Tensor, size: Size): Tensor {
  // As two small matrices: region r of n holds the elements ⌊r·h/n⌋ … ⌈(r+1)·h/n⌉ − 1
  const averages = (length: number, regions: number): Tensor => {
    const m = new Float64Array(regions * length);
    for (let r = 0; r < regions; r++) {
      const [from, to] = [Math.floor((r * length) / regions), Math.ceil(((r + 1) * length) / regions)];
      m.fill(1 / (to - from), r * length + from, r * length + to);
    }
    return x.newTensor(m, [regions, length]);
  };
  const [rows, columns] = pair(size);
  return averages(x.shape[2], rows).matmul(x).matmul(averages(x.shape[3], columns).t());
}
