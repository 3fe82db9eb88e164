import { all, deeper, either, swap } from '../change.ts';
import type { Faults } from '../faults/fault.ts';
import { FADES, NOTHING_LEARNED, SMALL } from '../faults/right.ts';

const BEND = /new nn\.(?:ReLU|ELU|GELU|SiLU|Tanh)\(\)/g;

/** Faults of the network itself, of the fourth set. */
export const NETWORK: Faults = {
  'sigmoids all through': {
    to: 'siamese quantiles attending tasks',
    change: swap(BEND, 'new nn.Sigmoid()'),
    causes: FADES,
    lines: /Sigmoid|new nn\.Linear/,
    repairable: true,
  },
  'twelve layers of sigmoids': {
    to: 'siamese quantiles grades counts survival',
    change: deeper('Sigmoid', 10),
    causes: FADES,
    lines: /Sigmoid|new nn\.Linear/,
    repairable: true,
  },
  'twenty-two layers of ReLU, as they come': {
    to: 'quantiles siamese survival',
    change: deeper('ReLU', 20),
    causes: ['vanishing-gradient', ...FADES, ...SMALL],
    lines: /ReLU|new nn\.Linear/,
    repairable: true,
  },
  'eighteen layers of tanh, as they come': {
    to: 'grades membrane orbit counts',
    change: deeper('Tanh', 16),
    causes: ['vanishing-gradient', ...FADES, ...SMALL],
    lines: /Tanh|new nn\.Linear/,
    repairable: true,
  },
  'lines upon lines': {
    to: 'siamese quantiles survival counts tasks',
    change: swap(/,\s*new nn\.(?:ReLU|ELU|GELU|SiLU|Tanh)\(\)/g, ''),
    causes: ['loss-plateau/linear-model'],
    lines: null,
  },
  'batches of two for the normalization': {
    to: 'distilled',
    change: all(
      swap(/nn\.LayerNorm\(32\)/, 'nn.BatchNorm1d(32)'),
      swap(/step \* 64/, 'step * 2'),
      swap(/start \+ 64/g, 'start + 2'),
    ),
    causes: ['small-batch-norm'],
    lines: /BatchNorm/,
    repairable: true,
  },
  'answers from 0 to 1': {
    to: 'tracker squares counts quantiles',
    change: either(
      swap(/return this\.output\(h\);/, 'return this.output(h).sigmoid();'),
      swap(/told\.push\(this\.output\(state\)\)/, 'told.push(this.output(state).sigmoid())'),
      swap(/(new nn\.Linear\(\d+, [13]\)),\n/, '$1,\n  new nn.Sigmoid(),\n'),
    ),
    causes: ['saturated-activation', 'loss-plateau', 'vanishing-gradient/saturating-activation'],
    lines: /[sS]igmoid|const loss|output =|Linear\(\d+, [13]\)/,
  },
  'answers that can’t be below 0': {
    to: 'tracker experts quantiles',
    change: either(
      swap(/told\.push\(this\.output\(state\)\)/, 'told.push(this.output(state).relu())'),
      swap(/(sum\(1, \{ keepdim: true \}\));\n/, '$1.relu();\n'),
      swap(/(new nn\.Linear\(\d+, 3\)),\n/, '$1,\n  new nn.ReLU(),\n'),
    ),
    causes: ['dead-units', 'loss-plateau'],
    lines: /ReLU|relu|output =|const loss|Linear\(\d+, 3\)/,
  },
  'a twentieth kept': {
    to: 'siamese quantiles tasks counts',
    change: swap(/(new nn\.(?:ReLU|GELU)\(\))/g, '$1, new nn.Dropout(0.95)'),
    causes: NOTHING_LEARNED,
    lines: null,
  },
  'softmax for an activation': {
    to: 'siamese quantiles survival counts tasks',
    change: swap(BEND, 'new nn.Softmax(1)'),
    causes: ['vanishing-gradient', ...FADES],
    lines: /[sS]oftmax|new nn\.Linear/,
    repairable: true,
  },
};
