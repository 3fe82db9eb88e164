import { all, importing, swap } from '../change.ts';
import type { Faults } from '../faults/fault.ts';
import { LARGE, SMALL } from '../faults/right.ts';
import { built, eachParameter, eachWeight, MADE } from './wording.ts';

const SAME = ['bad-initialization/symmetry'];
const fault = { lines: MADE, repairable: true };

/** Faults of how weights begin, of the ninth part. */
export const INITIALIZATION: Faults = {
  'weights begin as zeros': {
    to: 'bard-lstm pixel-ae',
    change: eachWeight('nn.init.zeros_(p)'),
    causes: SAME,
    ...fault,
  },
  'weights begin as five hundredths': {
    to: 'digit-array iris-sigmoid',
    change: eachWeight('nn.init.constant_(p, 0.05)'),
    causes: SAME,
    ...fault,
  },
  'weights begin as ones': {
    to: 'stripes circle-stack',
    change: eachWeight('nn.init.ones_(p)'),
    causes: [...SAME, ...LARGE],
    ...fault,
  },
  'weights begin evenly from 0 to 1': {
    to: 'rents cnn-sequence',
    change: all(eachWeight('noGrad(() => p.copy_(rand(p.shape)))'), importing('rand')),
    causes: ['bad-initialization', ...LARGE],
    ...fault,
  },
  'weights begin with a deviation of two': {
    to: 'circle-stack echo-rnn',
    change: eachWeight('nn.init.normal_(p, { std: 2 })'),
    causes: LARGE,
    ...fault,
  },
  'weights begin with a deviation of a thousandth': {
    to: 'circle-stack mini-gpt',
    change: eachWeight('nn.init.normal_(p, { std: 0.001 })'),
    causes: SMALL,
    ...fault,
  },
  'weights begin within ±0.02': {
    to: 'stripes circle-stack',
    change: eachWeight('nn.init.uniform_(p, { from: -0.02, to: 0.02 })'),
    causes: [...SMALL, 'vanishing-gradient'],
    ...fault,
  },
  'a He gain of twelve': {
    to: 'pixel-ae blob-detector',
    change: eachWeight('noGrad(() => nn.init.kaimingNormal_(p).mul_(12))'),
    causes: LARGE,
    ...fault,
  },
  'biases of minus five': {
    to: 'cnn-sequence pixel-ae',
    change: eachParameter('if (p.shape.length === 1 && p.shape[0] > 12) nn.init.constant_(p, -5);'),
    causes: ['dead-units', 'bad-initialization'],
    ...fault,
  },
  'weights all below 0': {
    to: 'stripes rents',
    change: eachWeight('noGrad(() => p.abs_().mul_(-1))'),
    causes: ['dead-units', 'bad-initialization'],
    ...fault,
  },
  'a last layer of four hundred times the size': {
    to: 'mini-gpt digit-normed',
    change: built('noGrad(() => @model.parameters().at(-2).mul_(400));'),
    causes: LARGE,
    ...fault,
  },
  'states fed back six times as strong': {
    to: 'echo-rnn bard-lstm',
    change: eachParameter('if (/weight_?hh/i.test(name)) noGrad(() => p.mul_(6));'),
    causes: LARGE,
    ...fault,
  },
  'letters as vectors of length hundreds': {
    to: 'bard-lstm mini-gpt',
    change: eachParameter('if (/^(?:embedding|wte)/.test(name)) nn.init.normal_(p, { std: 60 });'),
    causes: LARGE,
    ...fault,
  },
  'D begins at twenty-five': {
    to: 'ellipse-gan',
    change: swap(/\nconst optimizerG/, '\nnoGrad(() => netD.parameters().forEach((p) => p.mul_(25)));$&'),
    causes: LARGE,
    lines: /new nn\.Linear|netD = |netD\.parameters/,
    repairable: true,
  },
  'G begins as zeros': {
    to: 'ellipse-gan',
    change: swap(/\nconst optimizerG/, '\nfor (const p of netG.parameters()) nn.init.zeros_(p);$&'),
    causes: SAME,
    lines: /new nn\.Linear|nn\.init|netG = /,
    repairable: true,
  },
};
