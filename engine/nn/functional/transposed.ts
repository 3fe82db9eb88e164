import { apply } from '../../autograd/apply.ts';
import { ArgumentError, ShapeError, showShape } from '../../tensor/errors.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { byName, type Given } from './given.ts';
import { pad } from './pad.ts';
import { type AnySize, asImage, batched, lastTwo, type Size, type Size1, type Size3, sizes } from './sizes.ts';

export interface TransposedOptions<S extends AnySize = Size> {
  /** Default 1. */
  readonly stride?: S;
  /** What is cut off at both ends of the output. Default 0. */
  readonly padding?: S;
  /** Added to one side of the output, to choose among the sizes that a strided convolution maps to the same one. Default 0. */
  readonly outputPadding?: S;
  /** Default 1. */
  readonly groups?: number;
  /** Default 1. */
  readonly dilation?: S;
}

const names = ['stride', 'padding', 'outputPadding', 'groups', 'dilation'] as const;

interface Lists {
  readonly stride: readonly number[];
  readonly padding: readonly number[];
  readonly dilation: readonly number[];
  readonly extra: readonly number[];
  readonly groups: number;
}

/** (in − 1)·stride − 2·padding + dilation·(taps − 1) + outputPadding + 1 for dimension d. */
const outputSize = (input: number, taps: number, d: number, a: Lists): number =>
  (input - 1) * a.stride[d] - 2 * a.padding[d] + a.dilation[d] * (taps - 1) + a.extra[d] + 1;

function transpose(
  owner: string,
  rank: number,
  input: Tensor,
  weight: Tensor,
  bias: Tensor | null,
  rest: readonly unknown[],
): Tensor {
  const options = byName<TransposedOptions<AnySize>>(owner, names, rest);
  const list = (name: Exclude<keyof TransposedOptions, 'groups'>, otherwise: number) =>
    sizes(owner, name, options[name] ?? otherwise, rank);
  const a: Lists = {
    stride: list('stride', 1),
    padding: list('padding', 0),
    dilation: list('dilation', 1),
    extra: list('outputPadding', 0),
    groups: options.groups ?? 1,
  };
  if (a.extra.some((n, d) => n >= Math.max(a.stride[d], a.dilation[d]))) {
    throw new ArgumentError(`${owner}: outputPadding must be smaller than the stride or the dilation.`);
  }
  return batched(owner, input, rank, (x) => {
    if (weight.shape.length !== rank + 2 || x.shape[1] !== weight.shape[0] || x.shape[1] % a.groups !== 0) {
      throw new ShapeError(
        `${owner}: an input of shape ${showShape(x.shape)} in ${a.groups} group(s) needs a weight ` +
          `[${x.shape[1]}, channels/groups, …kernel], got ${showShape(weight.shape)}.`,
      );
    }
    const y = rank === 3 ? inDepth(x, weight, a) : flat(rank, x, weight, a);
    return bias === null ? y : y.add(bias.reshape([-1, ...new Array<number>(rank).fill(1)]));
  });
}

function flat(rank: number, x: Tensor, weight: Tensor, a: Lists): Tensor {
  const { padding: cut, extra } = a;
  const first = cut.length - rank;
  if (extra.some((n, d) => d >= first && n >= a.stride[d])) {
    // A convolution would map this size to a greater one than the input's: made whole, and cut by hand.
    const none = cut.map(() => 0);
    const whole = flat(rank, x, weight, { ...a, padding: none, extra: none });
    const ends = [...cut.keys()].filter((d) => d >= first).reverse();
    return pad(
      whole,
      ends.flatMap((d) => [-cut[d], extra[d] - cut[d]]),
    );
  }
  const kernel = rank === 1 ? weight.unsqueeze(2) : weight;
  const [stride, padding, dilation] = [lastTwo(a.stride, 1), lastTwo(a.padding, 0), lastTwo(a.dilation, 1)];
  const image = { stride, padding, dilation, extra: lastTwo(a.extra, 0), groups: a.groups };
  return asImage(x, rank, (given) => {
    const size = [0, 1].map((d) => outputSize(given.shape[2 + d], kernel.shape[2 + d], d, image));
    return apply('conv2dInput', [given, kernel], {
      stride,
      padding,
      dilation,
      groups: a.groups,
      size: [given.shape[0], kernel.shape[1] * a.groups, ...size],
    });
  });
}

/** Each tap in depth makes flat images, which are laid `stride` apart from the depth of the tap on. */
function inDepth(x: Tensor, weight: Tensor, a: Lists): Tensor {
  const [n, , depth] = x.shape;
  const taps = weight.shape[2];
  const size = outputSize(depth, taps, 0, a);
  // Without the padding in depth; what it cuts off is cut off at the end.
  const whole = size + 2 * a.padding[0];
  const images = x.transpose(1, 2).flatten(0, 1);
  let sum: Tensor | null = null;
  for (let tap = 0; tap < taps; tap++) {
    const start = tap * a.dilation[0];
    const part = flat(2, images, weight.select(2, tap), a).unflatten(0, [n, depth]);
    const end = start + (depth - 1) * a.stride[0] + 1;
    const placed = apply('place', [part], { dim: 1, start, end, step: a.stride[0], size: whole });
    sum = sum === null ? placed : sum.add(placed);
  }
  return sum!.narrow(1, a.padding[0], size).transpose(1, 2);
}

type Rest<S extends AnySize> = Given<
  [stride: S, padding: S, outputPadding: S, groups: number, dilation: S],
  TransposedOptions<S>
>;

/** x [n, c, length], weight [c, f/groups, k], bias [f] → [n, f, length']: the transpose of a convolution. */
export const convTranspose1d = (
  x: Tensor,
  weight: Tensor,
  bias: Tensor | null = null,
  ...options: Rest<Size1>
): Tensor => transpose('convTranspose1d', 1, x, weight, bias, options);

/**
 * x [n, c, h, w], weight [c, f/groups, kh, kw], bias [f] → [n, f, h', w'] with
 * h' = (h − 1)·stride − 2·padding + dilation·(kh − 1) + outputPadding + 1: what a convolution does to gradients.
 */
export const convTranspose2d = (
  x: Tensor,
  weight: Tensor,
  bias: Tensor | null = null,
  ...options: Rest<Size>
): Tensor => transpose('convTranspose2d', 2, x, weight, bias, options);

/** x [n, c, d, h, w], weight [c, f/groups, kd, kh, kw], bias [f] → [n, f, d', h', w']. */
export const convTranspose3d = (
  x: Tensor,
  weight: Tensor,
  bias: Tensor | null = null,
  ...options: Rest<Size3>
): Tensor => transpose('convTranspose3d', 3, x, weight, bias, options);
