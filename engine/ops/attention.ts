import { isGradEnabled } from '../autograd/mode.ts';
import { kernels } from '../kernels/kernels.ts';
import type { AttentionShape, Heads } from '../kernels/reference/attention.ts';
import { allocateDirty } from '../tensor/allocate.ts';
import { type Numbers, promote, toFloating } from '../tensor/dtype.ts';
import { elements, wrap } from '../tensor/elements.ts';
import { DTypeError, ShapeError, showShape } from '../tensor/errors.ts';
import { broadcastStrides, contiguousStrides, sizeOf } from '../tensor/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { Computed } from './operation.ts';
import { spread } from './sample.ts';

// softmax(query·keyᵀ·scale + mask)·value in several heads, without the matrix of all weights in memory: the rule computes
// them again from the logarithms of their sums (Dao et al. 2022).

export interface AttentionAttributes {
  readonly scale: number;
  /** Query i sees keys up to i. */
  readonly causal: boolean;
}

/** A tensor [n, positions, heads, width] where it lies. */
const headsOf = ({ storage, offset, strides: [batch, row, head, column] }: Tensor): Heads => ({
  data: storage.data,
  start: offset,
  batch,
  head,
  row,
  column,
});

/** Row-major elements seen so. */
const headsIn = (data: Numbers, [, positions, heads, width]: readonly number[]): Heads => ({
  data,
  start: 0,
  batch: positions * heads * width,
  head: width,
  row: heads * width,
  column: 1,
});

/**
 * The mask, broadcast to [batches, heads, queries, keys]. Its rows are contiguous; for the rule, which goes along them,
 * its columns, unless all queries share them.
 */
function maskOf(mask: Tensor | undefined, shape: AttentionShape, alongQueries = false): Heads | null {
  if (mask === undefined) return null;
  const { batches, heads, queries, keys } = shape;
  const [batch, head, row, column] = broadcastStrides(mask, [batches, heads, queries, keys]);
  if (alongQueries ? row <= 1 : column === 1) {
    return { data: mask.storage.data, start: mask.offset, batch, head, row, column };
  }
  const [outer, inner] = alongQueries ? [keys, queries] : [queries, keys];
  const matrix = alongQueries ? [column, row] : [row, column];
  const lead = mask.shape.slice(0, -2);
  const layout = {
    shape: [...lead, outer, inner],
    strides: [...mask.strides.slice(0, -2), ...matrix],
    offset: mask.offset,
  };
  const data = allocateDirty(mask.dtype, sizeOf(layout.shape));
  kernels.gather(mask.storage.data, layout, data);
  const strides = contiguousStrides(layout.shape).slice(0, -2);
  const [nextBatch, nextHead] = broadcastStrides({ shape: lead, strides, offset: 0 }, [batches, heads]);
  const steps = alongQueries ? { row: 1, column: inner } : { row: inner, column: 1 };
  return { data, start: 0, batch: nextBatch, head: nextHead, ...steps };
}

function shapeOf(
  q: readonly number[],
  k: readonly number[],
  v: readonly number[],
  attributes: AttentionAttributes,
): AttentionShape {
  const [batches, queries, heads, width] = q;
  return { batches, heads, queries, keys: k[1], width, valueWidth: v[3], ...attributes };
}

function checkMask(mask: Tensor | undefined, { batches, heads, queries, keys }: AttentionShape): void {
  if (mask === undefined) return;
  const full = [batches, heads, queries, keys];
  const { shape } = mask;
  const fits =
    shape.length >= 2 && shape.length <= 4 && shape.every((n, d) => n === 1 || n === full[4 - shape.length + d]);
  if (!fits)
    throw new ShapeError(`attention: a mask of shape ${showShape(shape)} doesn't fit scores ${showShape(full)}.`);
}

/** One type for all, so that kernels needn't convert. */
function dtypeOf(inputs: readonly Tensor[]) {
  const dtype = toFloating(inputs.reduce((most, { dtype }) => promote(most, dtype), inputs[0].dtype));
  const other = inputs.find((input) => input.dtype !== dtype);
  if (other) throw new DTypeError(`attention: expected inputs of one floating type, got ${dtype} and ${other.dtype}.`);
  return dtype;
}

/** query [n, queries, heads, width], key [n, keys, heads, width], value [n, keys, heads, w], mask [.., queries, keys] → [n, queries, heads, w]. */
export const attention: Computed<AttentionAttributes> = {
  infer(inputs, attributes) {
    const [q, k, v, mask] = inputs;
    const [x, y, z] = [q.shape, k.shape, v.shape];
    const fits =
      [x, y, z].every((s) => s.length === 4 && s[0] === x[0] && s[2] === x[2]) && x[3] === y[3] && y[1] === z[1];
    if (!fits)
      throw new ShapeError(
        `attention: ${[x, y, z].map((s) => showShape(s)).join(', ')} don't fit as query, key and value.`,
      );
    checkMask(mask, shapeOf(x, y, z, attributes));
    return { shape: [x[0], x[1], x[2], z[3]], dtype: dtypeOf(inputs) };
  },
  overwrites: true,
  forward([q, k, v, mask], attributes, out, outShape, keep) {
    const shape = shapeOf(q.shape, k.shape, v.shape, attributes);
    const sumsShape = [shape.batches, shape.heads, shape.queries];
    const sums = allocateDirty(q.dtype, sizeOf(sumsShape));
    kernels.attention(shape, headsOf(q), headsOf(k), headsOf(v), maskOf(mask, shape), headsIn(out, outShape), sums);
    keep(wrap(sums, q.dtype, sumsShape));
    if (mask !== undefined) keep(mask);
  },
  saves: [0, 1, 2, 'output'],
  backward(g, { saved, savedCount, needs, attributes }) {
    const [q, k, v, out, sums] = [0, 1, 2, 3, 4].map(saved);
    const mask = savedCount > 5 ? saved(5) : undefined;
    if (isGradEnabled() || needs[3]) return composed(g, [q, k, v, mask], attributes);
    const shape = shapeOf(q.shape, k.shape, v.shape, attributes);
    const slopes = [q, k, v].map((x) => wrap(allocateDirty(x.dtype, sizeOf(x.shape)), x.dtype, x.shape));
    const [from, result] = [headsIn(elements(g), g.shape), headsIn(elements(out), out.shape)];
    const [dq, dk, dv] = slopes.map(headsOf);
    const hidden = maskOf(mask, shape, true);
    kernels.attentionBackward(
      shape,
      from,
      headsOf(q),
      headsOf(k),
      headsOf(v),
      hidden,
      result,
      sums.storage.data,
      dq,
      dk,
      dv,
    );
    return slopes;
  },
  samples: () => [
    {
      inputs: [spread([2, 3, 2, 2]), spread([2, 4, 2, 2], -1, 1, 1), spread([2, 4, 2, 3], -2, 2, 2)],
      attributes: { scale: 0.7, causal: false },
    },
    {
      inputs: [spread([1, 3, 1, 2]), spread([1, 3, 1, 2], -1, 1, 1), spread([1, 3, 1, 2], -2, 2, 2), spread([3, 3])],
      attributes: { scale: 1, causal: true },
    },
    {
      inputs: [
        spread([2, 2, 1, 2]),
        spread([2, 3, 1, 2], -1, 1, 1),
        spread([2, 3, 1, 1], -2, 2, 2),
        spread([2, 1, 1, 3]),
      ],
      attributes: { scale: 1, causal: false },
    },
  ],
};

/** The rule in operations, so that it can be differentiated again; with the gradient of the mask, too. */
function composed(
  g: Tensor,
  [query, key, value, mask]: readonly [Tensor, Tensor, Tensor, Tensor | undefined],
  { scale, causal }: AttentionAttributes,
): Tensor[] {
  const [q, k, v, dOut] = [query, key, value, g].map((x) => x.transpose(1, 2));
  let scores = q.matmul(k.transpose(-2, -1)).mul(scale);
  if (mask !== undefined) scores = scores.add(mask);
  if (causal) scores = scores.add(future(q, k));
  const weights = scores.softmax(-1);
  const along = dOut.matmul(v.transpose(-2, -1)).mul(weights);
  const slope = along.sub(weights.mul(along.sum(-1, { keepdim: true })));
  const scaled = slope.mul(scale);
  const parts = [scaled.matmul(k), scaled.transpose(-2, -1).matmul(q), weights.transpose(-2, -1).matmul(dOut)];
  return [...parts.map((part) => part.transpose(1, 2)), ...(mask === undefined ? [] : [slope])];
}

/** [queries, keys]: −Infinity for keys after the query. */
function future(q: Tensor, k: Tensor): Tensor {
  const [queries, keys] = [q.shape[2], k.shape[2]];
  const hidden = Float32Array.from({ length: queries * keys }, (_, at) =>
    at % keys > Math.floor(at / keys) ? -Infinity : 0,
  );
  return q.newTensor(hidden, [queries, keys]);
}

export interface SelfAttentionAttributes extends AttentionAttributes {
  readonly heads: number;
}

/** Queries, keys and values [n, positions, heads, width] of their projections side by side. */
function parts(x: Tensor, heads: number): Tensor[] {
  const width = x.shape[2] / 3 / heads;
  const split = x.reshape([x.shape[0], x.shape[1], 3, heads, width]);
  return [0, 1, 2].map((i) => split.select(2, i));
}

/** One of them in row-major [n, positions, 3 · width]. */
function partOf(data: Numbers, [, positions, all]: readonly number[], heads: number, i: number): Heads {
  const [width, start] = [all / 3 / heads, (i * all) / 3];
  return { data, start, batch: positions * all, head: width, row: all, column: 1 };
}

const selfShape = ([batches, positions, all]: readonly number[], { heads, scale, causal }: SelfAttentionAttributes) => {
  const width = all / 3 / heads;
  return { batches, heads, queries: positions, keys: positions, width, valueWidth: width, scale, causal };
};

/** Projections of queries, keys and values side by side [n, positions, 3 · width], mask [.., positions, positions] → [n, positions, width]. */
export const selfAttention: Computed<SelfAttentionAttributes> = {
  infer(inputs, attributes) {
    const [x, mask] = inputs;
    const { shape } = x;
    if (shape.length !== 3 || shape[2] % (3 * attributes.heads) !== 0)
      throw new ShapeError(
        `selfAttention: ${showShape(shape)} can't be split into ${attributes.heads} heads of three.`,
      );
    checkMask(mask, selfShape(shape, attributes));
    return { shape: [shape[0], shape[1], shape[2] / 3], dtype: dtypeOf(inputs) };
  },
  overwrites: true,
  forward([x, mask], attributes, out, outShape, keep) {
    const { heads } = attributes;
    const shape = selfShape(x.shape, attributes);
    const sumsShape = [shape.batches, heads, shape.queries];
    const sums = allocateDirty(x.dtype, sizeOf(sumsShape));
    const data = elements(x);
    const [q, k, v] = [0, 1, 2].map((i) => partOf(data, x.shape, heads, i));
    const to = headsIn(out, [outShape[0], outShape[1], heads, shape.width]);
    kernels.attention(shape, q, k, v, maskOf(mask, shape), to, sums);
    keep(wrap(sums, x.dtype, sumsShape));
    if (mask !== undefined) keep(mask);
  },
  saves: [0, 'output'],
  backward(g, { saved, savedCount, needs, attributes, apply }) {
    const { heads } = attributes;
    const [x, out, sums] = [0, 1, 2].map(saved);
    const mask = savedCount > 3 ? saved(3) : undefined;
    const shape = selfShape(x.shape, attributes);
    const split = [g.shape[0], g.shape[1], heads, shape.width];
    if (isGradEnabled() || needs[1]) {
      const [q, k, v] = parts(x, heads);
      const [dq, dk, dv, ...rest] = composed(g.reshape(split), [q, k, v, mask], attributes);
      return [
        apply(
          'cat',
          [dq, dk, dv].map((part) => part.flatten(2)),
          { dim: 2 },
        ),
        ...rest,
      ];
    }
    const data = elements(x);
    const slopes = allocateDirty(x.dtype, sizeOf(x.shape));
    const [q, k, v] = [0, 1, 2].map((i) => partOf(data, x.shape, heads, i));
    const [dq, dk, dv] = [0, 1, 2].map((i) => partOf(slopes, x.shape, heads, i));
    const [from, result] = [g, out].map((t) => headsIn(elements(t), split));
    const hidden = maskOf(mask, shape, true);
    kernels.attentionBackward(shape, from, q, k, v, hidden, result, sums.storage.data, dq, dk, dv);
    return [wrap(slopes, x.dtype, x.shape), ...(mask === undefined ? [] : [null])];
  },
  samples: () => [
    { inputs: [spread([2, 3, 12])], attributes: { heads: 2, scale: 0.7, causal: true } },
    { inputs: [spread([2, 3, 6]), spread([2, 1, 1, 3], -1, 1, 1)], attributes: { heads: 1, scale: 1, causal: false } },
  ],
};
