import { zeros } from '../tensor/create.ts';
import { ArgumentError } from '../tensor/errors.ts';
import type { Tensor } from '../tensor/tensor.ts';
import * as F from './functional.ts';
import { xavierUniform_, zeros_ } from './init.ts';
import { Linear } from './linear.ts';
import { Module } from './module.ts';
import { Parameter } from './parameter.ts';

interface AttentionCall {
  /** Hide the future: position i sees positions up to i. Default false. */
  readonly isCausal?: boolean;
  /** bool [queries, keys], true where a query may look; or a float added to the scores. */
  readonly mask?: Tensor;
}

/**
 * Attention in several heads over parts of the width (Vaswani et al. 2017): query [n, queries, width] and key, value
 * [n, keys, width] with `batchFirst`, else with the first two dimensions swapped → the shape of the query.
 */
export class MultiheadAttention extends Module<
  [query: Tensor, key: Tensor, value: Tensor, options?: AttentionCall],
  Tensor
> {
  readonly width: number;
  readonly heads: number;
  readonly batchFirst: boolean;
  readonly dropout: number;
  /** The projections of query, key and value, one below the other: [3·width, width]. */
  inProjWeight: Parameter;
  /** [3·width]. */
  inProjBias: Parameter | null;
  outProj: Linear;

  constructor(
    width: number,
    heads: number,
    {
      batchFirst = false,
      dropout = 0,
      bias = true,
    }: { readonly batchFirst?: boolean; readonly dropout?: number; readonly bias?: boolean } = {},
  ) {
    super();
    if (width % heads !== 0)
      throw new ArgumentError(`MultiheadAttention: a width of ${width} can't be split into ${heads} heads.`);
    this.width = width;
    this.heads = heads;
    this.batchFirst = batchFirst;
    this.dropout = dropout;
    this.inProjWeight = new Parameter(xavierUniform_(zeros([3 * width, width])));
    this.inProjBias = bias ? new Parameter(zeros([3 * width])) : null;
    this.outProj = new Linear(width, width, { bias });
    if (this.outProj.bias !== null) zeros_(this.outProj.bias);
  }

  override forward(query: Tensor, key: Tensor, value: Tensor, options: AttentionCall = {}): Tensor {
    const [q, k, v] = this.project([query, key, value].map((x) => (this.batchFirst ? x : x.transpose(0, 1))));
    const attended = F.scaledDotProductAttention(q, k, v, { ...options, dropout: this.training ? this.dropout : 0 });
    const merged = this.outProj(attended.transpose(1, 2).flatten(2));
    return this.batchFirst ? merged : merged.transpose(0, 1);
  }

  /** [n, positions, width] → [n, heads, positions, width/heads] for each of query, key and value. */
  private project(inputs: readonly Tensor[]): Tensor[] {
    const { width, heads, inProjWeight, inProjBias } = this;
    const [query, key, value] = inputs;
    const same = query === key && key === value;
    const parts = same
      ? F.linear(query, inProjWeight, inProjBias).split(width, 2)
      : inputs.map((x, i) =>
          F.linear(
            x,
            inProjWeight.slice(0, i * width, (i + 1) * width),
            inProjBias?.slice(0, i * width, (i + 1) * width),
          ),
        );
    return parts.map((part) => part.unflatten(2, [heads, width / heads]).transpose(1, 2));
  }

  override describe(): string {
    return `${this.width}, heads=${this.heads}`;
  }
}
