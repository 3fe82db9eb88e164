import { allocate } from './allocate.ts';
import { isFloating, type Numbers, toFloating } from './dtype.ts';
import { elements, wrap } from './elements.ts';
import { ArgumentError, DTypeError } from './errors.ts';
import { finish, newSize, type TensorOptions } from './options.ts';
import { bernoulliFill, normalFill, permutation, randomInteger, randomUniform, uniformFill } from './random.ts';
import type { Tensor } from './tensor.ts';

function random(shape: readonly number[], options: TensorOptions, fill: (out: Numbers) => void): Tensor {
  const dtype = options.dtype ?? 'float32';
  const out = allocate(dtype, newSize(shape));
  fill(out);
  return finish(out, dtype, shape, options);
}

/** Fractions have no place in integers. */
function fractions(
  name: string,
  shape: readonly number[],
  options: TensorOptions,
  fill: (out: Numbers) => void,
): Tensor {
  const { dtype = 'float32' } = options;
  if (!isFloating(dtype)) {
    throw new DTypeError(`${name}: expected float32 or float64, got ${dtype}. randint() draws integers.`);
  }
  return random(shape, options, fill);
}

/** Uniform in [0, 1). */
export const rand = (shape: readonly number[], options: TensorOptions = {}): Tensor =>
  fractions('rand', shape, options, (out) => uniformFill(out, 0, 1));

/** Normal, mean 0 and standard deviation 1. */
export const randn = (shape: readonly number[], options: TensorOptions = {}): Tensor =>
  fractions('randn', shape, options, (out) => normalFill(out, 0, 1));

/** Uniform integers low … high − 1, int32. */
export function randint(low: number, high: number, shape: readonly number[], options: TensorOptions = {}): Tensor {
  if (!(high > low)) throw new ArgumentError(`randint: expected low < high, got ${low} and ${high}.`);
  return random(shape, { dtype: 'int32', ...options }, (out) => {
    for (let i = 0; i < out.length; i++) out[i] = low + randomInteger(high - low);
  });
}

/** Uniform in [0, 1), of the shape and type of another tensor. */
export const randLike = (like: Tensor, options: TensorOptions = {}): Tensor =>
  rand(like.shape, { dtype: toFloating(like.dtype), ...options });

/** Normal numbers, of the shape and type of another tensor. */
export const randnLike = (like: Tensor, options: TensorOptions = {}): Tensor =>
  randn(like.shape, { dtype: toFloating(like.dtype), ...options });

/** A random order of 0 … n − 1, int32. */
export const randperm = (n: number): Tensor => wrap(permutation(newSize([n])), 'int32', [n]);

/** 1 with the probability each element gives, else 0. */
export function bernoulli(probabilities: Tensor): Tensor {
  const p = elements(probabilities);
  const wrong = p.find((chance) => !(chance >= 0 && chance <= 1));
  if (wrong !== undefined) throw new ArgumentError(`bernoulli: expected probabilities in [0, 1], got ${wrong}.`);
  const dtype = toFloating(probabilities.dtype);
  const out = allocate(dtype, p.length);
  for (let i = 0; i < p.length; i++) bernoulliFill(out.subarray(i, i + 1), p[i]);
  return wrap(out, dtype, probabilities.shape);
}

/** One position drawn by weights ≥ 0, of which at least one is positive. */
function draw(weights: Float64Array): number {
  const total = weights.reduce((sum, w) => sum + w, 0);
  let rest = randomUniform() * total;
  let last = 0;
  for (let i = 0; i < weights.length; i++) {
    if (weights[i] === 0) continue;
    rest -= weights[i];
    last = i;
    if (rest < 0) return i;
  }
  return last;
}

/**
 * int32 positions drawn by weights [n] or [rows, n], `count` of each row; without replacement unless asked for.
 * @throws ArgumentError for a negative weight, or when fewer weights are positive than are to be drawn.
 */
export function multinomial(
  weights: Tensor,
  count: number,
  { replacement = false }: { readonly replacement?: boolean } = {},
): Tensor {
  const n = weights.shape[weights.shape.length - 1];
  const all = Float64Array.from(elements(weights));
  const rows = all.length / n;
  const out = allocate('int32', rows * count);
  for (let r = 0; r < rows; r++) {
    const row = all.subarray(r * n, (r + 1) * n);
    const positive = row.filter((w) => w > 0).length;
    if (row.some((w) => !(w >= 0)) || positive < (replacement ? 1 : count)) {
      throw new ArgumentError(
        `multinomial: can't draw ${count} of ${positive} positive weights; weights must be ≥ 0` +
          `${replacement ? '' : ', and { replacement: true } draws one several times'}.`,
      );
    }
    for (let i = 0; i < count; i++) {
      const drawn = draw(row);
      out[r * count + i] = drawn;
      if (!replacement) row[drawn] = 0;
    }
  }
  return wrap(out, 'int32', [...weights.shape.slice(0, -1), count]);
}
