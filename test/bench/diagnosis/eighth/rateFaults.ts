import { rate, swap } from '../change.ts';
import type { Faults } from '../faults/fault.ts';
import { HIGH, LOW } from '../faults/right.ts';
import { also, OPTIMIZED, planned, rateOf, trainedBy, withGradients } from './wording.ts';

const DECAY = ['loss-plateau/weight-decay'];
const PLAN = /new optim\.|plan\.step/;
const TOO_FAST = [...HIGH, 'exploding-gradient', 'non-finite', 'dead-units', 'saturated-activation'];

/** Faults of the optimizer’s settings. */
export const RATE: Faults = {
  'a three-thousandth of the rate': {
    to: 'digits-code preact',
    change: rate(1 / 3000),
    causes: LOW,
    lines: OPTIMIZED,
    repairable: true,
  },
  'a rate of 1e-7': {
    to: 'sonnet-rnn',
    change: rateOf('1e-7'),
    causes: LOW,
    lines: OPTIMIZED,
    repairable: true,
  },
  'a hundred and fiftieth of the rate': {
    to: 'columns-lstm',
    change: rate(1 / 150),
    causes: LOW,
    lines: OPTIMIZED,
    repairable: true,
  },
  'a rate of a hundred and fifty times': {
    to: 'moons-silu digits-code',
    change: rate(150),
    causes: TOO_FAST,
    lines: OPTIMIZED,
    repairable: true,
  },
  'a rate of forty times': {
    to: 'scribe preact digits-pool',
    change: rate(40),
    causes: TOO_FAST,
    lines: OPTIMIZED,
    repairable: true,
  },
  'gradient descent at twelve': {
    to: 'waveforms',
    change: trainedBy('SGD({ lr: 12 })'),
    causes: TOO_FAST,
    lines: OPTIMIZED,
    repairable: true,
  },
  'a momentum of 0.9985': {
    to: 'digit-ladder',
    change: swap(/momentum: 0\.\d+/, 'momentum: 0.9985'),
    causes: TOO_FAST,
    lines: OPTIMIZED,
    repairable: true,
  },
  'seven tenths of the rate after every step': {
    to: 'waveforms sonnet-rnn',
    change: planned('ExponentialLR(@optimizer, { gamma: 0.7 })'),
    causes: LOW,
    lines: PLAN,
  },
  'no rate left after six steps': {
    to: 'cell-detector',
    change: planned('LinearLR(@optimizer, { startFactor: 1, endFactor: 1e-4, totalIters: 6 })'),
    causes: LOW,
    lines: PLAN,
  },
  'a decay of four in Adam’s gradients': {
    to: 'checkerboard',
    change: also('weightDecay: 4'),
    causes: DECAY,
    lines: OPTIMIZED,
  },
  'a decay of six tenths in descent': {
    to: 'digit-ladder',
    change: also('weightDecay: 0.6'),
    causes: DECAY,
    lines: OPTIMIZED,
  },
  'a decay of sixty in AdamW': {
    to: 'handwriting',
    change: swap(/weightDecay: 0\.\d+/, 'weightDecay: 60'),
    causes: DECAY,
    lines: OPTIMIZED,
  },
  'gradients clipped to a norm of 1e-5': {
    to: 'digit-ladder',
    change: withGradients('nn.utils.clipGradNorm_(@model.parameters(), 1e-5);'),
    causes: LOW,
    lines: /new optim\.|clipGrad/,
    repairable: true,
  },
  'an epsilon of fifty': {
    to: 'checkerboard',
    change: also('eps: 50'),
    causes: LOW,
    lines: OPTIMIZED,
    repairable: true,
  },
  'gradient descent at a two-thousandth': {
    to: 'scribe',
    change: trainedBy('SGD({ lr: 0.0005 })'),
    causes: LOW,
    lines: OPTIMIZED,
    repairable: true,
  },
  'an Adagrad of a five-thousandth': {
    to: 'digits-code',
    change: trainedBy('Adagrad({ lr: 0.0002 })'),
    causes: LOW,
    lines: OPTIMIZED,
    repairable: true,
  },
  'a judge at one and a half': {
    to: 'corners-gan',
    change: swap(/(?<=judgeOptimizer = .*lr: )[\d.]+/, '1.5'),
    causes: TOO_FAST,
    lines: /judgeOptimizer = /,
  },
  'forger and judge a hundred times as fast': {
    to: 'corners-gan',
    change: swap(/(?<=Optimizer = new .*lr: )0\.00/g, '0.'),
    causes: TOO_FAST,
    lines: /(?:forger|judge)Optimizer = /,
  },
  'a forger of a millionth': {
    to: 'corners-gan',
    change: swap(/(?<=forgerOptimizer = .*lr: )[\d.]+/, '1e-6'),
    causes: LOW,
    lines: /forgerOptimizer = /,
  },
};
