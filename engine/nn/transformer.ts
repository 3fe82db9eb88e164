import type { Tensor } from '../tensor/tensor.ts';
import { Dropout } from './activations.ts';
import { type AttentionCall, MultiheadAttention } from './attention.ts';
import { ModuleList } from './containers.ts';
import { byName, type Given } from './functional/given.ts';
import * as F from './functional.ts';
import { Linear } from './linear.ts';
import { Module } from './module.ts';
import { LayerNorm } from './normalization.ts';

export interface TransformerOptions {
  /** Width of the feed-forward part. Default 2048. */
  readonly dimFeedforward?: number;
  /** Default 0.1. */
  readonly dropout?: number;
  /** Default relu. */
  readonly activation?: 'relu' | 'gelu';
  /** Sequences are [n, positions, width] instead of [positions, n, width]. Default false. */
  readonly batchFirst?: boolean;
  /** Normalize before attention and feed-forward rather than after (Xiong et al. 2020). Default false. */
  readonly normFirst?: boolean;
}

/** What may be hidden from attention: see MultiheadAttention. */
export type EncoderCall = Omit<AttentionCall, 'needWeights' | 'averageAttnWeights'>;

/** The feed-forward part and the options that all layers share. */
abstract class Layer<Inputs extends unknown[]> extends Module<Inputs, Tensor> {
  readonly options: TransformerOptions;
  selfAttn: MultiheadAttention;
  linear1: Linear;
  linear2: Linear;
  dropout: Dropout;

  constructor(width: number, heads: number, rest: Rest) {
    super();
    const options = byName<TransformerOptions>(new.target.name, names, rest);
    const { dropout = 0.1, batchFirst, dimFeedforward = 2048 } = options;
    this.options = { ...options, dimFeedforward };
    this.selfAttn = new MultiheadAttention(width, heads, { dropout, batchFirst });
    this.linear1 = new Linear(width, dimFeedforward);
    this.linear2 = new Linear(dimFeedforward, width);
    this.dropout = new Dropout(dropout);
  }

  /** Another layer of the same kind, size and weights. */
  twin(): this {
    const Kind = this.constructor as new (width: number, heads: number, options: TransformerOptions) => this;
    const { width, heads } = this.selfAttn;
    const made = new Kind(width, heads, this.options);
    made.loadStateDict(this.stateDict());
    return made;
  }

  protected feed(x: Tensor): Tensor {
    const hidden = this.linear1(x);
    const active = this.options.activation === 'gelu' ? F.gelu(hidden) : F.relu(hidden);
    return this.dropout(this.linear2(this.dropout(active)));
  }

  /** A residual connection with its normalization before or after. */
  protected around(x: Tensor, norm: LayerNorm, body: (x: Tensor) => Tensor): Tensor {
    return this.options.normFirst ? x.add(body(norm(x))) : norm(x.add(body(x)));
  }
}

/** Options, with the width of the feed-forward part before them or among them. */
type Rest = Given<[dimFeedforward: number, dropout: number, activation: 'relu' | 'gelu'], TransformerOptions>;

const names = ['dimFeedforward', 'dropout', 'activation', 'batchFirst', 'normFirst'] as const;

/** Attention and two linear layers, each with a residual connection and a normalization (Vaswani et al. 2017). */
export class TransformerEncoderLayer extends Layer<[input: Tensor, options?: EncoderCall]> {
  norm1: LayerNorm;
  norm2: LayerNorm;

  constructor(width: number, heads: number, ...rest: Rest) {
    super(width, heads, rest);
    this.norm1 = new LayerNorm(width);
    this.norm2 = new LayerNorm(width);
  }

  override forward(x: Tensor, options: EncoderCall = {}): Tensor {
    const attended = this.around(x, this.norm1, (y) => this.dropout(this.selfAttn(y, y, y, options)));
    return this.around(attended, this.norm2, (y) => this.feed(y));
  }
}

export interface DecoderCall {
  /** For attention within the target. */
  readonly target?: EncoderCall;
  /** For attention to the memory. */
  readonly memory?: EncoderCall;
}

/** Attention to itself, attention to a memory and two linear layers (Vaswani et al. 2017). */
export class TransformerDecoderLayer extends Layer<[target: Tensor, memory: Tensor, options?: DecoderCall]> {
  multiheadAttn: MultiheadAttention;
  norm1: LayerNorm;
  norm2: LayerNorm;
  norm3: LayerNorm;

  constructor(width: number, heads: number, ...rest: Rest) {
    super(width, heads, rest);
    const { dropout = 0.1, batchFirst } = this.options;
    this.multiheadAttn = new MultiheadAttention(width, heads, { dropout, batchFirst });
    this.norm1 = new LayerNorm(width);
    this.norm2 = new LayerNorm(width);
    this.norm3 = new LayerNorm(width);
  }

  override forward(target: Tensor, memory: Tensor, options: DecoderCall = {}): Tensor {
    const own = this.around(target, this.norm1, (y) => this.dropout(this.selfAttn(y, y, y, options.target)));
    const told = this.around(own, this.norm2, (y) =>
      this.dropout(this.multiheadAttn(y, memory, memory, options.memory)),
    );
    return this.around(told, this.norm3, (y) => this.feed(y));
  }
}

/** Copies of a layer, which all start with its weights as in PyTorch; or what a function makes, for layers of their own. */
const stacked = <L extends { twin(): L }>(layer: L | (() => L), count: number): L[] =>
  Array.from({ length: count }, () => ('twin' in layer ? layer.twin() : layer()));

/** Encoder layers one after the other, and maybe a last normalization. */
export class TransformerEncoder extends Module<[input: Tensor, options?: EncoderCall], Tensor> {
  layers: ModuleList<TransformerEncoderLayer>;
  norm: LayerNorm | null;

  constructor(
    layer: TransformerEncoderLayer | (() => TransformerEncoderLayer),
    numLayers: number,
    { norm = null }: StackOptions = {},
  ) {
    super();
    this.layers = new ModuleList(stacked<TransformerEncoderLayer>(layer, numLayers));
    this.norm = norm;
  }

  override forward(input: Tensor, options?: EncoderCall): Tensor {
    let x = input;
    for (const layer of this.layers) x = layer(x, options);
    return this.norm === null ? x : this.norm(x);
  }
}

export interface StackOptions {
  /** Applied to the output. Default none. */
  readonly norm?: LayerNorm | null;
}

/** Decoder layers one after the other, and maybe a last normalization. */
export class TransformerDecoder extends Module<[target: Tensor, memory: Tensor, options?: DecoderCall], Tensor> {
  layers: ModuleList<TransformerDecoderLayer>;
  norm: LayerNorm | null;

  constructor(
    layer: TransformerDecoderLayer | (() => TransformerDecoderLayer),
    numLayers: number,
    { norm = null }: StackOptions = {},
  ) {
    super();
    this.layers = new ModuleList(stacked<TransformerDecoderLayer>(layer, numLayers));
    this.norm = norm;
  }

  override forward(target: Tensor, memory: Tensor, options?: DecoderCall): Tensor {
    let x = target;
    for (const layer of this.layers) x = layer(x, memory, options);
    return this.norm === null ? x : this.norm(x);
  }
}
