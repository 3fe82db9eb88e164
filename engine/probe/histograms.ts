import { kernels } from '../kernels/kernels.ts';
import { type HistogramRows, HistogramWriter } from '../run/histogram.ts';
import { allocateDirty } from '../tensor/allocate.ts';
import type { Numbers } from '../tensor/dtype.ts';

/** Of more elements than this, a sample is a part. */
export const SAMPLE = 4096;
/** A sample is of so many blocks, spread evenly and elsewhere at every step. */
const BLOCKS = 16;
const BLOCK = SAMPLE / BLOCKS;

/** How the magnitudes of gradients are distributed, at the steps that the budget allows. */
export class Histograms {
  readonly #writer = new HistogramWriter();
  readonly #counts = new Uint32Array(256);
  /** Blocks of a large gradient side by side, where kernels reach them. */
  #sample: Numbers | null = null;
  #turn = 0;

  /** The next step: samples are taken elsewhere. */
  beginStep(): void {
    this.#turn++;
  }

  /** Counts a gradient's elements, or a sample of them. */
  add(id: number, gradient: Numbers, whole: boolean): void {
    const looked = whole || gradient.length <= SAMPLE ? gradient : this.#sampled(gradient);
    kernels.magnitudes(looked, this.#counts);
    this.#writer.add(id, this.#counts);
  }

  take(): HistogramRows | undefined {
    return this.#writer.take();
  }

  #sampled(gradient: Numbers): Numbers {
    this.#sample ??= allocateDirty('float32', SAMPLE);
    const stride = Math.floor(gradient.length / BLOCKS);
    // a golden section further at each step: after a few, all of a stretch has been seen
    const offset = Math.floor(((this.#turn * 0.6180339887) % 1) * (stride - BLOCK + 1));
    for (let i = 0; i < BLOCKS; i++) {
      const from = i * stride + offset;
      this.#sample.set(gradient.subarray(from, from + BLOCK), i * BLOCK);
    }
    return this.#sample;
  }
}
