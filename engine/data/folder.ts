import { readdirSync } from 'node:fs';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { tensor } from '../tensor/create.ts';
import { ArgumentError, ShapeError, showShape } from '../tensor/errors.ts';
import { sameShape } from '../tensor/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { collate, type Dataset } from './dataset.ts';
import type { ImageRequest, ReadImage } from './readers/ahead.ts';
import { type ImageOptions, readImage } from './readers/images.ts';
import type { Transform } from './transforms/basic.ts';

export interface FolderOptions extends ImageOptions {
  /** Applied to each image; a batch needs images of one size. */
  readonly transform?: Transform;
}

/** Images in one folder per class, read when they are asked for: samples are an image and its class, int32. */
export class ImageFolder implements Dataset {
  /** The names of the folders, in order; their positions are the classes. */
  readonly classes: readonly string[];
  readonly files: readonly { readonly path: string; readonly target: number }[];
  readonly #options: FolderOptions;

  /** @throws ArgumentError if no folder in `root` holds an image. */
  constructor(root: string | URL, options: FolderOptions = {}) {
    const base = root instanceof URL ? fileURLToPath(root) : root;
    const folders = readdirSync(base, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    this.classes = folders.map(({ name }) => name).sort();
    this.files = this.classes.flatMap((name, target) =>
      readdirSync(join(base, name))
        .filter((file) => ['.png', '.jpg', '.jpeg'].includes(extname(file).toLowerCase()))
        .sort()
        .map((file) => ({ path: join(base, name, file), target })),
    );
    if (this.files.length === 0) {
      throw new ArgumentError(
        `ImageFolder: expected a folder per class with .png or .jpg files in ${base}, found none.`,
      );
    }
    this.#options = options;
  }

  get length(): number {
    return this.files.length;
  }

  /** The class of each file. */
  get targets(): number[] {
    return this.files.map(({ target }) => target);
  }

  /** The class of each folder's name. */
  get classToIdx(): Record<string, number> {
    return Object.fromEntries(this.classes.map((name, i) => [name, i]));
  }

  get(index: number, read: ReadImage = readImage): Tensor[] {
    const { path, target } = this.files[index];
    const image = read(path, this.#options);
    return [this.#options.transform?.(image) ?? image, tensor(target, { dtype: 'int32' })];
  }

  /** @throws ShapeError, naming two files, if the images (transformed) have different shapes. */
  batch(indices: readonly number[], read?: ReadImage): Tensor[] {
    const samples = indices.map((i) => this.get(i, read));
    const odd = samples.findIndex(([image]) => !sameShape(image.shape, samples[0][0].shape));
    if (odd < 0) return collate(samples);
    const [first, other] = [0, odd].map((i) => `${showShape(samples[i][0].shape)} in ${this.files[indices[i]].path}`);
    throw new ShapeError(
      `ImageFolder: a batch needs images of one shape, got ${first} and ${other}. Give a transform such as resize([32, 32]).`,
    );
  }

  images(index: number): readonly ImageRequest[] {
    return [{ path: this.files[index].path, options: this.#options }];
  }
}
