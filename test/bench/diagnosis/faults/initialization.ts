import { afterModel, all, everyParameter, swap } from '../change.ts';
import type { Faults } from './fault.ts';
import { INIT, LARGE, SMALL } from './right.ts';

/** Faults of how weights begin. */
export const INITIALIZATION: Faults = {
  'ones for weights': {
    to: 'digits-mlp regression',
    change: everyParameter("if (name.endsWith('weight')) nn.init.ones_(p);"),
    causes: ['bad-initialization/symmetry'],
    lines: INIT,
    repairable: true,
  },
  'constant weights': {
    to: 'moons iris digits-mlp plain-cnn lstm',
    change: everyParameter('nn.init.constant_(p, 0.05);'),
    causes: ['bad-initialization/symmetry'],
    lines: INIT,
    repairable: true,
  },
  'all zeros': {
    to: 'moons digits-cnn autoencoder words',
    change: everyParameter('nn.init.zeros_(p);'),
    causes: ['bad-initialization/symmetry'],
    lines: INIT,
    repairable: true,
  },
  'weights too large': {
    to: 'digits-mlp plain-cnn deep-mlp iris regression detector',
    change: everyParameter("if (name.endsWith('weight')) nn.init.normal_(p, { std: 3 });"),
    causes: LARGE,
    lines: INIT,
    repairable: true,
  },
  'weights too small': {
    to: 'digits-mlp deep-mlp plain-cnn regression autoencoder',
    change: everyParameter("if (name.endsWith('weight')) nn.init.normal_(p, { std: 0.0005 });"),
    causes: SMALL,
    lines: INIT,
    repairable: true,
  },
  'units dead from the start': {
    to: 'moons plain-cnn regression autoencoder',
    change: everyParameter('if (/^(?:0|conv2|encode1)\\.bias/.test(name)) nn.init.constant_(p, -40);'),
    causes: ['dead-units/dead-relu', 'bad-initialization'],
    lines: /new nn\.Linear\((?:2, 32|64, 64|8, 48)|conv2 =|encode1 =|namedParameters|ReLU|relu/,
    repairable: true,
  },
  'a recurrence that grows': {
    to: 'rnn',
    change: all(
      swap(/\.tanh\(\)/, ''),
      swap(/nn\.init\.orthogonal_\(this\.recurrent\.weight\)/, 'nn.init.normal_(this.recurrent.weight, { std: 0.45 })'),
    ),
    causes: ['exploding-gradient/recurrent-weights'],
    lines: /recurrent/,
    repairable: true,
  },
  'a recurrence that saturates': {
    to: 'rnn',
    change: swap(
      /nn\.init\.orthogonal_\(this\.recurrent\.weight\)/,
      'nn.init.normal_(this.recurrent.weight, { std: 3 })',
    ),
    causes: ['exploding-gradient/recurrent-weights', 'saturated-activation', 'bad-initialization/large-weights'],
    lines: /recurrent/,
    repairable: true,
  },
  'a last layer far too sure': {
    to: 'digits-mlp digits-cnn iris lstm',
    change: afterModel('noGrad(() => model.parameters().at(-2).mul_(300));'),
    causes: LARGE,
    lines: INIT,
    repairable: true,
  },
  'an embedding far too large': {
    to: 'words transformer',
    change: everyParameter('if (/^(?:embedding|token)/.test(name)) nn.init.normal_(p, { std: 100 });'),
    causes: [...LARGE, 'unscaled-input'],
    lines: INIT,
    repairable: true,
  },
};
