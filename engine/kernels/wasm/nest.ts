import type { Layout } from '../../tensor/shape.ts';
import type { Address } from './exports.ts';

/** Loops that a kernel can nest. */
const LEVELS = 4;
/** Arrays it can walk at once. */
const ARRAYS = 3;

/** Bytes that a nest takes. */
export const NEST_BYTES = 4 * LEVELS * (1 + ARRAYS);

/** What is known of an array: shape and strides; for `fold`, only strides. */
type Strided = Pick<Layout, 'shape' | 'strides'>;

/**
 * Loops over arrays that broadcast to one shape, written where a kernel reads them (assembly/movement/nest.ts). Dimensions of size 1
 * disappear and neighbours that every array walks in one stride become one, so that the innermost loop gets long.
 */
export class Nest {
  readonly address: Address;
  readonly #words: Int32Array;

  constructor(buffer: ArrayBufferLike, address: Address) {
    this.address = address;
    this.#words = new Int32Array(buffer, address, NEST_BYTES / 4);
  }

  /** The size of a loop, the innermost first. */
  size(level: number): number {
    return this.#words[level];
  }

  /** The stride of an array in a loop, in elements. */
  stride(array: number, level: number): number {
    return this.#words[LEVELS * (1 + array) + level];
  }

  /** @returns Whether four loops are enough. */
  fill(shape: readonly number[], a: Strided, b?: Strided, c?: Strided): boolean {
    const words = this.#words;
    for (let i = 0; i < LEVELS; i++) words[i] = 1;
    for (let i = LEVELS; i < words.length; i++) words[i] = 0;
    let level = -1;
    for (let d = shape.length - 1; d >= 0; d--) {
      const size = shape[d];
      if (size === 1) continue;
      const x = strideOf(a, d - shape.length);
      const y = b === undefined ? 0 : strideOf(b, d - shape.length);
      const z = c === undefined ? 0 : strideOf(c, d - shape.length);
      const merges =
        level >= 0 &&
        x === words[LEVELS + level] * words[level] &&
        y === words[2 * LEVELS + level] * words[level] &&
        z === words[3 * LEVELS + level] * words[level];
      if (merges) {
        words[level] *= size;
        continue;
      }
      if (++level === LEVELS) return false;
      words[level] = size;
      words[LEVELS + level] = x;
      words[2 * LEVELS + level] = y;
      words[3 * LEVELS + level] = z;
    }
    return true;
  }
}

/** The stride of a dimension counted from the end; 0 where the array is repeated. */
function strideOf({ shape, strides }: Strided, fromEnd: number): number {
  const d = shape.length + fromEnd;
  return d < 0 || shape[d] === 1 ? 0 : strides[d];
}
