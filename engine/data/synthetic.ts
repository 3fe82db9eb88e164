import { rand, randn, randperm } from '../tensor/chance.ts';
import { tensor } from '../tensor/create.ts';
import type { Tensor } from '../tensor/tensor.ts';

/** Points [n, features] and their classes (or values), as float32 [n, 1]. */
export interface Points {
  readonly x: Tensor;
  readonly y: Tensor;
}

function shuffled(points: readonly (readonly number[])[], classes: readonly number[], noise: number): Points {
  const order = randperm(points.length);
  const x = tensor(points).add(randn([points.length, points[0].length]).mul(noise));
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

/** `arms` spirals that wind `turns` times around each other from the centre, one class each, in random order. */
export function spirals(
  n: number,
  {
    noise = 0,
    arms = 2,
    turns = 1.5,
  }: { readonly noise?: number; readonly arms?: number; readonly turns?: number } = {},
): Points {
  const perArm = Math.ceil(n / arms);
  const points = Array.from({ length: n }, (_, i) => {
    const radius = (Math.floor(i / arms) + 1) / perArm;
    const angle = 2 * Math.PI * (turns * radius + (i % arms) / arms);
    return [radius * Math.cos(angle), radius * Math.sin(angle)];
  });
  return shuffled(
    points,
    points.map((_, i) => i % arms),
    noise,
  );
}

/** Normal clouds around `centers` random points of [−10, 10]ᵈ, one class each, in random order. */
export function blobs(
  n: number,
  {
    centers = 3,
    features = 2,
    std = 1,
  }: { readonly centers?: number; readonly features?: number; readonly std?: number } = {},
): Points {
  const middles = rand([centers, features]).mul(20).sub(10);
  const classes = Array.from({ length: n }, (_, i) => i % centers);
  return shuffled(
    classes.map((c) => Array.from(middles.select(0, c).toFlat())),
    classes,
    std,
  );
}

/** Normal inputs [n, features] and y = x·w + bias [n, 1] with normal weights w, plus normal noise. */
export function regression(
  n: number,
  {
    features = 1,
    noise = 0,
    bias = 0,
  }: { readonly features?: number; readonly noise?: number; readonly bias?: number } = {},
): Points & { readonly weights: Tensor } {
  const [x, weights] = [randn([n, features]), randn([features, 1])];
  return {
    x,
    weights,
    y: x
      .matmul(weights)
      .add(bias)
      .add(randn([n, 1]).mul(noise)),
  };
}
