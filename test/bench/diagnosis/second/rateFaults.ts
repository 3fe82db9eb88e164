import { afterBackward, afterUpdate, all, beforeLoop, rate, swap } from '../change.ts';
import type { Faults } from '../faults/fault.ts';
import { HIGH, LOW, OPTIMIZER } from '../faults/right.ts';

/** Faults of the optimizer’s settings, of the second set. */
export const RATE: Faults = {
  'a rate of a ten-thousandth of it': {
    to: 'circles lenet vit vae factors bottleneck',
    change: rate(1e-4),
    causes: LOW,
    lines: OPTIMIZER,
    repairable: true,
  },
  'a rate thirty times too low': {
    to: 'friedman spirals gru segmenter deep-tanh accumulator vit',
    change: rate(1 / 30),
    causes: LOW,
    lines: OPTIMIZER,
    repairable: true,
  },
  'a rate a hundred times too high': {
    to: 'circles lenet gru vit vae factors',
    change: rate(100),
    causes: HIGH,
    lines: OPTIMIZER,
    repairable: true,
  },
  'a rate twenty times too high': {
    to: 'spirals friedman bottleneck segmenter deep-tanh accumulator',
    change: rate(20),
    causes: HIGH,
    lines: OPTIMIZER,
    repairable: true,
  },
  'a momentum of 0.998': {
    to: 'lenet',
    change: swap(/momentum: 0\.9/, 'momentum: 0.998'),
    causes: HIGH,
    lines: OPTIMIZER,
    repairable: true,
  },
  'a rate that falls by a fifth at every step': {
    to: 'spirals segmenter factors',
    change: all(
      beforeLoop('const schedule = new optim.ExponentialLR(optimizer, { gamma: 0.8 });'),
      afterUpdate('schedule.step();'),
    ),
    causes: LOW,
    lines: /new optim\.|schedule\.step/,
  },
  'told to maximize': {
    to: 'friedman vit',
    change: swap(/(new optim\.\w+\(model\.parameters\(\), \{)/, '$1 maximize: true,'),
    causes: ['wrong-loss-scale/wrong-sign'],
    lines: OPTIMIZER,
  },
  'a decay of 2 under Adam': {
    to: 'circles gru segmenter',
    change: swap(/(new optim\.Adam\(model\.parameters\(\), \{)/, '$1 weightDecay: 2,'),
    causes: ['loss-plateau/weight-decay'],
    lines: OPTIMIZER,
  },
  'gradients clipped to a hundred-thousandth': {
    to: 'lenet',
    change: afterBackward('nn.utils.clipGradNorm_(model.parameters(), 3e-5);'),
    causes: LOW,
    lines: /new optim\.|clipGradNorm/,
    repairable: true,
  },
  'an epsilon of 200': {
    to: 'circles gru',
    change: swap(/(new optim\.Adam\(.*?lr: [\d.]+)/, '$1, eps: 200'),
    causes: LOW,
    lines: OPTIMIZER,
    repairable: true,
  },
  'a generator a hundred times as fast': {
    to: 'ring-gan',
    change: swap(/(?<before>optimizerG = .*lr: )0\.008/, '$<before>1.5'),
    causes: HIGH,
    lines: /optimizerG = /,
  },
};
