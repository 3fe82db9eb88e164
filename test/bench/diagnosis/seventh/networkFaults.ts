import { all, either, swap } from '../change.ts';
import type { Faults } from '../faults/fault.ts';
import { FADES, NOTHING_LEARNED, SMALL } from '../faults/right.ts';
import { behindLast, bend, between } from './wording.ts';

const FADING = ['vanishing-gradient', ...FADES];

/** Faults of the network itself, of the seventh part. */
export const NETWORK: Faults = {
  'sigmoids everywhere': {
    to: 'digits-vgg',
    change: bend('Sigmoid', 'sigmoid'),
    causes: FADING,
    lines: /[sS]igmoid|new nn\.(?:Linear|Conv2d)|hiddenLayer/,
    repairable: true,
  },
  'bends of fifty-fold sums': {
    to: 'nested-rings',
    change: swap(/layer\(h\)\.tanh/, 'layer(h).mul(50).tanh'),
    causes: ['saturated-activation', 'vanishing-gradient', 'exploding-gradient'],
    lines: /tanh|new nn\.|nn\.init/,
  },
  'softmax as the bend': {
    to: 'concrete',
    change: swap(/new nn\.(?:ReLU|Tanh)\(\)/g, 'new nn.Softmax(1)'),
    causes: FADING,
    lines: /Softmax|new nn\.Linear/,
    repairable: true,
  },
  'nothing bends': {
    to: 'moon-pairs concrete nested-rings',
    change: either(swap(/ *new nn\.(?:ReLU|Tanh)\(\),\n/g, ''), swap(/(?<=layer\(h\))\.tanh\(\)/, '')),
    causes: ['loss-plateau/linear-model'],
    lines: null,
  },
  'an answer cut off at 0': {
    to: 'concrete decay-gru',
    change: either(behindLast('new nn.ReLU()'), swap(/return (this\.answer\(summary\));/, 'return $1.relu();')),
    causes: ['dead-units', 'loss-plateau'],
    lines: /ReLU|relu|answer = |const loss|Linear\(\d+, 1\)/,
  },
  'an answer within one': {
    to: 'concrete decay-gru',
    change: either(behindLast('new nn.Sigmoid()'), swap(/return (this\.answer\(summary\));/, 'return $1.sigmoid();')),
    causes: ['saturated-activation', 'loss-plateau', 'vanishing-gradient/saturating-activation'],
    lines: /[sS]igmoid|answer = |const loss|Linear\(\d+, 1\)/,
  },
  'scores cut off at 0': {
    to: 'digits-dropout',
    change: behindLast('new nn.ReLU()'),
    causes: ['dead-units', 'loss-plateau'],
    lines: /ReLU|const (?:loss|cost)|Linear\(\d+, (?:2|10)\)/,
  },
  'twenty-four of twenty-five dropped': {
    to: 'digits-dropout bar-detector',
    change: either(swap(/Dropout\(0\.15\)/g, 'Dropout(0.96)'), swap(/new nn\.ReLU\(\),/g, '$& new nn.Dropout(0.96),')),
    causes: NOTHING_LEARNED,
    lines: null,
  },
  'normalization taken out': {
    to: 'digits-residual play-attention',
    change: either(
      all(
        swap(/this\.bn[12]\((this\.conv[12]\(\w+\))\)/g, '$1'),
        swap(/ *(?:this\.bn[12] = )?new nn\.BatchNorm2d\(\w+\)[,;]\n/g, ''),
      ),
      all(swap(/this\.norm[12]\((\w+)\)/g, '$1'), swap(/ *norm[12] = .*\n/g, '')),
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
  'batches of two under normalization': {
    to: 'digits-residual',
    change: swap(/slice\(0, 0, 44\)/, 'slice(0, 0, 2)'),
    causes: ['small-batch-norm'],
    lines: /BatchNorm|new BasicBlock/,
  },
  'one sample at a time, as fast': {
    to: 'pinwheel digits-vgg',
    change: either(
      swap(/slice\(0, 0, 48\)/, 'slice(0, 0, 1)'),
      all(swap(/batchSize: 50/, 'batchSize: 1'), swap(/epoch < 7/, 'epoch < 1')),
    ),
    causes: ['learning-rate-high', 'oscillating-loss', 'exploding-gradient', 'dead-units', 'non-finite'],
    lines: null,
  },
  'a norm of the single answer': {
    to: 'concrete nested-rings',
    change: either(
      behindLast('new nn.LayerNorm(1)'),
      all(
        swap(/return this\.score\(h\);/, 'return this.scale(this.score(h));'),
        swap(/(\n *)this\.score = .*/, '$&$1this.scale = new nn.LayerNorm(1);'),
      ),
    ),
    causes: ['loss-plateau', 'frozen-parameter', 'vanishing-gradient'],
    lines: null,
  },
  'fourteen sigmoids more': {
    to: 'digits-dropout',
    change: between('{ length: 14 }, () => [new nn.Linear($2, $2), new nn.Sigmoid()]'),
    causes: FADING,
    lines: /[sS]igmoid|new nn\.Linear/,
    repairable: true,
  },
  'twenty-five ReLUs more': {
    to: 'iris-batches',
    change: between('{ length: 25 }, () => [new nn.Linear($2, $2), new nn.ReLU()]'),
    causes: [...FADING, ...SMALL],
    lines: /ReLU|new nn\.Linear/,
    repairable: true,
  },
  'eight convolutions of sigmoids more': {
    to: 'bar-detector',
    change: swap(
      /( *)new nn\.Conv2d\(1, (\d+), 3, \{ padding: 1 \}\),\n *new nn\.ReLU\(\),\n/,
      '$&$1...Array.from({ length: 8 }, () => [new nn.Conv2d($2, $2, 3, { padding: 1 }), new nn.Sigmoid()]).flat(),\n',
    ),
    causes: FADING,
    lines: /[sS]igmoid|new nn\.Conv2d/,
    repairable: true,
  },
  'no shortcut past thirty layers': {
    to: 'digits-residual',
    change: all(
      swap(/\.add\(this\.shortcut\(x\)\)/, ''),
      swap(/new BasicBlock\(10, 10, 1\)/, '...Array.from({ length: 9 }, () => new BasicBlock(10, 10, 1))'),
    ),
    causes: ['vanishing-gradient', 'exploding-gradient', 'learning-rate-low', 'learning-rate-high'],
    lines: null,
  },
  'a bottleneck of one': {
    to: 'digits-denoise digits-dropout',
    change: either(
      all(swap(/nn\.Linear\(56, 20\)/, 'nn.Linear(56, 1)'), swap(/nn\.Linear\(20, 56\)/, 'nn.Linear(1, 56)')),
      all(swap(/nn\.Linear\(128, 40\)/, 'nn.Linear(128, 1)'), swap(/nn\.Linear\(40, 10\)/, 'nn.Linear(1, 10)')),
    ),
    causes: ['loss-plateau', 'dead-units'],
    lines: null,
  },
  'states squared again and again': {
    to: 'decay-gru',
    change: swap(
      /const \[states\] = this\.gru\(sequence\);/,
      'const [raw] = this.gru(sequence);\n    const states = raw.mul(9).square().square().square();',
    ),
    causes: [
      'exploding-gradient',
      'non-finite',
      'learning-rate-high',
      'bad-initialization/large-weights',
      'wrong-loss-scale',
    ],
    lines: null,
  },
  'a maker within one': {
    to: 'wave-gan',
    change: swap(/(new nn\.Linear\(36, 2\),\n)/, '$1  new nn.Sigmoid(),\n'),
    causes: ['saturated-activation', 'loss-plateau', 'vanishing-gradient/saturating-activation'],
    lines: null,
  },
  'a critic of sigmoids, ten deep': {
    to: 'wave-gan',
    change: swap(
      /( *)new nn\.Linear\(44, 28\),\n/,
      '$1...Array.from({ length: 10 }, () => [new nn.Linear(44, 44), new nn.Sigmoid()]).flat(),\n$&',
    ),
    causes: FADING,
    lines: /Sigmoid|new nn\.Linear/,
    repairable: true,
  },
};
