import { isGradEnabled } from '../autograd/mode.ts';
import { kernels } from '../kernels/kernels.ts';
import type { ReduceName } from '../kernels/reference/reduce.ts';
import { allocate, allocateDirty } from '../tensor/allocate.ts';
import { type DType, isFloating, type Numbers, toFloating } from '../tensor/dtype.ts';
import { elements } from '../tensor/elements.ts';
import { DTypeError, ShapeError, showShape } from '../tensor/errors.ts';
import { contiguousStrides, reducedShape, sizeOf } from '../tensor/shape.ts';
import { Storage } from '../tensor/storage.ts';
import { Tensor } from '../tensor/tensor.ts';
import type { Computed, RuleContext } from './operation.ts';
import { type Sample, spread, values } from './sample.ts';

/** `dims` are sorted, counted from the front and distinct. */
export interface Reduction {
  readonly dims: readonly number[];
  readonly keepdim: boolean;
}

/** Folds `x` along `dims` in float64, starting from `initial`; the result is in row-major order of the kept dimensions. */
export function fold(name: ReduceName, x: Tensor, dims: readonly number[], initial: number): Float64Array {
  if (name === 'sum' && dims.length === x.shape.length) return Float64Array.of(kernels.total(elements(x)));
  const kept = reducedShape(x.shape, dims, true);
  const strides = contiguousStrides(kept).map((stride, d) => (dims.includes(d) ? 0 : stride));
  const sums = allocate('float64', sizeOf(kept)) as Float64Array;
  if (initial !== 0) sums.fill(initial);
  kernels.fold(name, elements(x), x.shape, sums, strides);
  return sums;
}

/** A result or its gradient, with the reduced dimensions put back as 1, so that it broadcasts over the input. */
export const unreduce = (t: Tensor, { inputs, attributes }: RuleContext<Reduction>): Tensor =>
  t.reshape(reducedShape(inputs[0].shape, attributes.dims, true));

export const reductionSamples = (): Sample<Reduction>[] => [
  { inputs: [spread([2, 3, 2])], attributes: { dims: [0, 1, 2], keepdim: false } },
  { inputs: [spread([2, 3, 2])], attributes: { dims: [1], keepdim: false } },
  { inputs: [spread([2, 3, 2])], attributes: { dims: [0, 2], keepdim: true } },
  { inputs: [spread([])], attributes: { dims: [], keepdim: false } },
];

const count = (shape: readonly number[], dims: readonly number[]) => sizeOf(dims.map((d) => shape[d]));

const inferWith =
  (dtype: (input: DType) => DType): Computed<Reduction>['infer'] =>
  ([x], { dims, keepdim }) => ({ shape: reducedShape(x.shape, dims, keepdim), dtype: dtype(x.dtype) });

const sumType = (dtype: DType): DType => (dtype === 'bool' ? 'int32' : dtype);

export const sum: Computed<Reduction> = {
  infer: inferWith(sumType),
  forward: ([x], { dims }, out: Numbers) => out.set(fold('sum', x, dims, 0)),
  saves: [],
  backward: (g, context) => [unreduce(g, context).expand(context.inputs[0].shape)],
  samples: reductionSamples,
};

export const mean: Computed<Reduction> = {
  infer: ([x], attributes) => {
    if (!isFloating(x.dtype)) {
      throw new DTypeError(`mean: expected a floating tensor, got ${x.dtype}. Convert first: x.to('float32').mean().`);
    }
    return inferWith(toFloating)([x], attributes);
  },
  forward([x], { dims }, out) {
    const n = count(x.shape, dims);
    if (dims.length === x.shape.length) {
      out[0] = kernels.total(elements(x)) / n;
      return;
    }
    const sums = fold('sum', x, dims, 0);
    for (let i = 0; i < out.length; i++) out[i] = sums[i] / n;
  },
  saves: [],
  backward: (g, context) => {
    const { inputs, attributes } = context;
    const [{ shape }] = inputs;
    if (attributes.dims.length === shape.length && !isGradEnabled()) {
      return [repeated(elements(g)[0] / sizeOf(shape), g.dtype, shape)];
    }
    return [unreduce(g, context).div(count(inputs[0].shape, attributes.dims)).expand(inputs[0].shape)];
  },
  samples: reductionSamples,
};

/** One number as a tensor of a shape, which has it once in memory. */
function repeated(value: number, dtype: DType, shape: readonly number[]): Tensor {
  const data = allocateDirty(dtype, 1);
  data[0] = value;
  return new Tensor(new Storage(data), dtype, { shape, strides: shape.map(() => 0), offset: 0 });
}

/** ∏x. The rule leaves one factor out at a time, so that zeros are no exception. */
export const prod: Computed<Reduction> = {
  infer: inferWith(sumType),
  forward: ([x], { dims }, out) => out.set(fold('prod', x, dims, 1)),
  saves: [0],
  backward: (g, context) => {
    const { attributes, inputs, saved } = context;
    const x = saved(0);
    const { dims } = attributes;
    const n = count(inputs[0].shape, dims);
    // One row per product: kept dimensions first, the factors flattened last.
    const order = [...x.shape.keys()].filter((d) => !dims.includes(d)).concat(dims);
    const rows = x.permute(order).reshape([-1, n]);
    const others = rows.unsqueeze(1).expand([rows.shape[0], n, n]);
    const diagonal = Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? 1 : 0));
    const mask = x.newTensor(diagonal, [n, n]).ne(0);
    const partial = mask
      .where(1, others)
      .prod(2)
      .mul(g.reshape([-1, 1]));
    const permuted = partial.reshape(order.map((d) => x.shape[d]));
    return [permuted.permute([...order.keys()].map((d) => order.indexOf(d)))];
  },
  samples: () => [
    ...reductionSamples(),
    {
      inputs: [values([2, 3], [0, 2, 3, 0, 0, 4])],
      attributes: { dims: [1], keepdim: false },
      expected: [6, 0, 0, 0, 0, 0],
    },
  ],
};

/** The extremes of `dims`; equal ones share the gradient. */
function extreme(name: 'amax' | 'amin', initial: number): Computed<Reduction> {
  return {
    infer: ([x], attributes) => {
      if (count(x.shape, attributes.dims) === 0) {
        throw new ShapeError(`${name}: there is no extreme of no elements; the shape is ${showShape(x.shape)}.`);
      }
      return inferWith((dtype) => dtype)([x], attributes);
    },
    forward: ([x], { dims }, out) => out.set(fold(name, x, dims, initial)),
    saves: [0, 'output'],
    backward: (g, context) => {
      const hit = context
        .saved(0)
        .eq(unreduce(context.saved(1), context))
        .to(g.dtype);
      const share = hit.div(hit.sum(context.attributes.dims, { keepdim: true }));
      return [unreduce(g, context).mul(share)];
    },
    samples: () => [
      ...reductionSamples(),
      { inputs: [values([3], [1, 1, 1])], attributes: { dims: [0], keepdim: false }, expected: [1 / 3, 1 / 3, 1 / 3] },
    ],
  };
}
export const amax = extreme('amax', -Infinity);
export const amin = extreme('amin', Infinity);
