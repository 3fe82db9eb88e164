import { afterModel, everyParameter } from '../change.ts';
import type { Faults } from '../faults/fault.ts';
import { INIT, LARGE, SMALL } from '../faults/right.ts';

const SYMMETRY = ['bad-initialization/symmetry'];

/** Faults of how weights begin, of the second set. */
export const INITIALIZATION: Faults = {
  'a deviation of 2 for every weight': {
    to: 'circles friedman lenet gru segmenter accumulator',
    change: everyParameter('if (/weight/.test(name)) nn.init.normal_(p, { std: 2 });'),
    causes: LARGE,
    lines: INIT,
    repairable: true,
  },
  'a deviation of 0.002 for every weight': {
    to: 'spirals friedman lenet segmenter vae',
    change: everyParameter('if (/weight/.test(name)) nn.init.normal_(p, { std: 0.002 });'),
    causes: SMALL,
    lines: INIT,
    repairable: true,
  },
  'uniform within a ten-thousandth': {
    to: 'circles deep-tanh',
    change: everyParameter('if (/weight/.test(name)) nn.init.uniform_(p, { from: -1e-4, to: 1e-4 });'),
    causes: SMALL,
    lines: INIT,
    repairable: true,
  },
  '0.3 for every weight': {
    to: 'circles spirals friedman vae gru',
    change: everyParameter('nn.init.constant_(p, 0.3);'),
    causes: SYMMETRY,
    lines: INIT,
    repairable: true,
  },
  'zeros everywhere': {
    to: 'lenet deep-tanh accumulator segmenter',
    change: everyParameter('nn.init.zeros_(p);'),
    causes: SYMMETRY,
    lines: INIT,
    repairable: true,
  },
  'one row for all units': {
    to: 'spirals friedman vae',
    change: everyParameter('if (p.shape.length > 1) noGrad(() => p.copy_(p.slice(0, 0, 1).expand(p.shape).clone()));'),
    causes: SYMMETRY,
    lines: INIT,
    repairable: true,
  },
  'biases far below zero': {
    to: 'spirals segmenter vae',
    change: everyParameter('if (/^(?:0|2|encode|decode1)\\.bias/.test(name)) nn.init.constant_(p, -25);'),
    causes: ['dead-units', 'bad-initialization'],
    lines: /new nn\.|namedParameters|relu/,
    repairable: true,
  },
  'weights twenty times as large': {
    to: 'vit vae bottleneck deep-tanh factors',
    change: everyParameter('if (p.shape.length > 1) noGrad(() => p.mul_(20));'),
    causes: [...LARGE, 'unscaled-input'],
    lines: INIT,
    repairable: true,
  },
  'a last layer a hundred times as large': {
    to: 'spirals vit lenet gru',
    change: afterModel('noGrad(() => model.parameters().at(-2).mul_(100));'),
    causes: LARGE,
    lines: INIT,
    repairable: true,
  },
};
