import { all, importing, swap } from '../change.ts';
import type { Faults } from '../faults/fault.ts';
import { LARGE, SMALL } from '../faults/right.ts';
import { eachMatrix, eachNamed, eachOne, MADE, prepared } from './wording.ts';

const SAME = ['bad-initialization/symmetry'];
const fault = { lines: MADE, repairable: true };

/** Faults of how weights begin, of the reporting part. */
export const INITIALIZATION: Faults = {
  'matrices of nothing': {
    to: 'digit-vae bard-gru',
    change: eachMatrix('nn.init.zeros_(p)'),
    causes: SAME,
    ...fault,
  },
  'matrices of a tenth': {
    to: 'loose-digits',
    change: eachMatrix('noGrad(() => p.fill_(0.1))'),
    causes: SAME,
    ...fault,
  },
  'matrices of nothing but ones': {
    to: 'hoop-tower shape-segmenter',
    change: eachMatrix('nn.init.ones_(p)'),
    causes: [...SAME, ...LARGE],
    ...fault,
  },
  'weights from 0 to a half': {
    to: 'blob-selu',
    change: all(eachMatrix('noGrad(() => p.copy_(rand(p.shape).mul(0.5)))'), importing('rand')),
    causes: ['bad-initialization', ...LARGE],
    ...fault,
  },
  'weights of a standard normal': {
    to: 'group-resnet',
    change: eachMatrix('nn.init.normal_(p)'),
    causes: LARGE,
    ...fault,
  },
  'weights with a deviation of six': {
    to: 'moon-loader patch-vit',
    change: eachMatrix('nn.init.normal_(p, { std: 6 })'),
    causes: LARGE,
    ...fault,
  },
  'weights with a deviation of 0.0015': {
    to: 'hoop-tower shape-segmenter',
    change: eachMatrix('nn.init.normal_(p, { std: 0.0015 })'),
    causes: SMALL,
    ...fault,
  },
  'weights within a hundredth of 0': {
    to: 'stride-cnn',
    change: eachMatrix('nn.init.uniform_(p, { from: -0.01, to: 0.01 })'),
    causes: [...SMALL, 'vanishing-gradient'],
    ...fault,
  },
  'all weights fifteen times as large': {
    to: 'conv-denoiser walkers',
    change: eachMatrix('noGrad(() => p.mul_(15))'),
    causes: LARGE,
    ...fault,
  },
  'biases that shut every ReLU': {
    to: 'moon-loader shape-segmenter',
    change: eachOne('if (p.shape.length === 1 && p.shape[0] > 3) nn.init.constant_(p, -6);'),
    causes: ['dead-units', 'bad-initialization'],
    ...fault,
  },
  'not one weight above 0': {
    to: 'hoop-tower',
    change: eachMatrix('noGrad(() => p.abs_().neg_())'),
    causes: ['dead-units', 'bad-initialization'],
    ...fault,
  },
  'a last layer three hundredfold': {
    to: 'group-resnet script-decoder',
    change: prepared('noGrad(() => ‹all›.at(-2).mul_(300));'),
    causes: LARGE,
    ...fault,
  },
  'what a state passes on, five times as strong': {
    to: 'cell-rnn bard-gru',
    change: eachNamed('if (/weightHh/.test(name)) noGrad(() => p.mul_(5));'),
    causes: LARGE,
    ...fault,
  },
  'tables of fifty': {
    to: 'film-ratings bard-gru',
    change: eachNamed('if (/^(?:user|film|letters)\\.weight/.test(name)) nn.init.normal_(p, { std: 50 });'),
    causes: LARGE,
    ...fault,
  },
  'everybody’s taste is the same': {
    to: 'film-ratings',
    change: swap(/nn\.init\.normal_\(table\.weight, \{ std: 0\.3 \}\)/, 'nn.init.constant_(table.weight, 0.1)'),
    causes: SAME,
    ...fault,
  },
  'an expert twenty times as sure': {
    to: 'arc-gan',
    change: swap(/\nconst forgerOpt/, '\nnoGrad(() => expert.parameters().forEach((p) => p.mul_(20)));$&'),
    causes: LARGE,
    lines: /new nn\.Linear|expert = |expert\.parameters/,
    repairable: true,
  },
  'a forger that begins as zeros': {
    to: 'arc-gan',
    change: swap(/\nconst forgerOpt/, '\nfor (const p of forger.parameters()) nn.init.zeros_(p);$&'),
    causes: SAME,
    lines: /new nn\.Linear|nn\.init|forger = /,
    repairable: true,
  },
};
