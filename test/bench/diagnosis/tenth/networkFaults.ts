import { all, either, swap } from '../change.ts';
import type { Faults } from '../faults/fault.ts';
import { FADES, NOTHING_LEARNED, SMALL } from '../faults/right.ts';
import { atTheEnd, batched, bending, lasting, returned } from './wording.ts';

const FADING = ['vanishing-gradient', ...FADES];
const BUILT = /[sS]igmoid|new nn\.(?:Linear|Conv2d)|\blayer\(/;
const PLAIN_STORIES = swap(/ *nn\.init\.kaimingNormal_.*\n/, '');
const PLAIN_BODY = swap(/for \(const part of body\).*\n/, '');

/** Faults of the network itself, of the tenth part. */
export const NETWORK: Faults = {
  'sigmoids on every story': {
    to: 'border-tower',
    change: bending('Sigmoid', 'sigmoid'),
    causes: FADING,
    lines: BUILT,
    repairable: true,
  },
  'twenty-eight stories without He': {
    to: 'border-tower',
    change: all(swap(/layers: 13/, 'layers: 28'), PLAIN_STORIES),
    causes: ['vanishing-gradient', 'learning-rate-low', ...SMALL],
    lines: /new nn\.(?:Linear|ReLU|Sequential)/,
    repairable: true,
  },
  'thirty-six layers of tanh without Glorot': {
    to: 'spiral-depth',
    change: all(swap(/Array\(7\)/, 'Array(36)'), PLAIN_BODY),
    causes: ['vanishing-gradient', 'learning-rate-low', ...FADES, ...SMALL],
    lines: /new nn\.(?:Linear|Tanh|Sequential)/,
    repairable: true,
  },
  'twenty layers of sigmoids in between': {
    to: 'digit-trainer conv-gap rose',
    change: either(
      all(
        swap(/this\.relu\(this\.second\(h\)\)/, 'this.more($&)'),
        swap(
          /( *)this\.relu = .*\n/,
          '$&$1this.more = new nn.Sequential(...Array.from({ length: 20 }, () => [new nn.Linear(hidden / 2, hidden / 2), new nn.Sigmoid()]).flat());\n',
        ),
      ),
      swap(
        /( *)(?=new nn\.Linear\(24, (?:10|1)\))/,
        '$1...Array.from({ length: 20 }, () => [new nn.Linear(24, 24), new nn.Sigmoid()]).flat(),\n$1',
      ),
    ),
    causes: FADING,
    lines: BUILT,
    repairable: true,
  },
  'softmax instead of a bend': {
    to: 'deep-ae',
    change: swap(/new nn\.(?:ReLU|Tanh|ELU)\(\)/g, 'new nn.Softmax(1)'),
    causes: FADING,
    lines: /Softmax|new nn\.Linear/,
    repairable: true,
  },
  'no bend between the layers': {
    to: 'rose moon-matmul spiral-depth border-tower arm projectile',
    change: either(
      swap(/ *new nn\.(?:ReLU|ELU)\(\),\n/g, ''),
      swap(/, new nn\.Tanh\(\)\]/, ']'),
      swap(/stories\.push\(story, new nn\.ReLU\(\)\)/, 'stories.push(story)'),
      swap(/(?<=add\(this\.b1\))\.tanh\(\)/, ''),
      swap(/(this\.hidden\d\(\w\))\.sigmoid\(\)/g, '$1'),
    ),
    causes: ['loss-plateau/linear-model'],
    lines: null,
  },
  'a ReLU behind the scores': {
    to: 'iris-full',
    change: returned('$1.relu()'),
    causes: ['dead-units', 'loss-plateau'],
    lines: /relu\(\)|(?:this\.output|output|this\.place|last) = |const (?:loss|distance|nll)|criterion = /,
  },
  'positions within a tenth': {
    to: 'arm',
    change: returned('$1.tanh().mul(0.1)'),
    causes: ['saturated-activation', 'loss-plateau', 'vanishing-gradient/saturating-activation'],
    lines: /tanh|place = |const distance/,
  },
  'answers that a sigmoid confines': {
    to: 'arm forecast-gru projectile',
    change: either(returned('$1.sigmoid()'), atTheEnd('new nn.Sigmoid()')),
    causes: ['saturated-activation', 'loss-plateau', 'vanishing-gradient/saturating-activation'],
    lines: /[sS]igmoid\(\)|(?:place|head|mlp) = |const (?:distance|loss)|criterion = /,
  },
  'eighty times the preactivations': {
    to: 'iris-full moon-matmul arm',
    change: either(
      swap(/F\.tanh\((this\.\w+\(\w+\))\)/g, 'F.tanh($1.mul(80))'),
      swap(/(?<=add\(this\.b1\))\.tanh/, '.mul(80).tanh'),
      swap(/(this\.hidden\d\(\w\))\.sigmoid/g, '$1.mul(80).sigmoid'),
    ),
    causes: ['saturated-activation', 'vanishing-gradient', 'exploding-gradient'],
    lines: /tanh|sigmoid|new nn\.(?:Linear|Parameter)/,
  },
  'nearly everything dropped': {
    to: 'digits-bn drama-lstm digit-trainer',
    change: either(
      swap(/Dropout\(0\.1?\d\)/, 'Dropout(0.97)'),
      swap(/this\.relu = new nn\.ReLU\(\);/, 'this.relu = new nn.Sequential(new nn.ReLU(), new nn.Dropout(0.97));'),
    ),
    causes: NOTHING_LEARNED,
    lines: null,
  },
  'blocks that lost their norms': {
    to: 'identity-resnet stage-transformer',
    change: either(swap(/ *new nn\.BatchNorm2d\(\w+\),\n/g, ''), swap(/this\.(?:ln[AB]|norm)\((\w)\)/g, '$1')),
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
  'a layer norm of a single number at the end': {
    to: 'projectile',
    change: atTheEnd('new nn.LayerNorm(1)'),
    causes: ['loss-plateau', 'frozen-parameter', 'vanishing-gradient'],
    lines: null,
  },
  'two pictures to a batch norm': {
    to: 'digits-bn',
    change: batched(1 / 24),
    causes: ['small-batch-norm', 'loss-plateau', 'learning-rate-high'],
    lines: /BatchNorm|randint\(|order\.slice|new optim/,
  },
  'a single sample to an update, as fast as ever': {
    to: 'rose',
    change: all(batched(1 / 60), lasting(0.1)),
    causes: ['learning-rate-high', 'oscillating-loss', 'exploding-gradient', 'dead-units', 'non-finite'],
    lines: null,
  },
  'all through one unit': {
    to: 'deep-ae digits-bn conv-gap iris-full',
    change: either(
      all(swap(/Linear\(32, 10\)/, 'Linear(32, 1)'), swap(/Linear\(10, 32\)/, 'Linear(1, 32)')),
      all(swap(/\.\.\.layer\(48, 32\)/, '...layer(48, 1)'), swap(/Linear\(32, 10\)/, 'Linear(1, 10)')),
      all(swap(/Conv2d\(20, 24, 3\)/, 'Conv2d(20, 1, 3)'), swap(/Linear\(24, 10\)/, 'Linear(1, 10)')),
      all(swap(/Linear\(12, 12\)/, 'Linear(12, 1)'), swap(/Linear\(12, 3\)/, 'Linear(1, 3)')),
    ),
    causes: ['loss-plateau', 'dead-units'],
    lines: null,
  },
  'two units, where it took thirty': {
    to: 'projectile moon-matmul border-tower pitch-rnn arm',
    change: either(
      swap(/width: 32/, 'width: 1'),
      all(swap(/\b30\]/g, '2]'), swap(/\[30, /, '[2, ')),
      swap(/units: 26/, 'units: 2'),
      swap(/PitchRNN\(32\)/, 'PitchRNN(2)'),
      swap(/(?<=[( ])40(?=[,)])/g, '1'),
    ),
    causes: ['loss-plateau', 'dead-units'],
    lines: null,
  },
  'what the network thought at first': {
    to: 'pitch-rnn',
    change: swap(/states\.select\(1, LENGTH - 1\)/, 'states.select(1, 0)'),
    causes: NOTHING_LEARNED,
    lines: null,
  },
  'residuals that grow twentyfold': {
    to: 'identity-resnet stage-transformer',
    change: either(
      swap(/F\.relu\(x\.add\(this\.f\(x\)\)\)/, 'x.add(this.f(x)).mul(20).pow(2)'),
      swap(/return y\.add\(this\.down\((.*)\)\);/, 'return y.add(this.down($1)).mul(20).pow(2);'),
    ),
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
  'affinities two hundred times as sharp': {
    to: 'stage-transformer',
    change: swap(/\.div\(Math\.sqrt\(width \/ heads\)\)/, '.mul(200)'),
    causes: [
      'saturated-activation',
      'exploding-gradient',
      'learning-rate-high',
      'vanishing-gradient',
      'bad-initialization/large-weights',
    ],
    lines: null,
  },
  'attention that is blind to what it looks at': {
    to: 'stage-transformer',
    change: swap(/mul\(-1e9\)/, 'mul(0).sub(1e9)'),
    causes: ['loss-plateau', 'saturated-activation', 'vanishing-gradient'],
    lines: null,
  },
  'a decoder through a dozen sigmoids': {
    to: 'deep-ae',
    change: swap(
      /( *)new nn\.Linear\(32, 48\),\n/,
      '$1...Array.from({ length: 12 }, () => [new nn.Linear(32, 32), new nn.Sigmoid()]).flat(),\n$&',
    ),
    causes: FADING,
    lines: BUILT,
    repairable: true,
  },
  'a dozen sigmoid convolutions ahead': {
    to: 'identity-resnet',
    change: swap(
      /( *)(?=new nn\.Conv2d\(1, 12)/,
      '$1...Array.from({ length: 12 }, () => [new nn.Conv2d(1, 1, 3, { padding: 1 }), new nn.Sigmoid()]).flat(),\n$1',
    ),
    causes: FADING,
    lines: BUILT,
    repairable: true,
  },
  'a generator through ten sigmoids': {
    to: 'lines-gan',
    change: swap(
      /( *)new nn\.Linear\(32, 2\),\n/,
      '$1...Array.from({ length: 10 }, () => [new nn.Linear(32, 32), new nn.Sigmoid()]).flat(),\n$&',
    ),
    causes: FADING,
    lines: BUILT,
    repairable: true,
  },
  'a generator within a third': {
    to: 'lines-gan',
    change: swap(/return this\.main\(z\);/, 'return this.main(z).tanh().div(3);'),
    causes: ['saturated-activation', 'loss-plateau', 'vanishing-gradient'],
    lines: null,
  },
  'a generator of a single unit': {
    to: 'lines-gan',
    change: all(swap(/Linear\(32, 32\)/, 'Linear(32, 1)'), swap(/Linear\(32, 2\)/, 'Linear(1, 2)')),
    causes: ['loss-plateau', 'dead-units'],
    lines: null,
  },
};
