import { all, either, swap } from '../change.ts';
import type { Faults } from '../faults/fault.ts';
import { FADES, NOTHING_LEARNED, SMALL } from '../faults/right.ts';
import { batches, bent, returning } from './wording.ts';

const FADING = ['vanishing-gradient', ...FADES];
const BUILT = /[sS]igmoid|new nn\.(?:Linear|Conv2d)|dense\(|conv3\(/;

/** Faults of the network itself, of the ninth part. */
export const NETWORK: Faults = {
  'sigmoids all the way up': {
    to: 'circle-stack cnn-sequence',
    change: bent('Sigmoid', 'sigmoid'),
    causes: FADING,
    lines: BUILT,
    repairable: true,
  },
  'thirty floors of ReLU, plainly begun': {
    to: 'stripes',
    change: all(swap(/depth = 9/, 'depth = 30'), swap(/ *for \(const floor of \[.*\n/, '')),
    causes: ['vanishing-gradient', 'learning-rate-low', ...SMALL],
    lines: /new nn\.|F\.relu/,
    repairable: true,
  },
  'forty floors of tanh, plainly begun': {
    to: 'circle-stack',
    change: all(swap(/blocks = 11/, 'blocks = 40'), swap(/ *nn\.init\..*\n/g, '')),
    causes: ['vanishing-gradient', 'learning-rate-low', ...FADES, ...SMALL],
    lines: /new nn\.|dense\(/,
    repairable: true,
  },
  'two dozen sigmoids before the classifier': {
    to: 'digit-array cnn-sequence',
    change: either(
      swap(
        /(?<=new nn\.ReLU\(\), )linear\[2\]/,
        '...Array.from({ length: 24 }, () => [new nn.Linear(40, 40), new nn.Sigmoid()]).flat(), $&',
      ),
      swap(
        /( *)(?=new nn\.Linear\(32, 10\))/,
        '$1...Array.from({ length: 24 }, () => [new nn.Linear(32, 32), new nn.Sigmoid()]).flat(),\n$1',
      ),
    ),
    causes: FADING,
    lines: BUILT,
    repairable: true,
  },
  'softmax where a bend should be': {
    to: 'pixel-ae moon-config',
    change: swap(/new nn\.(?:ReLU|Tanh)\(\)/g, 'new nn.Softmax(1)'),
    causes: FADING,
    lines: /Softmax|new nn\.Linear/,
    repairable: true,
  },
  'nothing bends': {
    to: 'moon-config stripes circle-stack rents',
    change: either(
      swap(/ *new nn\.Tanh\(\),\n/g, ''),
      swap(/\[layer, new nn\.Tanh\(\)\]/, '[layer]'),
      swap(/F\.relu\((this\.\w+\(\w+\)|floor\(h\))\)/g, '$1'),
    ),
    causes: ['loss-plateau/linear-model'],
    lines: null,
  },
  'scores that a ReLU cuts off': {
    to: 'rows-gru bard-lstm',
    change: returning('$1.relu()'),
    causes: ['dead-units', 'loss-plateau'],
    lines: /relu|const (?:loss|cost|mse)|(?:roof|l3|fc|decoder) = /,
  },
  'regression within tanh': {
    to: 'rents echo-rnn',
    change: returning('$1.tanh()'),
    causes: ['saturated-activation', 'loss-plateau', 'vanishing-gradient/saturating-activation'],
    lines: /tanh|(?:l3|readout) = |const (?:mse|err)/,
  },
  'regression of what can’t be below 0': {
    to: 'echo-rnn',
    change: returning('$1.sigmoid()'),
    causes: ['saturated-activation', 'loss-plateau', 'vanishing-gradient/saturating-activation'],
    lines: /sigmoid|readout = |const err/,
  },
  'preactivations a hundredfold': {
    to: 'iris-sigmoid stripes',
    change: either(
      swap(/F\.sigmoid\((this\.fc1\(x\))\)/, 'F.sigmoid($1.mul(100))'),
      swap(/F\.relu\(floor\(h\)\)/, 'F.tanh(floor(h).mul(100))'),
    ),
    causes: ['saturated-activation', 'vanishing-gradient', 'exploding-gradient'],
    lines: /sigmoid|tanh|new nn\./,
  },
  'hardly anything survives dropout': {
    to: 'digit-array digit-normed',
    change: either(
      swap(/new nn\.Dropout\(0\.1\)/, 'new nn.Dropout(0.98)'),
      swap(/this\.act = new nn\.GELU\(\);/, 'this.act = new nn.Sequential(new nn.GELU(), new nn.Dropout(0.98));'),
    ),
    causes: NOTHING_LEARNED,
    lines: null,
  },
  'no norm anywhere': {
    to: 'tiny-resnet digit-normed mini-gpt',
    change: either(
      swap(/this\.bn[AB]\((this\.conv[AB]\(\w\))\)/g, '$1'),
      swap(/this\.norm\((this\.fc\(x\))\)/, '$1'),
      swap(/this\.(?:norm[12]|lnF)\((x|h)\)/g, '$1'),
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
  'a norm behind the scores': {
    to: 'moon-config rents',
    change: either(
      swap(/( *)new nn\.Linear\(config\.hidden, 1\),\n/, '$&$1new nn.LayerNorm(1),\n'),
      all(
        swap(/return this\.l3\(b\);/, 'return this.ln(this.l3(b));'),
        swap(/( *)this\.l3 = .*\n/, '$&$1this.ln = new nn.LayerNorm(1);\n'),
      ),
    ),
    causes: ['loss-plateau', 'frozen-parameter', 'vanishing-gradient'],
    lines: null,
  },
  'batch norms of two at a time': {
    to: 'cnn-batchnorm tiny-resnet',
    change: either(
      all(swap(/batchSize: 44/, 'batchSize: 2'), swap(/epoch < 7/, 'epoch < 1')),
      all(swap(/\[48\]/, '[2]'), swap(/step < 220/, 'step < 500')),
    ),
    causes: ['small-batch-norm'],
    lines: /BatchNorm/,
  },
  'one sample to a step, at the old rate': {
    to: 'tiny-resnet digit-array',
    change: either(
      all(batches(1 / 48), swap(/new nn\.BatchNorm2d\(b\)/g, 'new nn.GroupNorm(2, b)')),
      all(batches(1 / 50), swap(/e < 10/, 'e < 1')),
    ),
    causes: ['learning-rate-high', 'oscillating-loss', 'exploding-gradient', 'dead-units', 'non-finite'],
    lines: null,
  },
  'a bottleneck of one': {
    to: 'pixel-ae digit-array iris-sigmoid rows-gru',
    change: either(
      all(swap(/Linear\(40, 12\)/, 'Linear(40, 1)'), swap(/Linear\(12, 40\)/, 'Linear(1, 40)')),
      swap(/\[64, 80, 40, 10\]/, '[64, 80, 1, 10]'),
      all(swap(/Linear\(4, 16\)/, 'Linear(4, 1)'), swap(/Linear\(16, 3\)/, 'Linear(1, 3)')),
      all(swap(/GRU\(8, 40/, 'GRU(8, 1'), swap(/Linear\(40, 10\)/, 'Linear(1, 10)')),
    ),
    causes: ['loss-plateau', 'dead-units'],
    lines: null,
  },
  'two units where dozens were': {
    to: 'stripes moon-config rents',
    change: either(
      swap(/width = 28/, 'width = 2'),
      swap(/hidden: 20/, 'hidden: 1'),
      swap(/RentModel\(6, 36\)/, 'RentModel(6, 1)'),
    ),
    causes: ['loss-plateau', 'dead-units'],
    lines: null,
  },
  'the state before anything was read': {
    to: 'echo-rnn rows-gru',
    change: either(
      swap(/hidden\.select\(1, length - 1\)/, 'hidden.select(1, 0)'),
      swap(/out\.select\(1, 7\)/, 'out.select(1, 0)'),
    ),
    causes: NOTHING_LEARNED,
    lines: null,
  },
  'cubes for blocks’ answers': {
    to: 'tiny-resnet',
    change: swap(/return F\.relu\(z\.add\(this\.skip\(x\)\)\);/, 'return z.add(this.skip(x)).mul(15).pow(3);'),
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
  'queries and keys four hundredfold': {
    to: 'mini-gpt',
    change: swap(
      /heads\(this\.q\(x\)\), heads\(this\.k\(x\)\)/,
      'heads(this.q(x)).mul(400), heads(this.k(x)).mul(400)',
    ),
    causes: [
      'saturated-activation',
      'exploding-gradient',
      'learning-rate-high',
      'vanishing-gradient',
      'bad-initialization/large-weights',
    ],
    lines: null,
  },
  'a decoder of sixteen sigmoids': {
    to: 'pixel-ae',
    change: swap(
      /(?<=const decoder = new nn\.Sequential\(new nn\.Linear\(12, 40\), )new nn\.ReLU\(\)/,
      '$&, ...Array.from({ length: 16 }, () => [new nn.Linear(40, 40), new nn.Sigmoid()]).flat()',
    ),
    causes: FADING,
    lines: BUILT,
    repairable: true,
  },
  'G through a dozen sigmoids': {
    to: 'ellipse-gan',
    change: swap(
      /( *)new nn\.Linear\(40, 2\),\n/,
      '$1...Array.from({ length: 12 }, () => [new nn.Linear(40, 40), new nn.Sigmoid()]).flat(),\n$&',
    ),
    causes: FADING,
    lines: BUILT,
    repairable: true,
  },
  'G between 0 and 1': {
    to: 'ellipse-gan',
    change: swap(/( *)new nn\.Linear\(40, 2\),\n/, '$&$1new nn.Sigmoid(),\n'),
    causes: ['saturated-activation', 'loss-plateau', 'vanishing-gradient'],
    lines: null,
  },
  'boxes through a dead ReLU': {
    to: 'blob-detector',
    change: swap(/this\.boxHead\(shared\)/, 'this.boxHead(shared).sub(1).relu()'),
    causes: ['dead-units', 'loss-plateau'],
    lines: /relu|boxHead = |const (?:boxLoss|total)/,
  },
  'a detector of a dozen sigmoid convolutions': {
    to: 'blob-detector',
    change: swap(
      /( *)(?=new nn\.Conv2d\(1, 8)/,
      '$1...Array.from({ length: 12 }, () => [new nn.Conv2d(1, 1, 3, { padding: 1 }), new nn.Sigmoid()]).flat(),\n$1',
    ),
    causes: FADING,
    lines: BUILT,
    repairable: true,
  },
};
