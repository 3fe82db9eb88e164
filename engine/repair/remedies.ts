import type { FindingId } from '../diagnose/finding.ts';
import { activation, leaky } from './remedies/activation.ts';
import { adaptive } from './remedies/adaptive.ts';
import { divisor } from './remedies/divisor.ts';
import { dropout } from './remedies/dropout.ts';
import { finiteMask } from './remedies/finiteMask.ts';
import { gatedCell } from './remedies/gated.ts';
import { guard } from './remedies/guard.ts';
import { initialization, lastLayer, orthogonal } from './remedies/initialization.ts';
import { standardize } from './remedies/input.ts';
import {
  loweredFurthest,
  loweredOtherwise,
  lowerRate,
  raisedFurther,
  raisedFurthest,
  raisedRate,
} from './remedies/learningRate.ts';
import { logSoftmax, softmaxAxis } from './remedies/logSoftmax.ts';
import { clip, clipLess, zeroGrad } from './remedies/loop.ts';
import { groupNorm, normalization } from './remedies/normalization.ts';
import { lessEpsilon, lessMomentum } from './remedies/optimizer.ts';
import { register } from './remedies/parameters.ts';
import type { SourceRemedy } from './remedies/remedy.ts';
import { residual } from './remedies/residual.ts';
import { shape } from './remedies/shape.ts';
import { sign } from './remedies/sign.ts';
import { dropSoftmax } from './remedies/softmax.ts';
import { square } from './remedies/square.ts';
import { stableLog } from './remedies/stableLog.ts';
import { unbounded } from './remedies/unbounded.ts';
import { unfreeze } from './remedies/unfreeze.ts';
import { update } from './remedies/update.ts';
import { warmUp } from './remedies/warmUp.ts';

/** The remedies that are edits of the source. A finding's remedy with one of these ids gets its edit here. */
export const sourceRemedies: readonly SourceRemedy[] = [
  normalization('normalization', 'Normalize after each hidden layer (BatchNorm or LayerNorm)', 'batch'),
  normalization('layer-normalization', 'Normalize after each hidden layer, sample by sample', 'sample'),
  residual,
  activation,
  leaky,
  initialization,
  orthogonal,
  clip,
  lastLayer,
  gatedCell,
  lowerRate,
  loweredOtherwise,
  loweredFurthest,
  raisedRate,
  raisedFurther,
  raisedFurthest,
  lessEpsilon,
  clipLess,
  lessMomentum,
  adaptive,
  warmUp,
  zeroGrad,
  update,
  dropSoftmax,
  register,
  standardize,
  groupNorm,
  guard,
  divisor,
  finiteMask,
  stableLog,
  sign,
  square,
  shape,
  dropout,
  unbounded,
  unfreeze,
  logSoftmax,
  softmaxAxis,
];

/** What may cure a finding, whether or not its rule says so. */
export const REMEDIES_OF: { readonly [K in FindingId]?: readonly string[] } = {
  'vanishing-gradient': ['normalization', 'layer-normalization', 'residual', 'activation', 'initialization'],
  'exploding-gradient': ['clip', 'learning-rate', 'warm-up', 'gated-cell', 'initialization'],
  'non-finite': ['stable-logarithm', 'divisor', 'initialization', 'learning-rate-further'],
  'dead-units': ['learning-rate', 'initialization', 'leaky-relu', 'normalization'],
  'saturated-activation': ['initialization', 'standardize', 'normalization', 'activation'],
  'bad-initialization': ['initialization'],
  'frozen-parameter': ['unfreeze'],
  'not-optimized': ['register', 'zero-grad', 'update'],
  'missing-zero-grad': ['zero-grad'],
  'double-softmax': ['drop-softmax'],
  'learning-rate-high': [
    'learning-rate',
    'learning-rate-further',
    'learning-rate-furthest',
    'momentum',
    'warm-up',
    'clip',
    'adaptive-optimizer',
  ],
  'learning-rate-low': [
    'raise-learning-rate',
    'raise-learning-rate-further',
    'raise-learning-rate-furthest',
    'epsilon',
    'clip-less',
    'adaptive-optimizer',
  ],
  'oscillating-loss': ['learning-rate', 'momentum'],
  'loss-plateau': [
    'activation',
    'normalization',
    'residual',
    'initialization',
    'raise-learning-rate',
    'dropout',
    'unbounded',
    'adaptive-optimizer',
  ],
  'unscaled-input': ['standardize'],
  'small-batch-norm': ['group-norm'],
  'wrong-loss-scale': ['last-layer', 'initialization', 'sign', 'square', 'shape', 'log-softmax', 'softmax-axis'],
};

/** Where a rule's remedy means another edit than its id says by itself. */
const MEANT: { readonly [K in FindingId]?: { readonly [remedy: string]: string } } = {
  'learning-rate-low': { 'learning-rate': 'raise-learning-rate' },
  'dead-units': { activation: 'leaky-relu' },
};

/** The edit that a finding's remedy stands for. */
export const remedyFor = (finding: FindingId, id: string): SourceRemedy | undefined =>
  sourceRemedies.find((remedy) => remedy.id === (MEANT[finding]?.[id] ?? id));
