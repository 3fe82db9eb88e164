import { isGradEnabled } from '../autograd/mode.ts';
import { kernels } from '../kernels/kernels.ts';
import { allocateDirty } from '../tensor/allocate.ts';
import { toFloating } from '../tensor/dtype.ts';
import { elements, overwrite, wrap } from '../tensor/elements.ts';
import { sizeOf } from '../tensor/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { Computed } from './operation.ts';
import { fold, type Reduction, reductionSamples, unreduce } from './reduce.ts';
import { spread, values } from './sample.ts';

export interface Standardization {
  readonly eps: number;
}

/**
 * x [rows, length] → (x − mean) / √(variance + eps) of each row, with the variance divided by length. Layer, group and
 * instance normalization are this on differently arranged rows.
 */
export const standardize: Computed<Standardization> = {
  infer: ([x]) => ({ shape: x.shape, dtype: toFloating(x.dtype) }),
  overwrites: true,
  forward([x], { eps }, out, _, keep) {
    const [rows, length] = x.shape;
    const inverseStd = allocateDirty(toFloating(x.dtype), rows);
    kernels.standardize(elements(x), out, inverseStd, length, eps);
    keep(wrap(inverseStd, toFloating(x.dtype), [rows, 1]));
  },
  saves: [0, 'output'],
  // (g − mean g − y · mean(g·y)) / √(variance + eps)  (Ioffe & Szegedy 2015, section 3)
  backward(g, { saved, shape, attributes: { eps } }) {
    const y = saved(1);
    if (!isGradEnabled()) {
      const out = allocateDirty(y.dtype, sizeOf(shape));
      kernels.standardizeBackward(elements(g), elements(y), elements(saved(2)), out, shape[1]);
      return [wrap(out, y.dtype, shape)];
    }
    // What was saved is a constant; to be differentiated again it must come from x.
    const inverseStd = saved(0).var(1, { correction: 0, keepdim: true }).add(eps).rsqrt();
    const centered = g.sub(g.mean(1, { keepdim: true }));
    const along = y.mul(g.mul(y).mean(1, { keepdim: true }));
    return [centered.sub(along).mul(inverseStd)];
  },
  samples: () => [{ inputs: [spread([3, 4])], attributes: { eps: 1e-5 } }],
};

/** What a layer remembers of the batches it has seen: both [c], changed in place. */
export interface Running {
  readonly mean: Tensor;
  readonly var: Tensor;
  /** How much of a batch goes in. */
  readonly momentum: number;
}

export interface BatchStandardization extends Standardization {
  readonly running: Running | null;
}

/** x [n, c, …] as [n, c, the rest]. */
const channelsOf = (shape: readonly number[]) => [shape[0], shape[1], sizeOf(shape.slice(2))] as const;

const rooms = new Map<number, readonly Float64Array[]>();

/** Five vectors [c] that are anybody's until the operation or rule is over: making them anew takes as long as a small kernel. */
function room(channels: number): readonly Float64Array[] {
  let vectors = rooms.get(channels);
  if (vectors === undefined) {
    vectors = Array.from({ length: 5 }, () => new Float64Array(channels));
    rooms.set(channels, vectors);
  }
  return vectors;
}

/** running ← (1 − momentum)·running + momentum·batch. */
function remember(running: Tensor, batch: Float64Array, momentum: number, factor = 1): void {
  const values = elements(running).slice();
  for (let i = 0; i < values.length; i++) values[i] = (1 - momentum) * values[i] + momentum * factor * batch[i];
  overwrite(running, values);
}

/**
 * x [n, c, …] → weight·(x − mean)/√(variance + eps) + bias, with mean, variance, weight [c] and bias [c] of each channel; weight
 * and bias come together or not at all. The batch goes into `running`.
 */
export const batchNorm: Computed<BatchStandardization> = {
  infer: ([x]) => ({ shape: x.shape, dtype: toFloating(x.dtype) }),
  overwrites: true,
  forward([x, weight, bias], { eps, running }, out, shape, keep) {
    const sizes = channelsOf(shape);
    const [n, channels, inner] = sizes;
    const [variance, scale, shift] = room(channels);
    const mean = new Float64Array(channels);
    const data = elements(x);
    kernels.moments(data, mean, variance, sizes);
    const inverseStd = variance.map((v) => 1 / Math.sqrt(v + eps));
    const [w, b] = weight === undefined ? [null, null] : [elements(weight), elements(bias)];
    for (let c = 0; c < channels; c++) {
      scale[c] = inverseStd[c] * (w === null ? 1 : w[c]);
      shift[c] = (b === null ? 0 : b[c]) - mean[c] * scale[c];
    }
    kernels.scaleShift(data, scale, shift, out, sizes);
    if (weight !== undefined) keep(weight);
    keep(wrap(mean, 'float64', [channels]));
    keep(wrap(inverseStd, 'float64', [channels]));
    if (running === null) return;
    const count = n * inner;
    remember(running.mean, mean, running.momentum);
    remember(running.var, variance, running.momentum, count / (count - 1));
  },
  saves: [0],
  backward(g, { saved, savedCount, shape, needs, attributes: { eps } }) {
    const affine = savedCount === 4;
    const x = saved(0);
    const weight = affine ? saved(1) : null;
    if (isGradEnabled()) return composedBatchNorm(g, x, weight, eps);
    const sizes = channelsOf(shape);
    const [n, channels, inner] = sizes;
    const count = n * inner;
    const [mean, inverseStd] = [saved(savedCount - 2), saved(savedCount - 1)].map((t) => elements(t)) as Float64Array[];
    const [from, data] = [elements(g), elements(x)];
    const [sum, along, a, b, c] = room(channels);
    kernels.channelSums(from, data, mean, sum, along, sizes);
    const w = weight === null ? null : elements(weight);
    // with y = (x − mean)·s: w·s·(g − mean g − y·mean(g·y)), gathered by g, x and 1
    for (let i = 0; i < channels; i++) {
      a[i] = inverseStd[i] * (w === null ? 1 : w[i]);
      b[i] = (-a[i] * inverseStd[i] ** 2 * along[i]) / count;
      c[i] = (-a[i] * sum[i]) / count - b[i] * mean[i];
      along[i] *= inverseStd[i];
    }
    let dx: Tensor | null = null;
    if (needs[0]) {
      const out = allocateDirty(x.dtype, sizeOf(shape));
      kernels.combine(from, data, a, b, c, out, sizes);
      dx = wrap(out, x.dtype, shape);
    }
    if (weight === null) return [dx];
    return [dx, ...[along, sum].map((values) => weight.newTensor(values, [channels]))];
  },
  samples: () => [
    { inputs: [spread([3, 2, 2, 2])], attributes: { eps: 1e-5, running: null } },
    {
      inputs: [spread([4, 3]), spread([3], 0.5, 2), spread([3], -1, 1, 1)],
      attributes: { eps: 1e-3, running: null },
    },
    {
      inputs: [spread([2, 2, 5]), spread([2], 0.5, 2), spread([2], -1, 1, 1)],
      attributes: { eps: 1e-5, running: null },
    },
  ],
};

/** The rule in operations, so that it can be differentiated again. */
function composedBatchNorm(g: Tensor, x: Tensor, weight: Tensor | null, eps: number): (Tensor | null)[] {
  const dims = [...x.shape.keys()].filter((d) => d !== 1);
  const inverseStd = x.var(dims, { correction: 0, keepdim: true }).add(eps).rsqrt();
  const y = x.sub(x.mean(dims, { keepdim: true })).mul(inverseStd);
  const gy = g.mul(y);
  const centered = g.sub(g.mean(dims, { keepdim: true })).sub(y.mul(gy.mean(dims, { keepdim: true })));
  const dx = centered.mul(inverseStd);
  if (weight === null) return [dx];
  const shaped = weight.reshape([-1, ...x.shape.slice(2).map(() => 1)]);
  return [dx.mul(shaped), gy.sum(dims), g.sum(dims)];
}

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
