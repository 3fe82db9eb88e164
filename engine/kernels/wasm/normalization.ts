import { normalization as reference } from '../reference/normalization.ts';
import type { Access } from './access.ts';

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
