import type { Faults } from '../faults/fault.ts';
import { LARGE, SMALL } from '../faults/right.ts';
import { afterNet, each, MADE } from './wording.ts';

const SYMMETRY = ['bad-initialization/symmetry'];

/** Faults of how weights begin, of the fifth part. */
export const INITIALIZATION: Faults = {
  'a normal of 3': {
    to: 'crescents squeeze majority',
    change: each('if (p.shape.length > 1) nn.init.normal_(p, { std: 3 });'),
    causes: LARGE,
    lines: MADE,
    repairable: true,
  },
  'a normal of a thousandth': {
    to: 'vgg curve-fit redraw',
    change: each('if (p.shape.length > 1) nn.init.normal_(p, { std: 0.001 });'),
    causes: SMALL,
    lines: MADE,
    repairable: true,
  },
  'every weight 0': {
    to: 'crescents verse-lstm boxes',
    change: each('nn.init.zeros_(p);'),
    causes: SYMMETRY,
    lines: MADE,
    repairable: true,
  },
  'every weight 0.2': {
    to: 'iris-table curve-fit squeeze',
    change: each("if (name.endsWith('weight')) nn.init.constant_(p, 0.2);"),
    causes: SYMMETRY,
    lines: MADE,
    repairable: true,
  },
  'weights ten times their size': {
    to: 'boxes verse-transformer verse-lstm',
    change: each('if (p.shape.length > 1) noGrad(() => p.mul_(10));'),
    causes: LARGE,
    lines: MADE,
    repairable: true,
  },
  'hidden biases of minus eight': {
    to: 'crescents digits-dense little-cnn',
    change: each('if (/^(?:fc[12]|conv[12]|[0-3])\\.bias/.test(name)) nn.init.constant_(p, -8);'),
    causes: ['dead-units', 'bad-initialization'],
    lines: /new nn\.|namedParameters|relu/,
    repairable: true,
  },
  'the last layer two hundred times as large': {
    to: 'iris-table verse-lstm majority',
    change: afterNet('noGrad(() => net.parameters().at(-2).mul_(200));'),
    causes: LARGE,
    lines: MADE,
    repairable: true,
  },
  'a state that grows by two and a half': {
    to: 'tide-rnn verse-lstm',
    change: each('if (/weight_?hh/i.test(name)) nn.init.orthogonal_(p, { gain: 2.5 });'),
    causes: LARGE,
    lines: MADE,
    repairable: true,
  },
};
