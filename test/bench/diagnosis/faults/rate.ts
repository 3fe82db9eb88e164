import { afterBackward, afterUpdate, all, beforeLoop, rate, swap } from '../change.ts';
import type { Faults } from './fault.ts';
import { HIGH, LOW, OPTIMIZER } from './right.ts';

/** Faults of the optimizer’s settings. */
export const RATE: Faults = {
  'a rate far too low': {
    to: 'moons iris digits-cnn transformer autoencoder resnet',
    change: rate(1e-5),
    causes: LOW,
    lines: OPTIMIZER,
    repairable: true,
  },
  'a rate that dies away': {
    to: 'moons digits-mlp',
    change: all(
      beforeLoop('const schedule = new optim.ExponentialLR(optimizer, { gamma: 0.5 });'),
      afterUpdate('schedule.step();'),
    ),
    causes: LOW,
    lines: /new optim\.|schedule\.step/,
  },
  'a rate far too high': {
    to: 'moons digits-mlp transformer lstm plain-cnn',
    change: rate(300),
    causes: HIGH,
    lines: OPTIMIZER,
    repairable: true,
  },
  'a rate thirty times too high': {
    to: 'iris resnet autoencoder detector rnn deep-mlp',
    change: rate(30),
    causes: HIGH,
    lines: OPTIMIZER,
    repairable: true,
  },
  'rates of a GAN far apart': {
    to: 'gan',
    change: swap(/(?<before>optimizerD = .*lr: )0\.005/, '$<before>1.5'),
    causes: HIGH,
    lines: /optimizerD = /,
  },
  'far too much momentum': {
    to: 'moons regression',
    change: swap(/momentum: 0\.9/, 'momentum: 0.999'),
    causes: HIGH,
    lines: OPTIMIZER,
    repairable: true,
  },
  'an epsilon far too large': {
    to: 'iris words',
    change: swap(/(new optim\.Adam\(.*?lr: [\d.]+)/, '$1, eps: 1000'),
    causes: LOW,
    lines: OPTIMIZER,
    repairable: true,
  },
  'gradients clipped to nothing': {
    to: 'moons resnet',
    change: afterBackward('nn.utils.clipGradNorm_(model.parameters(), 1e-5);'),
    causes: LOW,
    lines: /new optim\.|clipGradNorm/,
    repairable: true,
  },
  'weight decay that eats the weights': {
    to: 'moons resnet',
    change: swap(/momentum: 0\.9/, 'momentum: 0.9, weightDecay: 0.5'),
    causes: ['loss-plateau/weight-decay'],
    lines: OPTIMIZER,
  },
  'a rate a hundred times too low': {
    to: 'iris digits-mlp lstm transformer regression plain-cnn',
    change: rate(0.01),
    causes: LOW,
    lines: OPTIMIZER,
    repairable: true,
  },
  'a rate ten times too high': {
    to: 'resnet moons lstm words transformer digits-cnn plain-cnn',
    change: rate(10),
    causes: HIGH,
    lines: OPTIMIZER,
    repairable: true,
  },
  'a warm-up that takes forever': {
    to: 'digits-mlp transformer',
    change: all(
      beforeLoop('const schedule = new optim.LinearLR(optimizer, { startFactor: 1e-4, totalIters: 100000 });'),
      afterUpdate('schedule.step();'),
    ),
    causes: LOW,
    lines: /new optim\.|schedule\.step/,
  },
  'uphill instead of downhill': {
    to: 'moons iris digits-cnn',
    change: swap(/(new optim\.\w+\(model\.parameters\(\), \{)/, '$1 maximize: true,'),
    causes: ['wrong-loss-scale/wrong-sign'],
    lines: OPTIMIZER,
  },
  'weight decay that eats the weights under Adam': {
    to: 'words iris digits-mlp',
    change: swap(/(new optim\.Adam\(model\.parameters\(\), \{)/, '$1 weightDecay: 3,'),
    causes: ['loss-plateau/weight-decay'],
    lines: OPTIMIZER,
  },
};
