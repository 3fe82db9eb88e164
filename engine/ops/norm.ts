import { isGradEnabled } from '../autograd/mode.ts';
import { kernels } from '../kernels/kernels.ts';
import { allocate, toFloating } from '../tensor/dtype.ts';
import { elements, wrap } from '../tensor/elements.ts';
import type { Computed } from './operation.ts';
import { fold, type Reduction, reductionSamples, unreduce } from './reduce.ts';
import { spread, values } from './sample.ts';

export interface Standardization {
  readonly eps: number;
}

/**
 * x [rows, length] → (x − mean) / √(variance + eps) of each row, with the variance divided by length. Batch, layer, group and
 * instance normalization are this on differently arranged rows.
 */
export const standardize: Computed<Standardization> = {
  infer: ([x]) => ({ shape: x.shape, dtype: toFloating(x.dtype) }),
  forward([x], { eps }, out, _, keep) {
    const [rows, length] = x.shape;
    const inverseStd = allocate(toFloating(x.dtype), rows);
    kernels.standardize(elements(x), out, inverseStd, length, eps);
    keep(wrap(inverseStd, toFloating(x.dtype), [rows, 1]));
  },
  saves: [0, 'output'],
  // (g − mean g − y · mean(g·y)) / √(variance + eps)  (Ioffe & Szegedy 2015, section 3)
  backward(g, { saved, attributes: { eps } }) {
    const y = saved(1);
    // What was saved is a constant; to be differentiated again it must come from x.
    const inverseStd = isGradEnabled() ? saved(0).var(1, { correction: 0, keepdim: true }).add(eps).rsqrt() : saved(2);
    const centered = g.sub(g.mean(1, { keepdim: true }));
    const along = y.mul(g.mul(y).mean(1, { keepdim: true }));
    return [centered.sub(along).mul(inverseStd)];
  },
  samples: () => [{ inputs: [spread([3, 4])], attributes: { eps: 1e-5 } }],
};

/** √Σx². At the zero vector the gradient is 0. */
export const norm: Computed<Reduction> = {
  infer: ([x], { dims, keepdim }) => ({
    shape: x.shape.map((n, d) => (dims.includes(d) ? 1 : n)).filter((_, d) => keepdim || !dims.includes(d)),
    dtype: toFloating(x.dtype),
  }),
  forward: ([x], { dims }, out) => kernels.unary.sqrt(fold('sumOfSquares', x, dims, 0), out),
  saves: [0, 'output'],
  backward(g, context) {
    const length = unreduce(context.saved(1), context);
    const zero = length.eq(0);
    return [unreduce(g, context).mul(zero.where(0, context.saved(0).div(zero.where(1, length))))];
  },
  samples: () => [
    ...reductionSamples(),
    { inputs: [values([2], [0, 0])], attributes: { dims: [0], keepdim: false }, expected: [0, 0] },
  ],
};
