import { rand, randn, randperm } from '../tensor/chance.ts';
import { tensor } from '../tensor/create.ts';
import { ArgumentError } from '../tensor/errors.ts';
import type { Tensor } from '../tensor/tensor.ts';

/** Points [n, features] and their classes (or values), as float32 [n, 1]. */
export interface Points {
  readonly x: Tensor;
  readonly y: Tensor;
}

/** @throws ArgumentError for a count that is none: options come second. */
function counted(n: number): void {
  if (Number.isInteger(n) && n >= 0) return;
  throw new ArgumentError(
    `Expected how many points first, as in twoMoons(500, { noise: 0.1 }); got ${typeof n === 'object' ? 'an object' : n}.`,
  );
}

/** n points with their classes, in random order; `noise` is the standard deviation of what is added to each coordinate. */
function shuffled(n: number, noise: number, point: (i: number) => readonly [place: number[], label: number]): Points {
  counted(n);
  const order = randperm(n);
  const points = Array.from({ length: n }, (_, i) => point(i));
  const x = tensor(points.map(([place]) => place));
  const y = tensor(points.map(([, label]) => [label]));
  return { x: x.add(randn(x.shape).mul(noise)).indexSelect(0, order), y: y.indexSelect(0, order) };
}

const onCircle = (radius: number, angle: number): number[] => [radius * Math.cos(angle), radius * Math.sin(angle)];

interface Noise {
  /** Standard deviation of what is added to each coordinate. Default 0. */
  readonly noise?: number;
}

/** Two interleaving half circles of radius 1, in random order. */
export function twoMoons(n: number, { noise = 0 }: Noise = {}): Points {
  const upper = Math.ceil(n / 2);
  return shuffled(n, noise, (i) => {
    const [at, count] = i < upper ? [i, upper] : [i - upper, n - upper];
    const [x, y] = onCircle(1, (Math.PI * at) / Math.max(1, count - 1));
    return i < upper ? [[x, y], 0] : [[1 - x, 0.5 - y], 1];
  });
}

/** A circle of radius 1 (class 0) around one of radius `factor` (class 1), in random order. */
export function twoCircles(n: number, { noise = 0, factor = 0.5 }: Noise & { readonly factor?: number } = {}): Points {
  const outer = Math.ceil(n / 2);
  return shuffled(n, noise, (i) => {
    const angle = (2 * Math.PI * i) / outer;
    return i < outer ? [onCircle(1, angle), 0] : [onCircle(factor, angle), 1];
  });
}

/** `arms` spirals that wind `turns` times around each other from the centre, one class each, in random order. */
export function spirals(
  n: number,
  { noise = 0, arms = 2, turns = 1.5 }: Noise & { readonly arms?: number; readonly turns?: number } = {},
): Points {
  const perArm = Math.ceil(n / arms);
  return shuffled(n, noise, (i) => {
    const radius = (Math.floor(i / arms) + 1) / perArm;
    return [onCircle(radius, 2 * Math.PI * (turns * radius + (i % arms) / arms)), i % arms];
  });
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
  return shuffled(n, std, (i) => [Array.from(middles.select(0, i % centers).toFlat()), i % centers]);
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
  counted(n);
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
