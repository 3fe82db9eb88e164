import { kernels } from '../kernels/kernels.ts';
import type { Window } from '../kernels/reference/convolution.ts';
import { allocateDirty } from '../tensor/allocate.ts';
import { elements, wrap } from '../tensor/elements.ts';
import { ShapeError, showShape } from '../tensor/errors.ts';
import { sizeOf } from '../tensor/shape.ts';
import type { Computed } from './operation.ts';
import { spread, values } from './sample.ts';

type Pair = readonly [number, number];

export interface Pooling {
  readonly kernel: Pair;
  readonly stride: Pair;
  readonly padding: Pair;
  readonly dilation: Pair;
  /** Windows may reach over the end. */
  readonly ceilMode: boolean;
}

/** How many windows there are along one dimension. */
export function poolSize(
  length: number,
  kernel: number,
  stride: number,
  padding: number,
  dilation: number,
  ceilMode: boolean,
): number {
  const room = length + 2 * padding - dilation * (kernel - 1) - 1;
  if (!ceilMode) return Math.floor(room / stride) + 1;
  const count = Math.ceil(room / stride) + 1;
  // The last window must begin in the input or in the padding before it.
  return (count - 1) * stride >= length + padding ? count - 1 : count;
}

export function poolOutput(
  operation: string,
  shape: readonly number[],
  { kernel, stride, padding, dilation, ceilMode }: Pooling,
): Pair {
  if (shape.length !== 4) {
    throw new ShapeError(`${operation}: expected an input [batch, channels, height, width], got ${showShape(shape)}.`);
  }
  const size = (d: 0 | 1) => poolSize(shape[2 + d], kernel[d], stride[d], padding[d], dilation[d], ceilMode);
  const output: Pair = [size(0), size(1)];
  if (output[0] < 1 || output[1] < 1) {
    throw new ShapeError(
      `${operation}: a window of ${showShape(kernel)} is larger than the padded input ${showShape(shape)}.`,
    );
  }
  return output;
}

/** x [n, c, h, w] → the maximum of each window [n, c, oh, ow]. The gradient goes to where the maximum was. */
export const maxPool2d: Computed<Pooling> = {
  infer: ([x], a) => ({ shape: [x.shape[0], x.shape[1], ...poolOutput('maxPool2d', x.shape, a)], dtype: x.dtype }),
  overwrites: true,
  forward([x], a, out, shape, keep) {
    const [n, c, height, width] = x.shape;
    const window: Window = { ...a, channels: 1, input: [height, width], output: [shape[2], shape[3]] };
    const indices = allocateDirty('int32', sizeOf(shape));
    kernels.maxPool(elements(x), out, indices, n * c, window);
    keep(wrap(indices, 'int32', [n * c, shape[2] * shape[3]]));
  },
  saves: [],
  backward(g, { inputs, saved, apply }) {
    const [n, c, height, width] = inputs[0].shape;
    const flat = g.reshape([n * c, -1]);
    const planes = apply('scatterAdd', [flat, saved(0)], { dim: 1, size: height * width });
    return [planes.reshape(inputs[0].shape)];
  },
  samples: () => [
    {
      inputs: [spread([2, 2, 4, 4])],
      attributes: { kernel: [2, 2], stride: [2, 2], padding: [0, 0], dilation: [1, 1], ceilMode: false },
    },
    {
      inputs: [spread([1, 1, 5, 4])],
      attributes: { kernel: [3, 2], stride: [1, 2], padding: [1, 0], dilation: [2, 1], ceilMode: true },
    },
    {
      inputs: [values([1, 1, 2, 2], [3, 3, 3, 3])],
      attributes: { kernel: [2, 2], stride: [2, 2], padding: [0, 0], dilation: [1, 1], ceilMode: false },
      expected: [1, 0, 0, 0],
    },
  ],
};

/** For each spatial dimension, the positions that each window sees. */
export interface Taps {
  readonly taps: readonly (readonly (readonly number[])[])[];
}

/** All positions in a plane that a window sees, in row-major order, given those of each dimension. */
function positions(taps: readonly (readonly number[])[], shape: readonly number[]): number[] {
  return taps.reduce<number[]>((found, along, d) => found.flatMap((at) => along.map((i) => at * shape[d] + i)), [0]);
}

/** Every combination of one entry of each list, the last list fastest. */
const combinations = <T>(lists: readonly (readonly T[])[]): T[][] =>
  lists.reduce<T[][]>((found, list) => found.flatMap((head) => list.map((entry) => [...head, entry])), [[]]);

/** x [n, c, …] → where in its plane the maximum of each window is, [n, c, …windows]: the first of equals, NaN above all. */
export const windowArgmax: Computed<Taps> = {
  infer: ([x], { taps }) => ({ shape: [x.shape[0], x.shape[1], ...taps.map((t) => t.length)], dtype: 'int32' }),
  forward([x], { taps }, out) {
    const inner = x.shape.slice(2);
    const plane = sizeOf(inner);
    const windows = combinations(taps).map((along) => positions(along, inner));
    const data = elements(x);
    for (let o = 0; o < out.length; o++) {
      const start = Math.floor(o / windows.length) * plane;
      let best = -1;
      for (const at of windows[o % windows.length]) {
        const v = data[start + at];
        if (best < 0 || v > data[start + best] || Number.isNaN(v)) best = at;
      }
      out[o] = best;
    }
  },
  saves: [],
  backward: null,
  samples: () => [
    {
      inputs: [spread([1, 2, 3, 4])],
      attributes: {
        taps: [
          [[0, 1], [2]],
          [
            [0, 1],
            [1, 2, 3],
          ],
        ],
      },
    },
  ],
};
