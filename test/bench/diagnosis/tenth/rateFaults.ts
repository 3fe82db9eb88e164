import { either, swap } from '../change.ts';
import type { Faults } from '../faults/fault.ts';
import { HIGH, LOW } from '../faults/right.ts';
import { afterBackward, faster, OPTIMIZED, planned, setting, trainedBy } from './wording.ts';

const DECAY = ['loss-plateau/weight-decay'];
const TOO_FAST = [...HIGH, 'exploding-gradient', 'non-finite', 'dead-units', 'saturated-activation'];
const PLAN = /new optim\.|(?:plan|cycle|noam|decay|cosine|annealing)\.step|(?:settings|hp|options) = /;
const fault = { lines: OPTIMIZED, repairable: true };

/** Faults of the optimizer’s settings, of the tenth part. */
export const RATE: Faults = {
  'two thousand times too slow': {
    to: 'digits-bn',
    change: faster(0.0005),
    causes: LOW,
    ...fault,
  },
  'three hundred times too slow': {
    to: 'rose forecast-gru',
    change: faster(0.0033),
    causes: LOW,
    ...fault,
  },
  'forty times too slow': {
    to: 'pitch-rnn',
    change: faster(0.025),
    causes: LOW,
    ...fault,
  },
  'a rate of nothing': {
    to: 'iris-full',
    change: faster(0),
    causes: [...LOW, 'not-optimized', 'loss-plateau'],
    ...fault,
  },
  'sixty times too fast': {
    to: 'arm drama-lstm',
    change: faster(60),
    causes: TOO_FAST,
    ...fault,
  },
  'twenty times too fast': {
    to: 'disc-unet identity-resnet',
    change: faster(20),
    causes: TOO_FAST,
    ...fault,
  },
  'a cycle up to a rate of two': {
    to: 'conv-gap',
    change: swap(/maxLr: 0\.012/, 'maxLr: 2'),
    causes: TOO_FAST,
    lines: PLAN,
    repairable: true,
  },
  'a slow descent where Adam was': {
    to: 'digit-trainer',
    change: trainedBy('SGD({ lr: 0.0002 })'),
    causes: LOW,
    ...fault,
  },
  'a descent at ten where Adam was': {
    to: 'deep-ae',
    change: trainedBy('SGD({ lr: 10 })'),
    causes: TOO_FAST,
    ...fault,
  },
  'Adagrad, which hardly moves': {
    to: 'forecast-gru',
    change: trainedBy('Adagrad({ lr: 0.0002 })'),
    causes: LOW,
    ...fault,
  },
  'Adadelta at a thousandth': {
    to: 'digits-bn',
    change: trainedBy('Adadelta({ lr: 0.001 })'),
    causes: LOW,
    ...fault,
  },
  'a momentum that never forgets': {
    to: 'identity-resnet',
    change: swap(/(?<=lr: 0\.\d+, momentum: )0\.9/, '0.9985'),
    causes: TOO_FAST,
    ...fault,
  },
  'a momentum that grows by itself': {
    to: 'rose',
    change: swap(/(?<=lr: 0\.\d+, momentum: )0\.9/, '1.04'),
    causes: TOO_FAST,
    ...fault,
  },
  'a quarter of the rate lost with each update': {
    to: 'moon-matmul',
    change: planned('ExponentialLR(%opt, { gamma: 0.75 })'),
    causes: LOW,
    lines: PLAN,
  },
  'a rate that falls off at step six': {
    to: 'pitch-rnn',
    change: planned('MultiStepLR(%opt, { milestones: [6], gamma: 0.0005 })'),
    causes: LOW,
    lines: PLAN,
  },
  'a rate that grows by a twentieth with each update': {
    to: 'forecast-gru',
    change: planned('ExponentialLR(%opt, { gamma: 1.05 })'),
    causes: TOO_FAST,
    lines: PLAN,
  },
  'a warm-up of a million steps': {
    to: 'stage-transformer conv-gap',
    change: either(
      swap(/\(k \+ 1\) \/ 20/, '(k + 1) / 1e6'),
      swap(/totalSteps: 264 \}/, 'totalSteps: 1e6, divFactor: 1e5 }'),
    ),
    causes: LOW,
    lines: PLAN,
  },
  'a decay of five under Adam': {
    to: 'moon-matmul',
    change: setting('weightDecay: 5'),
    causes: DECAY,
    lines: OPTIMIZED,
  },
  'a decay of 0.4 in descent': {
    to: 'identity-resnet',
    change: (text) =>
      setting('weightDecay: 0.4')(text.replace(/, weightDecay: 1e-3/, '').replace(/ nesterov: true,/, '')),
    causes: DECAY,
    lines: OPTIMIZED,
  },
  'gradients cut to a norm of a hundred-thousandth': {
    to: 'rose',
    change: afterBackward('nn.utils.clipGradNorm_(%model.parameters(), 1e-5);'),
    causes: ['learning-rate-low', 'vanishing-gradient'],
    lines: /clipGrad|new optim/,
    repairable: true,
  },
  'each gradient cut to a millionth': {
    to: 'identity-resnet',
    change: afterBackward('nn.utils.clipGradValue_(%model.parameters(), 1e-6);'),
    causes: ['learning-rate-low', 'vanishing-gradient'],
    lines: /clipGrad|new optim/,
    repairable: true,
  },
  'an epsilon of five hundred': {
    to: 'moon-matmul',
    change: setting('eps: 500'),
    causes: LOW,
    lines: OPTIMIZED,
  },
  'both of them a hundred times too fast': {
    to: 'lines-gan',
    change: faster(100, true),
    causes: TOO_FAST,
    lines: /[gd]Opt = /,
  },
  'a generator at three ten-millionths': {
    to: 'lines-gan',
    change: swap(/(?<=gOpt = .*lr: )0\.003/, '3e-7'),
    causes: LOW,
    lines: /gOpt = /,
  },
  'a generator at a rate of one': {
    to: 'lines-gan',
    change: swap(/(?<=gOpt = .*lr: )0\.003/, '1'),
    causes: TOO_FAST,
    lines: /gOpt = /,
  },
  'a discriminator at a rate of one': {
    to: 'lines-gan',
    change: swap(/(?<=dOpt = .*lr: )0\.004/, '1'),
    causes: TOO_FAST,
    lines: /dOpt = /,
  },
};
