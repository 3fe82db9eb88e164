import { wrap } from '../../tensor/elements.ts';
import { ArgumentError } from '../../tensor/errors.ts';
import { sizeOf } from '../../tensor/shape.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { decode, type ElementName, elementTypes, naming, readBytes } from './files.ts';

// The third byte of the magic number (LeCun, Cortes & Burges, "The MNIST database", file formats).
const types: Readonly<Record<number, ElementName>> = { 8: 'u8', 9: 'i8', 11: 'i16', 12: 'i32', 13: 'f32', 14: 'f64' };

/**
 * An IDX file, as MNIST comes in, plain or gzip: images are int32 [n, rows, columns] of 0 … 255, labels int32 [n].
 * @throws ArgumentError if it isn't one, or ends early.
 */
export function readIdx(path: string | URL): Tensor {
  const bytes = readBytes(path);
  const type = types[bytes[2]];
  const rank = bytes[3];
  const start = 4 + 4 * rank;
  if (bytes.length < 4 || bytes[0] !== 0 || bytes[1] !== 0 || type === undefined || bytes.length < start) {
    throw new ArgumentError(`readIdx: ${path} is no IDX file: it should start with two zeros, a type and a rank.`);
  }
  const shape = Array.from({ length: rank }, (_, d) => bytes.readUInt32BE(4 + 4 * d));
  const wanted = start + sizeOf(shape) * elementTypes[type].size;
  if (bytes.length < wanted) {
    throw new ArgumentError(
      `readIdx: ${path} has ${bytes.length} bytes, expected ${wanted} for ${shape.join(' × ')} elements.`,
    );
  }
  return naming(path, () => wrap(decode(bytes, start, sizeOf(shape), type, false), elementTypes[type].dtype, shape));
}
