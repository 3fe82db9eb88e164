import { zeros } from '../tensor/create.ts';
import { ArgumentError } from '../tensor/errors.ts';
import type { Tensor } from '../tensor/tensor.ts';
import * as F from './functional.ts';
import { xavierUniform_, zeros_ } from './init.ts';
import { Linear } from './linear.ts';
import { Module } from './module.ts';
import { Parameter } from './parameter.ts';

export interface AttentionCall {
  /** Hide the future: position i sees positions up to i. Default false. */
  readonly isCausal?: boolean;
  /** bool [queries, keys], true where a query may look; or a float added to the scores. */
  readonly mask?: Tensor;
  /** PyTorch's mask: bool [queries, keys], true where a query may NOT look; or a float added to the scores. */
  readonly attnMask?: Tensor;
  /** bool [n, keys], true for keys that nobody may look at. */
  readonly keyPaddingMask?: Tensor;
  /** Return PyTorch's pair: the output and the weights. Default false. */
  readonly needWeights?: boolean;
  /** The weights as a mean over the heads. Default true. */
  readonly averageAttnWeights?: boolean;
}

/** All masks of a call as one that is added to scores [n, heads, queries, keys]. */
function merge({ mask, attnMask, keyPaddingMask }: AttentionCall): Tensor | undefined {
  const added = (blocked: Tensor): Tensor => blocked.where(-Infinity, zeros([], { dtype: 'float32' }));
  const parts: Tensor[] = [];
  if (mask !== undefined) parts.push(mask.dtype === 'bool' ? added(mask.logicalNot()) : mask);
  if (attnMask !== undefined) parts.push(attnMask.dtype === 'bool' ? added(attnMask) : attnMask);
  if (keyPaddingMask !== undefined) parts.push(added(keyPaddingMask.unsqueeze(1).unsqueeze(1)));
  return parts.length === 0 ? undefined : parts.reduce((a, b) => a.add(b));
}

/**
 * Attention in several heads over parts of the width (Vaswani et al. 2017): query [n, queries, width] and key, value
 * [n, keys, width] with `batchFirst`, else with the first two dimensions swapped → the shape of the query.
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the interface adds a second way to call it
export class MultiheadAttention extends Module<
  [query: Tensor, key: Tensor, value: Tensor, options?: AttentionCall],
  Tensor | [output: Tensor, weights: Tensor]
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

  override forward(query: Tensor, key: Tensor, value: Tensor, options: AttentionCall = {}): Tensor | [Tensor, Tensor] {
    const [q, k, v] = this.project(query, key, value);
    const weights = F.attentionWeights(q, k, {
      isCausal: options.isCausal,
      mask: merge(options),
      dropout: this.training ? this.dropout : 0,
    });
    const merged = this.outProj(weights.matmul(v).transpose(1, 2).flatten(2));
    const output = this.batchFirst ? merged : merged.transpose(0, 1);
    if (!options.needWeights) return output;
    return [output, (options.averageAttnWeights ?? true) ? weights.mean(1) : weights];
  }

  /** [n, positions, width] → [n, heads, positions, width/heads] for each of query, key and value. */
  private project(...inputs: readonly Tensor[]): Tensor[] {
    const { width, heads, inProjWeight, inProjBias } = this;
    const same = inputs.every((input) => input === inputs[0]);
    const [query, ...others] = inputs.map((x) => (this.batchFirst ? x : x.transpose(0, 1)));
    const parts = same
      ? F.linear(query, inProjWeight, inProjBias).split(width, 2)
      : [query, ...others].map((x, i) =>
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

export interface MultiheadAttention {
  (
    query: Tensor,
    key: Tensor,
    value: Tensor,
    options: AttentionCall & { readonly needWeights: true },
  ): [output: Tensor, weights: Tensor];
  (query: Tensor, key: Tensor, value: Tensor, options?: AttentionCall): Tensor;
}
