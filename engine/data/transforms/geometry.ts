import type { Transform } from './basic.ts';
import * as functional from './functional/index.ts';
import { between, type Range } from './range.ts';

/** A limit stands for both of its signs. */
const range = (limit: number | Range): Range => (typeof limit === 'number' ? [-limit, limit] : limit);

/** Turns about the centre by a uniform angle of ±`degrees`, or between two; 0 comes from outside. */
export const randomRotation =
  (degrees: number | Range, options: functional.WarpOptions = {}): Transform =>
  (image) =>
    functional.rotate(image, between(range(degrees)), options);

export interface AffineOptions extends functional.WarpOptions {
  /** Turned by up to ±this many degrees, or between two. Default 0. */
  readonly degrees?: number | Range;
  /** Moved by up to these shares of width and height. Default none. */
  readonly translate?: readonly [x: number, y: number];
  /** Scaled by a factor between these. Default 1. */
  readonly scale?: Range;
  /** Sheared along x by up to ±this many degrees, or between two; two more are for y. Default 0. */
  readonly shear?: number | Range | readonly [number, number, number, number];
}

/** Turns, shears, scales and moves at random, all at once. */
export function randomAffine({
  degrees = 0,
  translate: [x, y] = [0, 0],
  scale = [1, 1],
  shear = 0,
  ...options
}: AffineOptions): Transform {
  const [fromX, toX, fromY = 0, toY = 0] = typeof shear === 'number' ? range(shear) : shear;
  return (image) => {
    const [height, width] = image.shape.slice(-2);
    const moved = (share: number, size: number): number => Math.round(between(range(share * size)));
    const parameters = {
      angle: between(range(degrees)),
      translate: [moved(x, width), moved(y, height)],
      scale: between(scale),
      shear: [between([fromX, toX]), between([fromY, toY])],
    } as const;
    return functional.affine(image, parameters, options);
  };
}
