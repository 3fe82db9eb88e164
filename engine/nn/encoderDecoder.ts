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

/** An encoder of the source and a decoder of the target, each with a last normalization (Vaswani et al. 2017). Glorot's weights. */
export class Transformer extends Module<[source: Tensor, target: Tensor, options?: TransformerCall], Tensor> {
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

  override forward(source: Tensor, target: Tensor, { source: options, ...rest }: TransformerCall = {}): Tensor {
    return this.decoder(target, this.encoder(source, options), rest);
  }
}
