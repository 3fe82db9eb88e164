import { cat } from '../../tensor/create.ts';
import { ShapeError, showShape } from '../../tensor/errors.ts';
import { randomInteger, randomUniform } from '../../tensor/random.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { Transform } from './basic.ts';

/** One gray channel of an RGB image (luma of ITU-R BT.601). */
function gray(image: Tensor): Tensor {
  if (image.shape.length !== 3 || image.shape[0] !== 3) {
    throw new ShapeError(`color: expected an image [3, height, width], got ${showShape(image.shape)}.`);
  }
  return image.mul(image.newTensor([0.299, 0.587, 0.114], [3, 1, 1])).sum(0, { keepdim: true });
}

const unit = (image: Tensor): Tensor => image.clamp({ min: 0, max: 1 });
const blend = (image: Tensor, other: Tensor | number, share: number): Tensor =>
  unit(
    typeof other === 'number' ? image.mul(share).add(other * (1 - share)) : image.mul(share).add(other.mul(1 - share)),
  );

/** Turns the colours around the gray axis by a share of a full turn, in YIQ. */
function turnHue(image: Tensor, share: number): Tensor {
  const [c, s] = [Math.cos(2 * Math.PI * share), Math.sin(2 * Math.PI * share)];
  const y = gray(image);
  const [r, , b] = image.split(1, 0);
  const [u, v] = [r.sub(y), b.sub(y)];
  const [red, blue] = [u.mul(c).sub(v.mul(s)), u.mul(s).add(v.mul(c))];
  // 0.299·R + 0.587·G + 0.114·B = Y
  const green = red.mul(-0.299 / 0.587).sub(blue.mul(0.114 / 0.587));
  return unit(cat([y.add(red), y.add(green), y.add(blue)]));
}

export interface JitterOptions {
  /** Brightness, contrast and saturation are multiplied by a factor of 1 ± this. Default 0. */
  readonly brightness?: number;
  readonly contrast?: number;
  readonly saturation?: number;
  /** Colours are turned by up to ± this share of a turn. Default 0. */
  readonly hue?: number;
}

/** Changes brightness, contrast, saturation and hue of an RGB image of 0 … 1 at random, in a random order. */
export function colorJitter({ brightness = 0, contrast = 0, saturation = 0, hue = 0 }: JitterOptions): Transform {
  const around = (limit: number): number => Math.max(0, 1 + limit * (2 * randomUniform() - 1));
  return (image) => {
    const changes: Transform[] = [
      (x) => blend(x, 0, around(brightness)),
      (x) => blend(x, gray(x).mean().item(), around(contrast)),
      (x) => blend(x, gray(x), around(saturation)),
      (x) => turnHue(x, hue * (2 * randomUniform() - 1)),
    ];
    const wanted = changes.filter((_, i) => [brightness, contrast, saturation, hue][i] > 0);
    let result = image;
    while (wanted.length > 0) result = wanted.splice(randomInteger(wanted.length), 1)[0](result);
    return result;
  };
}

/** One gray channel, or three equal ones. */
export const grayscale =
  (channels: 1 | 3 = 1): Transform =>
  (image) =>
    gray(image).expand([channels, ...image.shape.slice(1)]);

export interface ErasingOptions {
  /** How often. Default 0.5. */
  readonly p?: number;
  /** The share of the area. Default 0.02 to 0.33. */
  readonly scale?: readonly [number, number];
  /** Height by width. Default 0.3 to 3.3. */
  readonly ratio?: readonly [number, number];
  /** Default 0. */
  readonly value?: number;
}

/** Fills a random rectangle with one value (Zhong et al. 2017). */
export function randomErasing({
  p = 0.5,
  scale = [0.02, 0.33],
  ratio = [0.3, 3.3],
  value = 0,
}: ErasingOptions = {}): Transform {
  const between = (low: number, high: number): number => low + (high - low) * randomUniform();
  return (image) => {
    if (randomUniform() >= p) return image;
    const [rows, columns] = image.shape.slice(-2);
    const area = rows * columns * between(...scale);
    const aspect = Math.exp(between(Math.log(ratio[0]), Math.log(ratio[1])));
    const height = Math.max(1, Math.min(rows, Math.round(Math.sqrt(area * aspect))));
    const width = Math.max(1, Math.min(columns, Math.round(Math.sqrt(area / aspect))));
    const [top, left] = [randomInteger(rows - height + 1), randomInteger(columns - width + 1)];
    const erased = image.detach().clone();
    erased.narrow(-2, top, height).narrow(-1, left, width).fill_(value);
    return erased;
  };
}
