import { type Row, statistics as reference } from '../reference/statistics.ts';
import { type Access, NOWHERE } from './access.ts';
import type { Address } from './exports.ts';
import { sample, type Trial } from './firstUse.ts';

/**
 * Statistics of float32 arrays in the heap; others go to the reference. Sums are taken in single precision a block at a time,
 * and in double where that isn't enough.
 * @param wide Whether 256 bits have been found right.
 */
export function wasmStatistics(access: Access, wide: boolean): typeof reference {
  const { wasm, free } = access;
  const sums = new Float64Array(access.memory.buffer, free, 6);
  const exponents = new Uint32Array(access.memory.buffer, free, 256);
  return {
    measure(x, out) {
      if (!access.single(x)) return reference.measure(x, out);
      wasm.measure(x.byteOffset, x.length, free);
      out.set(sums);
    },
    magnitudes(x, counts) {
      if (!access.single(x)) return reference.magnitudes(x, counts);
      wasm.magnitudes(x.byteOffset, x.length, free);
      counts.set(exponents);
    },
    squaredDistance(a, b) {
      if (!access.single(a) || !access.single(b)) return reference.squaredDistance(a, b);
      return wasm.squaredDistance(a.byteOffset, b.byteOffset, a.length, free);
    },
    measureParameter(p, g, before, row) {
      const [from, by, to] = [access.place(p, 0), access.place(g, 1), access.place(before, 2)];
      if (from === NOWHERE || by === NOWHERE || to === NOWHERE || !access.single(row.values)) {
        reference.measureParameter(p, g, before, row);
        return;
      }
      wasm.measureParameter(from, by, to, p.length, addressOf(row), wide, free);
      access.written(before as Float32Array, to);
    },
    measureUpdate(p, before, row) {
      if (!access.single(p) || !access.single(before)) return reference.measureUpdate(p, before, row);
      row.values[row.at + 12] = Math.sqrt(wasm.squaredDistance(p.byteOffset, before.byteOffset, p.length, free));
    },
  };
}

/** The first byte of a row whose memory kernels reach. */
export const addressOf = ({ values, at }: Row): Address => values.byteOffset + 4 * at;

/** A block of those that are measured together, and a part of one with a rest: a trial's elements. */
export const TRIED = 2048 + 27;
/** The columns of a row that kernels fill. */
export const ROW = 13;

type MeasureParameter = (typeof reference)['measureParameter'];

/** The row of a parameter of more than a block, and the copy that is made of it. */
export const statisticsTrials: { readonly measureParameter: Trial<MeasureParameter> } = {
  measureParameter: (measureParameter, heap) => {
    const [p, g, before, row] = [TRIED, TRIED, TRIED, ROW].map((count) => sample(heap, count));
    measureParameter(p, g, before, { values: row, at: 0 });
    return Float32Array.of(...row, ...before);
  },
};
