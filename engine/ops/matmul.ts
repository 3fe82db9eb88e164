import { isGradEnabled } from '../autograd/mode.ts';
import { kernels } from '../kernels/kernels.ts';
import { eachRow } from '../kernels/reference/iterate.ts';
import { allocateDirty } from '../tensor/allocate.ts';
import { promote, toFloating } from '../tensor/dtype.ts';
import { elements, wrap } from '../tensor/elements.ts';
import { ShapeError, showShape } from '../tensor/errors.ts';
import { broadcastShapes, broadcastStrides } from '../tensor/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { type Computed, type None, none } from './operation.ts';
import { spread } from './sample.ts';

const batchOf = (t: Tensor) => ({ shape: t.shape.slice(0, -2), strides: t.strides.slice(0, -2), offset: t.offset });

const matrix = (t: Tensor, start: number) => ({
  data: t.storage.data,
  start,
  rowStride: t.strides[t.strides.length - 2],
  columnStride: t.strides[t.strides.length - 1],
});

/** [batch…, m, k] · [batch…, k, n] → [batch…, m, n]; batches broadcast. Vectors are made matrices by the caller. */
export const matmul: Computed<None> = {
  infer([a, b]) {
    const [x, y] = [a.shape, b.shape];
    if (x[x.length - 1] !== y[y.length - 2]) {
      throw new ShapeError(
        `matmul: ${showShape(x)} · ${showShape(y)} doesn't fit: the left has ${x[x.length - 1]} columns, ` +
          `the right ${y[y.length - 2]} rows, and they must be equal.`,
      );
    }
    const batch = broadcastShapes('matmul', x.slice(0, -2), y.slice(0, -2));
    return { shape: [...batch, x[x.length - 2], y[y.length - 1]], dtype: promote(a.dtype, b.dtype) };
  },
  overwrites: true,
  forward([a, b], _, out, shape) {
    const batch = shape.slice(0, -2);
    const [m, n] = shape.slice(-2);
    const k = a.shape[a.shape.length - 1];
    const strides = [broadcastStrides(batchOf(a), batch), broadcastStrides(batchOf(b), batch)];
    let start = 0;
    eachRow({ shape: batch, strides }, [a.offset, b.offset], ([p, q], length, [u, v]) => {
      for (let i = 0; i < length; i++, start += m * n) {
        kernels.matmul(matrix(a, p + i * u), matrix(b, q + i * v), out, start, m, k, n, false);
      }
    });
  },
  saves: [0, 1],
  // (AB)' = A'B + AB', so dA = g·Bᵀ and dB = Aᵀ·g
  backward: (g, { saved, needs }) => [
    needs[0] ? g.matmul(saved(1).transpose(-2, -1)) : null,
    needs[1] ? saved(0).transpose(-2, -1).matmul(g) : null,
  ],
  samples: () => [
    { inputs: [spread([2, 3]), spread([3, 5])], attributes: none },
    { inputs: [spread([3, 1, 3, 2]), spread([2, 2, 1])], attributes: none },
  ],
};

/** x [batch…, in], weight [out, in], bias [out] or none → x·weightᵀ + bias [batch…, out]. */
export const linear: Computed<None> = {
  infer([x, weight, bias]) {
    const features = x.shape[x.shape.length - 1];
    if (x.shape.length === 0 || weight.shape.length !== 2 || features !== weight.shape[1]) {
      throw new ShapeError(
        `linear: an input of shape ${showShape(x.shape)} doesn't fit a weight of shape ${showShape(weight.shape)}: ` +
          `expected ${weight.shape[1]} features in the last dimension, got ${features}.`,
      );
    }
    if (bias !== undefined && (bias.shape.length !== 1 || bias.shape[0] !== weight.shape[0])) {
      throw new ShapeError(`linear: expected a bias of shape [${weight.shape[0]}], got ${showShape(bias.shape)}.`);
    }
    return { shape: x.shape.with(-1, weight.shape[0]), dtype: toFloating(promote(x.dtype, weight.dtype)) };
  },
  overwrites: true,
  forward([x, weight, bias], _, out) {
    const [n, k] = weight.shape;
    const m = n === 0 ? 0 : out.length / n;
    kernels.linear(elements(x), elements(weight), bias === undefined ? null : elements(bias), out, m, k, n);
  },
  saves: [0, 1],
  backward(g, { saved, needs, inputs }) {
    const [n, k] = inputs[1].shape;
    if (!isGradEnabled()) return linearGradients(g, saved(0), saved(1), needs);
    const rows = g.reshape([-1, n]);
    return [
      needs[0] ? g.matmul(saved(1)) : null,
      needs[1] ? rows.t().matmul(saved(0).reshape([-1, k])) : null,
      ...(inputs.length > 2 ? [needs[2] ? rows.sum(0) : null] : []),
    ];
  },
  samples: () => [
    { inputs: [spread([4, 3]), spread([2, 3]), spread([2])], attributes: none },
    { inputs: [spread([2, 2, 3]), spread([5, 3])], attributes: none },
    { inputs: [spread([3]), spread([2, 3]), spread([2])], attributes: none },
  ],
};

/** The rule of `linear` where it won't be differentiated again: all in one, whatever the batch, and no views of views. */
function linearGradients(g: Tensor, x: Tensor, weight: Tensor, needs: readonly boolean[]): (Tensor | null)[] {
  const [n, k] = weight.shape;
  const from = elements(g);
  const m = n === 0 ? 0 : from.length / n;
  const dx = needs[0] ? allocateDirty(g.dtype, m * k) : null;
  const dw = needs[1] ? allocateDirty(g.dtype, n * k) : null;
  const db = needs[2] === true ? allocateDirty(g.dtype, n) : null;
  kernels.linearBackward(from, elements(x), elements(weight), dx, dw, db, m, k, n);
  return [
    dx === null ? null : wrap(dx, g.dtype, x.shape),
    dw === null ? null : wrap(dw, g.dtype, weight.shape),
    db === null ? null : wrap(db, g.dtype, [n]),
  ];
}
