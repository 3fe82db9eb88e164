import { stack } from '../tensor/create.ts';
import { ArgumentError } from '../tensor/errors.ts';
import { permutation } from '../tensor/random.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { asDataset, type Dataset, type GivenDataset, IterableDataset, collate as stackColumns } from './dataset.ts';
import { ImagesAhead } from './readers/ahead.ts';
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
  /**
   * How many threads decode images ahead, for data sets that say which they need (`ImageFolder`, and parts of it). Everything else
   * stays in this thread, so the batches are the same with and without. Default 0.
   */
  readonly numWorkers?: number;
  /** How many batches each thread may be ahead. Default 2. */
  readonly prefetchFactor?: number;
  /** Applied to the first tensor of each sample. */
  readonly transform?: (input: Tensor) => Tensor;
}

/** Walks a data set in batches: `for (const [x, y] of loader)`. Every walk starts over. */
export class DataLoader implements Iterable<Tensor[]> {
  readonly dataset: Dataset | IterableDataset;
  readonly #options: Required<
    Pick<LoaderOptions, 'batchSize' | 'shuffle' | 'dropLast' | 'numWorkers' | 'prefetchFactor'>
  > &
    LoaderOptions;

  constructor(dataset: GivenDataset | IterableDataset, options: LoaderOptions = {}) {
    this.dataset = dataset instanceof IterableDataset ? dataset : asDataset(dataset);
    this.#options = { batchSize: 1, shuffle: false, dropLast: false, numWorkers: 0, prefetchFactor: 2, ...options };
    const { batchSize, sampler, shuffle, numWorkers, prefetchFactor } = this.#options;
    if (shuffle && sampler !== undefined) throw new ArgumentError('DataLoader: give either a sampler or shuffle.');
    if (dataset instanceof IterableDataset && (shuffle || sampler !== undefined)) {
      throw new ArgumentError(
        'DataLoader: an IterableDataset comes in its own order, expected neither shuffle nor a sampler. Shuffle in the data set.',
      );
    }
    if (!Number.isInteger(batchSize) || batchSize < 1) {
      throw new ArgumentError(`DataLoader: batchSize must be a positive integer, got ${batchSize}.`);
    }
    if (!Number.isInteger(numWorkers) || numWorkers < 0 || !(prefetchFactor > 0)) {
      throw new ArgumentError(
        `DataLoader: expected numWorkers ≥ 0 and prefetchFactor > 0, got ${numWorkers} and ${prefetchFactor}.`,
      );
    }
  }

  /** How many batches a walk gives. @throws ArgumentError for an IterableDataset, which doesn't know. */
  get length(): number {
    if (this.dataset instanceof IterableDataset) {
      throw new ArgumentError('DataLoader: an IterableDataset has no length. Walk the loader instead.');
    }
    const { batchSize, dropLast, sampler } = this.#options;
    const batches = (sampler?.length ?? this.dataset.length) / batchSize;
    return dropLast ? Math.floor(batches) : Math.ceil(batches);
  }

  *[Symbol.iterator](): Generator<Tensor[]> {
    const { transform } = this.#options;
    for (const [input, ...rest] of this.#batches()) {
      yield [transform === undefined ? input : stack(input.unbind(0).map(transform)), ...rest];
    }
  }

  #batches(): Generator<Tensor[]> {
    return this.dataset instanceof IterableDataset ? this.#streamed(this.dataset) : this.#picked(this.dataset);
  }

  *#picked(dataset: Dataset): Generator<Tensor[]> {
    const { batchSize, collate } = this.#options;
    const batches = this.length;
    const order = this.#order(dataset.length).slice(0, batches * batchSize);
    const ahead = this.#ahead(dataset, order);
    try {
      for (let b = 0; b < batches; b++) {
        const picked = order.slice(b * batchSize, (b + 1) * batchSize);
        yield collate === undefined
          ? dataset.batch(picked, ahead?.read)
          : collate(picked.map((i) => dataset.get(i, ahead?.read)));
      }
    } finally {
      ahead?.close();
    }
  }

  /** The images of the walk being decoded by other threads, if that is wanted and there are any. */
  #ahead(dataset: Dataset, order: readonly number[]): ImagesAhead | null {
    const { numWorkers, prefetchFactor, batchSize } = this.#options;
    const requests = numWorkers === 0 ? [] : order.flatMap((i) => dataset.images?.(i) ?? []);
    if (requests.length === 0) return null;
    return new ImagesAhead(requests, numWorkers, prefetchFactor * numWorkers * batchSize);
  }

  *#streamed(dataset: IterableDataset): Generator<Tensor[]> {
    const { batchSize, dropLast, collate = stackColumns } = this.#options;
    let samples: Tensor[][] = [];
    for (const sample of dataset) {
      samples.push(sample);
      if (samples.length < batchSize) continue;
      yield collate(samples);
      samples = [];
    }
    if (samples.length > 0 && !dropLast) yield collate(samples);
  }

  #order(count: number): number[] {
    const { sampler, shuffle } = this.#options;
    if (sampler !== undefined) return [...sampler];
    return shuffle ? [...permutation(count)] : Array.from({ length: count }, (_, i) => i);
  }
}
