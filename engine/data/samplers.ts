import { multinomial } from '../tensor/chance.ts';
import { tensor } from '../tensor/create.ts';
import { permutation } from '../tensor/random.ts';

/** An order of samples, new each time it is walked. */
export interface Sampler extends Iterable<number> {
  readonly length: number;
}

/** Samples drawn by weights that needn't sum to 1: against unequal classes. */
export class WeightedRandomSampler implements Sampler {
  readonly weights: readonly number[];
  readonly length: number;
  readonly #replacement: boolean;

  constructor(
    weights: Iterable<number>,
    count: number,
    { replacement = true }: { readonly replacement?: boolean } = {},
  ) {
    this.weights = [...weights];
    this.length = count;
    this.#replacement = replacement;
  }

  *[Symbol.iterator](): Generator<number> {
    const weights = tensor(Float64Array.from(this.weights), { dtype: 'float64' });
    yield* multinomial(weights, this.length, { replacement: this.#replacement }).toFlat();
  }
}

/** All samples in a random order. */
export class RandomSampler implements Sampler {
  readonly length: number;

  constructor(dataset: { readonly length: number }) {
    this.length = dataset.length;
  }

  *[Symbol.iterator](): Generator<number> {
    yield* permutation(this.length);
  }
}
