import { apply } from '../../autograd/apply.ts';
import { type Pooling, poolSize } from '../../ops/pool.ts';
import { ArgumentError, ShapeError, showShape } from '../../tensor/errors.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { byName, type Given } from './given.ts';
import { pad } from './pad.ts';
import { type AnySize, asImage, batched, lastTwo, type Size, type Size1, type Size3, sizes } from './sizes.ts';

export interface PoolOptions<S extends AnySize = Size> {
  /** Default: the kernel size, so that windows don't overlap. */
  readonly stride?: S;
  /** At both ends, at most half a window. Default 0. */
  readonly padding?: S;
  /** Windows may reach over the end. Default false. */
  readonly ceilMode?: boolean;
}

export interface MaxPoolOptions<S extends AnySize = Size> extends PoolOptions<S> {
  /** Default 1. */
  readonly dilation?: S;
  /** Return also where the maxima are, for `maxUnpool`. Default false. */
  readonly returnIndices?: boolean;
}

export interface AvgPoolOptions<S extends AnySize = Size> extends PoolOptions<S> {
  /** Count padding as zeros rather than leave it out. Default true. */
  readonly countIncludePad?: boolean;
  /** Divide by this instead of the size of the window. */
  readonly divisorOverride?: number;
}

/** A window, a list with one number for each dimension. */
interface Windows {
  readonly kernel: readonly number[];
  readonly stride: readonly number[];
  readonly padding: readonly number[];
  readonly dilation: readonly number[];
  readonly ceilMode: boolean;
}

function windowsOf(owner: string, rank: number, kernelSize: AnySize, options: MaxPoolOptions<AnySize>): Windows {
  const kernel = sizes(owner, 'kernelSize', kernelSize, rank);
  const stride = sizes(owner, 'stride', options.stride ?? kernel, rank);
  const padding = sizes(owner, 'padding', options.padding ?? 0, rank);
  if (padding.some((p, d) => 2 * p > kernel[d])) {
    throw new ArgumentError(`${owner}: the padding ${showShape(padding)} is more than half of ${showShape(kernel)}.`);
  }
  const dilation = sizes(owner, 'dilation', options.dilation ?? 1, rank);
  return { kernel, stride, padding, dilation, ceilMode: options.ceilMode ?? false };
}

const image = (w: Windows): Pooling => ({
  kernel: lastTwo(w.kernel, 1),
  stride: lastTwo(w.stride, 1),
  padding: lastTwo(w.padding, 0),
  dilation: lastTwo(w.dilation, 1),
  ceilMode: w.ceilMode,
});

const deep = (w: Windows): Pooling => ({
  kernel: [w.kernel[0], 1],
  stride: [w.stride[0], 1],
  padding: [w.padding[0], 0],
  dilation: [w.dilation[0], 1],
  ceilMode: w.ceilMode,
});

/** Pools [n, c, …]: in three dimensions each slice by itself, then in depth. */
function pool(rank: number, x: Tensor, w: Windows, flat: (x: Tensor, a: Pooling) => Tensor): Tensor {
  if (rank < 3) return asImage(x, rank, (y) => flat(y, image(w)));
  const [n, c, depth] = x.shape;
  const slices = flat(x.flatten(1, 2), image(w)).unflatten(1, [c, depth]);
  const [, , , height, width] = slices.shape;
  const pooled = flat(slices.reshape([n, c, depth, height * width]), deep(w));
  return pooled.unflatten(3, [height, width]);
}

const maxNames = ['stride', 'padding', 'dilation', 'ceilMode', 'returnIndices'] as const;

function maxima(
  owner: string,
  rank: number,
  input: Tensor,
  kernelSize: AnySize,
  rest: readonly unknown[],
): Tensor | [output: Tensor, indices: Tensor] {
  const options = byName<MaxPoolOptions<AnySize>>(owner, maxNames, rest);
  const w = windowsOf(owner, rank, kernelSize, options);
  if (!options.returnIndices)
    return batched(owner, input, rank, (x) => pool(rank, x, w, (y, a) => apply('maxPool2d', [y], a)));
  const indices = batched(owner, input, rank, (x) => {
    const taps = x.shape.slice(2).map((length, d) => tapsOf(owner, length, d, w));
    return apply('windowArgmax', [x], { taps });
  });
  return [takeFrom(input, indices, rank), indices];
}

/** The positions that each window of dimension d sees. */
function tapsOf(owner: string, length: number, d: number, w: Windows): number[][] {
  const count = poolSize(length, w.kernel[d], w.stride[d], w.padding[d], w.dilation[d], w.ceilMode);
  if (count < 1)
    throw new ShapeError(`${owner}: a window of ${w.kernel[d]} is larger than the padded input ${length}.`);
  return Array.from({ length: count }, (_, o) =>
    Array.from({ length: w.kernel[d] }, (_, k) => o * w.stride[d] - w.padding[d] + k * w.dilation[d]).filter(
      (at) => at >= 0 && at < length,
    ),
  );
}

/** The elements of planes [n, c, …] at positions within each plane. */
export function takeFrom(x: Tensor, indices: Tensor, rank: number): Tensor {
  return x.flatten(-rank).gather(-1, indices.flatten(-rank)).reshape(indices.shape);
}

function averages(
  owner: string,
  rank: number,
  names: readonly (keyof AvgPoolOptions)[],
  input: Tensor,
  kernelSize: AnySize,
  rest: readonly unknown[],
): Tensor {
  const options = byName<AvgPoolOptions<AnySize>>(owner, names, rest);
  const { countIncludePad = true, divisorOverride } = options;
  const w = windowsOf(owner, rank, kernelSize, options);
  const counts = divisorOverride === undefined ? (countIncludePad ? 'padded' : 'inside') : 'none';
  const result = batched(owner, input, rank, (x) => pool(rank, x, w, (y, a) => windowMeans(y, a, counts)));
  return divisorOverride === undefined ? result : result.div(divisorOverride);
}

/**
 * The sum of each window of [n, c, h, w] as a convolution, divided by how many elements it has: in the padded image, inside the
 * image, or by nothing.
 */
function windowMeans(x: Tensor, a: Pooling, counts: 'padded' | 'inside' | 'none'): Tensor {
  const { kernel, stride, padding, dilation } = a;
  const [n, c, ...lengths] = x.shape;
  const output = lengths.map((length, d) => poolSize(length, kernel[d], stride[d], padding[d], 1, a.ceilMode));
  // In ceilMode windows may end beyond the padding.
  const beyond = output.map((o, d) => Math.max(0, (o - 1) * stride[d] + kernel[d] - lengths[d] - 2 * padding[d]));
  const size = kernel[0] * kernel[1];
  const along = output.map((o, d) => {
    const [from, to] = counts === 'inside' ? [0, lengths[d]] : [-padding[d], lengths[d] + padding[d]];
    return Array.from({ length: Math.max(0, o) }, (_, i) => {
      const start = i * stride[d] - padding[d];
      return Math.min(start + kernel[d], to) - Math.max(start, from);
    });
  });
  const even = counts !== 'none' && along.every((list, d) => list.every((count) => count === kernel[d]));
  const weight = x.newTensor(new Float64Array(size).fill(even ? 1 / size : 1), [1, 1, ...kernel]);
  const planes = x.reshape([n * c, 1, ...lengths]);
  const whole = beyond.some((b) => b > 0) ? pad(planes, [0, beyond[1], 0, beyond[0]]) : planes;
  const sums = apply('conv2d', [whole, weight], { stride, padding, dilation, groups: 1 });
  const result = sums.reshape([n, c, ...sums.shape.slice(2)]);
  if (even || counts === 'none') return result;
  const [rows, columns] = along;
  return result.div(
    x.newTensor(
      rows.flatMap((r) => columns.map((column) => r * column)),
      [rows.length, columns.length],
    ),
  );
}

export interface LpPoolOptions<S extends AnySize = Size> {
  /** Default: the kernel size. */
  readonly stride?: S;
  /** Default false. */
  readonly ceilMode?: boolean;
}

const lpPool =
  <S extends AnySize>(owner: string, rank: number) =>
  (x: Tensor, p: number, kernelSize: S, ...rest: Given<[stride: S, ceilMode: boolean], LpPoolOptions<S>>): Tensor => {
    const options = byName<LpPoolOptions<AnySize>>(owner, ['stride', 'ceilMode'], rest);
    const count = sizes(owner, 'kernelSize', kernelSize, rank).reduce((a, b) => a * b);
    // The mean, as in PyTorch: a window that reaches over the end counts its part for the whole.
    const means = averages(owner, rank, ['stride', 'ceilMode'], x.pow(p), kernelSize, [options]);
    return means
      .sign()
      .mul(means.abs().relu())
      .mul(count)
      .pow(1 / p);
  };

/** (Σ xᵖ)^(1/p) of each window: [n, c, length] → [n, c, length']. */
export const lpPool1d = lpPool<Size1>('lpPool1d', 1);
/** (Σ xᵖ)^(1/p) of each window: [n, c, h, w] → [n, c, h', w']. */
export const lpPool2d = lpPool<Size>('lpPool2d', 2);
/** (Σ xᵖ)^(1/p) of each window: [n, c, d, h, w] → [n, c, d', h', w']. */
export const lpPool3d = lpPool<Size3>('lpPool3d', 3);

type Alone<S extends AnySize> = MaxPoolOptions<S> & { readonly returnIndices?: false };
type Indexed<S extends AnySize> = MaxPoolOptions<S> & { readonly returnIndices: true };

interface MaxPool<S extends AnySize> {
  (
    x: Tensor,
    kernelSize: S,
    ...options: Given<[stride: S, padding: S, dilation: S, ceilMode: boolean], Alone<S>>
  ): Tensor;
  (x: Tensor, kernelSize: S, options: Indexed<S>): [output: Tensor, indices: Tensor];
}

const maxPool = <S extends AnySize>(owner: string, rank: number): MaxPool<S> =>
  ((x: Tensor, kernelSize: S, ...options: unknown[]) => maxima(owner, rank, x, kernelSize, options)) as MaxPool<S>;

/** The maximum of each window: [n, c, length] → [n, c, length']. */
export const maxPool1d = maxPool<Size1>('maxPool1d', 1);
/** The maximum of each window: [n, c, h, w] → [n, c, h', w']; with { returnIndices: true } also where it is in its plane. */
export const maxPool2d = maxPool<Size>('maxPool2d', 2);
/** The maximum of each window: [n, c, d, h, w] → [n, c, d', h', w']. */
export const maxPool3d = maxPool<Size3>('maxPool3d', 3);

type AvgRest<S extends AnySize> = Given<
  [stride: S, padding: S, ceilMode: boolean, countIncludePad: boolean],
  AvgPoolOptions<S>
>;

const avgPool =
  <S extends AnySize>(owner: string, rank: number) =>
  (x: Tensor, kernelSize: S, ...options: AvgRest<S>): Tensor =>
    averages(
      owner,
      rank,
      ['stride', 'padding', 'ceilMode', 'countIncludePad', 'divisorOverride'],
      x,
      kernelSize,
      options,
    );

/** The mean of each window: [n, c, length] → [n, c, length']. */
export const avgPool1d = avgPool<Size1>('avgPool1d', 1);
/** The mean of each window: [n, c, h, w] → [n, c, h', w']. */
export const avgPool2d = avgPool<Size>('avgPool2d', 2);
/** The mean of each window: [n, c, d, h, w] → [n, c, d', h', w']. */
export const avgPool3d = avgPool<Size3>('avgPool3d', 3);
