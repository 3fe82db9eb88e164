import * as F from '../nn/functional.ts';
import { tensor } from '../tensor/create.ts';
import { elements, wrap } from '../tensor/elements.ts';
import { ShapeError, showShape } from '../tensor/errors.ts';
import { randomInteger, randomUniform } from '../tensor/random.ts';
import type { Tensor } from '../tensor/tensor.ts';

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

/** Turns about the centre by a uniform angle of ±`degrees`; bilinear, with 0 outside. */
export const randomRotation =
  (degrees: number): Transform =>
  (image) =>
    rotate(image, (degrees * (2 * randomUniform() - 1) * Math.PI) / 180);

/** Turns an image [c, h, w] about its centre, counter-clockwise; `angle` in radians. Bilinear, with 0 outside. */
function rotate(image: Tensor, angle: number): Tensor {
  const [channels, height, width] = image.shape;
  const source = elements(image);
  const out = new Float32Array(source.length);
  const [cosine, sine] = [Math.cos(angle), Math.sin(angle)];
  const [middleY, middleX] = [(height - 1) / 2, (width - 1) / 2];
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      // Where the pixel comes from: turned back.
      const [dx, dy] = [x - middleX, y - middleY];
      const fromX = middleX + cosine * dx - sine * dy;
      const fromY = middleY + sine * dx + cosine * dy;
      const [left, top] = [Math.floor(fromX), Math.floor(fromY)];
      for (let corner = 0; corner < 4; corner++) {
        const [px, py] = [left + (corner & 1), top + (corner >> 1)];
        const weight = (1 - Math.abs(fromX - px)) * (1 - Math.abs(fromY - py));
        if (px < 0 || px >= width || py < 0 || py >= height) continue;
        for (let c = 0; c < channels; c++) {
          const plane = c * height * width;
          out[plane + y * width + x] += weight * source[plane + py * width + px];
        }
      }
    }
  return wrap(out, 'float32', image.shape);
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
