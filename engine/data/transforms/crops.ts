import { pair } from '../../nn/functional/sizes.ts';
import * as F from '../../nn/functional.ts';
import { ShapeError, showShape } from '../../tensor/errors.ts';
import { randomInteger, randomUniform } from '../../tensor/random.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { Transform } from './basic.ts';
import { roundHalfEven } from './functional/crop.ts';
import * as functional from './functional/index.ts';
import { between, type Range } from './range.ts';

/** A random window of the image, which is surrounded by `padding` zeros first. @throws ShapeError if it doesn't fit. */
export function randomCrop(size: F.Size, { padding = 0 }: { readonly padding?: number } = {}): Transform {
  const [height, width] = pair(size);
  return (image) => {
    const padded = padding > 0 ? F.pad(image, [padding, padding, padding, padding]) : image;
    const [rows, columns] = padded.shape.slice(-2);
    if (rows < height || columns < width) {
      throw new ShapeError(`randomCrop: a window of ${height} × ${width} doesn't fit into ${showShape(padded.shape)}.`);
    }
    const [top, left] = [randomInteger(rows - height + 1), randomInteger(columns - width + 1)];
    return functional.crop(padded, top, left, height, width);
  };
}

/** The middle of the image, with 0 around it if the image is smaller. */
export const centerCrop =
  (size: F.Size): Transform =>
  (image) =>
    functional.centerCrop(image, pair(size));

/** Another size, bilinear. One number is the length of the shorter side. */
export const resize =
  (size: F.Size, options: functional.ResizeOptions = {}): Transform =>
  (image) =>
    functional.resize(image, size, options);

/** Height and width of `area` pixels, the height `ratio` times the width. */
const sides = (area: number, ratio: number): [height: number, width: number] => [
  roundHalfEven(Math.sqrt(area * ratio)),
  roundHalfEven(Math.sqrt(area / ratio)),
];

/** A uniform number of a range, by its logarithm. */
const ratioOf = ([low, high]: Range): number => Math.exp(between([Math.log(low), Math.log(high)]));

type Window = [top: number, left: number, height: number, width: number];

/** A random window whose area and shape are tried ten times; null if none fits. */
function drawWindow(image: Tensor, draw: (area: number) => [number, number]): Window | null {
  const [rows, columns] = image.shape.slice(-2);
  for (let attempt = 0; attempt < 10; attempt++) {
    const [height, width] = draw(rows * columns);
    if (height <= 0 || width <= 0 || height > rows || width > columns) continue;
    return [randomInteger(rows - height + 1), randomInteger(columns - width + 1), height, width];
  }
  return null;
}

/** The largest window in the middle whose width by height is within a range. */
function middle(image: Tensor, [low, high]: Range): Window {
  const [rows, columns] = image.shape.slice(-2);
  const width = columns / rows > high ? roundHalfEven(rows * high) : columns;
  const height = columns / rows < low ? roundHalfEven(columns / low) : rows;
  return [Math.floor((rows - height) / 2), Math.floor((columns - width) / 2), height, width];
}

export interface ResizedCropOptions extends functional.ResizeOptions {
  /** The share of the area. Default 0.08 to 1. */
  readonly scale?: Range;
  /** Width by height. Default 3/4 to 4/3. */
  readonly ratio?: Range;
}

/** A random part of the image, at the size asked for. */
export function randomResizedCrop(
  size: F.Size,
  { scale = [0.08, 1], ratio = [3 / 4, 4 / 3], ...options }: ResizedCropOptions = {},
): Transform {
  return (image) => {
    const window = drawWindow(image, (area) => sides(area * between(scale), 1 / ratioOf(ratio)));
    return functional.resizedCrop(image, window ?? middle(image, ratio), pair(size), options);
  };
}

export interface ErasingOptions {
  /** How often. Default 0.5. */
  readonly p?: number;
  /** The share of the area. Default 0.02 to 0.33. */
  readonly scale?: Range;
  /** Height by width. Default 0.3 to 3.3. */
  readonly ratio?: Range;
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
  return (image) => {
    if (randomUniform() >= p) return image;
    const window = drawWindow(image, (area) => sides(area * between(scale), ratioOf(ratio)));
    return window === null ? image : functional.erase(image, ...window, value);
  };
}
