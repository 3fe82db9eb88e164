import { all, type Change, either, importing, swap } from '../change.ts';
import type { Faults } from '../faults/fault.ts';
import { LOW, NOTHING_LEARNED } from '../faults/right.ts';
import { aiming, duration, measured, shown } from './wording.ts';

const GIVEN = /const (?:\[?(?:x|y|xb|yb|X|Y|seq|points|sides|inputs|targets)\b|loss|cost|err|total)|for \(const \[/;
const READ =
  /Linear\((?:2|4|6|64|inputs), |Conv2d\(1, |set\.|dense\(2, |conv3\(1, |RNN\(1, |div\(|const (?:loss|mse|cost)/;

/** Inputs in other units, for training and the test alike. */
const units = (change: string): Change =>
  either(swap(/(?<=csv\.slice\(1, 0, 64\)\.div\(8\)\.sub\(1\))/, `.${change.replace('_(', '(')}`), measured(change));

/** Faults of labels and inputs, of the ninth part. */
export const DATA: Faults = {
  'labels drawn by lot': {
    to: 'rows-gru',
    change: swap(
      /(?<=const (?:digits|labels|names) = \w+\.select\(1, 64\)\.to\('int32'\))/,
      '.indexSelect(0, randperm(1797))',
    ),
    causes: [...NOTHING_LEARNED, 'overfitting'],
    lines: null,
  },
  'labels one row off': {
    to: 'circle-stack digit-normed',
    change: aiming('$1.roll(1, 0)'),
    causes: NOTHING_LEARNED,
    lines: GIVEN,
  },
  'letters one sample off': {
    to: 'bard-lstm mini-gpt',
    change: aiming('$1.flip(0)'),
    causes: NOTHING_LEARNED,
    lines: GIVEN,
  },
  'boxes of another picture': {
    to: 'blob-detector',
    change: swap(/truth\.indexSelect\(0, rows\)/, '$&.flip(0)'),
    causes: NOTHING_LEARNED,
    lines: /const (?:boxLoss|total)/,
  },
  'inputs in an order of their own': {
    to: 'cnn-batchnorm moon-config',
    change: shown('$1.indexSelect(0, randperm($1.shape[0]))'),
    causes: NOTHING_LEARNED,
    lines: GIVEN,
  },
  'one label for all': {
    to: 'digit-normed iris-sigmoid',
    change: aiming('$1.mul(0)'),
    causes: [...NOTHING_LEARNED, 'dead-units', 'saturated-activation', 'vanishing-gradient'],
    lines: null,
  },
  'blank inputs': {
    to: 'rows-gru echo-rnn',
    change: shown('$1.mul(0)'),
    causes: [...NOTHING_LEARNED, 'frozen-parameter'],
    lines: GIVEN,
  },
  'pixels of noise': {
    to: 'pixel-ae digit-normed',
    change: all(shown('randn($1.shape)'), importing('randn')),
    causes: NOTHING_LEARNED,
    lines: GIVEN,
  },
  'inputs in units of a thousandth': {
    to: 'iris-sigmoid cnn-sequence',
    change: units('mul_(1200)'),
    causes: ['unscaled-input', 'saturated-activation'],
    lines: READ,
    repairable: true,
  },
  'inputs far from 0': {
    to: 'tiny-resnet digit-normed',
    change: units('add_(450)'),
    causes: ['unscaled-input', 'saturated-activation'],
    lines: READ,
    repairable: true,
  },
  'inputs of a ten-thousandth': {
    to: 'iris-sigmoid cnn-sequence',
    change: units('mul_(1e-4)'),
    causes: [...LOW, 'unscaled-input', 'bad-initialization/small-weights', 'vanishing-gradient', 'loss-plateau'],
    lines: READ,
  },
  'one feature that drowns the others': {
    to: 'rents iris-sigmoid',
    change: measured('select(1, 2).mul_(6000)'),
    causes: ['unscaled-input', 'saturated-activation'],
    lines: READ,
    repairable: true,
  },
  'rents in cents': {
    to: 'rents',
    change: swap(/(?<=const scaled = .*)(?=;)/, '.mul(30000).add(90000)'),
    causes: [...LOW, 'wrong-loss-scale', 'loss-plateau', 'exploding-gradient', 'learning-rate-high'],
    lines: null,
  },
  'rows divided by their own spread': {
    to: 'rows-gru',
    change: shown('$1.div($1.std(2, { keepdim: true }))'),
    causes: ['non-finite'],
    lines: /const pred|for \(const \[/,
  },
  'columns divided by their own spread': {
    to: 'digit-array',
    change: swap(/(?<=const pixels = )(rows\.slice\(1, 0, 64\))\.div\(16\)/, '$1.sub($1.mean(0)).div($1.std(0))'),
    causes: ['non-finite', 'unscaled-input'],
    lines: /const pixels|const X|const logits/,
    repairable: true,
  },
  'three dozen digits to learn by heart': {
    to: 'digit-array tiny-resnet',
    change: either(
      swap(/const order = randperm\(1250\);/, 'const order = randperm(1250).remainder(36);'),
      swap(/randint\(0, 1300, \[48\]\)/, 'randint(0, 24, [48])'),
    ),
    causes: ['overfitting'],
    lines: null,
  },
  'twenty flats to learn by heart': {
    to: 'rents',
    change: all(
      swap(/flats\.slice\(0, 0, 640\), scaled\.slice\(0, 0, 640\)/, 'flats.slice(0, 0, 20), scaled.slice(0, 0, 20)'),
      duration(16),
      swap(
        /(\nfor \(let epoch.*\n)/,
        '$1  if (epoch % 8 === 0) console.log(noGrad(() => F.mseLoss(regressor(testX), testY).item()));\n',
      ),
    ),
    causes: ['overfitting'],
    lines: null,
  },
  'the letters all alike': {
    to: 'bard-lstm mini-gpt',
    change: either(
      swap(/this\.embedding\(x\)/, 'this.embedding(x.mul(0))'),
      swap(/this\.wte\(idx\)/, 'this.wte(idx.mul(0))'),
    ),
    causes: NOTHING_LEARNED,
    lines: null,
  },
};
