import { elements } from '../tensor/elements.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { FrameSink } from './sink.ts';

/** More than so many different samples aren't few: nobody looks any further. */
const FEW = 100;
/** Elements of a sample that tell it from others: all of a short one. */
const MOST_ELEMENTS = 128;
/** They are told once each has been seen so often on average, and once more when it is so many times as often. */
const TOLD_AFTER = 4;
const TOLD_AGAIN = 4;

const [float, bits] = floatAndBits();

function floatAndBits(): [Float32Array, Int32Array] {
  const float = new Float32Array(1);
  return [float, new Int32Array(float.buffer)];
}

/** Counts the different samples that a run is trained on, where they are few: of the data that enter first in a step. */
export class Samples {
  /** There are many, or all has been told. */
  done = false;
  readonly #sink: FrameSink;
  /** By a hash of their elements. */
  readonly #different = new Set<number>();
  #seen = 0;
  #tellAt = 0;
  #told = 0;
  #step = -1;

  constructor(sink: FrameSink) {
    this.#sink = sink;
  }

  /** Data [samples, …] enter a layer; only the first ones of a step count. */
  enter(data: Tensor, layer: number | null, step: number): void {
    if (this.done || step === this.#step) return;
    this.#step = step;
    const [rows] = data.shape;
    const x = elements(data);
    const length = x.length / rows;
    const every = Math.ceil(length / MOST_ELEMENTS);
    for (let row = 0; row < rows && this.#different.size <= FEW; row++) {
      let hash = 0;
      for (let i = row * length; i < (row + 1) * length; i += every) {
        float[0] = x[i];
        hash = Math.imul(hash ^ bits[0], 0x01000193) ^ (hash >>> 15); // as FNV-1a, by words
      }
      this.#different.add(hash);
    }
    this.#seen += rows;
    const distinct = this.#different.size;
    this.done = distinct > FEW;
    if (this.done || this.#seen < Math.max(this.#tellAt, TOLD_AFTER * distinct)) return;
    this.#sink({ kind: 'samples', step, layer, features: length, distinct, seen: this.#seen });
    this.#tellAt = TOLD_AGAIN * this.#seen;
    this.done = ++this.#told > TOLD_AGAIN;
  }
}
