import { all, importing, swap } from '../change.ts';
import type { Faults } from '../faults/fault.ts';
import { LARGE, SMALL } from '../faults/right.ts';
import { BUILT, begin, matrices, parameters } from './wording.ts';

const SAME = ['bad-initialization/symmetry'];

/** Faults of how weights begin. */
export const INITIALIZATION: Faults = {
  'matrices filled with 0': {
    to: 'digits-pool columns-lstm',
    change: matrices('noGrad(() => p.fill_(0))'),
    causes: SAME,
    lines: BUILT,
    repairable: true,
  },
  'weights of one hundredth each': {
    to: 'handwriting',
    change: matrices('noGrad(() => p.fill_(0.01))'),
    causes: SAME,
    lines: BUILT,
    repairable: true,
  },
  'every unit a copy of the first': {
    to: 'digits-code',
    change: matrices('noGrad(() => p.copy_(p.slice(0, 0, 1).clone().expand(p.shape)))'),
    causes: SAME,
    lines: BUILT,
    repairable: true,
  },
  'weights of rand': {
    to: 'waveforms',
    change: all(matrices('noGrad(() => p.copy_(rand(p.shape)))'), importing('rand')),
    causes: ['bad-initialization', ...LARGE],
    lines: BUILT,
    repairable: true,
  },
  'weights of randn, unscaled': {
    to: 'moons-silu sonnet-rnn',
    change: all(matrices('noGrad(() => p.copy_(randn(p.shape)))'), importing('randn')),
    causes: LARGE,
    lines: BUILT,
    repairable: true,
  },
  'weights of randn over ten thousand': {
    to: 'scribe',
    change: all(matrices('noGrad(() => p.copy_(randn(p.shape).mul(1e-4)))'), importing('randn')),
    causes: SMALL,
    lines: BUILT,
    repairable: true,
  },
  'a Glorot gain of nine': {
    to: 'cell-detector',
    change: matrices('nn.init.xavierNormal_(p, { gain: 9 })'),
    causes: LARGE,
    lines: BUILT,
    repairable: true,
  },
  'weights seventeen times what they were': {
    to: 'preact',
    change: matrices('noGrad(() => p.mul_(17))'),
    causes: LARGE,
    lines: BUILT,
    repairable: true,
  },
  'weights of a hundredth of what they were': {
    to: 'digits-code',
    change: matrices('noGrad(() => p.mul_(0.01))'),
    causes: SMALL,
    lines: BUILT,
    repairable: true,
  },
  'biases of minus six in hidden layers': {
    to: 'checkerboard',
    change: parameters('if (/bias/.test(name) && p.shape[0] > 10) noGrad(() => p.fill_(-6));'),
    causes: ['dead-units', 'bad-initialization'],
    lines: BUILT,
    repairable: true,
  },
  'no weight above 0': {
    to: 'digit-ladder',
    change: matrices('noGrad(() => p.abs_().neg_())'),
    causes: ['dead-units', 'bad-initialization'],
    lines: BUILT,
    repairable: true,
  },
  'a head two hundred and fifty times as large': {
    to: 'columns-lstm',
    change: begin('noGrad(() => @model.parameters().at(-2).mul_(250));'),
    causes: LARGE,
    lines: BUILT,
    repairable: true,
  },
  'recurrent matrices times nine': {
    to: 'sonnet-rnn',
    change: parameters('if (/weight_?hh/i.test(name)) noGrad(() => p.mul_(9));'),
    causes: LARGE,
    lines: BUILT,
    repairable: true,
  },
  'an embedding of forty': {
    to: 'sonnet-rnn',
    change: parameters('if (/^(?:embed|token)/.test(name)) nn.init.normal_(p, { std: 40 });'),
    causes: LARGE,
    lines: BUILT,
    repairable: true,
  },
  'a forger of zeros': {
    to: 'corners-gan',
    change: swap(/\nconst forgerOptimizer/, '\nfor (const p of forger.parameters()) nn.init.zeros_(p);$&'),
    causes: SAME,
    lines: /new nn\.Linear|nn\.init|new Forger/,
    repairable: true,
  },
  'a judge begun at thirty': {
    to: 'corners-gan',
    change: swap(/\nconst forgerOptimizer/, '\nfor (const p of judge.parameters()) noGrad(() => p.mul_(30));$&'),
    causes: LARGE,
    lines: /new nn\.Linear|judge\.parameters|new Judge/,
    repairable: true,
  },
};
