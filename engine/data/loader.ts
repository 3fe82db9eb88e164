import { stack } from '../tensor/create.ts';
import { ArgumentError } from '../tensor/errors.ts';
import { permutation } from '../tensor/random.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { Dataset } from './dataset.ts';
import type { Sampler } from './samplers.ts';

export interface LoaderOptions {
  /** Default 1. */
  readonly batchSize?: number;
  /** A new random order each time the loader is walked. Default false. */
  readonly shuffle?: boolean;
  /** Leave out a last batch that isn't full. Default false. */
  readonly dropLast?: boolean;
  /** Which samples, in which order; instead of `shuffle`. */
  readonly sampler?: Sampler;
  /** Makes a batch of samples. Default: stacks them column by column. */
  readonly collate?: (samples: Tensor[][]) => Tensor[];
  /** Applied to the first tensor of each sample. */
  readonly transform?: (input: Tensor) => Tensor;
}

/** Walks a data set in batches: `for (const [x, y] of loader)`. Every walk starts over. */
export class DataLoader implements Iterable<Tensor[]> {
  readonly dataset: Dataset;
  readonly #options: Required<Pick<LoaderOptions, 'batchSize' | 'shuffle' | 'dropLast'>> & LoaderOptions;

  constructor(dataset: Dataset, options: LoaderOptions = {}) {
    this.dataset = dataset;
    this.#options = { batchSize: 1, shuffle: false, dropLast: false, ...options };
    const { batchSize, sampler, shuffle } = this.#options;
    if (shuffle && sampler !== undefined) throw new ArgumentError('DataLoader: give either a sampler or shuffle.');
    if (!Number.isInteger(batchSize) || batchSize < 1) {
      throw new ArgumentError(`DataLoader: batchSize must be a positive integer, got ${batchSize}.`);
    }
  }

  /** How many batches a walk gives. */
  get length(): number {
    const { batchSize, dropLast, sampler } = this.#options;
    const batches = (sampler?.length ?? this.dataset.length) / batchSize;
    return dropLast ? Math.floor(batches) : Math.ceil(batches);
  }

  *[Symbol.iterator](): Generator<Tensor[]> {
    const { batchSize, collate, transform } = this.#options;
    const order = this.#order();
    const batches = this.length;
    for (let b = 0; b < batches; b++) {
      const picked = order.slice(b * batchSize, (b + 1) * batchSize);
      const [input, ...rest] =
        collate === undefined ? this.dataset.batch(picked) : collate(picked.map((i) => this.dataset.get(i)));
      yield [transform === undefined ? input : stack(input.unbind(0).map(transform)), ...rest];
    }
  }

  #order(): number[] {
    const { sampler, shuffle } = this.#options;
    if (sampler !== undefined) return [...sampler];
    const count = this.dataset.length;
    return shuffle ? [...permutation(count)] : Array.from({ length: count }, (_, i) => i);
  }
}
