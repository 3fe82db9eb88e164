import { activation, all, deep, either, everyParameter, plainInitialization, swap } from '../change.ts';
import type { Fault, Faults } from '../faults/fault.ts';
import { FADES, INIT, LARGE, NOTHING_LEARNED, SMALL } from '../faults/right.ts';

const GAINS = {
  'variance scaling': 'normal_(p, { std: p.shape[1] ** -0.5 })',
  'uniform within 0.03': 'uniform_(p, { from: -0.03, to: 0.03 })',
  'truncated at 0.02': 'truncNormal_(p, { std: 0.02, a: -0.04, b: 0.04 })',
  'uniform within 1': 'uniform_(p, { from: -1, to: 1 })',
} as const;

/** Of another shape, data, activations and initializations than the dense networks that rules were tuned on. */
const tower = (depth: number, name: string, init: keyof typeof GAINS, causes: readonly string[]): [string, Fault] => [
  `${depth} layers of ${name}, ${init}`,
  {
    to: 'deep-tanh',
    change: deep(
      depth,
      plainInitialization,
      name === 'tanh' ? (text) => text : swap(/(this\.input\(x\)|layer\(h\))\.tanh\(\)/g, `F.${name}($1)`),
      everyParameter(`if (/weight/.test(name)) nn.init.${GAINS[init]};`),
    ),
    causes,
    lines: new RegExp(`${name}\\(|${INIT.source}`),
    repairable: true,
  },
];

const FADING = ['vanishing-gradient', ...FADES, ...SMALL];

/** Faults of the network itself, of the second set. */
export const NETWORK: Faults = {
  ...Object.fromEntries([
    tower(6, 'sigmoid', 'variance scaling', FADES),
    tower(10, 'softsign', 'variance scaling', FADING),
    tower(14, 'relu', 'variance scaling', FADING),
    tower(18, 'tanh', 'variance scaling', FADING),
    tower(9, 'elu', 'variance scaling', FADING),
    tower(7, 'tanh', 'uniform within 0.03', SMALL),
    tower(14, 'silu', 'uniform within 0.03', SMALL),
    tower(4, 'sigmoid', 'truncated at 0.02', [...FADES, ...SMALL]),
    tower(9, 'relu', 'truncated at 0.02', SMALL),
    tower(18, 'gelu', 'truncated at 0.02', SMALL),
    tower(9, 'relu', 'uniform within 1', LARGE),
    tower(14, 'tanh', 'uniform within 1', LARGE),
  ]),
  'sigmoids in the convolutions': {
    to: 'segmenter lenet',
    change: activation('sigmoid', 'Sigmoid'),
    causes: FADES,
    lines: /[Ss]igmoid|new nn\.Conv2d/,
    repairable: true,
  },
  'two images at a time': {
    to: 'bottleneck',
    change: swap(/start \+ 40/g, 'start + 2'),
    causes: ['small-batch-norm'],
    lines: /BatchNorm/,
    repairable: true,
  },
  'answers that can’t be negative': {
    to: 'friedman accumulator',
    change: either(
      swap(/(new nn\.Linear\(40, 1\),\n)/, '$1  new nn.ReLU(),\n'),
      swap(/(this\.output\(states\.select\(1, -1\)\))/, '$1.relu()'),
    ),
    causes: ['dead-units', 'loss-plateau'],
    lines: /ReLU|relu|output|const loss|40, 1/,
  },
  'nineteen of twenty dropped': {
    to: 'spirals segmenter',
    change: swap(/(new nn\.ReLU\(\),\n)/g, '$1  new nn.Dropout(0.95),\n'),
    causes: NOTHING_LEARNED,
    lines: null,
  },
  'layers without an activation between': {
    to: 'circles spirals friedman lenet',
    change: either(swap(/ {2}new nn\.(?:GELU|ReLU|Tanh)\(\),\n/g, ''), swap(/\.tanh\(\)/g, '')),
    causes: ['loss-plateau/linear-model'],
    lines: null,
  },
  'softmax for an activation': {
    to: 'circles friedman',
    change: swap(/new nn\.(?:GELU|Tanh)\(\)/g, 'new nn.Softmax(1)'),
    causes: ['vanishing-gradient', ...FADES],
    lines: /Softmax|new nn\.Linear/,
    repairable: true,
  },
  'no normalization within the blocks': {
    to: 'bottleneck vit',
    change: either(
      all(swap(/this\.norm\d\((x|h)\)/g, '$1'), swap(/ {4}this\.norm\d = .*\n/g, '')),
      all(swap(/this\.norm\d\((x|h)\)/g, '$1'), swap(/ {2}norm\d = .*\n/g, '')),
    ),
    causes: ['exploding-gradient', 'learning-rate-high', 'vanishing-gradient'],
    lines: null,
    repairable: true,
  },
};
