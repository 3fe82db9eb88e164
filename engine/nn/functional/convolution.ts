import { apply } from '../../autograd/apply.ts';
import { ArgumentError, ShapeError, showShape } from '../../tensor/errors.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { byName, type Given } from './given.ts';
import { type PadOptions, pad } from './pad.ts';
import { type AnySize, asImage, batched, lastTwo, type Size, type Size1, type Size3, sizes } from './sizes.ts';

export type { Size, Size1, Size3 };

/** What all convolutions take; sizes are one number for all dimensions, or one for each. */
export interface ConvolutionOptions<S extends AnySize = Size> {
  /** Default 1. */
  readonly stride?: S;
  /** Around the input; `same`: as many as keep its size; `valid`: none. Default 0. */
  readonly padding?: S | 'same' | 'valid';
  /** Distance between the taps of a kernel. Default 1. */
  readonly dilation?: S;
  /** Input and output channels fall into this many groups that don't see each other. Default 1. */
  readonly groups?: number;
  /** What the padding consists of. Default zeros. */
  readonly paddingMode?: 'zeros' | Exclude<PadOptions['mode'], 'constant'>;
}

type Geometry = 'stride' | 'padding' | 'dilation' | 'groups' | 'paddingMode';
const names: readonly Geometry[] = ['stride', 'padding', 'dilation', 'groups', 'paddingMode'];

/** How much goes before and after each dimension. */
function paddingOf(
  owner: string,
  padding: AnySize | 'same' | 'valid',
  taps: readonly number[],
  dilation: readonly number[],
  stride: readonly number[],
): { before: readonly number[]; after: readonly number[] } {
  if (padding !== 'same') {
    const both = sizes(owner, 'padding', padding === 'valid' ? 0 : padding, taps.length);
    return { before: both, after: both };
  }
  if (stride.some((s) => s !== 1)) {
    throw new ArgumentError(`${owner}: padding 'same' needs a stride of 1; give the padding as a number.`);
  }
  const total = taps.map((k, d) => dilation[d] * (k - 1));
  // An even kernel gets one more at the end.
  return { before: total.map((n) => Math.floor(n / 2)), after: total.map((n) => Math.ceil(n / 2)) };
}

function convolve(
  owner: string,
  rank: number,
  input: Tensor,
  weight: Tensor,
  bias: Tensor | null,
  rest: readonly unknown[],
): Tensor {
  const options = byName<ConvolutionOptions<AnySize>>(owner, names, rest);
  if (weight.shape.length !== rank + 2) {
    throw new ShapeError(`${owner}: expected a weight of ${rank + 2} dimensions, got ${showShape(weight.shape)}.`);
  }
  const { groups = 1, paddingMode = 'zeros' } = options;
  const stride = sizes(owner, 'stride', options.stride ?? 1, rank);
  const dilation = sizes(owner, 'dilation', options.dilation ?? 1, rank);
  const taps = weight.shape.slice(2);
  const { before, after } = paddingOf(owner, options.padding ?? 0, taps, dilation, stride);
  // Zeros all around cost nothing; anything else is laid around the input first.
  const plain = paddingMode === 'zeros' && before.every((n, d) => n === after[d]);
  const around = [...before.keys()].reverse().flatMap((d) => [before[d], after[d]]);
  const mode = paddingMode === 'zeros' ? 'constant' : paddingMode;
  const padding = plain ? before : before.map(() => 0);
  return batched(owner, input, rank, (whole) => {
    const x = plain ? whole : pad(whole, around, { mode });
    const a = { stride, padding, dilation, groups };
    return rank === 3 ? inDepth(owner, x, weight, bias, a) : flat(rank, x, weight, bias, a);
  });
}

interface Lists {
  readonly stride: readonly number[];
  readonly padding: readonly number[];
  readonly dilation: readonly number[];
  readonly groups: number;
}

function flat(rank: number, x: Tensor, weight: Tensor, bias: Tensor | null, a: Lists): Tensor {
  const kernel = rank === 1 ? weight.unsqueeze(2) : weight;
  const attributes = {
    stride: lastTwo(a.stride, 1),
    padding: lastTwo(a.padding, 0),
    dilation: lastTwo(a.dilation, 1),
    groups: a.groups,
  };
  return asImage(x, rank, (image) =>
    apply('conv2d', bias === null ? [image, kernel] : [image, kernel, bias], attributes),
  );
}

/** A sum of flat convolutions, one for each tap in depth. */
function inDepth(owner: string, input: Tensor, weight: Tensor, bias: Tensor | null, a: Lists): Tensor {
  const [[sd], [pd], [dd]] = [a.stride, a.padding, a.dilation];
  const slices = pad(input, [0, 0, 0, 0, pd, pd]).transpose(1, 2);
  const [n, depth, c, height, width] = slices.shape;
  const taps = weight.shape[2];
  const out = Math.floor((depth - dd * (taps - 1) - 1) / sd) + 1;
  if (out < 1) {
    throw new ShapeError(
      `${owner}: the kernel ${showShape(weight.shape)} is larger than the padded input ${showShape(input.shape)}.`,
    );
  }
  let sum: Tensor | null = null;
  for (let tap = 0; tap < taps; tap++) {
    const start = tap * dd;
    const images = slices.slice(1, start, start + (out - 1) * sd + 1, sd).reshape([n * out, c, height, width]);
    const part = flat(2, images, weight.select(2, tap), tap === 0 ? bias : null, a);
    sum = sum === null ? part : sum.add(part);
  }
  return sum!.unflatten(0, [n, out]).transpose(1, 2);
}

type Rest<S extends AnySize> = Given<
  [stride: S, padding: S | 'same' | 'valid', dilation: S, groups: number],
  ConvolutionOptions<S>
>;

/** x [n, c, length], weight [f, c/groups, k], bias [f] → [n, f, length']. */
export const conv1d = (x: Tensor, weight: Tensor, bias: Tensor | null = null, ...options: Rest<Size1>): Tensor =>
  convolve('conv1d', 1, x, weight, bias, options);

/**
 * x [n, c, h, w] (or [c, h, w]), weight [f, c/groups, kh, kw], bias [f] → [n, f, h', w'] with
 * h' = ⌊(h + 2·padding − dilation·(kh − 1) − 1)/stride⌋ + 1. Cross-correlation, as in PyTorch.
 */
export const conv2d = (x: Tensor, weight: Tensor, bias: Tensor | null = null, ...options: Rest<Size>): Tensor =>
  convolve('conv2d', 2, x, weight, bias, options);

/** x [n, c, d, h, w], weight [f, c/groups, kd, kh, kw], bias [f] → [n, f, d', h', w']. */
export const conv3d = (x: Tensor, weight: Tensor, bias: Tensor | null = null, ...options: Rest<Size3>): Tensor =>
  convolve('conv3d', 3, x, weight, bias, options);
