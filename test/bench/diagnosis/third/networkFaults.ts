import { all, deeper, either, swap } from '../change.ts';
import type { Faults } from '../faults/fault.ts';
import { FADES, NOTHING_LEARNED, SMALL } from '../faults/right.ts';

/** Faults of the network itself, of the third set. */
export const NETWORK: Faults = {
  'sigmoids in all layers': {
    to: 'denoiser gridworld two-heads',
    change: swap(/new nn\.(?:LeakyReLU\(0\.1\)|ReLU\(\))/g, 'new nn.Sigmoid()'),
    causes: FADES,
    lines: /Sigmoid|new nn\.(?:Linear|Conv2d)|this\.bend/,
    repairable: true,
  },
  'ten layers of sigmoids': {
    to: 'policy mixture equation',
    change: deeper('Sigmoid', 8),
    causes: FADES,
    lines: /Sigmoid|new nn\.Linear/,
    repairable: true,
  },
  'twenty layers of ReLU, as they come': {
    to: 'two-heads gridworld ranker',
    change: deeper('ReLU', 18),
    causes: ['vanishing-gradient', ...FADES, ...SMALL],
    lines: /ReLU|new nn\.Linear/,
    repairable: true,
  },
  'sixteen layers of tanh, as they come': {
    to: 'ranker mixture two-heads',
    change: deeper('Tanh', 14),
    causes: ['vanishing-gradient', ...FADES, ...SMALL],
    lines: /Tanh|new nn\.Linear/,
    repairable: true,
  },
  'nothing but lines': {
    to: 'ranker graph two-heads diffusion denoiser',
    change: either(
      swap(/ {2}new nn\.ELU\(\),\n/g, ''),
      swap(/, new nn\.ReLU\(\)/g, ''),
      swap(/F\.(?:relu|silu)\(/g, '('),
      swap(/this\.bend\(/g, '('),
    ),
    causes: ['loss-plateau/linear-model'],
    lines: null,
  },
  'batches of two, normalized': {
    to: 'epochs',
    change: all(swap(/batchSize: 40/, 'batchSize: 2'), swap(/epoch < 6/, 'epoch < 1')),
    causes: ['small-batch-norm'],
    lines: /BatchNorm/,
    repairable: true,
  },
  'answers within 0 and 1': {
    to: 'diffusion forecaster field denoiser',
    change: either(
      swap(/return this\.output\(h\);/, 'return this.output(h).sigmoid();'),
      swap(/return this\.last\((.*)\);/, 'return this.last($1).sigmoid();'),
      swap(/new nn\.Conv1d\(12, 1, 1\),\n/, '$&  new nn.Sigmoid(),\n'),
      swap(/new nn\.Linear\(40, 1\)\)/, 'new nn.Linear(40, 1), new nn.Sigmoid())'),
    ),
    causes: ['saturated-activation', 'loss-plateau', 'vanishing-gradient/saturating-activation'],
    lines: /[sS]igmoid|const loss|output =|Linear\(40, 1|Conv1d\(12, 1/,
  },
  'answers never below 0': {
    to: 'diffusion forecaster field',
    change: either(
      swap(/return this\.output\(h\);/, 'return this.output(h).relu();'),
      swap(/new nn\.Conv1d\(12, 1, 1\),\n/, '$&  new nn.ReLU(),\n'),
      swap(/new nn\.Linear\(40, 1\)\)/, 'new nn.Linear(40, 1), new nn.ReLU())'),
    ),
    causes: ['dead-units', 'loss-plateau'],
    lines: /ReLU|relu|output =|const loss|Linear\(40, 1|Conv1d\(12, 1/,
  },
  'hardly anything kept': {
    to: 'two-heads gridworld sets',
    change: swap(/(new nn\.(?:ReLU|GELU)\(\))/g, '$1, new nn.Dropout(0.96)'),
    causes: NOTHING_LEARNED,
    lines: null,
  },
  'softmax in the middle': {
    to: 'two-heads gridworld graph ranker',
    change: either(
      swap(/new nn\.(?:ReLU|ELU)\(\)/g, 'new nn.Softmax(1)'),
      swap(/F\.relu\((spread\.matmul\(this\.\w+\(\w\)\))\)/g, '$1.softmax(1)'),
    ),
    causes: ['vanishing-gradient', ...FADES],
    lines: /[sS]oftmax|new nn\.Linear/,
    repairable: true,
  },
};
