import * as F from '../../nn/functional.ts';
import { tensor } from '../../tensor/create.ts';
import { ShapeError, showShape } from '../../tensor/errors.ts';
import { randomInteger, randomUniform } from '../../tensor/random.ts';
import type { Tensor } from '../../tensor/tensor.ts';

/** Changes one sample; images are [channels, height, width]. */
export type Transform = (sample: Tensor) => Tensor;

/** One transform after the other. */
export const compose =
  (transforms: readonly Transform[]): Transform =>
  (sample) =>
    transforms.reduce((x, transform) => transform(x), sample);

/** A random window of the image, which is surrounded by `padding` zeros first. @throws ShapeError if it doesn't fit. */
export function randomCrop(size: F.Size, { padding = 0 }: { readonly padding?: number } = {}): Transform {
  const [height, width] = F.pair(size);
  return (image) => {
    const padded = padding > 0 ? F.pad(image, [padding, padding, padding, padding]) : image;
    const [rows, columns] = padded.shape.slice(-2);
    if (rows < height || columns < width) {
      throw new ShapeError(`randomCrop: a window of ${height} × ${width} doesn't fit into ${showShape(padded.shape)}.`);
    }
    const [top, left] = [randomInteger(rows - height + 1), randomInteger(columns - width + 1)];
    return padded.slice(-2, top, top + height).slice(-1, left, left + width);
  };
}

/** Mirrors left and right with probability `p`. */
export const randomHorizontalFlip =
  (p = 0.5): Transform =>
  (image) =>
    randomUniform() < p ? image.flip(-1) : image;

/** (x − mean)/std per channel. */
export function normalize(mean: readonly number[], std: readonly number[]): Transform {
  const [m, s] = [mean, std].map((values) => tensor(values).reshape([-1, 1, 1]));
  return (image) => image.sub(m).div(s);
}

/** Mirrors top and bottom with probability `p`. */
export const randomVerticalFlip =
  (p = 0.5): Transform =>
  (image) =>
    randomUniform() < p ? image.flip(-2) : image;

/** The middle of the image. @throws ShapeError if it is smaller. */
export function centerCrop(size: F.Size): Transform {
  const [height, width] = F.pair(size);
  return (image) => {
    const [rows, columns] = image.shape.slice(-2);
    if (rows < height || columns < width) {
      throw new ShapeError(`centerCrop: a window of ${height} × ${width} doesn't fit into ${showShape(image.shape)}.`);
    }
    const [top, left] = [Math.round((rows - height) / 2), Math.round((columns - width) / 2)];
    return image.slice(-2, top, top + height).slice(-1, left, left + width);
  };
}

/** Another size, bilinear. */
export const resize =
  (size: F.Size): Transform =>
  (image) =>
    F.interpolate(image.unsqueeze(0), { size, mode: 'bilinear' }).squeeze(0);

/** Applies a transform with probability `p`. */
export const randomApply =
  (transform: Transform, p = 0.5): Transform =>
  (image) =>
    randomUniform() < p ? transform(image) : image;
