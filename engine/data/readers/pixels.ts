import jpeg from 'jpeg-js';
import { PNG } from 'pngjs';
import { ArgumentError } from '../../tensor/errors.ts';
import { naming, readBytes } from './files.ts';

// Without tensors, so that a thread which does nothing else is soon there.

export type ImageMode = 'rgb' | 'rgba' | 'gray';

/** Pixels in order of channel, row and column, 0 … 1. */
export interface DecodedImage {
  readonly data: Float32Array<ArrayBuffer>;
  readonly shape: readonly [channels: number, height: number, width: number];
}

/** Pixels as RGBA bytes. */
interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

function unpack(path: string | URL): Pixels {
  const bytes = readBytes(path);
  return naming(path, () => {
    if (bytes[0] === 0x89 && bytes[1] === 0x50) return PNG.sync.read(bytes);
    if (bytes[0] === 0xff && bytes[1] === 0xd8) return jpeg.decode(bytes, { useTArray: true, tolerantDecoding: false });
    throw new ArgumentError(`readImage: ${path} is neither PNG nor JPEG.`);
  });
}

/** The pixels of a PNG or JPEG file. @throws ArgumentError for another file, or a damaged one. */
export function decodeImage(path: string | URL, mode: ImageMode): DecodedImage {
  const { width, height, data } = unpack(path);
  const [channels, plane] = [mode === 'gray' ? 1 : mode.length, width * height];
  const out = new Float32Array(channels * plane);
  for (let i = 0; i < plane; i++) {
    // Luma of ITU-R BT.601, as Pillow's conversion to L.
    if (mode === 'gray') out[i] = (0.299 * data[4 * i] + 0.587 * data[4 * i + 1] + 0.114 * data[4 * i + 2]) / 255;
    else for (let c = 0; c < channels; c++) out[c * plane + i] = data[4 * i + c] / 255;
  }
  return { data: out, shape: [channels, height, width] };
}
