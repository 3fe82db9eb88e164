import type { FindingId } from './finding.ts';

const TITLES: { readonly [K in FindingId]: string } = {
  'vanishing-gradient': 'Vanishing gradient',
  'exploding-gradient': 'Exploding gradient',
  'non-finite': 'NaN or infinity',
  'dead-units': 'Dead units',
  'saturated-activation': 'Saturated activation',
  'bad-initialization': 'Bad initialization',
  'frozen-parameter': 'Parameter without a gradient',
  'not-optimized': 'Parameters that are never updated',
  'missing-zero-grad': 'Gradients are never zeroed',
  'double-softmax': 'Softmax applied twice',
  'learning-rate-high': 'Learning rate too high',
  'learning-rate-low': 'Learning rate too low',
  'oscillating-loss': 'Oscillating loss',
  'loss-plateau': 'Loss on a plateau',
  'unscaled-input': 'Input not scaled',
  'small-batch-norm': 'Batch normalization on tiny batches',
  'wrong-loss-scale': 'Initial loss far from its theory',
  overfitting: 'Overfitting',
  'rank-disagreement': 'Ranks disagree',
  'gradient-check-failed': 'Wrong backward function',
};

/** A finding's name in plain words. */
export const titleOf = (id: FindingId): string => TITLES[id];
