import type { Numbers } from '../../tensor/dtype.ts';
import { broadcastStrides, contiguousStrides, type Layout } from '../../tensor/shape.ts';
import { type BinaryName, binary } from './binary.ts';
import { type ReduceName, reduce } from './reduce.ts';

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
  /** out = f(x, y), both broadcast to `shape`; `out` is row-major. */
  zip(
    name: BinaryName,
    x: Numbers,
    xLayout: Layout,
    y: Numbers,
    yLayout: Layout,
    out: Numbers,
    shape: readonly number[],
  ): void {
    const kernel = binary[name];
    const strides = [broadcastStrides(xLayout, shape), broadcastStrides(yLayout, shape), contiguousStrides(shape)];
    eachRow({ shape, strides }, [xLayout.offset, yLayout.offset, 0], (at, length, step) =>
      kernel(x, at[0], step[0], y, at[1], step[1], out, at[2], length),
    );
  },

  /** out = condition ? x : y, all broadcast to `shape`; `out` is row-major. */
  where(
    condition: Numbers,
    cLayout: Layout,
    x: Numbers,
    xLayout: Layout,
    y: Numbers,
    yLayout: Layout,
    out: Numbers,
    shape: readonly number[],
  ): void {
    const strides = [cLayout, xLayout, yLayout].map((layout) => broadcastStrides(layout, shape));
    let o = 0;
    eachRow({ shape, strides }, [cLayout.offset, xLayout.offset, yLayout.offset], ([c, p, q], n, [w, u, v]) => {
      for (let i = 0; i < n; i++) out[o++] = condition[c + i * w] !== 0 ? x[p + i * u] : y[q + i * v];
    });
  },

  /** Folds row-major `x` into `out`, which shows the same shape with a stride of 0 where it is reduced. */
  fold(name: ReduceName, x: Numbers, shape: readonly number[], out: Float64Array, strides: readonly number[]): void {
    const kernel = reduce[name];
    eachRow({ shape, strides: [contiguousStrides(shape), strides] }, [0, 0], ([p, o], n, [, step]) =>
      kernel(x, p, out, o, step, n),
    );
  },

  /** Σ x. */
  total(x: Numbers): number {
    let sum = 0;
    for (let i = 0; i < x.length; i++) sum += x[i];
    return sum;
  },

  /** g·(σ(x) − y), the rule of binary cross-entropy of logits; `g` has one element for all or one for each. */
  logitLossBackward(g: Numbers, x: Numbers, y: Numbers, out: Numbers): void {
    const step = g.length === 1 ? 0 : 1;
    for (let i = 0; i < out.length; i++) out[i] = g[i * step] * (1 / (1 + Math.exp(-x[i])) - y[i]);
  },

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
