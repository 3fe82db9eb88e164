import { normalization as reference } from '../reference/normalization.ts';
import type { Access } from './access.ts';
import { sample, type Trial } from './firstUse.ts';

/** Channels that there is room for. */
const CHANNELS = 16384;

/** Bytes for what belongs to channels: up to three arrays of float64. */
export const TABLE_BYTES = 3 * 8 * CHANNELS;

/** Normalization of float32 arrays in the heap; others go to the reference. */
export function wasmNormalization(access: Access): typeof reference {
  const { wasm } = access;
  const at = access.free;
  const table = new Float64Array(access.memory.buffer, at, TABLE_BYTES / 8);
  const fits = (channels: number) => channels <= CHANNELS;
  return {
    moments(x, mean, variance, sizes) {
      const [, channels, inner] = sizes;
      if (!access.single(x) || !fits(channels)) return reference.moments(x, mean, variance, sizes);
      wasm.moments(x.byteOffset, at, at + 8 * channels, ...sizes, channels * inner);
      mean.set(table.subarray(0, channels));
      variance.set(table.subarray(channels, 2 * channels));
    },
    scaleShift(x, a, b, out, sizes) {
      const [, channels] = sizes;
      if (!access.single(x) || !access.single(out) || !fits(channels)) {
        return reference.scaleShift(x, a, b, out, sizes);
      }
      table.set(a);
      table.set(b, channels);
      wasm.scaleShift(x.byteOffset, at, out.byteOffset, ...sizes);
    },
    channelSums(g, x, mean, sum, along, sizes) {
      const [, channels, inner] = sizes;
      if (!access.single(g) || !access.single(x) || !fits(channels)) {
        return reference.channelSums(g, x, mean, sum, along, sizes);
      }
      table.set(mean);
      const [sums, alongs] = [at + 8 * channels, at + 16 * channels];
      wasm.channelSums(g.byteOffset, x.byteOffset, at, sums, alongs, ...sizes, channels * inner);
      sum.set(table.subarray(channels, 2 * channels));
      along.set(table.subarray(2 * channels, 3 * channels));
    },
    combine(g, x, a, b, c, out, sizes) {
      const [, channels] = sizes;
      if (!access.single(g) || !access.single(x) || !access.single(out) || !fits(channels)) {
        return reference.combine(g, x, a, b, c, out, sizes);
      }
      table.set(a);
      table.set(b, channels);
      table.set(c, 2 * channels);
      wasm.combine(g.byteOffset, x.byteOffset, at, out.byteOffset, ...sizes);
    },
  };
}

/** Rows of 29: what the kernels take at once, a pair of vectors, and a rest. */
const SIZES = [2, 3, 29] as const;
const SIZE = 2 * 3 * 29;
const column = (first: number): Float64Array => Float64Array.of(first, first + 0.5, first - 1);

const moments: Trial<(typeof reference)['moments']> = (kernel, heap) => {
  const [mean, variance] = [column(0), column(0)];
  kernel(sample(heap, SIZE), mean, variance, SIZES);
  return Float64Array.of(...mean, ...variance);
};
const channelSums: Trial<(typeof reference)['channelSums']> = (kernel, heap) => {
  const [sum, along] = [column(0), column(0)];
  const both = sample(heap, 2 * SIZE);
  kernel(both.subarray(0, SIZE), both.subarray(SIZE), column(0.25), sum, along, SIZES);
  return Float64Array.of(...sum, ...along);
};
const scaleShift: Trial<(typeof reference)['scaleShift']> = (kernel, heap) => {
  const out = sample(heap, SIZE);
  kernel(sample(heap, SIZE), column(2), column(-1), out, SIZES);
  return out;
};
const combine: Trial<(typeof reference)['combine']> = (kernel, heap) => {
  const [both, out] = [sample(heap, 2 * SIZE), sample(heap, SIZE)];
  kernel(both.subarray(0, SIZE), both.subarray(SIZE), column(2), column(-1), column(1), out, SIZES);
  return out;
};

export const normalizationTrials = { moments, channelSums, scaleShift, combine };
