import { afterBackward, rate, swap } from '../change.ts';
import type { Faults } from '../faults/fault.ts';
import { HIGH, LOW } from '../faults/right.ts';
import { OPT, optimizer, scheduled } from './wording.ts';

/** Faults of the optimizer’s settings, of the fifth part. */
export const RATE: Faults = {
  'a thousandth of the rate': {
    to: 'verse-transformer squeeze ring-tower',
    change: rate(0.001),
    causes: LOW,
    lines: OPT,
    repairable: true,
  },
  'a hundredth of the rate': {
    to: 'boxes verse-lstm redraw',
    change: rate(0.01),
    causes: LOW,
    lines: OPT,
    repairable: true,
  },
  'a hundred times the rate': {
    to: 'verse-transformer squeeze iris-table',
    change: rate(100),
    causes: HIGH,
    lines: OPT,
    repairable: true,
  },
  'twenty times the rate': {
    to: 'ring-tower vgg redraw',
    change: rate(20),
    causes: HIGH,
    lines: OPT,
    repairable: true,
  },
  'a momentum of 0.998': {
    to: 'digit-tower little-cnn boxes',
    change: swap(/momentum: 0\.9 /, 'momentum: 0.998 '),
    causes: HIGH,
    lines: OPT,
    repairable: true,
  },
  'four fifths of the rate at every step': {
    to: 'little-cnn shortcuts tide-rnn',
    change: scheduled('ExponentialLR(opt, { gamma: 0.8 })'),
    causes: LOW,
    lines: /new optim\.|schedule\.step/,
  },
  'a warm-up of fifty thousand steps': {
    to: 'verse-transformer',
    change: swap(/startFactor: 0\.1, totalIters: 20/, 'startFactor: 0.001, totalIters: 50000'),
    causes: LOW,
    lines: /new optim\.|warm\.step/,
  },
  'a decay of 0.7 under descent': {
    to: 'digit-tower little-cnn boxes',
    change: swap(/momentum: 0\.9 /, 'momentum: 0.9, weightDecay: 0.7 '),
    causes: ['loss-plateau/weight-decay'],
    lines: OPT,
  },
  'a decay of 2.5 under Adam': {
    to: 'tide-rnn digits-dense crescents',
    change: swap(/(new optim\.Adam\(net\.parameters\(\), \{)/, '$1 weightDecay: 2.5,'),
    causes: ['loss-plateau/weight-decay'],
    lines: OPT,
  },
  'descent clipped at a hundred-thousandth': {
    to: 'half-moons boxes digit-tower',
    change: afterBackward('nn.utils.clipGradNorm_(net.parameters(), 1e-5);'),
    causes: LOW,
    lines: /new optim\.|clipGradNorm/,
    repairable: true,
  },
  'an epsilon of 50': {
    to: 'crescents tide-rnn majority',
    change: swap(/(new optim\.Adam\(.*?lr: [\d.]+)/, '$1, eps: 50'),
    causes: LOW,
    lines: OPT,
    repairable: true,
  },
  'plain descent, and too slow': {
    to: 'digits-dense prices verse-lstm',
    change: optimizer('SGD({ lr: 0.0004 })'),
    causes: LOW,
    lines: OPT,
    repairable: true,
  },
  'a discriminator far too fast': {
    to: 'moon-gan',
    change: swap(/(?<=optD = .*lr: )0\.004/, '2'),
    causes: HIGH,
    lines: /optD = /,
  },
  'a generator far too slow': {
    to: 'moon-gan',
    change: swap(/(?<=optG = .*lr: )0\.001/, '0.000001'),
    causes: LOW,
    lines: /optG = /,
  },
};
