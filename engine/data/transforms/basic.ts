import { randomUniform } from '../../tensor/random.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import * as functional from './functional/index.ts';

/** Changes one sample; images are [channels, height, width]. */
export type Transform = (sample: Tensor) => Tensor;

/** One transform after the other. */
export const compose =
  (transforms: readonly Transform[]): Transform =>
  (sample) =>
    transforms.reduce((x, transform) => transform(x), sample);

/** Applies a transform with probability `p`. */
export const randomApply =
  (transform: Transform, p = 0.5): Transform =>
  (image) =>
    randomUniform() < p ? transform(image) : image;

/** Mirrors left and right with probability `p`. */
export const randomHorizontalFlip = (p = 0.5): Transform => randomApply(functional.hflip, p);

/** Mirrors top and bottom with probability `p`. */
export const randomVerticalFlip = (p = 0.5): Transform => randomApply(functional.vflip, p);

/** (x − mean)/std per channel. */
export const normalize =
  (mean: readonly number[], std: readonly number[]): Transform =>
  (image) =>
    functional.normalize(image, mean, std);
