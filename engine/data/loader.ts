import { stack } from '../tensor/create.ts';
import { ArgumentError } from '../tensor/errors.ts';
import { permutation } from '../tensor/random.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { Dataset } from './dataset.ts';

export interface LoaderOptions {
  /** Default 1. */
  readonly batchSize?: number;
  /** A new random order each time the loader is walked. Default false. */
  readonly shuffle?: boolean;
  /** Leave out a last batch that isn't full. Default false. */
  readonly dropLast?: boolean;
  /** Applied to the first tensor of each sample. */
  readonly transform?: (input: Tensor) => Tensor;
}

/** Walks a data set in batches: `for (const [x, y] of loader)`. Every walk starts over. */
export class DataLoader implements Iterable<Tensor[]> {
  readonly dataset: Dataset;
  readonly #options: Required<Omit<LoaderOptions, 'transform'>> & Pick<LoaderOptions, 'transform'>;

  constructor(dataset: Dataset, options: LoaderOptions = {}) {
    this.dataset = dataset;
    this.#options = { batchSize: 1, shuffle: false, dropLast: false, ...options };
    const { batchSize } = this.#options;
    if (!Number.isInteger(batchSize) || batchSize < 1) {
      throw new ArgumentError(`DataLoader: batchSize must be a positive integer, got ${batchSize}.`);
    }
  }

  /** How many batches a walk gives. */
  get length(): number {
    const { batchSize, dropLast } = this.#options;
    const batches = this.dataset.length / batchSize;
    return dropLast ? Math.floor(batches) : Math.ceil(batches);
  }

  *[Symbol.iterator](): Generator<Tensor[]> {
    const { batchSize, shuffle, transform } = this.#options;
    const { length: count } = this.dataset;
    const order = shuffle ? permutation(count) : Int32Array.from({ length: count }, (_, i) => i);
    const batches = this.length;
    for (let b = 0; b < batches; b++) {
      const [input, ...rest] = this.dataset.batch([...order.subarray(b * batchSize, (b + 1) * batchSize)]);
      yield [transform === undefined ? input : stack(input.unbind(0).map(transform)), ...rest];
    }
  }
}
