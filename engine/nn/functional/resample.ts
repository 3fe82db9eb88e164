import { ArgumentError, ShapeError, showShape } from '../../tensor/errors.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { pair, type Size } from './sizes.ts';

/** Repeats each pixel `scale` times in both directions: [n, c, h, w] → [n, c, scale·h, scale·w]. */
export function upsampleNearest(x: Tensor, scale: number): Tensor {
  const [n, c, height, width] = x.shape;
  const pixels = x.reshape([n, c, height, 1, width, 1]).expand([n, c, height, scale, width, scale]);
  return pixels.reshape([n, c, height * scale, width * scale]);
}

export interface InterpolateOptions {
  /** The new height and width; this or `scaleFactor`. */
  readonly size?: Size;
  readonly scaleFactor?: Size;
  /** Default nearest. */
  readonly mode?: 'nearest' | 'bilinear';
  /** Corners stay corners, rather than the edges of corner pixels. For bilinear only. Default false. */
  readonly alignCorners?: boolean;
}

/** What each of `to` positions takes from `from` positions along one dimension: a matrix [to, from]. */
function weights(
  like: Tensor,
  from: number,
  to: number,
  scale: number,
  { mode, alignCorners }: InterpolateOptions,
): Tensor {
  const matrix = new Float64Array(to * from);
  for (let i = 0; i < to; i++) {
    if (mode !== 'bilinear') {
      matrix[i * from + Math.min(from - 1, Math.floor(i * scale))] = 1;
      continue;
    }
    const exact = alignCorners ? (to > 1 ? (i * (from - 1)) / (to - 1) : 0) : Math.max(0, (i + 0.5) * scale - 0.5);
    const low = Math.min(from - 1, Math.floor(exact));
    matrix[i * from + low] += 1 - (exact - low);
    matrix[i * from + Math.min(from - 1, low + 1)] += exact - low;
  }
  return like.newTensor(matrix, [to, from]);
}

/** Another height and width by repeating or by bilinear interpolation: [n, c, h, w] → [n, c, h', w']. */
export function interpolate(x: Tensor, options: InterpolateOptions): Tensor {
  const { size, scaleFactor } = options;
  if ((size === undefined) === (scaleFactor === undefined)) {
    throw new ArgumentError('interpolate: give either a size or a scaleFactor.');
  }
  if (x.shape.length !== 4) throw new ShapeError(`interpolate: expected [n, c, h, w], got ${showShape(x.shape)}.`);
  const [rows, columns] = [0, 1].map((d) => {
    const from = x.shape[2 + d];
    const to = size === undefined ? Math.floor(from * pair(scaleFactor!)[d]) : pair(size)[d];
    const scale = size === undefined ? 1 / pair(scaleFactor!)[d] : from / to;
    return weights(x, from, to, scale, options);
  });
  return rows.matmul(x).matmul(columns.t());
}
