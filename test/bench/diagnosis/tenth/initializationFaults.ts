import { all, importing, swap } from '../change.ts';
import type { Faults } from '../faults/fault.ts';
import { LARGE, SMALL } from '../faults/right.ts';
import { beforeOptimizer, eachMatrix, eachTensor, MADE } from './wording.ts';

const ALIKE = ['bad-initialization/symmetry'];
const fault = { lines: MADE, repairable: true };

/** Faults of how weights begin, of the tenth part. */
export const INITIALIZATION: Faults = {
  'every matrix begins at 0': {
    to: 'deep-ae',
    change: eachMatrix('nn.init.zeros_(p)'),
    causes: ALIKE,
    ...fault,
  },
  'every matrix begins at a tenth': {
    to: 'iris-full',
    change: eachMatrix('nn.init.constant_(p, 0.1)'),
    causes: ALIKE,
    ...fault,
  },
  'every matrix begins at 1': {
    to: 'conv-gap',
    change: eachMatrix('nn.init.ones_(p)'),
    causes: [...ALIKE, ...LARGE],
    ...fault,
  },
  'matrices of positive numbers up to 1': {
    to: 'projectile',
    change: all(eachMatrix('noGrad(() => p.copy_(rand(p.shape)))'), importing('rand')),
    causes: ['bad-initialization', ...LARGE],
    ...fault,
  },
  'a standard deviation of three': {
    to: 'spiral-depth',
    change: eachMatrix('nn.init.normal_(p, { std: 3 })'),
    causes: LARGE,
    ...fault,
  },
  'a standard deviation of one, many layers on': {
    to: 'conv-gap',
    change: eachMatrix('nn.init.normal_(p)'),
    causes: LARGE,
    ...fault,
  },
  'a standard deviation of two thousandths': {
    to: 'border-tower',
    change: eachMatrix('nn.init.normal_(p, { std: 0.002 })'),
    causes: [...SMALL, 'vanishing-gradient'],
    ...fault,
  },
  'weights of a fiftieth of what was drawn': {
    to: 'spiral-depth',
    change: eachMatrix('noGrad(() => p.mul_(0.02))'),
    causes: [...SMALL, 'vanishing-gradient'],
    ...fault,
  },
  'ten times what He drew': {
    to: 'border-tower',
    change: eachMatrix("noGrad(() => nn.init.kaimingUniform_(p, { nonlinearity: 'relu' }).mul_(10))"),
    causes: LARGE,
    ...fault,
  },
  'biases of minus ten': {
    to: 'disc-unet',
    change: eachTensor('if (p.shape.length === 1 && p.shape[0] > 5 && p.shape[0] !== 10) nn.init.constant_(p, -10);'),
    causes: ['dead-units', 'bad-initialization'],
    ...fault,
  },
  'biases of seven before what saturates': {
    to: 'spiral-depth',
    change: eachTensor('if (p.shape.length === 1 && p.shape[0] > 3) nn.init.constant_(p, 7);'),
    causes: ['saturated-activation', 'bad-initialization', 'vanishing-gradient/saturating-activation'],
    ...fault,
  },
  'every weight made negative': {
    to: 'digit-trainer',
    change: eachMatrix('noGrad(() => p.abs_().neg_())'),
    causes: ['dead-units', 'bad-initialization'],
    ...fault,
  },
  'a head five hundred times as strong': {
    to: 'iris-full',
    change: beforeOptimizer('noGrad(() => %model.parameters().at(-2).mul_(500));'),
    causes: LARGE,
    ...fault,
  },
  'recurrent weights eight times as strong': {
    to: 'forecast-gru',
    change: eachTensor('if (/weight_?hh/i.test(name)) noGrad(() => p.mul_(8));'),
    causes: LARGE,
    ...fault,
  },
  'vectors of letters a hundred long': {
    to: 'drama-lstm',
    change: eachTensor('if (/^(?:embed|tokens)/.test(name)) nn.init.normal_(p, { std: 100 });'),
    causes: LARGE,
    ...fault,
  },
  'a discriminator that begins thirty times as strong': {
    to: 'lines-gan',
    change: swap(/\nconst gOpt/, '\nnoGrad(() => discriminator.parameters().forEach((p) => p.mul_(30)));$&'),
    causes: LARGE,
    lines: /new nn\.Linear|discriminator = |discriminator\.parameters/,
    repairable: true,
  },
  'a generator whose tensors are all 0': {
    to: 'lines-gan',
    change: swap(/\nconst gOpt/, '\nfor (const p of generator.parameters()) nn.init.zeros_(p);$&'),
    causes: ALIKE,
    lines: /new nn\.Linear|nn\.init|generator = /,
    repairable: true,
  },
};
