import { afterModel, everyParameter } from '../change.ts';
import type { Faults } from '../faults/fault.ts';
import { INIT, LARGE, SMALL } from '../faults/right.ts';

const SYMMETRY = ['bad-initialization/symmetry'];
const WHERE = new RegExp(`${INIT.source}|new nn\\.|new Sine|new Causal|const network`);

/** Faults of how weights begin, of the third set. */
export const INITIALIZATION: Faults = {
  'a deviation of 3': {
    to: 'chars diffusion sets graph two-heads mixture denoiser',
    change: everyParameter('if (p.shape.length > 1) nn.init.normal_(p, { std: 3 });'),
    causes: LARGE,
    lines: WHERE,
    repairable: true,
  },
  'a deviation of a thousandth': {
    to: 'denoiser reverser equation sets graph phrases',
    change: everyParameter('if (p.shape.length > 1) nn.init.normal_(p, { std: 0.001 });'),
    causes: SMALL,
    lines: WHERE,
    repairable: true,
  },
  'everything 0.2': {
    to: 'ranker policy gridworld equation mixture',
    change: everyParameter('nn.init.constant_(p, 0.2);'),
    causes: SYMMETRY,
    lines: WHERE,
    repairable: true,
  },
  'everything 0': {
    to: 'denoiser graph sets',
    change: everyParameter('nn.init.zeros_(p);'),
    causes: SYMMETRY,
    lines: WHERE,
    repairable: true,
  },
  'each unit like the first': {
    to: 'two-heads diffusion phrases',
    change: everyParameter('if (p.shape.length > 1) noGrad(() => p.copy_(p.slice(0, 0, 1).expand(p.shape).clone()));'),
    causes: SYMMETRY,
    lines: WHERE,
    repairable: true,
  },
  'biases of −20': {
    to: 'two-heads graph gridworld phrases',
    change: everyParameter(
      'if (/^(?:0|2|trunk\\..|first|second|hidden)\\.bias/.test(name)) nn.init.constant_(p, -20);',
    ),
    causes: ['dead-units', 'bad-initialization'],
    lines: /new nn\.|namedParameters|relu|network/,
    repairable: true,
  },
  'weights twelve times as large': {
    to: 'forecaster reverser sets ranker phrases field',
    change: everyParameter('if (p.shape.length > 1) noGrad(() => p.mul_(12));'),
    causes: LARGE,
    lines: WHERE,
    repairable: true,
  },
  'a last layer two hundred times as large': {
    to: 'chars epochs graph phrases',
    change: afterModel('noGrad(() => model.parameters().at(-2).mul_(200));'),
    causes: LARGE,
    lines: WHERE,
    repairable: true,
  },
};
