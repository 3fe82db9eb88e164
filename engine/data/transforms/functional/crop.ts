import { pad } from '../../../nn/functional.ts';
import { ArgumentError, showShape } from '../../../tensor/errors.ts';
import type { Tensor } from '../../../tensor/tensor.ts';

// Images are [channels, height, width]; batches of them work as well.

/** To the nearest integer, a half to the even one, as Python rounds. */
export function roundHalfEven(x: number): number {
  const floor = Math.floor(x);
  return x - floor === 0.5 ? floor + (floor % 2 === 0 ? 0 : 1) : Math.round(x);
}

export const hflip = (image: Tensor): Tensor => image.flip(-1);
export const vflip = (image: Tensor): Tensor => image.flip(-2);

/** A window of an image. What lies outside is 0. */
export function crop(image: Tensor, top: number, left: number, height: number, width: number): Tensor {
  const [rows, columns] = image.shape.slice(-2);
  const outside = [-left, left + width - columns, -top, top + height - rows].map((n) => Math.max(0, n));
  const padded = outside.some((n) => n > 0) ? pad(image, outside) : image;
  return padded.narrow(-2, Math.max(0, top), height).narrow(-1, Math.max(0, left), width);
}

/** The middle of an image. What lies outside is 0. */
export function centerCrop(image: Tensor, [height, width]: readonly [number, number]): Tensor {
  const [rows, columns] = image.shape.slice(-2);
  const [down, right] = [Math.max(0, height - rows), Math.max(0, width - columns)];
  const sides = [Math.floor(right / 2), Math.ceil(right / 2), Math.floor(down / 2), Math.ceil(down / 2)];
  const padded = down + right > 0 ? pad(image, sides) : image;
  const middle = (size: number, wanted: number): number => roundHalfEven((size - wanted) / 2);
  return crop(padded, middle(rows + down, height), middle(columns + right, width), height, width);
}

/** A rectangle filled with one value, or one for each channel. */
export function erase(
  image: Tensor,
  top: number,
  left: number,
  height: number,
  width: number,
  value: number | Tensor,
): Tensor {
  const erased = image.detach().clone();
  const part = erased.narrow(-2, top, height).narrow(-1, left, width);
  if (typeof value === 'number') part.fill_(value);
  else part.copy_(value.reshape([-1, 1, 1]).expand(part.shape));
  return erased;
}

/** (x − mean)/std per channel. @throws ArgumentError for a standard deviation of 0. */
export function normalize(image: Tensor, mean: readonly number[], std: readonly number[]): Tensor {
  const channels = image.shape[image.shape.length - 3];
  if (std.includes(0)) throw new ArgumentError('normalize: a standard deviation is 0.');
  if ([mean, std].some(({ length }) => length !== 1 && length !== channels)) {
    throw new ArgumentError(
      `normalize: ${mean.length} means and ${std.length} deviations don't fit ${showShape(image.shape)}.`,
    );
  }
  const column = (values: readonly number[]): Tensor => image.newTensor(values, [values.length, 1, 1]);
  return image.sub(column(mean)).div(column(std));
}
