import { elements, wrap } from '../../../tensor/elements.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import { roundHalfEven } from './crop.ts';

export interface WarpOptions {
  /** Default nearest. */
  readonly interpolation?: 'nearest' | 'bilinear';
}

/** Where a pixel (x, y), counted from the centre, comes from: (a·x + b·y + c, d·x + e·y + f). */
type Mapping = readonly [a: number, b: number, c: number, d: number, e: number, f: number];

/** Pulls each pixel of an image [c, h, w] from where the mapping says. 0 comes from outside. */
function warp(
  image: Tensor,
  [a, b, c, d, e, f]: Mapping,
  { interpolation = 'nearest' }: Readonly<WarpOptions>,
): Tensor {
  const [height, width] = image.shape.slice(-2);
  const channels = image.numel() / (height * width);
  const source = elements(image);
  const out = new Float32Array(source.length);
  const [middleY, middleX] = [(height - 1) / 2, (width - 1) / 2];
  const add = (to: number, x: number, y: number, weight: number): void => {
    if (x < 0 || x >= width || y < 0 || y >= height) return;
    for (let plane = 0; plane < channels * height * width; plane += height * width) {
      out[plane + to] += weight * source[plane + y * width + x];
    }
  };
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const [dx, dy] = [x - middleX, y - middleY];
      const fromX = middleX + a * dx + b * dy + c;
      const fromY = middleY + d * dx + e * dy + f;
      const to = y * width + x;
      if (interpolation === 'nearest') {
        add(to, roundHalfEven(fromX), roundHalfEven(fromY), 1);
        continue;
      }
      const [left, top] = [Math.floor(fromX), Math.floor(fromY)];
      for (let corner = 0; corner < 4; corner++) {
        const [px, py] = [left + (corner & 1), top + (corner >> 1)];
        add(to, px, py, (1 - Math.abs(fromX - px)) * (1 - Math.abs(fromY - py)));
      }
    }
  return wrap(out, 'float32', image.shape);
}

const radians = (degrees: number): number => (degrees * Math.PI) / 180;

export interface AffineParameters {
  /** Degrees clockwise. Default 0. */
  readonly angle?: number;
  /** Pixels to the right and down. Default none. */
  readonly translate?: readonly [x: number, y: number];
  /** Default 1. */
  readonly scale?: number;
  /** Degrees along x and y. Default none. */
  readonly shear?: readonly [x: number, y: number];
}

/** Sheared, turned and scaled about the centre, then moved. */
export function affine(
  image: Tensor,
  { angle = 0, translate: [right, down] = [0, 0], scale = 1, shear = [0, 0] }: AffineParameters,
  options: WarpOptions = {},
): Tensor {
  const [turn, sx, sy] = [angle, ...shear].map(radians);
  // The matrix is R(turn)·shearY·shearX·scale; its inverse says where a pixel comes from.
  const a = Math.cos(turn - sy) / Math.cos(sy);
  const b = -a * Math.tan(sx) - Math.sin(turn);
  const c = Math.sin(turn - sy) / Math.cos(sy);
  const d = -c * Math.tan(sx) + Math.cos(turn);
  const [m00, m01, m10, m11] = [d, -b, -c, a].map((v) => v / scale);
  return warp(image, [m00, m01, -m00 * right - m01 * down, m10, m11, -m10 * right - m11 * down], options);
}

/** Turned about the centre, by degrees counter-clockwise. */
export const rotate = (image: Tensor, angle: number, options: WarpOptions = {}): Tensor =>
  affine(image, { angle: -angle }, options);
