import * as activations from './activations.ts';
import * as attention from './attention.ts';
import * as cells from './cells.ts';
import { Residual, Sequential } from './containers.ts';
import * as convolution from './convolution.ts';
import * as distances from './distances.ts';
import * as embedding from './embedding.ts';
import * as encoderDecoder from './encoderDecoder.ts';
import * as linear from './linear.ts';
import { type AnyModule, keepsNothing, Module } from './module.ts';
import * as normalization from './normalization.ts';
import * as padding from './padding.ts';
import * as pooling from './pooling.ts';
import * as recurrent from './recurrent.ts';
import * as resampling from './resampling.ts';
import * as transformer from './transformer.ts';

// Layers that keep no tensor for themselves; losses aren't among them, because some call a function of the user's.
const families: readonly object[] = [
  activations,
  attention,
  cells,
  { Residual, Sequential },
  convolution,
  distances,
  embedding,
  encoderDecoder,
  linear,
  normalization,
  padding,
  pooling,
  recurrent,
  resampling,
  transformer,
];

const isLayer = (value: unknown): value is { readonly prototype: AnyModule } =>
  typeof value === 'function' && value.prototype instanceof Module;

for (const family of families) for (const value of Object.values(family)) if (isLayer(value)) keepsNothing(value);
