import { full } from '../tensor/create.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { byName, type Given } from './functional/given.ts';
import { xavierUniform_ } from './init.ts';
import { Module } from './module.ts';
import { LayerNorm } from './normalization.ts';
import {
  type DecoderCall,
  type EncoderCall,
  TransformerDecoder,
  TransformerDecoderLayer,
  TransformerEncoder,
  TransformerEncoderLayer,
  type TransformerOptions,
} from './transformer.ts';

export interface EncoderDecoderOptions extends TransformerOptions {
  /** Default 512. */
  readonly dModel?: number;
  /** Heads of attention. Default 8. */
  readonly nhead?: number;
  /** Default 6. */
  readonly numEncoderLayers?: number;
  /** Default 6. */
  readonly numDecoderLayers?: number;
}

export interface TransformerCall extends DecoderCall {
  /** bool [sources, sources], true where a position may not look; or a float added to the scores. */
  readonly srcMask?: Tensor | null;
  /** bool [n, sources], true for positions that nobody may look at. */
  readonly srcKeyPaddingMask?: Tensor | null;
  readonly srcIsCausal?: boolean | null;
  /** For attention within the source. */
  readonly source?: EncoderCall;
}

const names = [
  'dModel',
  'nhead',
  'numEncoderLayers',
  'numDecoderLayers',
  'dimFeedforward',
  'dropout',
  'activation',
  'batchFirst',
  'normFirst',
] as const;

type Positions = [
  dModel: number,
  nhead: number,
  numEncoderLayers: number,
  numDecoderLayers: number,
  dimFeedforward: number,
];

const callNames = [
  'srcMask',
  'tgtMask',
  'memoryMask',
  'srcKeyPaddingMask',
  'tgtKeyPaddingMask',
  'memoryKeyPaddingMask',
  'srcIsCausal',
  'tgtIsCausal',
  'memoryIsCausal',
  'source',
  'target',
  'memory',
] as const;

/** Masks by position as in PyTorch, or by name. */
type TransformerRest = Given<
  [srcMask: Tensor | null, tgtMask: Tensor | null, memoryMask: Tensor | null],
  TransformerCall
>;

/** An encoder of the source and a decoder of the target, each with a last normalization (Vaswani et al. 2017). Glorot's weights. */
export class Transformer extends Module<[source: Tensor, target: Tensor, ...options: TransformerRest], Tensor> {
  encoder: TransformerEncoder;
  decoder: TransformerDecoder;

  constructor(...given: Given<Positions, EncoderDecoderOptions>) {
    super();
    const options = byName<EncoderDecoderOptions>('Transformer', names, given);
    const { dModel = 512, nhead = 8, numEncoderLayers = 6, numDecoderLayers = 6, ...rest } = options;
    const encode = () => new TransformerEncoderLayer(dModel, nhead, rest);
    const decode = () => new TransformerDecoderLayer(dModel, nhead, rest);
    this.encoder = new TransformerEncoder(encode, numEncoderLayers, { norm: new LayerNorm(dModel) });
    this.decoder = new TransformerDecoder(decode, numDecoderLayers, { norm: new LayerNorm(dModel) });
    for (const p of this.parameters()) if (p.shape.length > 1) xavierUniform_(p);
  }

  /** A float mask [size, size] for `tgtMask`: −Infinity above the diagonal, which hides the future. */
  static generateSquareSubsequentMask(size: number): Tensor {
    return full([size, size], -Infinity).triu(1);
  }

  override forward(source: Tensor, target: Tensor, ...given: TransformerRest): Tensor {
    const {
      source: own = {},
      srcMask,
      srcKeyPaddingMask,
      srcIsCausal,
      ...rest
    } = byName<TransformerCall>('Transformer', callNames, given);
    const masks = Object.entries({ srcMask, srcKeyPaddingMask, isCausal: srcIsCausal });
    const said = Object.fromEntries(masks.filter(([, value]) => value !== undefined && value !== null));
    return this.decoder(target, this.encoder(source, { ...own, ...said }), rest);
  }
}
