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

/** What is hidden from attention: bool masks are true where one may NOT look, under any of their names, as in PyTorch. */
export interface EncoderCall {
  /** bool [positions, positions], true where a position may not look; or a float added to the scores. */
  readonly srcMask?: Tensor | null;
  /** The same. */
  readonly mask?: Tensor | null;
  /** The same. */
  readonly attnMask?: Tensor | null;
  /** bool [n, positions], true for positions that nobody may look at. */
  readonly srcKeyPaddingMask?: Tensor | null;
  /** The same. */
  readonly keyPaddingMask?: Tensor | null;
  /** Hide the future. Default false. */
  readonly isCausal?: boolean | null;
}

/** By position as in PyTorch, or by name. */
type EncoderRest = Given<
  [mask: Tensor | null, srcKeyPaddingMask: Tensor | null, isCausal: boolean | null],
  EncoderCall
>;

const encoderNames = ['srcMask', 'srcKeyPaddingMask', 'isCausal', 'mask', 'attnMask', 'keyPaddingMask'] as const;

/** One name for each mask. @throws ArgumentError for a name there isn't. */
function hidden(owner: string, rest: readonly unknown[]): AttentionCall {
  const given = byName<EncoderCall>(owner, encoderNames, rest);
  return {
    attnMask: given.srcMask ?? given.mask ?? given.attnMask,
    keyPaddingMask: given.srcKeyPaddingMask ?? given.keyPaddingMask,
    isCausal: given.isCausal ?? false,
  };
}

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
export class TransformerEncoderLayer extends Layer<[input: Tensor, ...options: EncoderRest]> {
  norm1: LayerNorm;
  norm2: LayerNorm;

  constructor(width: number, heads: number, ...rest: Rest) {
    super(width, heads, rest);
    this.norm1 = new LayerNorm(width);
    this.norm2 = new LayerNorm(width);
  }

  override forward(x: Tensor, ...rest: EncoderRest): Tensor {
    const options = hidden('TransformerEncoderLayer', rest);
    const attended = this.around(x, this.norm1, (y) => this.dropout(this.selfAttn(y, y, y, options)));
    return this.around(attended, this.norm2, (y) => this.feed(y));
  }
}

export interface DecoderCall {
  /** bool [targets, targets], true where a position may not look; or a float added to the scores. */
  readonly tgtMask?: Tensor | null;
  /** bool [targets, memories], likewise. */
  readonly memoryMask?: Tensor | null;
  /** bool [n, targets], true for positions that nobody may look at. */
  readonly tgtKeyPaddingMask?: Tensor | null;
  /** bool [n, memories], likewise. */
  readonly memoryKeyPaddingMask?: Tensor | null;
  /** Hide the target's future. Default false. */
  readonly tgtIsCausal?: boolean | null;
  readonly memoryIsCausal?: boolean | null;
  /** All that is said of attention within the target, together. */
  readonly target?: EncoderCall;
  /** All that is said of attention to the memory, together. */
  readonly memory?: EncoderCall;
}

/** By position as in PyTorch, or by name. */
type DecoderRest = Given<
  [
    tgtMask: Tensor | null,
    memoryMask: Tensor | null,
    tgtKeyPaddingMask: Tensor | null,
    memoryKeyPaddingMask: Tensor | null,
    tgtIsCausal: boolean | null,
    memoryIsCausal: boolean | null,
  ],
  DecoderCall
>;

const decoderNames = [
  'tgtMask',
  'memoryMask',
  'tgtKeyPaddingMask',
  'memoryKeyPaddingMask',
  'tgtIsCausal',
  'memoryIsCausal',
  'target',
  'memory',
] as const;

/** What is hidden within the target, and of the memory. */
function hiddenBoth(owner: string, rest: readonly unknown[]): { target: AttentionCall; memory: AttentionCall } {
  const given = byName<DecoderCall>(owner, decoderNames, rest);
  const one = (
    together: EncoderCall = {},
    attnMask: Tensor | null | undefined,
    keyPaddingMask: Tensor | null | undefined,
    isCausal: boolean | null | undefined,
  ): AttentionCall => {
    const said = hidden(owner, [together]);
    return {
      attnMask: attnMask ?? said.attnMask,
      keyPaddingMask: keyPaddingMask ?? said.keyPaddingMask,
      isCausal: isCausal ?? said.isCausal,
    };
  };
  return {
    target: one(given.target, given.tgtMask, given.tgtKeyPaddingMask, given.tgtIsCausal),
    memory: one(given.memory, given.memoryMask, given.memoryKeyPaddingMask, given.memoryIsCausal),
  };
}

/** Attention to itself, attention to a memory and two linear layers (Vaswani et al. 2017). */
export class TransformerDecoderLayer extends Layer<[target: Tensor, memory: Tensor, ...options: DecoderRest]> {
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

  override forward(target: Tensor, memory: Tensor, ...rest: DecoderRest): Tensor {
    const options = hiddenBoth('TransformerDecoderLayer', rest);
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
export class TransformerEncoder extends Module<[input: Tensor, ...options: EncoderRest], Tensor> {
  layers: ModuleList<TransformerEncoderLayer>;
  norm: LayerNorm | null;

  constructor(
    layer: TransformerEncoderLayer | (() => TransformerEncoderLayer),
    numLayers: number,
    ...options: Given<[norm: LayerNorm | null], StackOptions>
  ) {
    super();
    const { norm = null } = byName<StackOptions>('TransformerEncoder', ['norm', 'enableNestedTensor'], options);
    this.layers = new ModuleList(stacked<TransformerEncoderLayer>(layer, numLayers));
    this.norm = norm;
  }

  override forward(input: Tensor, ...rest: EncoderRest): Tensor {
    const { attnMask, keyPaddingMask, isCausal } = hidden('TransformerEncoder', rest);
    let x = input;
    for (const layer of this.layers) x = layer(x, { attnMask, keyPaddingMask, isCausal });
    return this.norm === null ? x : this.norm(x);
  }
}

export interface StackOptions {
  /** Applied to the output. Default none. */
  readonly norm?: LayerNorm | null;
  /** Accepted for PyTorch's sake: there are no nested tensors. */
  readonly enableNestedTensor?: boolean;
}

/** Decoder layers one after the other, and maybe a last normalization. */
export class TransformerDecoder extends Module<[target: Tensor, memory: Tensor, ...options: DecoderRest], Tensor> {
  layers: ModuleList<TransformerDecoderLayer>;
  norm: LayerNorm | null;

  constructor(
    layer: TransformerDecoderLayer | (() => TransformerDecoderLayer),
    numLayers: number,
    ...options: Given<[norm: LayerNorm | null], Pick<StackOptions, 'norm'>>
  ) {
    super();
    const { norm = null } = byName<Pick<StackOptions, 'norm'>>('TransformerDecoder', ['norm'], options);
    this.layers = new ModuleList(stacked<TransformerDecoderLayer>(layer, numLayers));
    this.norm = norm;
  }

  override forward(target: Tensor, memory: Tensor, ...rest: DecoderRest): Tensor {
    const options = hiddenBoth('TransformerDecoder', rest);
    let x = target;
    for (const layer of this.layers) x = layer(x, memory, options);
    return this.norm === null ? x : this.norm(x);
  }
}
