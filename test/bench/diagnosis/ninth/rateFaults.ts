import { swap } from '../change.ts';
import type { Faults } from '../faults/fault.ts';
import { HIGH, LOW } from '../faults/right.ts';
import { graded, OPTIMIZED, optimizedBy, option, scheduled, speed } from './wording.ts';

const DECAY = ['loss-plateau/weight-decay'];
const TOO_FAST = [...HIGH, 'exploding-gradient', 'non-finite', 'dead-units', 'saturated-activation'];
const PLAN = /new optim\.|(?:plan|scheduler|warmup)\.step|(?:config|cfg) = /;
const fault = { lines: OPTIMIZED, repairable: true };

/** Faults of the optimizer’s settings, of the ninth part. */
export const RATE: Faults = {
  'a thousandth of the rate': {
    to: 'bard-lstm blob-detector',
    change: speed(0.001),
    causes: LOW,
    ...fault,
  },
  'a two-hundredth of the rate': {
    to: 'cnn-batchnorm pixel-ae',
    change: speed(0.005),
    causes: LOW,
    ...fault,
  },
  'eighty times the rate': {
    to: 'pixel-ae echo-rnn',
    change: speed(80),
    causes: TOO_FAST,
    ...fault,
  },
  'twenty-five times the rate': {
    to: 'circle-stack blob-detector',
    change: speed(25),
    causes: TOO_FAST,
    ...fault,
  },
  'bare descent at a ten-thousandth': {
    to: 'iris-sigmoid mini-gpt',
    change: optimizedBy('SGD({ lr: 0.0001 })'),
    causes: LOW,
    ...fault,
  },
  'bare descent at twenty': {
    to: 'blob-detector bard-lstm',
    change: optimizedBy('SGD({ lr: 20 })'),
    causes: TOO_FAST,
    ...fault,
  },
  'an Adagrad of a ten-thousandth': {
    to: 'digit-normed rows-gru',
    change: optimizedBy('Adagrad({ lr: 0.0001 })'),
    causes: LOW,
    ...fault,
  },
  'a momentum of 0.999': {
    to: 'cnn-sequence tiny-resnet',
    change: swap(/(?<=lr: 0\.\d+, momentum: )0\.\d+/, '0.999'),
    causes: TOO_FAST,
    ...fault,
  },
  'a momentum above one': {
    to: 'moon-config',
    change: swap(/(?<=momentum: )0\.9/, '1.08'),
    causes: TOO_FAST,
    ...fault,
  },
  'a fifth of the rate gone at every step': {
    to: 'rents cnn-batchnorm',
    change: scheduled('ExponentialLR(@optimizer, { gamma: 0.8 })'),
    causes: LOW,
    lines: PLAN,
  },
  'a rate gone after ten steps': {
    to: 'tiny-resnet bard-lstm',
    change: scheduled('MultiStepLR(@optimizer, { milestones: [4, 7, 10], gamma: 0.01 })'),
    causes: LOW,
    lines: PLAN,
  },
  'warming up that never ends': {
    to: 'mini-gpt',
    change: swap(/startFactor: 0\.1, totalIters: 15/, 'startFactor: 0.0001, totalIters: 100000'),
    causes: LOW,
    lines: PLAN,
  },
  'a decay of three': {
    to: 'digit-normed stripes',
    change: (text) => option('weightDecay: 3')(text.replace(/, weightDecay: [\d.]+/, '').replace('AdamW', 'Adam')),
    causes: DECAY,
    lines: OPTIMIZED,
  },
  'a decay of a half in descent': {
    to: 'cnn-sequence moon-config',
    change: (text) => option('weightDecay: 0.5')(text.replace(/(momentum: [\w.]+), weightDecay: [\d.e-]+/, '$1')),
    causes: DECAY,
    lines: OPTIMIZED,
  },
  'a norm of a millionth': {
    to: 'tiny-resnet moon-config',
    change: graded('nn.utils.clipGradNorm_(@model.parameters(), 1e-6);'),
    causes: ['learning-rate-low', 'vanishing-gradient'],
    lines: /clipGrad|new optim/,
    repairable: true,
  },
  'values clipped to a hundred-thousandth': {
    to: 'digit-array',
    change: graded('nn.utils.clipGradValue_(@model.parameters(), 1e-5);'),
    causes: ['learning-rate-low', 'vanishing-gradient'],
    lines: /clipGrad|new optim/,
    repairable: true,
  },
  'an epsilon of a thousand': {
    to: 'rents rows-gru',
    change: option('eps: 1000'),
    causes: LOW,
    lines: OPTIMIZED,
  },
  'both players two hundred times as fast': {
    to: 'ellipse-gan',
    change: speed(200, true),
    causes: TOO_FAST,
    lines: /optimizer[GD] = /,
  },
  'G at a ten-millionth': {
    to: 'ellipse-gan',
    change: swap(/(?<=optimizerG = .*lr: )0\.\d+/, '1e-7'),
    causes: LOW,
    lines: /optimizerG = /,
  },
  'D at five': {
    to: 'ellipse-gan',
    change: swap(/(?<=optimizerD = .*lr: )0\.\d+/, '5'),
    causes: TOO_FAST,
    lines: /optimizerD = /,
  },
};
