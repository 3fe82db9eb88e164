import { afterModel, everyParameter } from '../change.ts';
import type { Faults } from '../faults/fault.ts';
import { INIT, LARGE, SMALL } from '../faults/right.ts';

const SYMMETRY = ['bad-initialization/symmetry'];
const WHERE = new RegExp(`${INIT.source}|new nn\\.|new Attending`);

/** Faults of how weights begin, of the fourth set. */
export const INITIALIZATION: Faults = {
  'a deviation of 2.5': {
    to: 'siamese tracker quantiles tasks bag hyper squares',
    change: everyParameter('if (p.shape.length > 1) nn.init.normal_(p, { std: 2.5 });'),
    causes: LARGE,
    lines: WHERE,
    repairable: true,
  },
  'a deviation of two thousandths': {
    to: 'survival grades attending orbit counts distilled',
    change: everyParameter('if (p.shape.length > 1) nn.init.normal_(p, { std: 0.002 });'),
    causes: SMALL,
    lines: WHERE,
    repairable: true,
  },
  'everything 0.15': {
    to: 'siamese experts counts grades bag hyper',
    change: everyParameter('nn.init.constant_(p, 0.15);'),
    causes: SYMMETRY,
    lines: WHERE,
    repairable: true,
  },
  'nothing but zeros': {
    to: 'quantiles tracker squares attending ahead',
    change: everyParameter('nn.init.zeros_(p);'),
    causes: SYMMETRY,
    lines: WHERE,
    repairable: true,
  },
  'all units like the first one': {
    to: 'tasks distilled orbit survival',
    change: everyParameter('if (p.shape.length > 1) noGrad(() => p.copy_(p.slice(0, 0, 1).expand(p.shape).clone()));'),
    causes: SYMMETRY,
    lines: WHERE,
    repairable: true,
  },
  'biases of −15': {
    to: 'siamese quantiles tasks squares bag',
    change: everyParameter('if (/^(?:0|2|body\\.[02]|conv[12]|hidden)\\.bias/.test(name)) nn.init.constant_(p, -15);'),
    causes: ['dead-units', 'bad-initialization'],
    lines: /new nn\.|namedParameters|relu/,
    repairable: true,
  },
  'weights fifteen times as large': {
    to: 'attending orbit ahead survival grades membrane experts',
    change: everyParameter('if (p.shape.length > 1) noGrad(() => p.mul_(15));'),
    causes: LARGE,
    lines: WHERE,
    repairable: true,
  },
  'last weights a hundred times as large': {
    to: 'bag distilled quantiles counts',
    change: afterModel('noGrad(() => model.parameters().at(-2).mul_(100));'),
    causes: LARGE,
    lines: WHERE,
    repairable: true,
  },
  'a state that is multiplied by 4': {
    to: 'tracker ahead',
    change: everyParameter('if (/weight_?hh/i.test(name)) noGrad(() => nn.init.orthogonal_(p, { gain: 4 }));'),
    causes: LARGE,
    lines: WHERE,
    repairable: true,
  },
};
