import { isGradEnabled } from '../autograd/mode.ts';
import { kernels } from '../kernels/kernels.ts';
import { allocateDirty } from '../tensor/allocate.ts';
import { type DType, type Numbers, toFloating } from '../tensor/dtype.ts';
import { elements, wrap } from '../tensor/elements.ts';
import { ShapeError, showShape } from '../tensor/errors.ts';
import { sizeOf } from '../tensor/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { Computed } from './operation.ts';
import { type Sample, type SampleInput, spread, values } from './sample.ts';

/** A dimension counted from the front. */
export interface Dim {
  readonly dim: number;
}

/** Row-major data as [outer, length, inner] around a dimension. */
export const around = (shape: readonly number[], dim: number): [number, number, number] => [
  sizeOf(shape.slice(0, dim)),
  shape[dim],
  sizeOf(shape.slice(dim + 1)),
];

const dimSamples = (...special: SampleInput[]): Sample<Dim>[] => [
  { inputs: [spread([2, 3])], attributes: { dim: 1 } },
  { inputs: [spread([2, 3, 2])], attributes: { dim: 1 } },
  ...special.map((input) => ({ inputs: [input], attributes: { dim: 0 } })),
];
// Exponentials that would overflow without a shift.
const huge = values([3], [1000, 1000.5, 999]);

/** @param rule The gradient in operations; in one pass where it won't be differentiated again. */
const softmaxLike = (log: boolean, rule: (g: Tensor, y: Tensor, dim: number) => Tensor): Computed<Dim> => ({
  infer: ([x]) => ({ shape: x.shape, dtype: toFloating(x.dtype) }),
  overwrites: true,
  forward: ([x], { dim }, out) => kernels.softmax(elements(x), out, ...around(x.shape, dim), log),
  saves: ['output'],
  backward(g, { saved, shape, attributes: { dim } }) {
    const y = saved(0);
    if (isGradEnabled()) return [rule(g, y, dim)];
    const out = allocateDirty(y.dtype, sizeOf(shape));
    kernels.softmaxBackward(elements(g), elements(y), out, ...around(shape, dim), log);
    return [wrap(out, y.dtype, shape)];
  },
  samples: () => dimSamples(huge),
});

// y(g − Σ gy)
export const softmax = softmaxLike(false, (g, y, dim) => {
  const gy = g.mul(y);
  return gy.sub(y.mul(gy.sum(dim, { keepdim: true })));
});

// g − e^y Σ g
export const logSoftmax = softmaxLike(true, (g, y, dim) => g.sub(y.exp().mul(g.sum(dim, { keepdim: true }))));

export const logSumExp: Computed<Dim> = {
  infer: ([x], { dim }) => ({ shape: x.shape.toSpliced(dim, 1), dtype: toFloating(x.dtype) }),
  forward: ([x], { dim }, out) => kernels.logSumExp(elements(x), out, ...around(x.shape, dim)),
  saves: [0, 'output'],
  // (log Σ eˣ)' = e^(x − log Σ eˣ)
  backward: (g, { saved, attributes: { dim } }) => [saved(0).sub(saved(1).unsqueeze(dim)).exp().mul(g.unsqueeze(dim))],
  samples: () => dimSamples(huge),
};

export const cumsum: Computed<Dim> = {
  infer: ([x]) => ({ shape: x.shape, dtype: x.dtype === 'bool' ? 'int32' : x.dtype }),
  forward: ([x], { dim }, out) => kernels.cumsum(elements(x), out, ...around(x.shape, dim)),
  saves: [],
  // Element k adds to all sums from k on: sum from the other end.
  backward: (g, { attributes: { dim } }) => [g.flip(dim).cumsum(dim).flip(dim)],
  samples: () => dimSamples(),
};

export const cumprod: Computed<Dim> = {
  infer: ([x]) => ({ shape: x.shape, dtype: x.dtype === 'bool' ? 'int32' : x.dtype }),
  forward: ([x], { dim }, out) => kernels.cumprod(elements(x), out, ...around(x.shape, dim)),
  saves: [0],
  // Σₖ gₖ ∏ⱼ≤ₖ xⱼ has the derivative ∏ⱼ<ᵢ xⱼ · sᵢ, with sᵢ = gᵢ + xᵢ₊₁sᵢ₊₁: without a division, so zeros are no exception.
  backward(g, { saved, attributes: { dim }, apply }) {
    const x = saved(0);
    const n = x.shape[dim];
    if (n === 0) return [g];
    const one = x.newTensor(new Float64Array(x.numel() / n).fill(1), x.shape.with(dim, 1));
    const before = apply('cat', [one, x.slice(dim, 0, n - 1)], { dim }).cumprod(dim);
    const [factors, parts] = [x.split(1, dim), g.split(1, dim)];
    for (let i = n - 2; i >= 0; i--) parts[i] = parts[i].add(factors[i + 1].mul(parts[i + 1]));
    return [before.mul(apply('cat', parts, { dim }))];
  },
  samples: () => [
    ...dimSamples(),
    { inputs: [values([4], [2, 0, 3, 0])], attributes: { dim: 0 }, expected: [1, 8, 0, 0] },
  ],
};

const index: DType = 'int32';

type Pick = (x: Numbers, out: Numbers, outer: number, length: number, inner: number) => void;

/** The position of one element of each row. */
const position = (name: string, pick: Pick): Computed<Dim> => ({
  infer: ([x], { dim }) => {
    if (x.shape[dim] === 0) throw new ShapeError(`${name}: dimension ${dim} of ${showShape(x.shape)} is empty.`);
    return { shape: x.shape.toSpliced(dim, 1), dtype: index };
  },
  forward: ([x], { dim }, out) => pick(elements(x), out, ...around(x.shape, dim)),
  saves: [],
  backward: null,
  samples: () => dimSamples(),
});
export const argmax = position('argmax', (...row) => kernels.argExtreme(...row, 1));
export const argmin = position('argmin', (...row) => kernels.argExtreme(...row, -1));
export const argmode = position('mode', (...row) => kernels.argMode(...row));

export interface Order extends Dim {
  readonly descending: boolean;
}

export const argsort: Computed<Order> = {
  infer: ([x]) => ({ shape: x.shape, dtype: index }),
  forward: ([x], { dim, descending }, out) => kernels.argsort(elements(x), out, ...around(x.shape, dim), descending),
  saves: [],
  backward: null,
  samples: () => [{ inputs: [spread([2, 5])], attributes: { dim: 1, descending: true } }],
};
