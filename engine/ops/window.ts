import { kernels } from '../kernels/kernels.ts';
import { elements } from '../tensor/elements.ts';
import type { Layout } from '../tensor/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { Computed, Viewed } from './operation.ts';
import { spread } from './sample.ts';

// What in-place changes of views are recorded as. A window is any layout inside a contiguous tensor that shows no element
// twice; its offset counts from the first element.

const corner: Layout = { shape: [2, 2], strides: [4, 1], offset: 1 };
const column: Layout = { shape: [3], strides: [4], offset: 2 };

const zeros = (like: Tensor, shape: readonly number[]): Tensor =>
  like.newTensor(new Uint8Array(shape.reduce((a, b) => a * b, 1)), shape);

/** The elements in the window. */
export const window: Viewed<Layout> = {
  layout: (x, { shape, strides, offset }) => ({ shape, strides, offset: x.offset + offset }),
  saves: [],
  backward: (g, { inputs, attributes, apply }) => [apply('replaceWindow', [zeros(g, inputs[0].shape), g], attributes)],
  samples: () => [corner, column].map((layout) => ({ inputs: [spread([3, 4])], attributes: layout })),
};

/** x, part → x with `part` in the window. */
export const replaceWindow: Computed<Layout> = {
  infer: ([x]) => ({ shape: x.shape, dtype: x.dtype }),
  forward([x, part], layout, out) {
    out.set(elements(x));
    kernels.scatter(elements(part), out, layout);
  },
  saves: [],
  backward: (g, { inputs, needs, attributes, apply }) => [
    needs[0] ? apply('replaceWindow', [g, zeros(g, inputs[1].shape)], attributes) : null,
    needs[1] ? apply('window', [g.contiguous()], attributes) : null,
  ],
  samples: () =>
    [corner, column].map((layout) => ({ inputs: [spread([3, 4]), spread(layout.shape)], attributes: layout })),
};
