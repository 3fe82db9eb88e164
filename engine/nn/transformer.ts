import type { Tensor } from '../tensor/tensor.ts';
import { Dropout } from './activations.ts';
import { MultiheadAttention } from './attention.ts';
import * as F from './functional.ts';
import { Linear } from './linear.ts';
import { Module } from './module.ts';
import { LayerNorm } from './normalization.ts';

export interface EncoderOptions {
  /** Default 0.1. */
  readonly dropout?: number;
  /** Default relu. */
  readonly activation?: 'relu' | 'gelu';
  /** Sequences are [n, positions, width] instead of [positions, n, width]. Default false. */
  readonly batchFirst?: boolean;
  /** Normalize before attention and feed-forward rather than after (Xiong et al. 2020). Default false. */
  readonly normFirst?: boolean;
}

interface EncoderCall {
  readonly isCausal?: boolean;
  readonly mask?: Tensor;
}

/** Attention and two linear layers, each with a residual connection and a normalization (Vaswani et al. 2017). */
export class TransformerEncoderLayer extends Module<[input: Tensor, options?: EncoderCall], Tensor> {
  selfAttn: MultiheadAttention;
  linear1: Linear;
  linear2: Linear;
  norm1: LayerNorm;
  norm2: LayerNorm;
  dropout: Dropout;
  readonly options: EncoderOptions;

  constructor(width: number, heads: number, feedforward = 2048, options: EncoderOptions = {}) {
    super();
    const { dropout = 0.1, batchFirst } = options;
    this.options = options;
    this.selfAttn = new MultiheadAttention(width, heads, { dropout, batchFirst });
    this.linear1 = new Linear(width, feedforward);
    this.linear2 = new Linear(feedforward, width);
    this.norm1 = new LayerNorm(width);
    this.norm2 = new LayerNorm(width);
    this.dropout = new Dropout(dropout);
  }

  override forward(x: Tensor, options: EncoderCall = {}): Tensor {
    const attend = (y: Tensor) => this.dropout(this.selfAttn(y, y, y, options));
    if (this.options.normFirst) {
      const attended = x.add(attend(this.norm1(x)));
      return attended.add(this.feed(this.norm2(attended)));
    }
    const attended = this.norm1(x.add(attend(x)));
    return this.norm2(attended.add(this.feed(attended)));
  }

  private feed(x: Tensor): Tensor {
    const hidden = this.linear1(x);
    const active = this.options.activation === 'gelu' ? F.gelu(hidden) : F.relu(hidden);
    return this.dropout(this.linear2(this.dropout(active)));
  }
}
