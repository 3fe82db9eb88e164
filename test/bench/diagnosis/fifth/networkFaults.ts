import { all, either, importing, swap } from '../change.ts';
import type { Faults } from '../faults/fault.ts';
import { FADES, NOTHING_LEARNED, SMALL } from '../faults/right.ts';
import { bend } from './wording.ts';

/** Faults of the network itself, of the fifth part. */
export const NETWORK: Faults = {
  'sigmoids throughout': {
    to: 'boxes squeeze redraw',
    change: bend('Sigmoid', 'sigmoid'),
    causes: FADES,
    lines: /[sS]igmoid|new nn\.(?:Linear|Conv2d)/,
    repairable: true,
  },
  'no bends': {
    to: 'curve-fit crescents ring-tower',
    change: either(
      swap(/ *new nn\.(?:ReLU|Tanh)\(\),\n/g, ''),
      swap(/ *net\.append\(new nn\.ReLU\(\)\);\n/, ''),
      swap(/\.relu\(\)/g, ''),
    ),
    causes: ['loss-plateau/linear-model'],
    lines: null,
  },
  'a ReLU on the answer': {
    to: 'prices tide-rnn curve-fit',
    change: either(
      swap(/(new nn\.Linear\(\d+, 1\),\n)/, '$1  new nn.ReLU(),\n'),
      swap(/return this\.fc\((.*)\);/, 'return this.fc($1).relu();'),
    ),
    causes: ['dead-units', 'loss-plateau'],
    lines: /ReLU|relu|fc = |const loss|Linear\(\d+, 1\)/,
  },
  'a sigmoid on the answer': {
    to: 'prices tide-rnn curve-fit',
    change: either(
      swap(/(new nn\.Linear\(\d+, 1\),\n)/, '$1  new nn.Sigmoid(),\n'),
      swap(/return this\.fc\((.*)\);/, 'return this.fc($1).sigmoid();'),
    ),
    causes: ['saturated-activation', 'loss-plateau', 'vanishing-gradient/saturating-activation'],
    lines: /[sS]igmoid|fc = |const loss|Linear\(\d+, 1\)/,
  },
  'a ReLU before the loss': {
    to: 'little-cnn half-moons vgg',
    change: either(
      swap(/return this\.fc2\(out\);/, 'return this.fc2(out).relu();'),
      swap(/(new nn\.Linear\(\d+, (?:2|10)\),\n)/, '$1  new nn.ReLU(),\n'),
    ),
    causes: ['dead-units', 'loss-plateau'],
    lines: /ReLU|relu|fc2|const loss|Linear\(\d+, (?:2|10)\)/,
  },
  'dropout of 0.95': {
    to: 'digits-dense prices',
    change: either(
      swap(/nn\.Dropout\(0\.2\)/g, 'nn.Dropout(0.95)'),
      swap(/(new nn\.ReLU\(\),\n)/g, '$1  new nn.Dropout(0.95),\n'),
    ),
    causes: NOTHING_LEARNED,
    lines: null,
  },
  'normalization left out': {
    to: 'vgg shortcuts',
    change: either(
      swap(/ new nn\.BatchNorm2d\(to\),/, ''),
      all(swap(/this\.bn([12]?)\((this\.conv[12]?\(\w+\))\)/g, '$2'), swap(/ *(?:this\.)?bn[12]? = .*\n/g, '')),
    ),
    causes: [
      'exploding-gradient',
      'learning-rate-high',
      'vanishing-gradient',
      'learning-rate-low',
      'bad-initialization/small-weights',
    ],
    lines: null,
    repairable: true,
  },
  'normalization of the answer': {
    to: 'little-cnn prices digits-dense',
    change: either(
      all(
        swap(/return this\.fc2\(out\);/, 'return this.bn(this.fc2(out));'),
        swap(/\n\n {2}forward/, '\n  bn = new nn.BatchNorm1d(10);$&'),
      ),
      swap(/(new nn\.Linear\(\d+, (10?)\),\n)/, '$1  new nn.BatchNorm1d($2),\n'),
    ),
    causes: ['loss-plateau', 'small-batch-norm'],
    lines: null,
  },
  'batches of two, normalized': {
    to: 'vgg shortcuts',
    change: all(swap(/from \+ (?:40|35)/g, 'from + 2'), swap(/step \* (?:40|35)/, 'step * 2')),
    causes: ['small-batch-norm'],
    lines: /BatchNorm|convolved/,
    repairable: true,
  },
  'a softmax in the middle': {
    to: 'digits-dense prices iris-table',
    change: swap(/new nn\.ReLU\(\)/g, 'new nn.Softmax(1)'),
    causes: ['vanishing-gradient', ...FADES],
    lines: /[sS]oftmax|new nn\.Linear/,
    repairable: true,
  },
  'sixteen layers of sigmoids in between': {
    to: 'curve-fit half-moons iris-table',
    change: swap(
      /new nn\.Linear\((\d+), (\d+)\),\n *new nn\.(?:ReLU|Tanh)\(\),/,
      '$&\n  ...Array.from({ length: 16 }, () => [new nn.Linear($2, $2), new nn.Sigmoid()]).flat(),',
    ),
    causes: FADES,
    lines: /[sS]igmoid|new nn\.Linear/,
    repairable: true,
  },
  'twenty-five layers in between': {
    to: 'prices iris-table digits-dense',
    change: swap(
      /new nn\.Linear\((\d+), (\d+)\),\n *new nn\.ReLU\(\),/,
      '$&\n  ...Array.from({ length: 25 }, () => [new nn.Linear($2, $2), new nn.ReLU()]).flat(),',
    ),
    causes: ['vanishing-gradient', ...FADES, ...SMALL],
    lines: /ReLU|new nn\.Linear/,
    repairable: true,
  },
  'a state of ReLU, and long': {
    to: 'tide-rnn',
    change: all(
      swap(/nn\.RNN\(1, 28, \{/, "nn.RNN(1, 28, { nonlinearity: 'relu',"),
      swap(/\nconst opt = /, '\nnoGrad(() => net.rnn.weightHhL0.mul_(4));\nconst opt = '),
      importing('noGrad'),
    ),
    causes: ['exploding-gradient', 'non-finite', 'learning-rate-high', 'bad-initialization'],
    lines: /RNN|weightHh|new optim/,
    repairable: true,
  },
};
