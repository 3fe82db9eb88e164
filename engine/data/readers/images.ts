import { readdirSync } from 'node:fs';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import jpeg from 'jpeg-js';
import { PNG } from 'pngjs';
import { tensor } from '../../tensor/create.ts';
import { wrap } from '../../tensor/elements.ts';
import { ArgumentError, ShapeError, showShape } from '../../tensor/errors.ts';
import { sameShape } from '../../tensor/shape.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { collate, type Dataset } from '../dataset.ts';
import type { Transform } from '../transforms/basic.ts';
import { naming, readBytes } from './files.ts';

export interface ImageOptions {
  /** Default rgb. */
  readonly mode?: 'rgb' | 'rgba' | 'gray';
}

/** Pixels as RGBA bytes. */
interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

function decodeImage(path: string | URL): Pixels {
  const bytes = readBytes(path);
  return naming(path, () => {
    if (bytes[0] === 0x89 && bytes[1] === 0x50) return PNG.sync.read(bytes);
    if (bytes[0] === 0xff && bytes[1] === 0xd8) return jpeg.decode(bytes, { useTArray: true, tolerantDecoding: false });
    throw new ArgumentError(`readImage: ${path} is neither PNG nor JPEG.`);
  });
}

/** A PNG or JPEG file as float32 [channels, height, width] of 0 … 1. @throws ArgumentError for another file. */
export function readImage(path: string | URL, { mode = 'rgb' }: ImageOptions = {}): Tensor {
  const { width, height, data } = decodeImage(path);
  const [channels, plane] = [mode === 'gray' ? 1 : mode.length, width * height];
  const out = new Float32Array(channels * plane);
  for (let i = 0; i < plane; i++) {
    // Luma of ITU-R BT.601, as Pillow's conversion to L.
    if (mode === 'gray') out[i] = (0.299 * data[4 * i] + 0.587 * data[4 * i + 1] + 0.114 * data[4 * i + 2]) / 255;
    else for (let c = 0; c < channels; c++) out[c * plane + i] = data[4 * i + c] / 255;
  }
  return wrap(out, 'float32', [channels, height, width]);
}

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

  get(index: number): Tensor[] {
    const { path, target } = this.files[index];
    const image = readImage(path, this.#options);
    return [this.#options.transform?.(image) ?? image, tensor(target, { dtype: 'int32' })];
  }

  /** @throws ShapeError, naming two files, if the images (transformed) have different shapes. */
  batch(indices: readonly number[]): Tensor[] {
    const samples = indices.map((i) => this.get(i));
    const odd = samples.findIndex(([image]) => !sameShape(image.shape, samples[0][0].shape));
    if (odd < 0) return collate(samples);
    const [first, other] = [0, odd].map((i) => `${showShape(samples[i][0].shape)} in ${this.files[indices[i]].path}`);
    throw new ShapeError(
      `ImageFolder: a batch needs images of one shape, got ${first} and ${other}. Give a transform such as resize([32, 32]).`,
    );
  }
}
