import { afterBackward, afterUpdate, all, beforeLoop, optimizer, rate, swap } from '../change.ts';
import type { Faults } from '../faults/fault.ts';
import { HIGH, LOW, OPTIMIZER } from '../faults/right.ts';

/** Faults of the optimizer’s settings, of the fourth set. */
export const RATE: Faults = {
  'a two-thousandth of the rate': {
    to: 'siamese tracker quantiles bag grades attending distilled',
    change: rate(1 / 2000),
    causes: LOW,
    lines: OPTIMIZER,
    repairable: true,
  },
  'a rate seventy times too low': {
    to: 'experts counts survival orbit ahead hyper squares membrane tasks',
    change: rate(0.015),
    causes: LOW,
    lines: OPTIMIZER,
    repairable: true,
  },
  'a hundred and fifty times the rate': {
    to: 'quantiles tasks bag attending hyper ahead distilled',
    change: rate(150),
    causes: HIGH,
    lines: OPTIMIZER,
    repairable: true,
  },
  'twelve times the rate': {
    to: 'siamese tracker grades survival experts orbit counts squares membrane',
    change: rate(12),
    causes: HIGH,
    lines: OPTIMIZER,
    repairable: true,
  },
  'a momentum of nearly 1': {
    to: 'distilled',
    change: swap(/momentum: 0\.9/, 'momentum: 0.9995'),
    causes: HIGH,
    lines: OPTIMIZER,
    repairable: true,
  },
  'a tenth of the rate every fourth step': {
    to: 'tracker experts bag hyper',
    change: all(
      beforeLoop('const schedule = new optim.StepLR(optimizer, { stepSize: 4, gamma: 0.1 });'),
      afterUpdate('schedule.step();'),
    ),
    causes: LOW,
    lines: /new optim\.|schedule\.step/,
  },
  'a decay of 4 under Adam': {
    to: 'siamese survival experts orbit bag',
    change: swap(/(new optim\.Adam\(model\.parameters\(\), \{)/, '$1 weightDecay: 4,'),
    causes: ['loss-plateau/weight-decay'],
    lines: OPTIMIZER,
  },
  'descent clipped to a millionth': {
    to: 'distilled counts squares',
    change: all(
      optimizer('SGD({ lr: 0.05, momentum: 0.9 })'),
      afterBackward('nn.utils.clipGradNorm_(model.parameters(), 1e-6);'),
    ),
    causes: LOW,
    lines: /new optim\.|clipGradNorm/,
    repairable: true,
  },
  'an epsilon of 300': {
    to: 'tracker hyper squares orbit',
    change: swap(/(new optim\.Adam\(.*?lr: [\d.]+)/, '$1, eps: 300'),
    causes: LOW,
    lines: OPTIMIZER,
    repairable: true,
  },
};
