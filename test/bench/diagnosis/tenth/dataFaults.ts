import { all, either, importing, swap } from '../change.ts';
import type { Faults } from '../faults/fault.ts';
import { LOW, NOTHING_LEARNED } from '../faults/right.ts';
import { fed, units, wanted } from './wording.ts';

const GIVEN =
  /const (?:\[?(?:x|y|t|xb|yb|input|label|images|truth|wave|picture|mask|rows)\b|\{ letters|loss|cost|mse|distance)|for \(const \[|trainStep\(|\.batch\(/;
const READ =
  /Linear\((?:2|3|4|64|inputs|level === 0|widths\[i\]), |Conv2d\(1, |layer\(64, |part\.|X\.(?:mul|add)_|div\(|normal\(|const (?:loss|objective|distance)/;

/** Faults of labels and inputs, of the tenth part. */
export const DATA: Faults = {
  'labels from an urn': {
    to: 'digits-bn digit-trainer',
    change: swap(
      /\nconst (arms|classes|names|numbers|Y) = .*;/,
      '$&\n$1.copy_($1.indexSelect(0, randperm($1.shape[0])));',
    ),
    causes: [...NOTHING_LEARNED, 'overfitting'],
    lines: null,
  },
  'answers of the row before': {
    to: 'moon-matmul pitch-rnn',
    change: wanted('$1.roll(1, 0)'),
    causes: NOTHING_LEARNED,
    lines: GIVEN,
  },
  'letters of another line': {
    to: 'drama-lstm',
    change: wanted('$1.roll(13, 0)'),
    causes: NOTHING_LEARNED,
    lines: GIVEN,
  },
  'masks of another picture': {
    to: 'disc-unet',
    change: wanted('$1.roll(1, 0)'),
    causes: NOTHING_LEARNED,
    lines: GIVEN,
  },
  'inputs shuffled away from their answers': {
    to: 'digits-bn',
    change: all(fed('$1.indexSelect(0, randperm($1.shape[0]))'), importing('randperm')),
    causes: NOTHING_LEARNED,
    lines: GIVEN,
  },
  'always the first class': {
    to: 'digit-trainer',
    change: wanted('$1.mul(0)'),
    causes: [...NOTHING_LEARNED, 'dead-units', 'saturated-activation', 'vanishing-gradient'],
    lines: null,
  },
  'inputs that are all 0': {
    to: 'pitch-rnn',
    change: fed('$1.mul(0)'),
    causes: [...NOTHING_LEARNED, 'frozen-parameter'],
    lines: GIVEN,
  },
  'inputs replaced by noise': {
    to: 'deep-ae',
    change: all(fed('randn($1.shape)'), importing('randn')),
    causes: NOTHING_LEARNED,
    lines: GIVEN,
  },
  'inputs eight hundred times as large': {
    to: 'spiral-depth iris-full',
    change: units('mul_(800)'),
    causes: ['unscaled-input', 'saturated-activation'],
    lines: READ,
    repairable: true,
  },
  'inputs three hundred away from 0': {
    to: 'digit-trainer',
    change: units('add_(300)'),
    causes: ['unscaled-input', 'saturated-activation'],
    lines: READ,
    repairable: true,
  },
  'inputs that are next to nothing': {
    to: 'arm',
    change: units('mul_(2e-4)'),
    causes: [...LOW, 'unscaled-input', 'bad-initialization/small-weights', 'vanishing-gradient', 'loss-plateau'],
    lines: READ,
  },
  'a column in grams among kilograms': {
    to: 'projectile',
    change: units('select(1, 1).mul_(4000)'),
    causes: ['unscaled-input', 'saturated-activation'],
    lines: READ,
    repairable: true,
  },
  'targets in thousands': {
    to: 'projectile arm',
    change: either(
      swap(/normal\(reach\)/, '$&.mul(40000)'),
      swap(/(?<=const hands = .*)(?=;)/, '.mul(25000).add(50000)'),
    ),
    causes: [...LOW, 'wrong-loss-scale', 'loss-plateau', 'exploding-gradient', 'learning-rate-high'],
    lines: null,
  },
  'blank columns divided by their deviation': {
    to: 'conv-gap',
    change: swap(
      /(?<=const (?:pixels|images) = )((?:raw|csv)\.slice\(1, 0, 64\))\.div\(16\)/,
      '$1.sub($1.mean(0)).div($1.std(0))',
    ),
    causes: ['non-finite', 'unscaled-input'],
    lines: /const (?:pixels|images)|const input|const guess|const prediction/,
    repairable: true,
  },
  'a hole in the table': {
    to: 'spiral-depth',
    change: units('select(0, 7).fill_(NaN)'),
    causes: ['non-finite', 'unscaled-input'],
    lines: null,
  },
  'thirty pictures, again and again': {
    to: 'digits-bn identity-resnet digit-trainer',
    change: either(
      swap(/randperm\(1344\)/, 'randperm(1344).remainder(30)'),
      swap(/randint\(0, 1400, /, 'randint(0, 30, '),
      swap(/part\(0, 1200\)/, 'part(0, 30)'),
    ),
    causes: ['overfitting'],
    lines: null,
  },
  'fifteen throws, again and again': {
    to: 'projectile',
    change: swap(/(?<=const rows = order\.slice\(.*\))(?=;)/, '.remainder(15)'),
    causes: ['overfitting'],
    lines: null,
  },
  'every letter read as the first': {
    to: 'drama-lstm stage-transformer',
    change: either(
      swap(/this\.embed\(letters\)/, 'this.embed(letters.mul(0))'),
      swap(/this\.tokens\(ids\)/, 'this.tokens(ids.mul(0))'),
    ),
    causes: NOTHING_LEARNED,
    lines: null,
  },
  'masks that show nothing': {
    to: 'disc-unet',
    change: wanted('$1.mul(0)'),
    causes: [...NOTHING_LEARNED, 'dead-units', 'saturated-activation', 'vanishing-gradient'],
    lines: null,
  },
  'real points that are all noise': {
    to: 'lines-gan',
    change: swap(/discriminator\(real\(BATCH\)\)/, 'discriminator(randn([BATCH, 2]).mul(3))'),
    causes: NOTHING_LEARNED,
    lines: null,
  },
};
