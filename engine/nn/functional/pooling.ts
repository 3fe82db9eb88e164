import { apply } from '../../autograd/apply.ts';
import type { Pooling } from '../../ops/pool.ts';
import { stack } from '../../tensor/create.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { pair, type Size } from './convolution.ts';

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

export interface AvgPoolOptions extends Omit<PoolOptions, 'dilation'> {
  /** Count padding as zeros rather than leave it out. Default true. */
  readonly countIncludePad?: boolean;
}

/** The mean of each window, padding counted as zeros: [n, c, h, w] → [n, c, h', w']. */
export function avgPool2d(x: Tensor, kernelSize: Size, options: AvgPoolOptions = {}): Tensor {
  return averages(x, pooling(kernelSize, options), options.countIncludePad ?? true);
}

/** The mean of each window, padding counted as zeros: [n, c, length] → [n, c, length']. */
export function avgPool1d(x: Tensor, kernelSize: number, options: AvgPoolOptions = {}): Tensor {
  return averages(x.unsqueeze(2), flat(pooling(kernelSize, options)), options.countIncludePad ?? true).squeeze(2);
}

/** A convolution with a kernel of equal weights. */
function averages(x: Tensor, { kernel, ...rest }: Pooling, countIncludePad: boolean): Tensor {
  const [n, c, height, width] = x.shape;
  const taps = kernel[0] * kernel[1];
  const weight = x.newTensor(new Float64Array(taps).fill(1 / taps), [1, 1, ...kernel]);
  const convolve = (image: Tensor) => apply('conv2d', [image, weight], { ...rest, groups: 1 });
  const planes = convolve(x.reshape([n * c, 1, height, width]));
  const means = planes.reshape([n, c, ...planes.shape.slice(2)]);
  if (countIncludePad) return means;
  // How much of each window lies inside.
  const inside = convolve(x.newTensor(new Float64Array(height * width).fill(1), [1, 1, height, width]));
  return means.div(inside);
}

/** Regions of nearly equal size: region r of n holds the elements ⌊r·length/n⌋ … ⌈(r+1)·length/n⌉ − 1. */
const regions = (length: number, count: number): (readonly [from: number, to: number])[] =>
  Array.from({ length: count }, (_, r) => [Math.floor((r * length) / count), Math.ceil(((r + 1) * length) / count)]);

/** The mean of each of `size` nearly equal regions: [n, c, h, w] → [n, c, …size]. */
export function adaptiveAvgPool2d(x: Tensor, size: Size): Tensor {
  // As two small matrices.
  const means = (length: number, count: number): Tensor => {
    const m = new Float64Array(count * length);
    for (const [r, [from, to]] of regions(length, count).entries()) {
      m.fill(1 / (to - from), r * length + from, r * length + to);
    }
    return x.newTensor(m, [count, length]);
  };
  const [rows, columns] = pair(size);
  return means(x.shape[2], rows).matmul(x).matmul(means(x.shape[3], columns).t());
}

/** The mean of each of `size` nearly equal regions: [n, c, length] → [n, c, size]. */
export const adaptiveAvgPool1d = (x: Tensor, size: number): Tensor =>
  adaptiveAvgPool2d(x.unsqueeze(2), [1, size]).squeeze(2);

/** The maximum of each of `size` nearly equal regions: [n, c, h, w] → [n, c, …size]. */
export function adaptiveMaxPool2d(x: Tensor, size: Size): Tensor {
  const [rows, columns] = pair(size);
  const lines = regions(x.shape[2], rows).map(([top, bottom]) =>
    stack(
      regions(x.shape[3], columns).map(([left, right]) => {
        const region = x.slice(2, top, bottom).slice(3, left, right).flatten(2);
        return region.max(2).values;
      }),
      2,
    ),
  );
  return stack(lines, 2);
}

/** The maximum of each of `size` nearly equal regions: [n, c, length] → [n, c, size]. */
export const adaptiveMaxPool1d = (x: Tensor, size: number): Tensor =>
  adaptiveMaxPool2d(x.unsqueeze(2), [1, size]).squeeze(2);
