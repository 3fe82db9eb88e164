import { isGradEnabled } from '../autograd/mode.ts';
import { kernels } from '../kernels/kernels.ts';
import { NORM_BLOCK } from '../kernels/reference/layerNorm.ts';
import { allocate, allocateDirty } from '../tensor/allocate.ts';
import { toFloating } from '../tensor/dtype.ts';
import { elements, wrap } from '../tensor/elements.ts';
import { DTypeError, ShapeError, showShape } from '../tensor/errors.ts';
import { sameShape, sizeOf } from '../tensor/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { Standardization } from './norm.ts';
import type { Computed } from './operation.ts';
import { spread } from './sample.ts';

/**
 * x [.., shape…], weight [shape…], bias [shape…] → weight·(x − mean)/√(variance + eps) + bias over the trailing dimensions, the
 * variance divided by their size (Ba et al. 2016).
 */
export const layerNorm: Computed<Standardization> = {
  infer([x, weight, bias]) {
    const trailing = x.shape.slice(x.shape.length - weight.shape.length);
    if (!sameShape(trailing, weight.shape) || !sameShape(weight.shape, bias.shape)) {
      const [given, w, b] = [x, weight, bias].map((t) => showShape(t.shape));
      throw new ShapeError(
        `layerNorm: weight ${w} and bias ${b} must have the shape in which the input ${given} ends.`,
      );
    }
    const dtype = toFloating(x.dtype);
    if (weight.dtype !== dtype || bias.dtype !== dtype)
      throw new DTypeError(
        `layerNorm: weight and bias must be ${dtype} like the input, got ${weight.dtype}, ${bias.dtype}.`,
      );
    return { shape: x.shape, dtype };
  },
  overwrites: true,
  forward([x, weight, bias], { eps }, out, shape, keep) {
    const length = sizeOf(weight.shape);
    const rows = length === 0 ? 0 : sizeOf(shape) / length;
    const stats = allocateDirty(weight.dtype, 2 * rows);
    kernels.layerNorm(elements(x), elements(weight), elements(bias), out, stats, length, eps);
    keep(wrap(stats, weight.dtype, [rows, 2]));
  },
  saves: [0, 1],
  // as of `standardize`, with the gradient of what the weight multiplies
  backward(g, { saved, needs, attributes: { eps } }) {
    const [x, weight, stats] = [0, 1, 2].map(saved);
    if (isGradEnabled()) return composed(g, x, weight, eps);
    const length = sizeOf(weight.shape);
    const dx = allocateDirty(weight.dtype, sizeOf(x.shape));
    const blocks = Math.ceil(stats.shape[0] / NORM_BLOCK);
    const parts = allocateDirty(weight.dtype, blocks * 2 * length);
    kernels.layerNormBackward(elements(g), elements(x), elements(weight), elements(stats), dx, parts, length);
    const sums = allocate('float64', 2 * length) as Float64Array;
    kernels.fold('sum', parts, [blocks, 2 * length], sums, [0, 1]);
    const part = (i: number): Tensor => {
      const out = allocateDirty(weight.dtype, length);
      out.set(sums.subarray(i * length, (i + 1) * length));
      return wrap(out, weight.dtype, weight.shape);
    };
    return [wrap(dx, weight.dtype, x.shape), needs[1] ? part(0) : null, needs[2] ? part(1) : null];
  },
  samples: () => [
    { inputs: [spread([3, 4]), spread([4], 0.5, 2, 1), spread([4], -1, 1, 2)], attributes: { eps: 1e-5 } },
    { inputs: [spread([2, 3, 2, 2]), spread([2, 2], -1, 2, 1), spread([2, 2], -1, 1, 2)], attributes: { eps: 1e-3 } },
  ],
};

/** The rule in operations, so that it can be differentiated again. */
function composed(g: Tensor, x: Tensor, weight: Tensor, eps: number): Tensor[] {
  const length = sizeOf(weight.shape);
  const [rows, slopes] = [x, g].map((t) => t.reshape([-1, length]));
  const inverseStd = rows.var(1, { correction: 0, keepdim: true }).add(eps).rsqrt();
  const y = rows.sub(rows.mean(1, { keepdim: true })).mul(inverseStd);
  const h = slopes.mul(weight.reshape([length]));
  const centered = h.sub(h.mean(1, { keepdim: true })).sub(y.mul(h.mul(y).mean(1, { keepdim: true })));
  return [
    centered.mul(inverseStd).reshape(x.shape),
    slopes.mul(y).sum(0).reshape(weight.shape),
    slopes.sum(0).reshape(weight.shape),
  ];
}
