import { afterModel, all, either, swap } from '../change.ts';
import type { Faults } from '../faults/fault.ts';
import { FADES, NOTHING_LEARNED, SMALL } from '../faults/right.ts';
import { bend, last } from './wording.ts';

const FADING = ['vanishing-gradient', ...FADES];
/** Layers between two, after the first hidden one of a sequence. */
const between = (layers: string) =>
  swap(/new nn\.Linear\(([^()]+), (\d+)\),\n *new nn\.ReLU\(\),/, `$&\n  ...Array.from(${layers}).flat(),`);

/** Faults of the network itself, of the sixth part. */
export const NETWORK: Faults = {
  'a sigmoid for every bend': {
    to: 'conv-ae',
    change: bend('Sigmoid', 'sigmoid'),
    causes: FADING,
    lines: /[sS]igmoid|new nn\.(?:Linear|Conv2d)/,
    repairable: true,
  },
  'bends of thirty-fold sums': {
    to: 'xor blob-tower',
    change: swap(/\.tanh\(\)/g, '.mul(30).tanh()'),
    causes: ['saturated-activation', 'vanishing-gradient'],
    lines: /tanh|new nn\.|nn\.init/,
  },
  exponentials: {
    to: 'blob-tower iris-split',
    change: swap(/\.(?:tanh|relu)\(\)/g, '.exp()'),
    causes: ['non-finite', 'exploding-gradient', 'learning-rate-high', 'bad-initialization/large-weights'],
    lines: null,
  },
  'no bend at all': {
    to: 'energy',
    change: either(
      swap(/ *new nn\.ReLU\(\),\n/g, ''),
      swap(/F\.silu\((this\.\w+\(x\))\)/g, '$1'),
      swap(/layers\.push\(linear, new nn\.ReLU\(\)\)/, 'layers.push(linear)'),
      swap(/\.tanh\(\)/g, ''),
    ),
    causes: ['loss-plateau/linear-model'],
    lines: null,
  },
  'an answer of a ReLU': {
    to: 'tabular-resnet sine-lstm',
    change: last('new nn.ReLU()', '.relu()'),
    causes: ['dead-units', 'loss-plateau'],
    lines: /ReLU|relu|output = |linear = |const loss|Linear\(\d+, 1\)/,
  },
  'an answer of a sigmoid': {
    to: 'energy tabular-resnet',
    change: last('new nn.Sigmoid()', '.sigmoid()'),
    causes: ['saturated-activation', 'loss-plateau', 'vanishing-gradient/saturating-activation'],
    lines: /[sS]igmoid|output = |linear = |const loss|Linear\(\d+, 1\)/,
  },
  'scores of a ReLU': {
    to: 'digits-conv',
    change: last('new nn.ReLU()', '.relu()'),
    causes: ['dead-units', 'loss-plateau'],
    lines: /ReLU|relu|fc = |last = |const loss|Linear\(\d+, 1\)/,
  },
  'all but a few dropped': {
    to: 'compress conv-bn',
    change: swap(/(new nn\.ReLU\(\),\n)/g, '$1  new nn.Dropout(0.93),\n'),
    causes: NOTHING_LEARNED,
    lines: null,
  },
  'no norms': {
    to: 'resnet-v2',
    change: either(
      swap(/ *new nn\.BatchNorm2d\(\d+\),\n/g, ''),
      swap(/ new nn\.BatchNorm1d\(to\),/, ''),
      all(
        swap(/this\.(?:bn[12]|norm)\((x|out)\)/g, '$1'),
        swap(/ *(?:this\.)?(?:bn[12]|norm) = new .*\n/g, ''),
        (text) => text.replace(/ *new nn\.LayerNorm\(24\),\n/, ''),
      ),
    ),
    causes: ['exploding-gradient', 'learning-rate-high', 'vanishing-gradient', 'learning-rate-low', ...SMALL],
    lines: null,
  },
  'a norm behind the answer': {
    to: 'conv-bn energy',
    change: either(
      swap(/(new nn\.Linear\(\d+, (10?)\),\n)(?=\);)/, '$1  new nn.BatchNorm1d($2),\n'),
      all(
        swap(/return this\.output\(x\);/, 'return this.norm(this.output(x));'),
        swap(/\n\n {2}forward/, '\n  norm = new nn.BatchNorm1d(1);$&'),
      ),
    ),
    causes: ['loss-plateau', 'small-batch-norm'],
    lines: null,
  },
  'a layer norm of one answer': {
    to: 'two-moons tabular-resnet',
    change: last('new nn.LayerNorm(1)', ''),
    causes: ['loss-plateau', 'frozen-parameter', 'vanishing-gradient'],
    lines: null,
  },
  'batches of three under norms': {
    to: 'digits-norm resnet-v2',
    change: either(
      swap(/slice\(0, 0, 40\)/, 'slice(0, 0, 3)'),
      all(swap(/batches\(50\)/, 'batches(3)'), swap(/epoch < 8/, 'epoch < 1')),
      all(swap(/step \* 40/, 'step * 3'), swap(/from \+ 40/g, 'from + 3')),
    ),
    causes: ['small-batch-norm'],
    lines: /BatchNorm|\.\.\.dense|new PreActBlock/,
  },
  'a softmax for every bend': {
    to: 'two-moons iris-split',
    change: either(swap(/new nn\.ReLU\(\)/g, 'new nn.Softmax(1)'), swap(/\.relu\(\)/g, '.softmax(1)')),
    causes: FADING,
    lines: /[sS]oftmax|new nn\.Linear/,
    repairable: true,
  },
  'eleven sigmoids in between': {
    to: 'compress conv-bn',
    change: between('{ length: 11 }, () => [new nn.Linear($2, $2), new nn.Sigmoid()]'),
    causes: FADING,
    lines: /[sS]igmoid|new nn\.Linear/,
    repairable: true,
  },
  'twenty ReLUs in between': {
    to: 'two-moons compress',
    change: between('{ length: 20 }, () => [new nn.Linear($2, $2), new nn.ReLU()]'),
    causes: [...FADING, ...SMALL],
    lines: /ReLU|new nn\.Linear/,
    repairable: true,
  },
  'nine convolutions with sigmoids in between': {
    to: 'spot-detector',
    change: swap(
      /(new nn\.Conv2d\(1, 8, 3, \{ padding: 1 \}\),\n *new nn\.ReLU\(\),\n)/,
      '$1    ...Array.from({ length: 9 }, () => [new nn.Conv2d(8, 8, 3, { padding: 1 }), new nn.Sigmoid()]).flat(),\n',
    ),
    causes: FADING,
    lines: /[sS]igmoid|new nn\.Conv2d/,
    repairable: true,
  },
  'a recurrence of ReLU that grows': {
    to: 'rows-rnn',
    change: all(
      swap(/nn\.RNN\(8, 40, \{/, "nn.RNN(8, 40, { nonlinearity: 'relu',"),
      afterModel('noGrad(() => model.rnn.weightHhL0.mul_(7));'),
    ),
    causes: [
      'exploding-gradient',
      'non-finite',
      'learning-rate-high',
      'bad-initialization',
      'wrong-loss-scale/large-logits',
    ],
    lines: /RNN|weightHh|new optim/,
    repairable: true,
  },
  'a waist of one': {
    to: 'digits-relu compress',
    change: either(
      all(swap(/nn\.Linear\(64, 32\)/, 'nn.Linear(64, 1)'), swap(/nn\.Linear\(32, 10\)/, 'nn.Linear(1, 10)')),
      all(swap(/nn\.Linear\(48, 16\)/, 'nn.Linear(48, 1)'), swap(/nn\.Linear\(16, 48\)/, 'nn.Linear(1, 48)')),
    ),
    causes: ['loss-plateau', 'dead-units'],
    lines: null,
  },
  'a generator of sigmoids': {
    to: 'curve-gan',
    change: swap(/return (this\.fc3\(this\.fc2\(.*?\)\.relu\(\)\));/, 'return $1.sigmoid();'),
    causes: ['saturated-activation', 'loss-plateau', 'vanishing-gradient/saturating-activation'],
    lines: null,
  },
};
