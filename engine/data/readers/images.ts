import { wrap } from '../../tensor/elements.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { decodeImage, type ImageMode } from './pixels.ts';

export interface ImageOptions {
  /** Default rgb. */
  readonly mode?: ImageMode;
}

/** A PNG or JPEG file as float32 [channels, height, width] of 0 … 1. @throws ArgumentError for another file, or a damaged one. */
export function readImage(path: string | URL, { mode = 'rgb' }: ImageOptions = {}): Tensor {
  const { data, shape } = decodeImage(path, mode);
  return wrap(data, 'float32', shape);
}
