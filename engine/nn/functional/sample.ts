import { ArgumentError, ShapeError, showShape } from '../../tensor/errors.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { known } from './given.ts';

export interface GridSampleOptions {
  /** Default bilinear. */
  readonly mode?: 'bilinear' | 'nearest';
  /** What lies outside: zeros, the nearest border, or the image mirrored. Default zeros. */
  readonly paddingMode?: 'zeros' | 'border' | 'reflection';
  /** −1 and 1 are the centers of the corner pixels, rather than the image's edges. Default false. */
  readonly alignCorners?: boolean;
}

/** Limits to [0, size − 1]; there, and beyond, the gradient is 0. */
function clip(x: Tensor, size: number): Tensor {
  const inside = x.gt(0).logicalAnd(x.lt(size - 1));
  return inside.where(x, x.detach().clamp({ min: 0, max: size - 1 }));
}

/** Mirrors at the centers of the outer pixels, or at their outer edges, until inside. */
function reflect(x: Tensor, size: number, alignCorners: boolean): Tensor {
  const [low, span] = alignCorners ? [0, size - 1] : [-0.5, size];
  if (span === 0) return x.mul(0);
  const shifted = x.sub(low);
  const distance = shifted.lt(0).where(shifted.neg(), shifted);
  const rest = distance.fmod(span);
  const even = distance.detach().div(span).floor().fmod(2).eq(0);
  return even.where(rest, rest.neg().add(span)).add(low);
}

/** Coordinates in [−1, 1] as positions of pixels along a side of `size`. NaN counts as −1. */
function positions(
  x: Tensor,
  size: number,
  { paddingMode = 'zeros', alignCorners = false }: GridSampleOptions,
): Tensor {
  const given = x.isnan().where(-1, x).add(1);
  const place = alignCorners ? given.mul((size - 1) / 2) : given.mul(size / 2).sub(0.5);
  if (paddingMode === 'zeros') return place;
  return clip(paddingMode === 'border' ? place : reflect(place, size, alignCorners), size);
}

/** The pixels at whole positions [n, points]: [n, c, points]; 0 outside. */
function pixelsAt(x: Tensor, column: Tensor, row: Tensor): Tensor {
  const [n, c, h, w] = x.shape;
  const within = (place: Tensor, size: number) => place.ge(0).logicalAnd(place.le(size - 1));
  // Limited before it becomes an int32, which can't hold every float.
  const whole = (place: Tensor, size: number) => place.clamp({ min: 0, max: size - 1 }).to('int32');
  const flat = whole(row, h).mul(w).add(whole(column, w)).unsqueeze(1);
  const found = x.reshape([n, c, h * w]).gather(2, flat.expand([n, c, flat.shape[2]]));
  return within(column, w).logicalAnd(within(row, h)).unsqueeze(1).where(found, 0);
}

/**
 * The image at given places: [n, c, h, w] at a grid [n, h', w', 2] of (x, y), each −1 at the left or upper edge and 1 at the
 * right or lower one → [n, c, h', w']. Differentiable in the image and, if bilinear, in the grid (Jaderberg et al. 2015).
 */
export function gridSample(x: Tensor, grid: Tensor, options: GridSampleOptions = {}): Tensor {
  const names = ['mode', 'paddingMode', 'alignCorners'] as const;
  const { mode = 'bilinear', paddingMode = 'zeros' } = known('gridSample', options, names);
  if (x.shape.length !== 4 || grid.shape.length !== 4 || grid.shape[3] !== 2 || grid.shape[0] !== x.shape[0]) {
    throw new ShapeError(
      `gridSample: expected an image [n, c, h, w] and a grid [n, h', w', 2], got ${showShape(x.shape)} and ${showShape(grid.shape)}.`,
    );
  }
  if (!['bilinear', 'nearest'].includes(mode) || !['zeros', 'border', 'reflection'].includes(paddingMode)) {
    throw new ArgumentError(
      `gridSample: expected the mode bilinear or nearest and the paddingMode zeros, border or reflection, got ${mode} and ${paddingMode}.`,
    );
  }
  const [n, c, h, w] = x.shape;
  const [height, width] = grid.shape.slice(1, 3);
  if (h === 0 || w === 0) throw new ShapeError(`gridSample: the image ${showShape(x.shape)} has no pixels.`);
  const points = grid.reshape([n, height * width, 2]);
  const column = positions(points.select(2, 0), w, options);
  const row = positions(points.select(2, 1), h, options);
  if (mode === 'nearest') {
    return pixelsAt(x, column.detach().round(), row.detach().round()).reshape([n, c, height, width]);
  }
  const [left, top] = [column.detach().floor(), row.detach().floor()];
  const [right, bottom] = [left.add(1), top.add(1)];
  const corner = (cornerColumn: Tensor, cornerRow: Tensor, share: Tensor) =>
    pixelsAt(x, cornerColumn, cornerRow).mul(share.unsqueeze(1));
  const sum = corner(left, top, right.sub(column).mul(bottom.sub(row)))
    .add(corner(right, top, column.sub(left).mul(bottom.sub(row))))
    .add(corner(left, bottom, right.sub(column).mul(row.sub(top))))
    .add(corner(right, bottom, column.sub(left).mul(row.sub(top))));
  return sum.reshape([n, c, height, width]);
}

/**
 * The grid for `gridSample` that affine maps [n, 2, 3] make: where each pixel of an image [n, c, h, w] is taken from.
 */
export function affineGrid(
  theta: Tensor,
  size: readonly number[],
  options: { readonly alignCorners?: boolean } = {},
): Tensor {
  const { alignCorners = false } = known('affineGrid', options, ['alignCorners']);
  const [n, , h, w] = size;
  if (size.length !== 4 || `${theta.shape}` !== `${[n, 2, 3]}`) {
    throw new ShapeError(
      `affineGrid: expected maps [n, 2, 3] and a size [n, c, h, w], got ${showShape(theta.shape)} and ${showShape(size)}.`,
    );
  }
  const coordinate = (i: number, length: number): number =>
    alignCorners ? (length > 1 ? (2 * i) / (length - 1) - 1 : 0) : (2 * i + 1) / length - 1;
  const places = Array.from({ length: h * w }, (_, i) => [
    coordinate(i % w, w),
    coordinate(Math.floor(i / w), h),
    1,
  ]).flat();
  return theta
    .newTensor(places, [h * w, 3])
    .matmul(theta.transpose(1, 2))
    .reshape([n, h, w, 2]);
}
