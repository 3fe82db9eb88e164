import { randn, randperm } from '../tensor/chance.ts';
import { tensor } from '../tensor/create.ts';
import type { Tensor } from '../tensor/tensor.ts';

/** Points [n, 2] and their classes 0 or 1, as float32 [n, 1]. */
export interface Points {
  readonly x: Tensor;
  readonly y: Tensor;
}

function shuffled(points: readonly (readonly number[])[], classes: readonly number[], noise: number): Points {
  const order = randperm(points.length);
  const x = tensor(points).add(randn([points.length, 2]).mul(noise));
  return { x: x.indexSelect(0, order), y: tensor(classes.map((c) => [c])).indexSelect(0, order) };
}

/** Two interleaving half circles of radius 1, in random order; `noise` is the standard deviation added to each coordinate. */
export function twoMoons(n: number, { noise = 0 }: { readonly noise?: number } = {}): Points {
  const upper = Math.ceil(n / 2);
  const points = Array.from({ length: n }, (_, i) => {
    const outer = i < upper;
    const count = outer ? upper : n - upper;
    const angle = (Math.PI * (outer ? i : i - upper)) / Math.max(1, count - 1);
    return outer ? [Math.cos(angle), Math.sin(angle)] : [1 - Math.cos(angle), 0.5 - Math.sin(angle)];
  });
  return shuffled(
    points,
    points.map((_, i) => (i < upper ? 0 : 1)),
    noise,
  );
}

/** A circle of radius 1 (class 0) around one of radius `factor` (class 1), in random order. */
export function twoCircles(
  n: number,
  { noise = 0, factor = 0.5 }: { readonly noise?: number; readonly factor?: number } = {},
): Points {
  const outer = Math.ceil(n / 2);
  const points = Array.from({ length: n }, (_, i) => {
    const angle = (2 * Math.PI * i) / outer;
    const radius = i < outer ? 1 : factor;
    return [radius * Math.cos(angle), radius * Math.sin(angle)];
  });
  return shuffled(
    points,
    points.map((_, i) => (i < outer ? 0 : 1)),
    noise,
  );
}
