import { elements, wrap } from '../../../tensor/elements.ts';
import { ArgumentError } from '../../../tensor/errors.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import { crop } from './crop.ts';

export interface ResizeOptions {
  /** Average over all pixels that fall into a new one. Without, an image made smaller is only sampled. Default true. */
  readonly antialias?: boolean;
}

/** What each of `to` pixels takes from each of `from`: a triangle two pixels wide, of the larger image if antialiased. */
function shares(
  from: number,
  to: number,
  antialias: boolean,
): { readonly start: number; readonly weights: number[] }[] {
  const scale = from / to;
  const reach = antialias ? Math.max(1, scale) : 1;
  return Array.from({ length: to }, (_, i) => {
    // Without averaging, PyTorch repeats the border instead of leaving out what lies beyond it.
    const center = antialias ? scale * (i + 0.5) : Math.min(Math.max(scale * (i + 0.5), 0.5), from - 0.5);
    const start = Math.max(0, Math.trunc(center - reach + 0.5));
    const end = Math.min(from, Math.trunc(center + reach + 0.5));
    const weights = Array.from({ length: end - start }, (_, k) =>
      Math.max(0, 1 - Math.abs((start + k - center + 0.5) / reach)),
    );
    const sum = weights.reduce((a, b) => a + b, 0);
    return { start, weights: weights.map((w) => w / sum) };
  });
}

/** The new height and width: as given, or the shorter side's and a longer one in proportion. */
function newSize(rows: number, columns: number, size: number | readonly [number, number]): readonly [number, number] {
  if (typeof size !== 'number') return size;
  const longer = Math.trunc((size * Math.max(rows, columns)) / Math.min(rows, columns));
  return rows <= columns ? [size, longer] : [longer, size];
}

/**
 * Another size, bilinear. One number is the length of the shorter side.
 * @throws ArgumentError for a size that isn't positive.
 */
export function resize(
  image: Tensor,
  size: number | readonly [number, number],
  { antialias = true }: ResizeOptions = {},
): Tensor {
  const [rows, columns] = image.shape.slice(-2);
  const [height, width] = newSize(rows, columns, size);
  if (!(height > 0 && width > 0)) throw new ArgumentError(`resize: ${height} × ${width} is no size.`);
  const [down, across] = [shares(rows, height, antialias), shares(columns, width, antialias)];
  const planes = image.numel() / (rows * columns);
  const source = elements(image);
  const narrow = new Float64Array(planes * rows * width);
  for (let row = 0; row < planes * rows; row++)
    across.forEach(({ start, weights }, x) => {
      for (let k = 0; k < weights.length; k++)
        narrow[row * width + x] += weights[k] * source[row * columns + start + k];
    });
  const out = new Float32Array(planes * height * width);
  for (let plane = 0; plane < planes; plane++)
    down.forEach(({ start, weights }, y) => {
      for (let x = 0; x < width; x++) {
        let sum = 0;
        for (let k = 0; k < weights.length; k++) sum += weights[k] * narrow[(plane * rows + start + k) * width + x];
        out[(plane * height + y) * width + x] = sum;
      }
    });
  return wrap(out, 'float32', [...image.shape.slice(0, -2), height, width]);
}

/** A window at another size. */
export const resizedCrop = (
  image: Tensor,
  [top, left, height, width]: readonly [number, number, number, number],
  size: readonly [number, number],
  options?: ResizeOptions,
): Tensor => resize(crop(image, top, left, height, width), size, options);
