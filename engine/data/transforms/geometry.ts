import * as F from '../../nn/functional.ts';
import { elements, wrap } from '../../tensor/elements.ts';
import { randomUniform } from '../../tensor/random.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { Transform } from './basic.ts';

/** Where a pixel (x, y), counted from the centre, comes from: (a·x + b·y + c, d·x + e·y + f). */
type Mapping = readonly [a: number, b: number, c: number, d: number, e: number, f: number];

/** Pulls each pixel of an image [c, h, w] from where the mapping says. Bilinear, with 0 outside. */
function warp(image: Tensor, [a, b, c, d, e, f]: Mapping): Tensor {
  const [channels, height, width] = image.shape;
  const source = elements(image);
  const out = new Float32Array(source.length);
  const [middleY, middleX] = [(height - 1) / 2, (width - 1) / 2];
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const [dx, dy] = [x - middleX, y - middleY];
      const fromX = middleX + a * dx + b * dy + c;
      const fromY = middleY + d * dx + e * dy + f;
      const [left, top] = [Math.floor(fromX), Math.floor(fromY)];
      for (let corner = 0; corner < 4; corner++) {
        const [px, py] = [left + (corner & 1), top + (corner >> 1)];
        const weight = (1 - Math.abs(fromX - px)) * (1 - Math.abs(fromY - py));
        if (px < 0 || px >= width || py < 0 || py >= height) continue;
        for (let channel = 0; channel < channels; channel++) {
          const plane = channel * height * width;
          out[plane + y * width + x] += weight * source[plane + py * width + px];
        }
      }
    }
  return wrap(out, 'float32', image.shape);
}

const radians = (degrees: number): number => (degrees * Math.PI) / 180;
const around = (limit: number): number => limit * (2 * randomUniform() - 1);
const between = ([low, high]: readonly [number, number]): number => low + (high - low) * randomUniform();

/** Turns about the centre by a uniform angle of ±`degrees`; bilinear, with 0 outside. */
export const randomRotation =
  (degrees: number): Transform =>
  (image) => {
    const angle = radians(around(degrees));
    const [cosine, sine] = [Math.cos(angle), Math.sin(angle)];
    return warp(image, [cosine, -sine, 0, sine, cosine, 0]);
  };

export interface AffineOptions {
  /** Turned by up to ±this many degrees. Default 0. */
  readonly degrees?: number;
  /** Moved by up to these shares of width and height. Default none. */
  readonly translate?: readonly [x: number, y: number];
  /** Scaled by a factor between these. Default 1. */
  readonly scale?: readonly [low: number, high: number];
  /** Sheared along x by up to ±this many degrees. Default 0. */
  readonly shear?: number;
}

/** Turns, shears, scales and moves at random, all at once. */
export function randomAffine({ degrees = 0, translate = [0, 0], scale = [1, 1], shear = 0 }: AffineOptions): Transform {
  return (image) => {
    const [height, width] = image.shape.slice(-2);
    const [angle, slant, size] = [radians(around(degrees)), Math.tan(radians(around(shear))), between(scale)];
    const [right, down] = [Math.round(around(translate[0]) * width), Math.round(around(translate[1]) * height)];
    const [cosine, sine] = [Math.cos(angle) / size, Math.sin(angle) / size];
    // Backwards: move, turn, scale, then shear.
    const [a, b, d, e] = [cosine - slant * sine, -sine - slant * cosine, sine, cosine];
    return warp(image, [a, b, -a * right - b * down, d, e, -d * right - e * down]);
  };
}

/** A random part of between `scale` of the area, with sides in a ratio between those of `ratio`, at the size asked for. */
export function randomResizedCrop(
  size: F.Size,
  {
    scale = [0.08, 1],
    ratio = [3 / 4, 4 / 3],
  }: { readonly scale?: readonly [number, number]; readonly ratio?: readonly [number, number] } = {},
): Transform {
  return (image) => {
    const [rows, columns] = image.shape.slice(-2);
    const area = rows * columns * between(scale);
    const aspect = Math.exp(between([Math.log(ratio[0]), Math.log(ratio[1])]));
    const height = Math.max(1, Math.min(rows, Math.round(Math.sqrt(area / aspect))));
    const width = Math.max(1, Math.min(columns, Math.round(Math.sqrt(area * aspect))));
    const [top, left] = [Math.floor(between([0, rows - height + 1])), Math.floor(between([0, columns - width + 1]))];
    const part = image.slice(-2, top, top + height).slice(-1, left, left + width);
    return F.interpolate(part.unsqueeze(0), { size, mode: 'bilinear' }).squeeze(0);
  };
}
