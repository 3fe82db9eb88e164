import { afterBackward, afterUpdate, all, beforeLoop, rate, swap } from '../change.ts';
import type { Faults } from '../faults/fault.ts';
import { HIGH, LOW, OPTIMIZER } from '../faults/right.ts';

/** Faults of the optimizer’s settings, of the third set. */
export const RATE: Faults = {
  'a rate of a three-thousandth': {
    to: 'chars denoiser epochs policy mixture forecaster',
    change: rate(1 / 3000),
    causes: LOW,
    lines: OPTIMIZER,
    repairable: true,
  },
  'a rate fifty times too low': {
    to: 'sets graph field diffusion two-heads phrases equation reverser',
    change: rate(0.02),
    causes: LOW,
    lines: OPTIMIZER,
    repairable: true,
  },
  'a rate two hundred times too high': {
    to: 'denoiser reverser ranker mixture field forecaster epochs',
    change: rate(200),
    causes: HIGH,
    lines: OPTIMIZER,
    repairable: true,
  },
  'a rate fifteen times too high': {
    to: 'chars policy two-heads sets equation gridworld by-hand',
    change: rate(15),
    causes: HIGH,
    lines: OPTIMIZER,
    repairable: true,
  },
  'a momentum of 0.9995': {
    to: 'epochs two-heads by-hand',
    change: swap(/momentum: 0\.9/, 'momentum: 0.9995'),
    causes: HIGH,
    lines: OPTIMIZER,
    repairable: true,
  },
  'a tenth of the rate every third step': {
    to: 'denoiser chars sets',
    change: all(
      beforeLoop('const schedule = new optim.StepLR(optimizer, { stepSize: 3, gamma: 0.1 });'),
      afterUpdate('schedule.step();'),
    ),
    causes: LOW,
    lines: /new optim\.|schedule\.step/,
  },
  'a decay of 5 under Adam': {
    to: 'reverser mixture ranker',
    change: swap(/(new optim\.Adam\(model\.parameters\(\), \{)/, '$1 weightDecay: 5,'),
    causes: ['loss-plateau/weight-decay'],
    lines: OPTIMIZER,
  },
  'clipped to a millionth under descent': {
    to: 'epochs two-heads',
    change: afterBackward('nn.utils.clipGradNorm_(model.parameters(), 1e-6);'),
    causes: LOW,
    lines: /new optim\.|clipGradNorm/,
    repairable: true,
  },
  'an epsilon of 500': {
    to: 'chars field equation',
    change: swap(/(new optim\.Adam\(.*?lr: [\d.]+)/, '$1, eps: 500'),
    causes: LOW,
    lines: OPTIMIZER,
    repairable: true,
  },
};
