import { all, either, importing, swap } from '../change.ts';
import type { Faults } from '../faults/fault.ts';
import { LOW, NOTHING_LEARNED } from '../faults/right.ts';
import { aimed, eachEpoch, given, lengthTimes, measured } from './wording.ts';

const GIVEN =
  /const (?:\[?(?:x|y|p|image|digit|points|sides|logits|logProbs|sample|kind|scores|walk|wave|forecast|picture|mask|noisy|target|restored|u|f|rating|guess|given|ids)\b|loss|cost|mse)|for \(const \[/;
const READ =
  /Linear\((?:2|3|4|5|64|from|fanIn), |Conv2d\(1, |half\.|const w1 = |build\(|div\(|sub\(5\)|const (?:loss|cost|out|logits|logProbs|estimate|scores)\b/;

/** Faults of labels and inputs, of the reporting part. */
export const DATA: Faults = {
  'labels of a shuffled column': {
    to: 'vgg-norms patch-vit',
    change: swap(/(?<=const (?:Y|labels) = \w+\.select\(1, 64\)\.to\('int32'\))/, '.indexSelect(0, randperm(1797))'),
    causes: [...NOTHING_LEARNED, 'overfitting'],
    lines: null,
  },
  'each with its neighbour’s label': {
    to: 'moon-loader iris-swish',
    change: aimed('$1.roll(1, 0)'),
    causes: NOTHING_LEARNED,
    lines: GIVEN,
  },
  'targets from the end of the batch': {
    to: 'conv-denoiser film-ratings',
    change: aimed('$1.flip(0)'),
    causes: NOTHING_LEARNED,
    lines: GIVEN,
  },
  'inputs shuffled, labels not': {
    to: 'hoop-tower walkers',
    change: all(given('$1.indexSelect(0, randperm($1.shape[0]))'), importing('randperm')),
    causes: NOTHING_LEARNED,
    lines: GIVEN,
  },
  'most labels drawn by lot': {
    to: 'patch-vit',
    change: all(
      aimed('rand($1.shape).lt(0.85).where(randint(0, 10, $1.shape), $1)'),
      importing('rand'),
      importing('randint'),
    ),
    causes: [...NOTHING_LEARNED, 'overfitting'],
    lines: null,
  },
  'inputs times nothing': {
    to: 'cell-rnn shape-segmenter',
    change: given('$1.mul(0)'),
    causes: [...NOTHING_LEARNED, 'frozen-parameter'],
    lines: GIVEN,
  },
  'coordinates in thousandths': {
    to: 'moon-loader',
    change: measured('mul_(900)'),
    causes: ['unscaled-input', 'saturated-activation'],
    lines: READ,
    repairable: true,
  },
  'inputs four hundred away from 0': {
    to: 'stride-cnn',
    change: measured('add_(400)'),
    causes: ['unscaled-input', 'saturated-activation'],
    lines: READ,
    repairable: true,
  },
  'inputs of a hundred-thousandth': {
    to: 'blob-selu',
    change: measured('mul_(1e-5)'),
    causes: [...LOW, 'unscaled-input', 'bad-initialization/small-weights', 'vanishing-gradient', 'loss-plateau'],
    lines: READ,
  },
  'one measure in micrometres': {
    to: 'crop-yield iris-swish',
    change: measured('select(1, 1).mul_(8000)'),
    causes: ['unscaled-input', 'saturated-activation'],
    lines: READ,
    repairable: true,
  },
  'harvests in grams': {
    to: 'crop-yield',
    change: swap(/\.div\(tons\.std\(\)\)\.unsqueeze/, '.div(tons.std()).mul(20000).add(60000).unsqueeze'),
    causes: [...LOW, 'wrong-loss-scale', 'loss-plateau', 'exploding-gradient', 'learning-rate-high'],
    lines: null,
  },
  'stars by the thousand': {
    to: 'film-ratings',
    change: swap(/\.mul\(0\.7\)\.add\(3\.2\);/, '.mul(700).add(3200);'),
    causes: [...LOW, 'wrong-loss-scale', 'loss-plateau', 'exploding-gradient', 'learning-rate-high'],
    lines: null,
  },
  'standardized, also where all pixels are alike': {
    to: 'loose-digits fit-digits',
    change: swap(
      /(const (?:pixels|images) = )(\w+\.slice\(1, 0, 64\))\.div\(\d+\)(?:\.sub\(1\))?;/,
      '$1$2.sub($2.mean(0)).div($2.std(0));',
    ),
    causes: ['non-finite', 'unscaled-input'],
    lines: /const (?:pixels|images|loss|cost|scores)|w1 = |x\.matmul|Linear\(64/,
    repairable: true,
  },
  'two dozen fields for all training': {
    to: 'crop-yield',
    change: all(
      swap(
        /inputs\.slice\(0, 0, 720\), targets\.slice\(0, 0, 720\)/,
        'inputs.slice(0, 0, 24), targets.slice(0, 0, 24)',
      ),
      lengthTimes(14),
    ),
    causes: ['overfitting'],
    lines: null,
  },
  'thirty digits for all training': {
    to: 'stride-cnn',
    change: all(
      swap(
        /pictures\.slice\(0, 0, 1302\), answers\.slice\(0, 0, 1302\)/,
        'pictures.slice(0, 0, 30), answers.slice(0, 0, 30)',
      ),
      swap(/EPOCHS = 7/, 'EPOCHS = 240'),
      eachEpoch('if (epoch % 20 === 0) console.log(noGrad(() => nll(cnn(testX), testY).item()));'),
    ),
    causes: ['overfitting'],
    lines: null,
  },
  'the test isn’t scaled': {
    to: 'iris-swish',
    change: swap(/const \[testX, testY\] = \[normal\./, 'const [testX, testY] = [measured.'),
    causes: [],
    lines: null,
  },
  'class after class': {
    to: 'hoop-tower',
    change: swap(/const order = randperm\(\d+\);/, 'const order = trainY.flatten().argsort();'),
    causes: ['oscillating-loss', 'learning-rate-high', 'loss-plateau'],
    lines: null,
  },
  'the first letter everywhere': {
    to: 'bard-gru script-decoder',
    change: either(
      swap(/this\.letters\(ids\)/, 'this.letters(ids.mul(0))'),
      swap(/this\.tokens\(ids\)/, 'this.tokens(ids.mul(0))'),
    ),
    causes: NOTHING_LEARNED,
    lines: null,
  },
};
