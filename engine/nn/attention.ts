import { apply } from '../autograd/apply.ts';
import { cat, full, ones, zeros } from '../tensor/create.ts';
import { ArgumentError } from '../tensor/errors.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { byName, type Given } from './functional/given.ts';
import * as F from './functional.ts';
import { xavierNormal_, xavierUniform_, zeros_ } from './init.ts';
import { Linear } from './linear.ts';
import { Module } from './module.ts';
import { Parameter } from './parameter.ts';

export interface AttentionCall {
  /** Hide the future: position i sees positions up to i. Default false. */
  readonly isCausal?: boolean;
  /** bool [queries, keys], true where a query may look; or a float added to the scores. */
  readonly mask?: Tensor | null;
  /** PyTorch's mask: bool [queries, keys], true where a query may NOT look; or a float added to the scores. */
  readonly attnMask?: Tensor | null;
  /** bool [n, keys], true for keys that nobody may look at. */
  readonly keyPaddingMask?: Tensor | null;
  /** Return PyTorch's pair: the output and the weights. Default false. */
  readonly needWeights?: boolean;
  /** The weights as a mean over the heads. Default true. */
  readonly averageAttnWeights?: boolean;
}

const callNames = ['keyPaddingMask', 'needWeights', 'attnMask', 'averageAttnWeights', 'isCausal', 'mask'] as const;

/** By position as in PyTorch, or by name. */
type CallRest = Given<[keyPaddingMask: Tensor | null, needWeights: boolean, attnMask: Tensor | null], AttentionCall>;

export interface AttentionLayerOptions {
  /** Sequences are [n, positions, width] instead of [positions, n, width]. Default false. */
  readonly batchFirst?: boolean;
  /** Probability with which attention weights are dropped while training. Default 0. */
  readonly dropout?: number;
  /** Default true. */
  readonly bias?: boolean;
  /** Add a trained key and value to every sequence. Default false. */
  readonly addBiasKv?: boolean;
  /** Add a key and value of zeros to every sequence. Default false. */
  readonly addZeroAttn?: boolean;
  /** The width of keys. Default that of queries. */
  readonly kdim?: number;
  /** The width of values. Default that of queries. */
  readonly vdim?: number;
}

/** All masks of a call as one that is added to scores [n, heads, queries, keys]. */
function merge({ mask, attnMask, keyPaddingMask }: AttentionCall, heads: number, like: Tensor): Tensor | undefined {
  const parts: Tensor[] = [];
  // [n·heads, queries, keys] is a mask for each head.
  const spread = (m: Tensor) => (m.shape.length === 3 ? m.unflatten(0, [-1, heads]) : m);
  if (mask) parts.push(F.addedMask(spread(mask), like, true));
  if (attnMask) parts.push(F.addedMask(spread(attnMask), like, false));
  if (keyPaddingMask) parts.push(F.addedMask(keyPaddingMask.unsqueeze(1).unsqueeze(1), like, false));
  return parts.length === 0 ? undefined : parts.reduce((a, b) => a.add(b));
}

/** The masks with `extra` more keys, which everyone sees; what hides the future is a mask too. */
function withExtraKeys(
  { mask, attnMask, keyPaddingMask, isCausal }: AttentionCall,
  extra: number,
  query: Tensor,
  keys: number,
  batchFirst: boolean,
): AttentionCall {
  const queries = query.shape[batchFirst ? 1 : 0];
  // A mask that says the same already is enough, as in PyTorch.
  const causal = isCausal ? ones([queries, keys], { dtype: 'bool' }).tril() : null;
  const both =
    causal === null
      ? mask
      : mask
        ? mask.dtype === 'bool'
          ? mask.logicalAnd(causal)
          : causal.where(mask, -Infinity)
        : causal;
  if (extra === 0) return { mask: both, attnMask, keyPaddingMask };
  const grown = (m: Tensor | null | undefined, seen: number) =>
    m ? cat([m, full([...m.shape.slice(0, -1), extra], seen).to(m.dtype)], -1) : m;
  const open = both?.dtype === 'bool' ? 1 : 0;
  return { mask: grown(both, open), attnMask: grown(attnMask, 0), keyPaddingMask: grown(keyPaddingMask, 0) };
}

/**
 * Attention in several heads over parts of the width (Vaswani et al. 2017): query [n, queries, width] and key, value
 * [n, keys, width] with `batchFirst`, else with the first two dimensions swapped → the shape of the query.
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the interface adds a second way to call it
export class MultiheadAttention extends Module<
  [query: Tensor, key: Tensor, value: Tensor, ...options: CallRest],
  Tensor | [output: Tensor, weights: Tensor]
> {
  readonly width: number;
  readonly heads: number;
  readonly batchFirst: boolean;
  readonly dropout: number;
  /** The projections of query, key and value, one below the other: [3·width, width]; null if they have widths of their own. */
  inProjWeight: Parameter | null = null;
  /** [width, width], [width, kdim] and [width, vdim], where key or value has another width than the query. */
  qProjWeight: Parameter | null = null;
  kProjWeight: Parameter | null = null;
  vProjWeight: Parameter | null = null;
  /** [3·width]. */
  inProjBias: Parameter | null;
  outProj: Linear;
  /** [1, 1, width]: the added key and value, if any. */
  biasK: Parameter | null;
  biasV: Parameter | null;
  readonly addZeroAttn: boolean;

  constructor(
    width: number,
    heads: number,
    ...options: Given<[dropout: number, bias: boolean, addBiasKv: boolean, addZeroAttn: boolean], AttentionLayerOptions>
  ) {
    super();
    const names = ['dropout', 'bias', 'addBiasKv', 'addZeroAttn', 'kdim', 'vdim', 'batchFirst'] as const;
    const given = byName<AttentionLayerOptions>('MultiheadAttention', names, options);
    const { batchFirst = false, dropout = 0, bias = true, kdim = width, vdim = width } = given;
    if (width % heads !== 0)
      throw new ArgumentError(`MultiheadAttention: a width of ${width} can't be split into ${heads} heads.`);
    this.width = width;
    this.heads = heads;
    this.batchFirst = batchFirst;
    this.dropout = dropout;
    const matrix = (rows: number, columns: number) => new Parameter(xavierUniform_(zeros([rows, columns])));
    if (kdim === width && vdim === width) this.inProjWeight = matrix(3 * width, width);
    else {
      this.qProjWeight = matrix(width, width);
      this.kProjWeight = matrix(width, kdim);
      this.vProjWeight = matrix(width, vdim);
    }
    this.inProjBias = bias ? new Parameter(zeros([3 * width])) : null;
    this.outProj = new Linear(width, width, { bias });
    if (this.outProj.bias !== null) zeros_(this.outProj.bias);
    const single = () => (given.addBiasKv ? new Parameter(xavierNormal_(zeros([1, 1, width]))) : null);
    this.biasK = single();
    this.biasV = single();
    this.addZeroAttn = given.addZeroAttn ?? false;
  }

  override forward(query: Tensor, key: Tensor, value: Tensor, ...rest: CallRest): Tensor | [Tensor, Tensor] {
    const options = byName<AttentionCall>('MultiheadAttention', callNames, rest);
    if (query.shape.length === 2) return this.alone(query, key, value, options);
    const whole = !options.needWeights && !(this.training && this.dropout > 0);
    const packed = whole && this.biasK === null && !this.addZeroAttn && key === query && value === query;
    if (packed && this.inProjWeight !== null) return this.attendToItself(query, this.inProjWeight, options);
    const [q, ...given] = this.project(query, key, value);
    const [k, v] = given.map((x, i) => this.extended(x, i === 0 ? this.biasK : this.biasV));
    const extra = k.shape[2] - given[0].shape[2];
    const masks = withExtraKeys(options, extra, query, given[0].shape[2], this.batchFirst);
    const mask = merge(masks, this.heads, q);
    const project = (attended: Tensor): Tensor => {
      const merged = this.outProj(attended.transpose(1, 2).flatten(2));
      return this.batchFirst ? merged : merged.transpose(0, 1);
    };
    if (whole) return project(F.scaledDotProductAttention(q, k, v, { mask }));
    const weights = F.attentionWeights(q, k, { mask, dropout: this.training ? this.dropout : 0 });
    const output = project(weights.matmul(v));
    if (!options.needWeights) return output;
    return [output, (options.averageAttnWeights ?? true) ? weights.mean(1) : weights];
  }

  /** Where query, key and value are the same: their projections stay side by side, and heads are seen by strides. */
  private attendToItself(x: Tensor, weight: Parameter, options: AttentionCall): Tensor {
    const { width, heads } = this;
    const projected = F.linear(this.batchFirst ? x : x.transpose(0, 1), weight, this.inProjBias);
    const mask = merge(options, heads, projected);
    const attributes = { heads, scale: Math.sqrt(heads / width), causal: options.isCausal ?? false };
    const inputs = mask === undefined ? [projected] : [projected, mask];
    const output = this.outProj(apply('selfAttention', inputs, attributes));
    return this.batchFirst ? output : output.transpose(0, 1);
  }

  /** One sequence [positions, width], without a batch. */
  private alone(query: Tensor, key: Tensor, value: Tensor, options: AttentionCall): Tensor | [Tensor, Tensor] {
    const batch = this.batchFirst ? 0 : 1;
    const [q, k, v] = [query, key, value].map((x) => x.unsqueeze(batch));
    const keyPaddingMask = options.keyPaddingMask?.unsqueeze(0) ?? null;
    const result = this.forward(q, k, v, { ...options, keyPaddingMask });
    if (!Array.isArray(result)) return result.squeeze(batch);
    return [result[0].squeeze(batch), result[1].squeeze(0)];
  }

  /** Keys or values [n, heads, positions, width/heads] with the added ones after them. */
  private extended(x: Tensor, bias: Parameter | null): Tensor {
    const [n, heads, , width] = x.shape;
    const own = bias?.reshape([1, heads, 1, width]).expand([n, heads, 1, width]);
    const parts = [x, ...(own === undefined ? [] : [own])];
    if (this.addZeroAttn) parts.push(zeros([n, heads, 1, width], { dtype: x.dtype }));
    return parts.length === 1 ? x : cat(parts, 2);
  }

  /** [n, positions, width] → [n, heads, positions, width/heads] for each of query, key and value. */
  private project(...inputs: readonly Tensor[]): Tensor[] {
    const { width, heads, inProjWeight, inProjBias } = this;
    const same = inputs.every((input) => input === inputs[0]);
    const [query, ...others] = inputs.map((x) => (this.batchFirst ? x : x.transpose(0, 1)));
    const rows = (x: Tensor | null, i: number) => x?.slice(0, i * width, (i + 1) * width) ?? null;
    const own = [this.qProjWeight, this.kProjWeight, this.vProjWeight];
    const parts =
      same && inProjWeight !== null
        ? F.linear(query, inProjWeight, inProjBias).split(width, 2)
        : [query, ...others].map((x, i) => F.linear(x, own[i] ?? rows(inProjWeight, i)!, rows(inProjBias, i)));
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
  (query: Tensor, key: Tensor, value: Tensor, ...options: CallRest): Tensor;
}
