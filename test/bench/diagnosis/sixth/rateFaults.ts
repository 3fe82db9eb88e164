import { afterBackward, optimizer, rate, schedule, swap } from '../change.ts';
import type { Faults } from '../faults/fault.ts';
import { HIGH, LOW } from '../faults/right.ts';
import { adamOption, descentOption, OPT } from './wording.ts';

const DECAY = ['loss-plateau/weight-decay'];
const SCHEDULE = /new optim\.|schedule\.step/;

/** Faults of the optimizer’s settings, of the sixth part. */
export const RATE: Faults = {
  'a five-hundredth of the rate': {
    to: 'rows-rnn compress',
    change: rate(0.002),
    causes: LOW,
    lines: OPT,
    repairable: true,
  },
  'a fiftieth of the rate': {
    to: 'gpt',
    change: rate(0.02),
    causes: LOW,
    lines: OPT,
    repairable: true,
  },
  'a rate of a millionth': {
    to: 'char-gru iris-split',
    change: swap(/(new optim\.\w+\(model\.parameters\(\), \{ lr: )[\d.]+/, '$10.000001'),
    causes: LOW,
    lines: OPT,
    repairable: true,
  },
  'two hundred times the rate': {
    to: 'gpt sine-lstm',
    change: rate(200),
    causes: HIGH,
    lines: OPT,
    repairable: true,
  },
  'forty times the rate': {
    to: 'compress rows-attention',
    change: rate(40),
    causes: HIGH,
    lines: OPT,
    repairable: true,
  },
  'fifteen times the rate': {
    to: 'conv-ae',
    change: rate(15),
    causes: HIGH,
    lines: OPT,
    repairable: true,
  },
  'plain descent by tens': {
    to: 'iris-split digits-conv',
    change: optimizer('SGD({ lr: 10 })'),
    causes: [...HIGH, 'exploding-gradient', 'non-finite'],
    lines: OPT,
    repairable: true,
  },
  'a momentum of 0.997': {
    to: 'xor conv-bn',
    change: swap(/momentum: 0\.[89]/, 'momentum: 0.997'),
    causes: HIGH,
    lines: OPT,
    repairable: true,
  },
  'three fifths of the rate at every step': {
    to: 'rows-rnn digits-conv',
    change: schedule('ExponentialLR(optimizer, { gamma: 0.6 })'),
    causes: LOW,
    lines: SCHEDULE,
  },
  'a tenth every five steps': {
    to: 'iris-split xor',
    change: schedule('StepLR(optimizer, { stepSize: 5, gamma: 0.1 })'),
    causes: LOW,
    lines: SCHEDULE,
  },
  'a warm-up longer than the training': {
    to: 'gpt rows-attention',
    change: schedule('LinearLR(optimizer, { startFactor: 0.0002, totalIters: 80000 })'),
    causes: LOW,
    lines: SCHEDULE,
  },
  'a decay of nine tenths under descent': {
    to: 'xor digits-relu',
    change: descentOption('weightDecay: 0.9'),
    causes: DECAY,
    lines: OPT,
  },
  'a decay of one and a half under Adam': {
    to: 'two-moons digits-conv',
    change: adamOption('weightDecay: 1.5'),
    causes: DECAY,
    lines: OPT,
  },
  'a decay of sixty, decoupled': {
    to: 'digits-norm tabular-resnet',
    change: swap(/lr: ([\d.]+)(.*?)(?:, weightDecay: [\d.]+)? \}\)/, 'lr: $1$2, weightDecay: 60 })'),
    causes: DECAY,
    lines: OPT,
  },
  'values clipped at a millionth': {
    to: 'digits-relu',
    change: afterBackward('nn.utils.clipGradValue_(model.parameters(), 1e-6);'),
    causes: LOW,
    lines: /new optim\.|clipGradValue/,
    repairable: true,
  },
  'an epsilon of eight': {
    to: 'conv-ae',
    change: adamOption('eps: 8'),
    causes: LOW,
    lines: OPT,
    repairable: true,
  },
  'slow descent for Adam': {
    to: 'gpt',
    change: optimizer('SGD({ lr: 0.0002 })'),
    causes: LOW,
    lines: OPT,
    repairable: true,
  },
  'a slow Adagrad': {
    to: 'spot-detector',
    change: optimizer('Adagrad({ lr: 0.0001 })'),
    causes: LOW,
    lines: OPT,
    repairable: true,
  },
  'a discriminator of rate four': {
    to: 'curve-gan',
    change: swap(/(?<=optimizerD = .*lr: )0\.004/, '4'),
    causes: HIGH,
    lines: /optimizerD = /,
  },
  'both sides far too fast': {
    to: 'curve-gan',
    change: swap(/(?<=optimizer[GD] = .*lr: )0\.00[24]/g, '0.4'),
    causes: HIGH,
    lines: /optimizer[GD] = /,
  },
  'a generator that hardly moves': {
    to: 'curve-gan',
    change: swap(/(?<=optimizerG = .*lr: )0\.002/, '0.000004'),
    causes: LOW,
    lines: /optimizerG = /,
  },
};
