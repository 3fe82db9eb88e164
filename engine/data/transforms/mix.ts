import { oneHot } from '../../nn/functional.ts';
import { randperm } from '../../tensor/chance.ts';
import { ArgumentError } from '../../tensor/errors.ts';
import { normalFill, randomInteger, randomUniform } from '../../tensor/random.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import * as functional from './functional/index.ts';
import type { Batch } from './functional/mix.ts';

export interface MixOptions {
  /** Of the beta distribution of the shares: 1 is uniform, less is nearer to 0 and 1. Default 1. */
  readonly alpha?: number;
  /** How many classes there are, if targets are classes [n] and not probabilities [n, classes]. */
  readonly numClasses?: number;
}

function probabilities(target: Tensor, numClasses: number | undefined): Tensor {
  if (target.shape.length !== 1) return target;
  if (numClasses !== undefined) return oneHot(target, numClasses).to('float32');
  throw new ArgumentError('mixup, cutmix: targets are classes; say how many there are: { numClasses: 10 }.');
}

/** A number of the gamma distribution (Marsaglia & Tsang 2000). */
function gamma(shape: number): number {
  if (shape < 1) return gamma(shape + 1) * randomUniform() ** (1 / shape);
  const d = shape - 1 / 3;
  const normal = new Float64Array(1);
  for (;;) {
    normalFill(normal, 0, 1);
    const v = (1 + normal[0] / Math.sqrt(9 * d)) ** 3;
    if (v > 0 && Math.log(1 - randomUniform()) < normal[0] ** 2 / 2 + d - d * v + d * Math.log(v)) return d * v;
  }
}

/** A number of the beta distribution with both parameters `alpha`. */
function beta(alpha: number): number {
  if (!(alpha > 0)) throw new ArgumentError(`mixup, cutmix: alpha must be positive, got ${alpha}.`);
  const [a, b] = [gamma(alpha), gamma(alpha)];
  return a + b > 0 ? a / (a + b) : 0.5;
}

/** Each sample blended with another one of the batch, targets alike (Zhang et al. 2017). */
export function mixup([input, target]: Batch, { alpha = 1, numClasses }: MixOptions = {}): Batch {
  const [share, order] = [beta(alpha), randperm(input.shape[0])];
  return functional.mixup([input, probabilities(target, numClasses)], order, share);
}

/** Each image [n, c, h, w] with a rectangle of another one, targets by area (Yun et al. 2019). */
export function cutmix([input, target]: Batch, { alpha = 1, numClasses }: MixOptions = {}): Batch {
  const order = randperm(input.shape[0]);
  const [rows, columns] = input.shape.slice(-2);
  const side = Math.sqrt(1 - beta(alpha));
  const span = (size: number): [start: number, length: number] => {
    const [middle, half] = [randomInteger(size), Math.floor((side * size) / 2)];
    const [from, to] = [Math.max(0, middle - half), Math.min(size, middle + half)];
    return [from, to - from];
  };
  const [[top, height], [left, width]] = [span(rows), span(columns)];
  return functional.cutmix([input, probabilities(target, numClasses)], order, [top, left, height, width]);
}
