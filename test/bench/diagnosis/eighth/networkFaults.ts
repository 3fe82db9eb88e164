import { all, either, importing, swap } from '../change.ts';
import type { Faults } from '../faults/fault.ts';
import { FADES, NOTHING_LEARNED, SMALL } from '../faults/right.ts';
import { bends } from './wording.ts';

const FADING = ['vanishing-gradient', ...FADES];

/** Faults of the network itself. */
export const NETWORK: Faults = {
  'sigmoid for every bend': {
    to: 'preact cell-detector',
    change: bends('Sigmoid', 'sigmoid'),
    causes: FADING,
    lines: /[sS]igmoid|new nn\.(?:Linear|Conv2d)/,
    repairable: true,
  },
  'tanh of eighty times the sums': {
    to: 'mileage',
    change: swap(/\.tanh\(\)/g, '.mul(80).tanh()'),
    causes: ['saturated-activation', 'vanishing-gradient', 'exploding-gradient'],
    lines: /tanh|new nn\./,
  },
  'softmax between layers': {
    to: 'checkerboard',
    change: swap(/new nn\.(?:ReLU|GELU)\(\)/g, 'new nn.Softmax(1)'),
    causes: FADING,
    lines: /Softmax|new nn\.Linear/,
    repairable: true,
  },
  'no bend anywhere': {
    to: 'moons-silu checkerboard mileage clouds',
    change: either(
      swap(/F\.silu\((this\.(?:inner\(x\)|outer\(h\)))\)/g, '$1'),
      swap(/, new nn\.ReLU\(\)/, ''),
      swap(/this\.narrow\(this\.wide\(x\)\.tanh\(\)\)\.tanh\(\)/, 'this.narrow(this.wide(x))'),
      swap(/this\.bend\((this\.linear\(x\))\)/, '$1'),
    ),
    causes: ['loss-plateau/linear-model'],
    lines: null,
  },
  'answers through a ReLU': {
    to: 'columns-lstm scribe',
    change: swap(/return (this\.(?:last|out|fc|head)\(.*\));/, 'return $1.relu();'),
    causes: ['dead-units', 'loss-plateau'],
    lines: /relu|const loss|(?:last|out|fc|head) = /,
  },
  'answers between 0 and 1': {
    to: 'mileage',
    change: swap(/return (this\.last\(.*\));/, 'return $1.sigmoid();'),
    causes: ['saturated-activation', 'loss-plateau', 'vanishing-gradient/saturating-activation'],
    lines: /sigmoid|last = |const loss/,
  },
  'pixels through a ReLU and a sigmoid': {
    to: 'digits-code',
    change: swap(/\.sigmoid\(\)/, '.relu().sigmoid()'),
    causes: ['dead-units', 'loss-plateau', 'saturated-activation'],
    lines: /relu|sigmoid|const loss|decode2 = /,
  },
  'all but three in a hundred dropped': {
    to: 'columns-lstm checkerboard',
    change: either(swap(/Dropout\(0\.1\)/, 'Dropout(0.97)'), swap(/new nn\.ReLU\(\)/, '$&, new nn.Dropout(0.97)')),
    causes: NOTHING_LEARNED,
    lines: null,
  },
  'norms left out': {
    to: 'preact scribe handwriting',
    change: either(
      swap(/ *new nn\.GroupNorm\(4, \w+\),\n/g, ''),
      all(swap(/this\.norm[12]\((.*)\);/g, '$1;'), swap(/ *norm[12] = .*\n/g, '')),
      swap(/ *new nn\.BatchNorm1d\(\w+\),\n/g, ''),
    ),
    causes: [
      'exploding-gradient',
      'learning-rate-high',
      'vanishing-gradient',
      'learning-rate-low',
      'dead-units',
      ...SMALL,
    ],
    lines: null,
  },
  'batch norms over pairs': {
    to: 'handwriting',
    change: all(swap(/from \+= 75/, 'from += 2'), swap(/from \+ 75/, 'from + 2'), swap(/epoch < 8/, 'epoch < 1')),
    causes: ['small-batch-norm'],
    lines: /BatchNorm/,
  },
  'a sample at a time, no slower': {
    to: 'cell-detector',
    change: all(swap(/batchSize: \d+/, 'batchSize: 1'), swap(/epoch < \d+/, 'epoch < 1')),
    causes: ['learning-rate-high', 'oscillating-loss', 'exploding-gradient', 'dead-units', 'non-finite'],
    lines: null,
  },
  'a layer norm of the only answer': {
    to: 'mileage moons-silu',
    change: either(
      all(
        swap(/return (this\.last\(.*\));/, 'return this.even($1);'),
        swap(/( *)last = .*\n/, '$&$1even = new nn.LayerNorm(1);\n'),
      ),
      all(
        swap(/return (this\.logit\(.*\));/, 'return this.even($1);'),
        swap(/( *)logit = .*\n/, '$&$1even = new nn.LayerNorm(1);\n'),
      ),
    ),
    causes: ['loss-plateau', 'frozen-parameter', 'vanishing-gradient'],
    lines: null,
  },
  'eleven dense sigmoids behind the recurrence': {
    to: 'waveforms',
    change: swap(
      /dense = new nn\.Linear\(28, 16\);/,
      'dense = new nn.Sequential(\n    ...Array.from({ length: 11 }, () => [new nn.Linear(28, 28), new nn.Sigmoid()]).flat(),\n    new nn.Linear(28, 16),\n  );',
    ),
    causes: FADING,
    lines: /Sigmoid|new nn\.Linear/,
    repairable: true,
  },
  'thirty plain tanh layers in front': {
    to: 'handwriting',
    change: swap(
      /( *)(?=new nn\.Linear\(64, 72\))/,
      '$1...Array.from({ length: 30 }, () => [new nn.Linear(64, 64), new nn.Tanh()]).flat(),\n$1',
    ),
    causes: [...FADING, ...SMALL],
    lines: /Tanh|new nn\.Linear/,
    repairable: true,
  },
  'twelve convolutions of sigmoids in front': {
    to: 'cell-detector',
    change: swap(
      /( *)(?=new nn\.Conv2d\(1, 10)/,
      '$1...Array.from({ length: 12 }, () => [new nn.Conv2d(1, 1, 3, { padding: 1 }), new nn.Sigmoid()]).flat(),\n$1',
    ),
    causes: FADING,
    lines: /Sigmoid|new nn\.Conv2d/,
    repairable: true,
  },
  'eighteen units without their way past': {
    to: 'preact',
    change: all(
      swap(/return x\.add\(this\.body\(x\)\);/, 'return this.body(x);'),
      swap(/( *)new Unit\(12\),\n/, '$1...Array.from({ length: 16 }, () => new Unit(12)),\n'),
      swap(/epoch < 3/, 'epoch < 1'),
    ),
    causes: ['vanishing-gradient', 'exploding-gradient', 'learning-rate-low', 'learning-rate-high', ...SMALL],
    lines: null,
  },
  'one number in the middle': {
    to: 'digits-code waveforms handwriting',
    change: either(
      swap(/Autoencoder\(64, 48, 14\)/, 'Autoencoder(64, 48, 1)'),
      all(swap(/nn\.Linear\(28, 16\)/, 'nn.Linear(28, 1)'), swap(/nn\.Linear\(16, 3\)/, 'nn.Linear(1, 3)')),
      all(
        swap(/nn\.Linear\(72, 36\)/, 'nn.Linear(72, 1)'),
        swap(/BatchNorm1d\(36\)/, 'BatchNorm1d(1)'),
        swap(/nn\.Linear\(36, 10\)/, 'nn.Linear(1, 10)'),
      ),
    ),
    causes: ['loss-plateau', 'dead-units'],
    lines: null,
  },
  'the first state in place of the last': {
    to: 'columns-lstm waveforms',
    change: either(
      swap(/states\.select\(1, 7\)/, 'states.select(1, 0)'),
      swap(/states\.mean\(1\)/, 'states.select(1, 0)'),
    ),
    causes: NOTHING_LEARNED,
    lines: null,
  },
  'a network ten times too narrow': {
    to: 'checkerboard mileage',
    change: either(
      swap(/const units = 32;/, 'const units = 2;'),
      all(swap(/nn\.Linear\(7, 40\)/, 'nn.Linear(7, 1)'), swap(/nn\.Linear\(40, 20\)/, 'nn.Linear(1, 20)')),
    ),
    causes: ['loss-plateau', 'dead-units'],
    lines: null,
  },
  'states that grow with every product': {
    to: 'waveforms',
    change: swap(/const heard = states\.mean\(1\);/, 'const heard = states.mul(12).mean(1).pow(5);'),
    causes: [
      'exploding-gradient',
      'non-finite',
      'learning-rate-high',
      'bad-initialization/large-weights',
      'wrong-loss-scale',
      'dead-units',
    ],
    lines: null,
  },
  'a forger that can’t go below 0': {
    to: 'corners-gan',
    change: swap(/( *)new nn\.Linear\(32, 2\),\n/, '$&$1new nn.ReLU(),\n'),
    causes: ['dead-units', 'loss-plateau'],
    lines: null,
  },
  'a forger of fourteen sigmoids': {
    to: 'corners-gan',
    change: swap(
      /( *)new nn\.Linear\(32, 2\),\n/,
      '$1...Array.from({ length: 14 }, () => [new nn.Linear(32, 32), new nn.Sigmoid()]).flat(),\n$&',
    ),
    causes: FADING,
    lines: /Sigmoid|new nn\.Linear/,
    repairable: true,
  },
  'a dropped forger': {
    to: 'corners-gan',
    change: swap(/( *)new nn\.LeakyReLU\(0\.1\),\n/g, '$&$1new nn.Dropout(0.95),\n'),
    causes: NOTHING_LEARNED,
    lines: null,
  },
  'letters that are all one': {
    to: 'sonnet-rnn',
    change: all(swap(/this\.embed\(x\)/, 'this.embed(zerosLike(x))'), importing('zerosLike')),
    causes: NOTHING_LEARNED,
    lines: null,
  },
};
