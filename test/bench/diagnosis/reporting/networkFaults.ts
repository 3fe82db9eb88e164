import { all, either, swap } from '../change.ts';
import type { Faults } from '../faults/fault.ts';
import { FADES, NOTHING_LEARNED, SMALL } from '../faults/right.ts';
import { batchTimes, bent, returned } from './wording.ts';

const FADING = ['vanishing-gradient', ...FADES];
const BUILT = /[sS]igmoid|new nn\.(?:Linear|Conv2d|ConvTranspose2d)/;

/** Faults of the network itself, of the reporting part. */
export const NETWORK: Faults = {
  'sigmoids in all hidden layers': {
    to: 'hoop-tower',
    change: bent('Sigmoid', 'sigmoid'),
    causes: FADING,
    lines: BUILT,
    repairable: true,
  },
  'twenty-eight layers, begun as the library does': {
    to: 'hoop-tower',
    change: all(swap(/k < 10/, 'k < 28'), swap(/ *nn\.init\.kaimingNormal_.*\n/, '')),
    causes: ['vanishing-gradient', 'learning-rate-low', ...SMALL],
    lines: /new nn\./,
    repairable: true,
  },
  'thirty-two layers, begun as the library does': {
    to: 'blob-selu',
    change: all(
      swap(/DEPTH = 8/, 'DEPTH = 32'),
      swap(/ *for \(const layer of \[this\.entrance.*\n/, ''),
      bent('Tanh', 'tanh'),
    ),
    causes: ['vanishing-gradient', 'learning-rate-low', ...FADES, ...SMALL],
    lines: /new nn\.|F\.tanh/,
    repairable: true,
  },
  'eighteen sigmoids before the last layer': {
    to: 'iris-swish vgg-norms',
    change: either(
      swap(
        /(?=new nn\.Linear\(10, 3\)\))/,
        '...Array.from({ length: 18 }, () => [new nn.Linear(10, 10), new nn.Sigmoid()]).flat(), ',
      ),
      swap(
        /( *)(?=new nn\.Linear\(64, 10\),\n\);)/,
        '$1...Array.from({ length: 18 }, () => [new nn.Linear(64, 64), new nn.Sigmoid()]).flat(),\n$1',
      ),
    ),
    causes: FADING,
    lines: BUILT,
    repairable: true,
  },
  'a softmax after every hidden layer': {
    to: 'iris-swish crop-yield',
    change: swap(/new nn\.(?:SiLU|GELU)\(\)/g, 'new nn.Softmax(1)'),
    causes: FADING,
    lines: /Softmax|new nn\.Linear/,
    repairable: true,
  },
  'straight all the way': {
    to: 'moon-loader hoop-tower',
    change: either(
      swap(/ *tower\.append\(new nn\.ReLU\(\)\);\n/, ''),
      swap(/(this\.(?:inner|outer)\(\w\))\.relu\(\)/g, '$1'),
    ),
    causes: ['loss-plateau/linear-model'],
    lines: null,
  },
  'scores that a ReLU shuts': {
    to: 'group-resnet',
    change: returned('$1.relu()'),
    causes: ['dead-units', 'loss-plateau'],
    lines: /relu\(\)|const loss|(?:exit|fc) = /,
  },
  'a forecast that can’t be negative': {
    to: 'cell-rnn crop-yield',
    change: either(
      swap(/this\.tell\(h\)/, 'this.tell(h).sigmoid()'),
      swap(/layers\.push\(new nn\.Linear\(from, 1\)\);/, 'layers.push(new nn.Linear(from, 1), new nn.Sigmoid());'),
    ),
    causes: ['saturated-activation', 'loss-plateau', 'vanishing-gradient/saturating-activation'],
    lines: /[sS]igmoid|tell = |Linear\(from, 1\)|const (?:mse|loss)/,
  },
  'ninety-seven in a hundred dropped': {
    to: 'fit-digits walkers',
    change: swap(/Dropout\(0\.1\d*\)/, 'Dropout(0.97)'),
    causes: NOTHING_LEARNED,
    lines: null,
  },
  'not a norm left': {
    to: 'vgg-norms group-resnet',
    change: either(
      swap(/ new nn\.BatchNorm2d\(to\),/, ''),
      swap(/this\.(?:norm[12]|final)\((x|y|this\.trunk\(this\.stem\(x\)\))\)/g, '$1'),
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
  'a norm of a single answer': {
    to: 'moon-loader crop-yield',
    change: either(
      all(
        swap(/return this\.last\(b\);/, 'return this.ln(this.last(b));'),
        swap(/( *)this\.last = .*\n/, '$&$1this.ln = new nn.LayerNorm(1);\n'),
      ),
      swap(/layers\.push\(new nn\.Linear\(from, 1\)\);/, 'layers.push(new nn.Linear(from, 1), new nn.LayerNorm(1));'),
    ),
    causes: ['loss-plateau', 'frozen-parameter', 'vanishing-gradient'],
    lines: null,
  },
  'batch norms that see two samples': {
    to: 'vgg-norms fit-digits',
    change: either(
      all(swap(/\[40\]/, '[2]'), swap(/iteration <= 180/, 'iteration <= 450')),
      all(swap(/batchSize: 32/, 'batchSize: 2'), swap(/shuffle: true \}\), 8\)/, 'shuffle: true }), 1)')),
    ),
    causes: ['small-batch-norm'],
    lines: /BatchNorm|\bconv\(/,
  },
  'a digit at a time, at the old rate': {
    to: 'loose-digits',
    change: batchTimes(0.01),
    causes: ['learning-rate-high', 'oscillating-loss', 'exploding-gradient', 'dead-units', 'non-finite'],
    lines: null,
  },
  'a single number in the middle': {
    to: 'digit-vae loose-digits moon-loader film-ratings',
    change: either(
      all(swap(/Linear\(48, 8\)/g, 'Linear(48, 1)'), swap(/Linear\(8, 48\)/, 'Linear(1, 48)')),
      all(
        swap(/randn\(\[48, 32\]\)/, 'randn([48, 1])'),
        swap(/zeros\(\[32\]\)/, 'zeros([1])'),
        swap(/randn\(\[32, 10\]\)/, 'randn([1, 10])'),
      ),
      swap(/new MoonNet\(24\)/, 'new MoonNet(1)'),
      swap(/new Factors\(4\)/, 'new Factors(1)'),
    ),
    causes: ['loss-plateau', 'dead-units'],
    lines: null,
  },
  'one channel at first': {
    to: 'shape-segmenter conv-denoiser',
    change: either(
      all(swap(/Conv2d\(1, 10, /, 'Conv2d(1, 1, '), swap(/Conv2d\(10, 14, /, 'Conv2d(1, 14, ')),
      all(swap(/Conv2d\(1, 12, /, 'Conv2d(1, 1, '), swap(/Conv2d\(12, 16, /, 'Conv2d(1, 16, ')),
    ),
    causes: ['loss-plateau', 'dead-units'],
    lines: null,
  },
  'pixel by pixel': {
    to: 'shape-segmenter',
    change: all(
      swap(/10, 3, \{ padding: 1 \}/, '10, 1'),
      swap(/14, 3, \{ padding: 2, dilation: 2 \}/, '14, 1'),
      swap(/14, 3, \{ padding: 1 \}/, '14, 1'),
    ),
    causes: ['loss-plateau'],
    lines: null,
  },
  'the walk’s first step alone': {
    to: 'walkers',
    change: swap(/hidden\.select\(1, STEPS - 1\)/, 'hidden.select(1, 0)'),
    causes: NOTHING_LEARNED,
    lines: null,
  },
  'far out on the curve': {
    to: 'cell-rnn moon-loader',
    change: either(
      swap(/this\.cell\(x\.select\(1, t\), h\)/, 'this.cell(x.select(1, t).mul(500), h)'),
      swap(/this\.inner\(x\)\.relu\(\)/, 'this.inner(x).mul(150).tanh()'),
    ),
    causes: ['saturated-activation', 'vanishing-gradient', 'exploding-gradient', 'unscaled-input'],
    lines: /tanh|new nn\.|this\.cell\(/,
  },
  'attention that looks at one place only': {
    to: 'patch-vit',
    change: swap(/this\.attention\(n, n, n\)/, 'this.attention(n.mul(30), n.mul(30), n)'),
    causes: [
      'saturated-activation',
      'exploding-gradient',
      'learning-rate-high',
      'vanishing-gradient',
      'bad-initialization/large-weights',
    ],
    lines: null,
  },
  'eight blocks without a way past': {
    to: 'group-resnet',
    change: all(swap(/return x\.add\(z\);/, 'return z;'), swap(/blocks: 3/, 'blocks: 8')),
    causes: ['vanishing-gradient', 'learning-rate-low', 'exploding-gradient', ...SMALL],
    lines: null,
  },
  'a spread that is exponential twice': {
    to: 'digit-vae',
    change: swap(/logVar\.mul\(0\.5\)\.exp\(\)/, 'logVar.mul(6).exp().exp()'),
    causes: ['non-finite', 'exploding-gradient', 'learning-rate-high', 'wrong-loss-scale'],
    lines: null,
  },
  'a decoder through fourteen sigmoids': {
    to: 'conv-denoiser',
    change: swap(
      /( *)(?=new nn\.Conv2d\(12, 1, 3)/,
      '$1...Array.from({ length: 14 }, () => [new nn.Conv2d(12, 12, 3, { padding: 1 }), new nn.Sigmoid()]).flat(),\n$1',
    ),
    causes: FADING,
    lines: BUILT,
    repairable: true,
  },
  'a forger between 0 and 1': {
    to: 'arc-gan',
    change: swap(/new nn\.Linear\(36, 2\)/, '$&, new nn.Sigmoid()'),
    causes: ['saturated-activation', 'loss-plateau', 'vanishing-gradient'],
    lines: null,
  },
  'a forger of ten sigmoids': {
    to: 'arc-gan',
    change: swap(
      /(?=new nn\.Linear\(36, 2\))/,
      '...Array.from({ length: 10 }, () => [new nn.Linear(36, 36), new nn.Sigmoid()]).flat(), ',
    ),
    causes: FADING,
    lines: BUILT,
    repairable: true,
  },
};
