import { apply } from '../../autograd/apply.ts';
import { ShapeError, showShape } from '../../tensor/errors.ts';
import { resolveDim } from '../../tensor/shape.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { known } from './given.ts';

export interface PadOptions {
  /** Default constant. */
  readonly mode?: 'constant' | 'reflect' | 'replicate' | 'circular';
  /** Default 0. */
  readonly value?: number;
}

/** Where the elements before and after a dimension of `size` are taken from, for the modes that take them from inside. */
const sources: Record<Exclude<PadOptions['mode'], 'constant' | undefined>, (i: number, size: number) => number> = {
  reflect: (i, size) => (i < 0 ? -i : i >= size ? 2 * (size - 1) - i : i),
  replicate: (i, size) => Math.max(0, Math.min(size - 1, i)),
  circular: (i, size) => ((i % size) + size) % size,
};

function grow(
  x: Tensor,
  dim: number,
  before: number,
  after: number,
  { mode = 'constant', value = 0 }: PadOptions,
): Tensor {
  const size = x.shape[dim];
  if (mode === 'constant') {
    const zeros = apply('place', [value === 0 ? x : x.sub(value)], {
      dim,
      start: before,
      end: before + size,
      step: 1,
      size: before + size + after,
    });
    return value === 0 ? zeros : zeros.add(value);
  }
  const limit = mode === 'reflect' ? size - 1 : mode === 'circular' ? size : Infinity;
  if (Math.max(before, after) > limit) {
    throw new ShapeError(
      `pad: ${mode} can add at most ${limit} to a dimension of ${size}, got ${before} and ${after}.`,
    );
  }
  const picks = Array.from({ length: before + size + after }, (_, i) => sources[mode](i - before, size));
  return x.indexSelect(dim, x.newTensor(picks, [picks.length], 'int32'));
}

/**
 * Surrounds with a constant, or with elements from inside: amounts are [left, right] of the last dimension, then of the one
 * before, and so on. Negative amounts cut off.
 */
export function pad(
  x: Tensor,
  amounts: readonly number[],
  options: PadOptions | number | NonNullable<PadOptions['mode']> = {},
): Tensor {
  const { length: rank } = x.shape;
  if (amounts.length % 2 !== 0 || amounts.length > 2 * rank) {
    throw new ShapeError(
      `pad: expected two amounts for each of at most ${rank} dimensions, got ${showShape(amounts)}.`,
    );
  }
  const given: PadOptions =
    typeof options === 'number' ? { value: options } : typeof options === 'string' ? { mode: options } : options;
  known('pad', given, ['mode', 'value']);
  let padded = x;
  for (let i = 0; i < amounts.length / 2; i++) {
    const dim = resolveDim('pad', -1 - i, rank);
    const [before, after] = [amounts[2 * i], amounts[2 * i + 1]];
    const size = padded.shape[dim];
    if (Math.min(before, after) < 0) padded = padded.slice(dim, Math.max(0, -before), size + Math.min(0, after));
    if (Math.max(before, after) > 0) padded = grow(padded, dim, Math.max(0, before), Math.max(0, after), given);
  }
  return padded;
}

/** The pixels of [n, c·r², h, w] as [n, c, r·h, r·w]: channels become blocks of r × r (Shi et al. 2016). */
export function pixelShuffle(x: Tensor, r: number): Tensor {
  const [n, c, h, w] = x.shape;
  if (x.shape.length !== 4 || c % (r * r) !== 0) {
    throw new ShapeError(
      `pixelShuffle: expected [n, c, h, w] with channels divisible by ${r * r}, got ${showShape(x.shape)}.`,
    );
  }
  const blocks = x.reshape([n, c / (r * r), r, r, h, w]).permute([0, 1, 4, 2, 5, 3]);
  return blocks.reshape([n, c / (r * r), h * r, w * r]);
}

/** The inverse of `pixelShuffle`: [n, c, r·h, r·w] → [n, c·r², h, w]. */
export function pixelUnshuffle(x: Tensor, r: number): Tensor {
  const [n, c, h, w] = x.shape;
  if (x.shape.length !== 4 || h % r !== 0 || w % r !== 0) {
    throw new ShapeError(
      `pixelUnshuffle: expected [n, c, h, w] with sizes divisible by ${r}, got ${showShape(x.shape)}.`,
    );
  }
  return x
    .reshape([n, c, h / r, r, w / r, r])
    .permute([0, 1, 3, 5, 2, 4])
    .reshape([n, c * r * r, h / r, w / r]);
}
