import { kernels } from '../kernels/kernels.ts';
import type { Window } from '../kernels/reference/convolution.ts';
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
}

export function poolOutput(
  operation: string,
  shape: readonly number[],
  { kernel, stride, padding, dilation }: Pooling,
): Pair {
  if (shape.length !== 4) {
    throw new ShapeError(`${operation}: expected an input [batch, channels, height, width], got ${showShape(shape)}.`);
  }
  const size = (d: 0 | 1) =>
    Math.floor((shape[2 + d] + 2 * padding[d] - dilation[d] * (kernel[d] - 1) - 1) / stride[d]) + 1;
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
  forward([x], a, out, shape, keep) {
    const [n, c, height, width] = x.shape;
    const window: Window = { ...a, channels: 1, input: [height, width], output: [shape[2], shape[3]] };
    const indices = new Int32Array(sizeOf(shape));
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
      attributes: { kernel: [2, 2], stride: [2, 2], padding: [0, 0], dilation: [1, 1] },
    },
    {
      inputs: [spread([1, 1, 5, 4])],
      attributes: { kernel: [3, 2], stride: [1, 2], padding: [1, 0], dilation: [2, 1] },
    },
    {
      inputs: [values([1, 1, 2, 2], [3, 3, 3, 3])],
      attributes: { kernel: [2, 2], stride: [2, 2], padding: [0, 0], dilation: [1, 1] },
      expected: [1, 0, 0, 0],
    },
  ],
};
