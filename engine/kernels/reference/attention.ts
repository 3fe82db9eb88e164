import type { Numbers } from '../../tensor/dtype.ts';

/** One head of an operand is a matrix; strides in elements. A batch or head may be repeated: stride 0. */
export interface Heads {
  readonly data: Numbers;
  readonly start: number;
  readonly batch: number;
  readonly head: number;
  readonly row: number;
  readonly column: number;
}

export interface AttentionShape {
  readonly batches: number;
  readonly heads: number;
  readonly queries: number;
  readonly keys: number;
  /** Of queries and keys. */
  readonly width: number;
  /** Of values and results. */
  readonly valueWidth: number;
  readonly scale: number;
  /** Query i sees keys up to i. */
  readonly causal: boolean;
}

type At = (row: number, column: number) => number;

const headOf = ({ start, batch, head, row, column }: Heads, b: number, h: number): At => {
  const from = start + b * batch + h * head;
  return (r, c) => from + r * row + c * column;
};

/** The scores of a query, scaled and masked. */
function scoresOf(
  shape: AttentionShape,
  [q, k, mask]: readonly [Heads, Heads, Heads | null],
  [atQ, atK, atMask]: readonly At[],
  i: number,
): Float64Array {
  const scores = new Float64Array(shape.keys).fill(-Infinity);
  const seen = shape.causal ? Math.min(i + 1, shape.keys) : shape.keys;
  for (let j = 0; j < seen; j++) {
    let sum = 0;
    for (let c = 0; c < shape.width; c++) sum += q.data[atQ(i, c)] * k.data[atK(j, c)];
    scores[j] = sum * shape.scale + (mask === null ? 0 : mask.data[atMask(i, j)]);
  }
  return scores;
}

/**
 * A key whose score is −Infinity counts nothing (what becomes of its value where that isn't finite is left open); if all
 * are, the result is NaN.
 */
export const attention = {
  /** out = softmax(q·kᵀ·scale + mask)·v of each head, and ln Σ e^(scores) of each query in `sums` [batches, heads, queries]. */
  attention(shape: AttentionShape, q: Heads, k: Heads, v: Heads, mask: Heads | null, out: Heads, sums: Numbers): void {
    let query = 0;
    for (let b = 0; b < shape.batches; b++)
      for (let h = 0; h < shape.heads; h++) {
        const [atQ, atK, atV, atOut, atMask] = [q, k, v, out, mask ?? q].map((x) => headOf(x, b, h));
        for (let i = 0; i < shape.queries; i++, query++) {
          const scores = scoresOf(shape, [q, k, mask], [atQ, atK, atMask], i);
          const top = scores.reduce((x, y) => Math.max(x, y), -Infinity);
          const weights = scores.map((s) => Math.exp(s - top));
          const mass = weights.reduce((x, y) => x + y, 0);
          sums[query] = top + Math.log(mass);
          for (let c = 0; c < shape.valueWidth; c++) {
            let sum = 0;
            for (let j = 0; j < shape.keys; j++) if (weights[j] !== 0) sum += weights[j] * v.data[atV(j, c)];
            out.data[atOut(i, c)] = sum / mass;
          }
        }
      }
  },

  /** Gradients of q, k and v (Dao et al. 2022, appendix B.2). `out`, `sums`: of `attention`; `g`: the gradient of `out`. */
  attentionBackward(
    shape: AttentionShape,
    g: Heads,
    q: Heads,
    k: Heads,
    v: Heads,
    mask: Heads | null,
    out: Heads,
    sums: Numbers,
    dq: Heads,
    dk: Heads,
    dv: Heads,
  ): void {
    const { queries, keys, width, valueWidth, scale } = shape;
    let query = 0;
    for (let b = 0; b < shape.batches; b++)
      for (let h = 0; h < shape.heads; h++) {
        const [atG, atQ, atK, atV, atOut, atMask] = [g, q, k, v, out, mask ?? q].map((x) => headOf(x, b, h));
        const [toQ, toK, toV] = [dq, dk, dv].map((x) => headOf(x, b, h));
        const [sumQ, sumK] = [queries, keys].map((n) => new Float64Array(n * width));
        const sumV = new Float64Array(keys * valueWidth);
        for (let i = 0; i < queries; i++, query++) {
          const scores = scoresOf(shape, [q, k, mask], [atQ, atK, atMask], i);
          let along = 0;
          for (let c = 0; c < valueWidth; c++) along += g.data[atG(i, c)] * out.data[atOut(i, c)];
          for (let j = 0; j < keys; j++) {
            const weight = Math.exp(scores[j] - sums[query]);
            if (weight === 0) continue;
            let slope = -along;
            for (let c = 0; c < valueWidth; c++) {
              slope += g.data[atG(i, c)] * v.data[atV(j, c)];
              sumV[j * valueWidth + c] += weight * g.data[atG(i, c)];
            }
            for (let c = 0; c < width; c++) {
              sumQ[i * width + c] += weight * slope * scale * k.data[atK(j, c)];
              sumK[j * width + c] += weight * slope * scale * q.data[atQ(i, c)];
            }
          }
        }
        const put = (x: Heads, to: At, values: Float64Array, columns: number) => {
          for (const [i, value] of values.entries()) x.data[to(Math.floor(i / columns), i % columns)] = value;
        };
        put(dq, toQ, sumQ, width);
        put(dk, toK, sumK, width);
        put(dv, toV, sumV, valueWidth);
      }
  },
};
