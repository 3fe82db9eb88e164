import { everyParameter } from '../change.ts';
import type { Faults } from '../faults/fault.ts';
import { LARGE, SMALL } from '../faults/right.ts';
import { MADE, quietly } from './wording.ts';

const SYMMETRY = ['bad-initialization/symmetry'];
const weights = (body: string) => everyParameter(`if (p.shape.length > 1) ${body};`);

/** Faults of how weights begin, of the sixth part. */
export const INITIALIZATION: Faults = {
  'a normal of one and a half': {
    to: 'iris-split gpt',
    change: weights('nn.init.normal_(p, { std: 1.5 })'),
    causes: LARGE,
    lines: MADE,
    repairable: true,
  },
  'uniform within five': {
    to: 'xor digits-conv',
    change: weights('nn.init.uniform_(p, { from: -5, to: 5 })'),
    causes: LARGE,
    lines: MADE,
    repairable: true,
  },
  'a normal of a ten-thousandth': {
    to: 'digits-conv compress',
    change: weights('nn.init.normal_(p, { std: 1e-4 })'),
    causes: SMALL,
    lines: MADE,
    repairable: true,
  },
  'uniform within five thousandths': {
    to: 'iris-split spot-detector',
    change: weights('nn.init.uniform_(p, { from: -0.005, to: 0.005 })'),
    causes: SMALL,
    lines: MADE,
    repairable: true,
  },
  'weights of 0': {
    to: 'rows-rnn energy',
    change: weights('nn.init.zeros_(p)'),
    causes: SYMMETRY,
    lines: MADE,
    repairable: true,
  },
  'weights of 1': {
    to: 'xor compress',
    change: weights('nn.init.ones_(p)'),
    causes: [...SYMMETRY, ...LARGE],
    lines: MADE,
    repairable: true,
  },
  'everything a tenth': {
    to: 'energy two-moons',
    change: everyParameter('nn.init.constant_(p, 0.1);'),
    causes: SYMMETRY,
    lines: MADE,
    repairable: true,
  },
  'the first row for all units': {
    to: 'two-moons sine-lstm',
    change: weights('noGrad(() => p.copy_(p.slice(0, 0, 1).clone().expand(p.shape)))'),
    causes: SYMMETRY,
    lines: MADE,
    repairable: true,
  },
  'weights twenty times their size': {
    to: 'char-gru rows-attention',
    change: weights('noGrad(() => p.mul_(20))'),
    causes: LARGE,
    lines: MADE,
    repairable: true,
  },
  'weights a fiftieth of their size': {
    to: 'moon-tower digits-relu',
    change: weights('noGrad(() => p.mul_(0.02))'),
    causes: SMALL,
    lines: MADE,
    repairable: true,
  },
  'biases of minus five below': {
    to: 'two-moons digits-conv',
    change: everyParameter('if (/bias$/.test(name) && !/^(?:4|fc|out)\\./.test(name)) nn.init.constant_(p, -5);'),
    causes: ['dead-units', 'bad-initialization'],
    lines: /new nn\.|namedParameters|relu/,
    repairable: true,
  },
  'a head five hundred times as large': {
    to: 'rows-rnn resnet-v2',
    change: quietly('model.parameters().at(-2).mul_(500)'),
    causes: LARGE,
    lines: MADE,
    repairable: true,
  },
  'recurrent weights eight times as large': {
    to: 'char-gru sine-lstm',
    change: everyParameter('if (/weight_?hh/i.test(name)) noGrad(() => p.mul_(8));'),
    causes: LARGE,
    lines: MADE,
    repairable: true,
  },
  'no weight below 0': {
    to: 'digits-relu moon-tower',
    change: weights('noGrad(() => p.abs_())'),
    causes: ['bad-initialization', ...LARGE],
    lines: MADE,
    repairable: true,
  },
  'a generator that begins at 0': {
    to: 'curve-gan',
    change: (text) =>
      text.replace(
        /\nconst optimizerG/,
        '\nfor (const p of generator.parameters()) nn.init.zeros_(p);\nconst optimizerG',
      ),
    causes: SYMMETRY,
    lines: /new nn\.Linear|nn\.init|generator = /,
    repairable: true,
  },
  'a discriminator that begins thirty times as large': {
    to: 'curve-gan',
    change: (text) =>
      text.replace(
        /\nconst optimizerG/,
        '\nnoGrad(() => discriminator.parameters().forEach((p) => p.mul_(30)));\nconst optimizerG',
      ),
    causes: LARGE,
    lines: /new nn\.Linear|discriminator\.parameters|discriminator = /,
    repairable: true,
  },
};
