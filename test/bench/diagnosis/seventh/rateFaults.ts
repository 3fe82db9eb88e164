import { rate, swap } from '../change.ts';
import type { Faults } from '../faults/fault.ts';
import { HIGH, LOW } from '../faults/right.ts';
import { adamOption, OPT, onBackward, optimizerIs, option, scheduled } from './wording.ts';

const DECAY = ['loss-plateau/weight-decay'];
const PLANNED = /new optim\.|planned\.step/;
const TOO_FAST = [...HIGH, 'exploding-gradient', 'non-finite', 'dead-units', 'saturated-activation'];

/** Faults of the optimizer’s settings, of the seventh part. */
export const RATE: Faults = {
  'a rate of a thousandth part': {
    to: 'moon-pairs',
    change: rate(0.001),
    causes: LOW,
    lines: OPT,
    repairable: true,
  },
  'a rate of a hundredth part': {
    to: 'play-lstm',
    change: rate(0.01),
    causes: LOW,
    lines: OPT,
    repairable: true,
  },
  'a rate of three millionths': {
    to: 'bar-detector',
    change: swap(/(?<=new optim\.\w+\(\w+\.parameters\(\), \{ lr: )[\d.]+/, '0.000003'),
    causes: LOW,
    lines: OPT,
    repairable: true,
  },
  'a rate three hundred times as high': {
    to: 'digits-denoise',
    change: rate(300),
    causes: TOO_FAST,
    lines: OPT,
    repairable: true,
  },
  'a rate sixty times as high': {
    to: 'play-attention',
    change: rate(60),
    causes: TOO_FAST,
    lines: OPT,
    repairable: true,
  },
  'a rate of twenty-five times': {
    to: 'nested-rings',
    change: rate(25),
    causes: TOO_FAST,
    lines: OPT,
    repairable: true,
  },
  'bare descent at five': {
    to: 'moon-pairs',
    change: optimizerIs('SGD({ lr: 5 })'),
    causes: TOO_FAST,
    lines: OPT,
    repairable: true,
  },
  'a momentum of 0.9975': {
    to: 'iris-batches',
    change: swap(/momentum: 0\.\d+/, 'momentum: 0.9975'),
    causes: TOO_FAST,
    lines: OPT,
    repairable: true,
  },
  'half of the rate at every step': {
    to: 'digits-vgg',
    change: scheduled('StepLR(@optimizer, { stepSize: 1, gamma: 0.5 })'),
    causes: LOW,
    lines: PLANNED,
  },
  'a hundredth from the eighth step on': {
    to: 'pinwheel',
    change: scheduled('MultiStepLR(@optimizer, { milestones: [8], gamma: 0.001 })'),
    causes: LOW,
    lines: PLANNED,
  },
  'warming up for an age': {
    to: 'play-lstm',
    change: scheduled('LinearLR(@optimizer, { startFactor: 0.0001, totalIters: 200000 })'),
    causes: LOW,
    lines: PLANNED,
  },
  'a decay of seven tenths in the gradient': {
    to: 'iris-batches',
    change: option('weightDecay: 0.7'),
    causes: DECAY,
    lines: OPT,
  },
  'a decay of two in Adam': {
    to: 'nested-rings',
    change: adamOption('weightDecay: 2'),
    causes: DECAY,
    lines: OPT,
  },
  'a decay of ninety of AdamW': {
    to: 'bar-detector',
    change: optimizerIs('AdamW({ lr: 0.004, weightDecay: 90 })'),
    causes: DECAY,
    lines: OPT,
  },
  'clipped by a norm of a millionth': {
    to: 'digits-residual',
    change: onBackward('nn.utils.clipGradNorm_(@model.parameters(), 1e-6);'),
    causes: LOW,
    lines: /new optim\.|clipGrad/,
    repairable: true,
  },
  'an epsilon of thirty': {
    to: 'nested-rings',
    change: adamOption('eps: 30'),
    causes: LOW,
    lines: OPT,
    repairable: true,
  },
  'descent at a thousandth for Adam': {
    to: 'decay-gru',
    change: optimizerIs('SGD({ lr: 0.001 })'),
    causes: LOW,
    lines: OPT,
    repairable: true,
  },
  'an Adadelta of a two-hundredth': {
    to: 'digits-denoise',
    change: optimizerIs('Adadelta({ lr: 0.005 })'),
    causes: LOW,
    lines: OPT,
    repairable: true,
  },
  'a critic of rate two': {
    to: 'wave-gan',
    change: swap(/(?<=criticOpt = .*lr: )[\d.]+/, '2'),
    causes: HIGH,
    lines: /criticOpt = /,
  },
  'maker and critic far too fast': {
    to: 'wave-gan',
    change: swap(/(?<=(?:maker|critic)Opt = .*lr: )[\d.]+/g, '0.5'),
    causes: HIGH,
    lines: /(?:maker|critic)Opt = /,
  },
  'a maker of rate two millionths': {
    to: 'wave-gan',
    change: swap(/(?<=makerOpt = .*lr: )[\d.]+/, '0.000002'),
    causes: LOW,
    lines: /makerOpt = /,
  },
};
