import { stack, tensor } from '../tensor/create.ts';
import { ArgumentError, ShapeError, showShape } from '../tensor/errors.ts';
import { permutation } from '../tensor/random.ts';
import { Tensor } from '../tensor/tensor.ts';
import type { ImageRequest, ReadImage } from './readers/ahead.ts';

/** Samples that can be had by position. A sample is one tensor per column: usually the input, then the target. */
export interface Dataset {
  readonly length: number;
  /** @param read Gives the images that `images` names; it may have them already. */
  get(index: number, read?: ReadImage): Tensor[];
  /** Several samples at once, stacked: [indices, …] per column. */
  batch(indices: readonly number[], read?: ReadImage): Tensor[];
  /** The image files of a sample, in the order in which `get` reads them: a loader can have them decoded ahead. */
  images?(index: number): readonly ImageRequest[];
}

type Value = Tensor | number | boolean | readonly Value[];
/** One sample of a user's data set: a value, or one per column. */
export type Sample = Tensor | readonly Value[];

/** What a script may give for a data set: PyTorch's `__len__` and `__getitem__`, or a list of samples. */
export type GivenDataset = Dataset | readonly Sample[] | { readonly length: number; get(index: number): Sample };

const isWhole = (value: Value): boolean => (Array.isArray(value) ? value.every(isWhole) : Number.isInteger(value));

/** Whole numbers become int32, as classes are; others float32. */
function toTensor(value: Value): Tensor {
  if (value instanceof Tensor) return value;
  return tensor(value as number, isWhole(value) ? { dtype: 'int32' } : {});
}

/** A data set of whatever was given. */
export function asDataset(given: GivenDataset): Dataset {
  if ('batch' in given) return given;
  const sampleOf = (index: number): Sample => ('get' in given ? given.get(index) : given[index]);
  const get = (index: number): Tensor[] => {
    const sample = sampleOf(index);
    return (sample instanceof Tensor ? [sample] : sample).map(toTensor);
  };
  return {
    get length() {
      return given.length;
    },
    get,
    batch: (indices) => collate(indices.map(get)),
  };
}

/**
 * Samples that come one after the other, from a stream or a generator, without positions or a known number. Subclass it with
 * `*[Symbol.iterator]()`, which yields samples as `get` of a Dataset would return them; every walk starts it anew.
 */
export abstract class IterableDataset implements Iterable<Tensor[]> {
  abstract [Symbol.iterator](): Iterator<Tensor[]>;
}

/** Tensors whose first dimensions count the samples. */
export class TensorDataset implements Dataset {
  readonly tensors: readonly Tensor[];

  /** @throws ShapeError unless all first dimensions are equal. */
  constructor(...tensors: Tensor[]) {
    if (tensors.length === 0 || tensors.some((t) => t.shape[0] !== tensors[0].shape[0])) {
      throw new ShapeError(
        `TensorDataset: expected tensors with equal first dimensions, got ${tensors.map((t) => showShape(t.shape)).join(' and ') || 'none'}.`,
      );
    }
    this.tensors = tensors.map((t) => t.detach());
  }

  get length(): number {
    return this.tensors[0].shape[0];
  }

  get(index: number): Tensor[] {
    return this.tensors.map((t) => t.select(0, index));
  }

  batch(indices: readonly number[]): Tensor[] {
    const picked = tensor(Int32Array.from(indices), { dtype: 'int32' });
    return this.tensors.map((t) => t.indexSelect(0, picked));
  }
}

/** Some samples of another data set. */
export class Subset implements Dataset {
  readonly source: Dataset;
  readonly indices: readonly number[];

  constructor(source: GivenDataset, indices: Iterable<number>) {
    this.source = asDataset(source);
    this.indices = [...indices];
  }

  get length(): number {
    return this.indices.length;
  }

  get(index: number, read?: ReadImage): Tensor[] {
    return this.source.get(this.indices[index], read);
  }

  batch(indices: readonly number[], read?: ReadImage): Tensor[] {
    return this.source.batch(
      indices.map((i) => this.indices[i]),
      read,
    );
  }

  images(index: number): readonly ImageRequest[] {
    return this.source.images?.(this.indices[index]) ?? [];
  }
}

/** Data sets one after the other. */
export class ConcatDataset implements Dataset {
  readonly sources: readonly Dataset[];

  constructor(sources: Iterable<GivenDataset>) {
    this.sources = [...sources].map(asDataset);
    if (this.sources.length === 0) throw new ArgumentError('ConcatDataset: expected at least one data set, got none.');
  }

  get length(): number {
    return this.sources.reduce((sum, { length }) => sum + length, 0);
  }

  get(index: number, read?: ReadImage): Tensor[] {
    const [source, rest] = this.#find(index);
    return source.get(rest, read);
  }

  batch(indices: readonly number[], read?: ReadImage): Tensor[] {
    return collate(indices.map((i) => this.get(i, read)));
  }

  images(index: number): readonly ImageRequest[] {
    const [source, rest] = this.#find(index);
    return source.images?.(rest) ?? [];
  }

  #find(index: number): [source: Dataset, index: number] {
    let rest = index;
    for (const source of this.sources) {
      if (rest < source.length) return [source, rest];
      rest -= source.length;
    }
    throw new ArgumentError(`ConcatDataset: there is no sample ${index} among ${this.length}.`);
  }
}

/** Samples as one batch: their tensors stacked, column by column. */
export function collate(samples: readonly (readonly Tensor[])[]): Tensor[] {
  return samples[0].map((_, column) => stack(samples.map((sample) => sample[column])));
}

/** Counts as they are; fractions as counts whose rounded-off rest goes to the first parts in turn, as in PyTorch. */
function counts(lengths: readonly number[], total: number): number[] {
  const sum = lengths.reduce((a, b) => a + b, 0);
  if (sum === total && lengths.every(Number.isInteger)) return [...lengths];
  if (Math.abs(sum - 1) > 1e-6 || lengths.some((n) => n < 0)) {
    throw new ArgumentError(
      `randomSplit: ${showShape(lengths)} are neither counts that sum to ${total} nor fractions that sum to 1.`,
    );
  }
  const floors = lengths.map((share) => Math.floor(share * total));
  const rest = total - floors.reduce((a, b) => a + b, 0);
  return floors.map((n, i) => n + Math.floor(rest / floors.length) + (i < rest % floors.length ? 1 : 0));
}

/** Deals the samples at random into parts of the given counts, or fractions that sum to 1. */
export function randomSplit(dataset: GivenDataset, lengths: readonly number[]): Subset[] {
  const order = permutation(dataset.length);
  let start = 0;
  return counts(lengths, dataset.length).map((n) => {
    const part = new Subset(dataset, order.subarray(start, start + n));
    start += n;
    return part;
  });
}
