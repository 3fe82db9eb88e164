import type { Numbers } from '../../tensor/dtype.ts';
import type { Layout } from '../../tensor/shape.ts';

/** A nest of loops over several arrays at once: the sizes, and each array's strides. */
interface Nest {
  readonly shape: readonly number[];
  readonly strides: readonly (readonly number[])[];
}

/** Drops dimensions of size 1 and merges neighbours that every array walks in one stride: the inner loop gets long. */
function coalesce({ shape, strides }: Nest): Nest {
  const sizes: number[] = [];
  const merged: number[][] = strides.map(() => []);
  for (let d = 0; d < shape.length; d++) {
    if (shape[d] === 1) continue;
    const last = sizes.length - 1;
    if (last >= 0 && strides.every((s, a) => merged[a][last] === s[d] * shape[d])) {
      sizes[last] *= shape[d];
      for (let a = 0; a < strides.length; a++) merged[a][last] = strides[a][d];
    } else {
      sizes.push(shape[d]);
      for (let a = 0; a < strides.length; a++) merged[a].push(strides[a][d]);
    }
  }
  return sizes.length > 0 ? { shape: sizes, strides: merged } : { shape: [1], strides: strides.map(() => [0]) };
}

/**
 * Calls `row(offsets, length, steps)` for each innermost row: array `a` is read at `offsets[a] + i * steps[a]`.
 * `offsets` is reused between calls.
 */
export function eachRow(
  nest: Nest,
  start: readonly number[],
  row: (offsets: readonly number[], length: number, steps: readonly number[]) => void,
): void {
  if (nest.shape.includes(0)) return;
  const { shape, strides } = coalesce(nest);
  const inner = shape.length - 1;
  const steps = strides.map((s) => s[inner]);
  const offsets = [...start];
  const index = new Array<number>(inner).fill(0);
  for (;;) {
    row(offsets, shape[inner], steps);
    let d = inner - 1;
    for (; d >= 0; d--) {
      if (++index[d] < shape[d]) {
        for (let a = 0; a < offsets.length; a++) offsets[a] += strides[a][d];
        break;
      }
      for (let a = 0; a < offsets.length; a++) offsets[a] -= strides[a][d] * (shape[d] - 1);
      index[d] = 0;
    }
    if (d < 0) return;
  }
}

export const iterate = {
  /** Reads a strided layout into row-major order. */
  gather(data: Numbers, layout: Layout, out: Numbers): void {
    let o = 0;
    eachRow({ shape: layout.shape, strides: [layout.strides] }, [layout.offset], ([x], n, [step]) => {
      for (let i = 0; i < n; i++) out[o + i] = data[x + i * step];
      o += n;
    });
  },

  /** Writes row-major values into a strided layout. */
  scatter(values: Numbers, data: Numbers, layout: Layout): void {
    let v = 0;
    eachRow({ shape: layout.shape, strides: [layout.strides] }, [layout.offset], ([o], n, [step]) => {
      for (let i = 0; i < n; i++) data[o + i * step] = values[v + i];
      v += n;
    });
  },
};
