import { apply } from '../../autograd/apply.ts';
import { zeros } from '../../tensor/create.ts';
import { ShapeError, showShape } from '../../tensor/errors.ts';
import { sizeOf } from '../../tensor/shape.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { known } from './given.ts';
import { takeFrom } from './pooling.ts';
import { type AnySize, batched, type Size, type Size1, type Size3, sizes } from './sizes.ts';

/** A size, with null for a dimension that stays as it is. */
export type Kept<S extends AnySize> = S | OrNull<Exclude<S, number>>;

type OrNull<T extends readonly number[]> = { readonly [K in keyof T]: T[K] | null };

/** Regions of nearly equal size: region r of n holds the elements ⌊r·length/n⌋ … ⌈(r+1)·length/n⌉ − 1. */
const regions = (length: number, count: number): (readonly [from: number, to: number])[] =>
  Array.from({ length: count }, (_, r) => [Math.floor((r * length) / count), Math.ceil(((r + 1) * length) / count)]);

function outputOf(owner: string, x: Tensor, size: number | readonly (number | null)[], rank: number): number[] {
  const list = typeof size === 'number' ? new Array<number>(rank).fill(size) : size;
  if (list.length !== rank) throw new ShapeError(`${owner}: expected ${rank} sizes, got ${JSON.stringify(size)}.`);
  return list.map((n, d) => n ?? x.shape[2 + d]);
}

const adaptiveAvg =
  <S extends AnySize>(owner: string, rank: number) =>
  (input: Tensor, size: Kept<S>): Tensor =>
    batched(owner, input, rank, (x) => {
      const output = outputOf(owner, x, size as number | readonly (number | null)[], rank);
      if (output.every((count) => count === 1))
        return x.mean(
          [...output.keys()].map((d) => 2 + d),
          { keepdim: true },
        );
      // Dimension after dimension, each by a small matrix [regions, length].
      return output.reduce((y, count, d) => {
        const [before, [length, ...after]] = [y.shape.slice(0, 2 + d), y.shape.slice(2 + d)];
        const m = new Float64Array(count * length);
        for (const [r, [from, to]] of regions(length, count).entries()) {
          m.fill(1 / (to - from), r * length + from, r * length + to);
        }
        const means = x.newTensor(m, [count, length]);
        return means.matmul(y.reshape([...before, length, sizeOf(after)])).reshape([...before, count, ...after]);
      }, x);
    });

/** The mean of each of `size` nearly equal regions: [n, c, length] → [n, c, size]. */
export const adaptiveAvgPool1d = adaptiveAvg<Size1>('adaptiveAvgPool1d', 1);
/** The mean of each of `size` nearly equal regions: [n, c, h, w] → [n, c, …size]; null keeps a dimension. */
export const adaptiveAvgPool2d = adaptiveAvg<Size>('adaptiveAvgPool2d', 2);
/** The mean of each of `size` nearly equal regions: [n, c, d, h, w] → [n, c, …size]; null keeps a dimension. */
export const adaptiveAvgPool3d = adaptiveAvg<Size3>('adaptiveAvgPool3d', 3);

export interface AdaptiveMaxOptions {
  /** Return also where the maxima are. Default false. */
  readonly returnIndices?: boolean;
}

interface AdaptiveMax<S extends AnySize> {
  (x: Tensor, size: Kept<S>, options?: { readonly returnIndices?: false }): Tensor;
  (x: Tensor, size: Kept<S>, options: { readonly returnIndices: true }): [output: Tensor, indices: Tensor];
}

const adaptiveMax = <S extends AnySize>(owner: string, rank: number): AdaptiveMax<S> =>
  ((input: Tensor, size: number | readonly (number | null)[], options: AdaptiveMaxOptions = {}) => {
    const { returnIndices = false } = known(owner, options, ['returnIndices']);
    const indices = batched(owner, input, rank, (x) => {
      const taps = outputOf(owner, x, size, rank).map((count, d) =>
        regions(x.shape[2 + d], count).map(([from, to]) => Array.from({ length: to - from }, (_, i) => from + i)),
      );
      return apply('windowArgmax', [x], { taps });
    });
    const values = takeFrom(input, indices, rank);
    return returnIndices ? [values, indices] : values;
  }) as AdaptiveMax<S>;

/** The maximum of each of `size` nearly equal regions: [n, c, length] → [n, c, size]. */
export const adaptiveMaxPool1d = adaptiveMax<Size1>('adaptiveMaxPool1d', 1);
/** The maximum of each of `size` nearly equal regions: [n, c, h, w] → [n, c, …size]; null keeps a dimension. */
export const adaptiveMaxPool2d = adaptiveMax<Size>('adaptiveMaxPool2d', 2);
/** The maximum of each of `size` nearly equal regions: [n, c, d, h, w] → [n, c, …size]; null keeps a dimension. */
export const adaptiveMaxPool3d = adaptiveMax<Size3>('adaptiveMaxPool3d', 3);

export interface UnpoolOptions<S extends AnySize = Size> {
  /** Default: the kernel size. */
  readonly stride?: S;
  /** Default 0. */
  readonly padding?: S;
  /** The size before pooling, where several sizes are pooled to the same one; without or with [n, c]. */
  readonly outputSize?: readonly number[];
}

const maxUnpool =
  <S extends AnySize>(owner: string, rank: number) =>
  (x: Tensor, indices: Tensor, kernelSize: S, options: UnpoolOptions<S> = {}): Tensor => {
    known(owner, options, ['stride', 'padding', 'outputSize']);
    const kernel = sizes(owner, 'kernelSize', kernelSize, rank);
    const stride = sizes(owner, 'stride', options.stride ?? kernel, rank);
    const padding = sizes(owner, 'padding', options.padding ?? 0, rank);
    const [outer, inner] = [x.shape.slice(0, -rank), x.shape.slice(-rank)];
    const size =
      options.outputSize?.slice(-rank) ?? inner.map((n, d) => (n - 1) * stride[d] - 2 * padding[d] + kernel[d]);
    if (`${indices.shape}` !== `${x.shape}`) {
      throw new ShapeError(
        `${owner}: input ${showShape(x.shape)} and indices ${showShape(indices.shape)} must have the same shape.`,
      );
    }
    const plane = zeros([...outer, sizeOf(size)], { dtype: x.dtype });
    return plane.scatter(-1, indices.flatten(-rank), x.flatten(-rank)).reshape([...outer, ...size]);
  };

/** Puts maxima back where `maxPool1d` found them, zeros elsewhere: [n, c, length] → [n, c, length']. */
export const maxUnpool1d = maxUnpool<Size1>('maxUnpool1d', 1);
/** Puts maxima back where `maxPool2d` found them, zeros elsewhere: [n, c, h, w] → [n, c, h', w']. */
export const maxUnpool2d = maxUnpool<Size>('maxUnpool2d', 2);
/** Puts maxima back where `maxPool3d` found them, zeros elsewhere: [n, c, d, h, w] → [n, c, d', h', w']. */
export const maxUnpool3d = maxUnpool<Size3>('maxUnpool3d', 3);
