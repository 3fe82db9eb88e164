import { ArgumentError, ShapeError, showShape } from '../../tensor/errors.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { adaptiveAvgPool1d, adaptiveAvgPool2d, adaptiveAvgPool3d } from './adaptive.ts';
import { known } from './given.ts';
import { type AnySize, sizes } from './sizes.ts';

/** The ranks of what each way of interpolating takes. */
const modes = {
  nearest: [3, 4, 5],
  'nearest-exact': [3, 4, 5],
  linear: [3],
  bilinear: [4],
  bicubic: [4],
  trilinear: [5],
  area: [3, 4, 5],
} as const;

export type InterpolationMode = keyof typeof modes;

export interface InterpolateOptions {
  /** The new sizes of the dimensions after the channels; this or `scaleFactor`. */
  readonly size?: AnySize | null;
  readonly scaleFactor?: AnySize | null;
  /** Default nearest. */
  readonly mode?: InterpolationMode;
  /** Corners stay corners, rather than the edges of corner pixels. Not for nearest and area. Default false. */
  readonly alignCorners?: boolean | null;
}

/** Shares of the four nearest positions for a place `t` after the second (Keys 1981, with a = −0.75 as in PyTorch). */
function cubic(t: number): number[] {
  const a = -0.75;
  const near = (x: number) => ((a + 2) * x - (a + 3)) * x * x + 1;
  const far = (x: number) => ((a * x - 5 * a) * x + 8 * a) * x - 4 * a;
  return [far(t + 1), near(t), near(1 - t), far(2 - t)];
}

/** What the position `i` of `to` takes from `from` positions: the first of them, and shares from there on. */
function taps(
  i: number,
  from: number,
  to: number,
  scale: number,
  mode: InterpolationMode,
  alignCorners: boolean,
): { first: number; shares: number[] } {
  if (mode === 'nearest') return { first: Math.floor(i * scale), shares: [1] };
  if (mode === 'nearest-exact') return { first: Math.floor((i + 0.5) * scale), shares: [1] };
  const exact = alignCorners ? (to > 1 ? (i * (from - 1)) / (to - 1) : 0) : (i + 0.5) * scale - 0.5;
  if (mode === 'bicubic') return { first: Math.floor(exact) - 1, shares: cubic(exact - Math.floor(exact)) };
  const place = Math.max(0, exact);
  const low = Math.min(from - 1, Math.floor(place));
  return { first: low, shares: [1 - (place - low), place - low] };
}

/** All shares as a matrix [to, from]; beyond the ends the outer positions count. */
function weights(
  like: Tensor,
  from: number,
  to: number,
  scale: number,
  mode: InterpolationMode,
  alignCorners: boolean,
): Tensor {
  const matrix = new Float64Array(to * from);
  for (let i = 0; i < to; i++) {
    const { first, shares } = taps(i, from, to, scale, mode, alignCorners);
    shares.forEach((share, k) => {
      matrix[i * from + Math.min(from - 1, Math.max(0, first + k))] += share;
    });
  }
  return like.newTensor(matrix, [to, from]);
}

/** Repeats each position of the dimensions after the channels so many times. */
function repeated(x: Tensor, times: readonly number[]): Tensor {
  const lengths = x.shape.slice(2);
  const shape = (counts: readonly number[]) => [...x.shape.slice(0, 2), ...lengths.flatMap((n, d) => [n, counts[d]])];
  const spread = x.reshape(shape(times.map(() => 1))).expand(shape(times));
  return spread.reshape([...x.shape.slice(0, 2), ...lengths.map((n, d) => n * times[d])]);
}

/** Repeats each pixel `scale` times in both directions: [n, c, h, w] → [n, c, scale·h, scale·w]. */
export const upsampleNearest = (x: Tensor, scale: number): Tensor =>
  repeated(x, new Array<number>(x.shape.length - 2).fill(scale));

/**
 * Other sizes of the dimensions after the channels, by repeating, averaging or interpolating: [n, c, length] → [n, c, length'],
 * [n, c, h, w] → [n, c, h', w'], [n, c, d, h, w] → [n, c, d', h', w'].
 */
export function interpolate(x: Tensor, options: InterpolateOptions): Tensor {
  const given = known('interpolate', options, ['size', 'scaleFactor', 'mode', 'alignCorners']);
  const { mode = 'nearest', alignCorners } = given;
  const [size, scaleFactor] = [given.size ?? undefined, given.scaleFactor ?? undefined];
  if ((size === undefined) === (scaleFactor === undefined)) {
    throw new ArgumentError('interpolate: give either a size or a scaleFactor.');
  }
  const ranks: readonly number[] | undefined = modes[mode];
  if (ranks === undefined) {
    throw new ArgumentError(`interpolate: expected a mode of ${Object.keys(modes).join(', ')}, got ${mode}.`);
  }
  if (!ranks.includes(x.shape.length)) {
    const forms = ['[n, c, length]', '[n, c, h, w]', '[n, c, d, h, w]'].filter((_, i) => ranks.includes(i + 3));
    throw new ShapeError(`interpolate: expected ${forms.join(' or ')} for ${mode}, got ${showShape(x.shape)}.`);
  }
  const fixed = mode === 'area' || mode.startsWith('nearest');
  if (fixed && alignCorners) throw new ArgumentError(`interpolate: alignCorners is not for the mode ${mode}.`);
  const lengths = x.shape.slice(2);
  const { length: rank } = lengths;
  const factors = scaleFactor === undefined ? null : sizes('interpolate', 'scaleFactor', scaleFactor, rank);
  const wanted = factors?.map((f, d) => Math.floor(lengths[d] * f)) ?? sizes('interpolate', 'size', size!, rank);
  if (mode === 'area') {
    if (rank === 1) return adaptiveAvgPool1d(x, [wanted[0]]);
    return rank === 2
      ? adaptiveAvgPool2d(x, [wanted[0], wanted[1]])
      : adaptiveAvgPool3d(x, [wanted[0], wanted[1], wanted[2]]);
  }
  const times = wanted.map((to, d) => to / lengths[d]);
  if (fixed && times.every((n, d) => Number.isInteger(n) && n > 0 && (factors?.[d] ?? n) === n))
    return repeated(x, times);
  return wanted.reduce((y, to, d) => {
    const scale = factors === null ? lengths[d] / to : 1 / factors[d];
    const matrix = weights(x, lengths[d], to, scale, mode, alignCorners ?? false);
    return y
      .transpose(2 + d, -1)
      .matmul(matrix.t())
      .transpose(2 + d, -1);
  }, x);
}
