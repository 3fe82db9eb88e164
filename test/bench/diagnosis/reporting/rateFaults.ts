import { all, importing, swap } from '../change.ts';
import type { Faults } from '../faults/fault.ts';
import { HIGH, LOW } from '../faults/right.ts';
import { derived, OPTIMIZED, optimized, rateTimes, scheduled, set } from './wording.ts';

const DECAY = ['loss-plateau/weight-decay'];
const TOO_FAST = [...HIGH, 'exploding-gradient', 'non-finite', 'dead-units', 'saturated-activation'];
const PLAN = /new optim\.|(?:plan|schedule|ramp)\.step|cfg = /;
const fault = { lines: OPTIMIZED, repairable: true };

/** Faults of the optimizer’s settings, of the reporting part. */
export const RATE: Faults = {
  'the rate over five hundred': {
    to: 'script-decoder',
    change: rateTimes(0.002),
    causes: LOW,
    ...fault,
  },
  'the rate over five thousand': {
    to: 'shape-segmenter bard-gru',
    change: rateTimes(0.0002),
    causes: LOW,
    ...fault,
  },
  'the rate a hundredfold': {
    to: 'digit-vae',
    change: rateTimes(100),
    causes: TOO_FAST,
    ...fault,
  },
  'the rate thirtyfold': {
    to: 'hoop-tower conv-denoiser',
    change: rateTimes(30),
    causes: TOO_FAST,
    ...fault,
  },
  'the rate tenfold': {
    to: 'cell-rnn',
    change: rateTimes(10),
    causes: TOO_FAST,
    ...fault,
  },
  'descent of a twenty-thousandth': {
    to: 'crop-yield walkers',
    change: optimized('SGD({ lr: 0.00005 })'),
    causes: LOW,
    ...fault,
  },
  'descent at ten': {
    to: 'group-resnet bard-gru',
    change: optimized('SGD({ lr: 10 })'),
    causes: TOO_FAST,
    ...fault,
  },
  'Adagrad at a twenty-thousandth': {
    to: 'film-ratings iris-swish',
    change: optimized('Adagrad({ lr: 0.00005 })'),
    causes: LOW,
    ...fault,
  },
  'a momentum of 0.998 in descent': {
    to: 'blob-selu',
    change: set('momentum: 0.998'),
    causes: TOO_FAST,
    ...fault,
  },
  'a momentum of 1.05': {
    to: 'blob-selu',
    change: set('momentum: 1.05'),
    causes: TOO_FAST,
    ...fault,
  },
  'an eighth of the rate gone at every step': {
    to: 'fit-digits vgg-norms',
    change: scheduled('ExponentialLR(‹opt›, { gamma: 0.875 })'),
    causes: LOW,
    lines: PLAN,
  },
  'no rate left after a dozen steps': {
    to: 'crop-yield',
    change: scheduled('MultiStepLR(‹opt›, { milestones: [5, 9, 12], gamma: 0.02 })'),
    causes: LOW,
    lines: PLAN,
  },
  'warm-up without an end': {
    to: 'script-decoder',
    change: swap(
      /startFactor: 0\.1, totalIters: 20 \}(.*\n.*\n.*)\[20\]/,
      'startFactor: 0.0002, totalIters: 500000 }$1[400000]',
    ),
    causes: LOW,
    lines: PLAN,
  },
  'a ramp that is down too soon': {
    to: 'bard-gru',
    change: swap(/endFactor: 0\.2, totalIters: 200/, 'endFactor: 0.0001, totalIters: 12'),
    causes: LOW,
    lines: PLAN,
  },
  'a decay of two': {
    to: 'patch-vit film-ratings',
    change: set('weightDecay: 2'),
    causes: DECAY,
    lines: OPTIMIZED,
  },
  'a decay of a third in descent': {
    to: 'stride-cnn loose-digits',
    change: set('weightDecay: 0.33'),
    causes: DECAY,
    lines: OPTIMIZED,
  },
  'a norm of two millionths at most': {
    to: 'loose-digits',
    change: all(derived('nn.utils.clipGradNorm_(‹all›, 2e-6);'), importing('nn')),
    causes: ['learning-rate-low', 'vanishing-gradient'],
    lines: /clipGrad|new optim/,
    repairable: true,
  },
  'values of gradients clipped to a millionth': {
    to: 'stride-cnn',
    change: derived('nn.utils.clipGradValue_(‹all›, 1e-6);'),
    causes: ['learning-rate-low', 'vanishing-gradient'],
    lines: /clipGrad|new optim/,
    repairable: true,
  },
  'an epsilon of two hundred': {
    to: 'hoop-tower cell-rnn',
    change: set('eps: 200'),
    causes: LOW,
    lines: OPTIMIZED,
  },
  'a rate of 0': {
    to: 'iris-swish',
    change: swap(/(?<=NAdam\(.*lr: )0\.01/, '0'),
    causes: ['learning-rate-low', 'not-optimized'],
    lines: OPTIMIZED,
  },
  'forger and expert a hundred and fifty times as fast': {
    to: 'arc-gan',
    change: rateTimes(150, true),
    causes: TOO_FAST,
    lines: /(?:forger|expert)Opt = /,
  },
};
