import { swap } from '../change.ts';
import type { Faults } from '../faults/fault.ts';
import { LARGE, SMALL } from '../faults/right.ts';
import { behindModel, each, MADE, weights } from './wording.ts';

const SAME = ['bad-initialization/symmetry'];

/** Faults of how weights begin, of the seventh part. */
export const INITIALIZATION: Faults = {
  'a normal of two': {
    to: 'moon-pairs',
    change: weights('nn.init.normal_(p, { std: 2 })'),
    causes: LARGE,
    lines: MADE,
    repairable: true,
  },
  'uniform within three': {
    to: 'play-lstm',
    change: weights('nn.init.uniform_(p, { from: -3, to: 3 })'),
    causes: LARGE,
    lines: MADE,
    repairable: true,
  },
  'a normal of a forty-thousandth': {
    to: 'digits-vgg',
    change: weights('nn.init.normal_(p, { std: 2.5e-5 })'),
    causes: SMALL,
    lines: MADE,
    repairable: true,
  },
  'a truncated normal of two thousandths': {
    to: 'bar-detector',
    change: weights('nn.init.truncNormal_(p, { std: 0.002 })'),
    causes: SMALL,
    lines: MADE,
    repairable: true,
  },
  'matrices begin at 0': {
    to: 'moon-pairs',
    change: weights('nn.init.zeros_(p)'),
    causes: SAME,
    lines: MADE,
    repairable: true,
  },
  'matrices begin at a twentieth': {
    to: 'bar-detector',
    change: weights('nn.init.constant_(p, 0.05)'),
    causes: SAME,
    lines: MADE,
    repairable: true,
  },
  'everything begins at a half': {
    to: 'concrete',
    change: each('nn.init.constant_(p, 0.5);'),
    causes: [...SAME, ...LARGE],
    lines: MADE,
    repairable: true,
  },
  'all units like the last': {
    to: 'digits-denoise',
    change: weights('noGrad(() => p.copy_(p.slice(0, p.shape[0] - 1).clone().expand(p.shape)))'),
    causes: SAME,
    lines: MADE,
    repairable: true,
  },
  'weights thirty-five times as large': {
    to: 'play-attention',
    change: weights('noGrad(() => p.mul_(35))'),
    causes: LARGE,
    lines: MADE,
    repairable: true,
  },
  'weights a fortieth as large': {
    to: 'pinwheel',
    change: weights('noGrad(() => p.div_(40))'),
    causes: SMALL,
    lines: MADE,
    repairable: true,
  },
  'hidden biases of minus nine': {
    to: 'digits-dropout',
    change: each('if (/bias$/.test(name) && p.shape[0] > 10) nn.init.constant_(p, -9);'),
    causes: ['dead-units', 'bad-initialization'],
    lines: /new nn\.|namedParameters/,
    repairable: true,
  },
  'a last layer four hundred times as large': {
    to: 'digits-residual',
    change: behindModel('noGrad(() => @model.parameters().at(-2).mul_(400));'),
    causes: LARGE,
    lines: MADE,
    repairable: true,
  },
  'a table of letters fifty times as large': {
    to: 'play-lstm',
    change: each('if (/^table/.test(name)) noGrad(() => p.mul_(50));'),
    causes: LARGE,
    lines: MADE,
    repairable: true,
  },
  'recurrent weights twelve times as large': {
    to: 'decay-gru',
    change: each('if (/weight_?hh/i.test(name)) noGrad(() => p.mul_(12));'),
    causes: LARGE,
    lines: MADE,
    repairable: true,
  },
  'weights all above 0, three times as large': {
    to: 'bar-detector',
    change: weights('noGrad(() => p.abs_().mul_(3))'),
    causes: ['bad-initialization', ...LARGE],
    lines: MADE,
    repairable: true,
  },
  'a critic that begins at 0': {
    to: 'wave-gan',
    change: swap(/\nconst makerOpt/, '\nfor (const p of critic.parameters()) nn.init.zeros_(p);$&'),
    causes: SAME,
    lines: /new nn\.Linear|nn\.init|critic = /,
    repairable: true,
  },
  'a maker that begins twenty-five times as large': {
    to: 'wave-gan',
    change: swap(/\nconst makerOpt/, '\nnoGrad(() => maker.parameters().forEach((p) => p.mul_(25)));$&'),
    causes: LARGE,
    lines: /new nn\.Linear|maker\.parameters|maker = /,
    repairable: true,
  },
};
