import { all, type Change, either, importing, swap } from '../change.ts';
import type { Habits } from '../habits/habit.ts';
import { aimed, answered, compared, given, lossOption, measured, weighed } from './wording.ts';

const ONE_HOT = "F.oneHot(‹target›, ‹answer›.shape[1]).to('float32')";
const SLOW = ['learning-rate-low'];
const FAST = ['learning-rate-high', 'oscillating-loss', 'dead-units'];
/** Another loss that wants the functions. */
const loss = (expression: string): Change => all(compared(expression), importing('F'));
const EXPERT = /bce\(expert\(/g;

/** Odd but healthy losses, labels and data, of the reporting part. */
export const OBJECTIVE: Habits = {
  'a sum, where only directions count': {
    to: 'shape-segmenter',
    change: lossOption("reduction: 'sum'"),
  },
  'a sum, and a rate to match': {
    to: 'blob-selu',
    change: all(lossOption("reduction: 'sum'"), swap(/lr: (0\.\d+)/, 'lr: $1 / 50')),
  },
  'sample by sample, then the mean': {
    to: 'iris-swish',
    change: swap(/(const loss = F\.\w+\(\w+, \w+)\)/, "$1, { reduction: 'none' }).mean()"),
  },
  'a tenth for the other classes': { to: 'patch-vit', change: lossOption('labelSmoothing: 0.1') },
  'three tenths for the other classes': {
    to: 'fit-digits',
    change: lossOption('labelSmoothing: 0.3'),
    causes: ['loss-plateau'],
  },
  'kinds with weights': {
    to: 'walkers',
    change: all(lossOption('weight: tensor([1.2, 0.8, 0.8, 1.2])'), importing('tensor')),
  },
  'a hundred times the loss, where only directions count': {
    to: 'cell-rnn film-ratings',
    change: weighed('·.mul(100)'),
  },
  'a five-hundredth of the loss, where only directions count': {
    to: 'shape-segmenter',
    change: weighed('·.mul(0.002)'),
    causes: SLOW,
  },
  'three added to the loss': { to: 'crop-yield', change: weighed('·.add(3)') },
  'two taken from the loss': { to: 'conv-denoiser', change: weighed('·.sub(2)') },
  'a little for squared weights': {
    to: 'stride-cnn',
    change: weighed('·.add(‹all›.map((p) => p.square().sum()).reduce((a, b) => a.add(b)).mul(2e-4))'),
  },
  'a little for absolute weights': {
    to: 'moon-loader',
    change: weighed('·.add(‹all›.map((p) => p.abs().sum()).reduce((a, b) => a.add(b)).mul(2e-5))'),
  },
  'a little for being unsure': {
    to: 'walkers',
    change: loss(
      'F.crossEntropy(‹answer›, ‹target›).add(‹answer›.softmax(1).mul(‹answer›.logSoftmax(1)).sum(1).mean().mul(0.05))',
    ),
  },
  'large scores cost a little': {
    to: 'script-decoder',
    change: weighed('·.add(‹answer›.logsumexp(1).square().mean().mul(0.001))'),
  },
  'mean absolute errors': {
    to: 'cell-rnn',
    change: compared('‹answer›.sub(‹target›).abs().mean()'),
    causes: SLOW,
  },
  'squares by hand': {
    to: 'crop-yield',
    change: compared('‹answer›.sub(‹target›).pow(2).mean()'),
  },
  'Huber’s loss of a small delta': {
    to: 'film-ratings cell-rnn',
    change: loss('F.huberLoss(‹answer›, ‹target›, { delta: 0.3 })'),
    causes: SLOW,
  },
  'the root of the mean square': {
    to: 'cell-rnn',
    change: compared('‹answer›.sub(‹target›).square().mean().add(1e-6).sqrt()'),
  },
  'the logarithm of a hyperbolic cosine': {
    to: 'crop-yield',
    change: compared('‹answer›.sub(‹target›).cosh().log().mean()'),
    causes: SLOW,
  },
  'squares summed over a picture': {
    to: 'conv-denoiser',
    change: compared('‹answer›.sub(‹target›).square().sum([1, 2, 3]).mean()'),
  },
  'cross entropy of pixels': {
    to: 'conv-denoiser',
    change: loss('F.binaryCrossEntropyWithLogits(‹answer›.sub(0.5).mul(6), ‹target›)'),
    causes: SLOW,
  },
  'Brier’s score': {
    to: 'iris-swish',
    change: loss(`F.softmax(‹answer›, 1).sub(${ONE_HOT}).square().sum(1).mean()`),
    causes: SLOW,
  },
  'a yes or no for every class': {
    to: 'vgg-norms',
    change: loss(`F.binaryCrossEntropyWithLogits(‹answer›, ${ONE_HOT})`),
    causes: SLOW,
  },
  'margins instead of probabilities': {
    to: 'loose-digits',
    change: loss('F.multiMarginLoss(‹answer›, ‹target›)'),
    causes: SLOW,
  },
  'a hinge': {
    to: 'moon-loader',
    change: compared('‹answer›.mul(‹target›.mul(2).sub(1)).neg().add(1).relu().mean()'),
  },
  'a squared hinge': {
    to: 'moon-loader',
    change: compared('‹answer›.mul(‹target›.mul(2).sub(1)).neg().add(1).relu().square().mean()'),
  },
  'squares of probabilities of hoops': {
    to: 'hoop-tower',
    change: compared('‹answer›.sub(‹target›).square().mean()'),
    causes: SLOW,
  },
  'cross entropy of hoops in one’s own words': {
    to: 'hoop-tower',
    change: compared(
      '‹answer›.add(1e-7).log().mul(‹target›).add(‹answer›.neg().add(1 + 1e-7).log().mul(‹target›.neg().add(1))).mean().neg()',
    ),
  },
  'logarithms first, likelihood then': {
    to: 'group-resnet',
    change: loss('F.nllLoss(F.logSoftmax(‹answer›, 1), ‹target›)'),
  },
  'logarithms of probabilities as scores': {
    to: 'bard-gru',
    change: answered('$1.logSoftmax(1)'),
  },
  'the logarithm gathered where the label is': {
    to: 'vgg-norms fit-digits',
    change: compared('‹answer›.logSoftmax(1).gather(1, ‹target›.unsqueeze(1)).mean().neg()'),
  },
  'the logarithm of softmax, guarded': {
    to: 'blob-selu',
    change: compared('‹answer›.softmax(1).gather(1, ‹target›.unsqueeze(1)).add(1e-8).log().mean().neg()'),
  },
  'rows of soft labels': {
    to: 'patch-vit',
    change: loss(`F.crossEntropy(‹answer›, ${ONE_HOT}.mul(0.85).add(0.15 / ‹answer›.shape[1]))`),
  },
  'divergence from soft labels': {
    to: 'fit-digits',
    change: loss(
      `F.klDiv(F.logSoftmax(‹answer›, 1), ${ONE_HOT}.mul(0.9).add(0.1 / ‹answer›.shape[1]), { reduction: 'batchmean' })`,
    ),
  },
  'hard samples count more': {
    to: 'walkers',
    change: loss(
      "F.crossEntropy(‹answer›, ‹target›, { reduction: 'none' }).mul(‹answer›.softmax(1).gather(1, ‹target›.unsqueeze(1)).squeeze(1).neg().add(1).square().detach()).mean()",
    ),
    causes: SLOW,
  },
  'the better half left out': {
    to: 'iris-swish',
    change: loss("F.crossEntropy(‹answer›, ‹target›, { reduction: 'none' }).topk(12).values.mean()"),
    causes: FAST,
  },
  'a tenth of the labels drawn by lot': {
    to: 'fit-digits',
    change: all(
      aimed('rand($1.shape).lt(0.1).where(randint(0, 10, $1.shape), $1)'),
      importing('rand'),
      importing('randint'),
    ),
    causes: ['loss-plateau'],
  },
  'targets with noise': {
    to: 'film-ratings',
    change: all(aimed('$1.add(randn($1.shape).mul(0.3))'), importing('randn')),
    causes: ['loss-plateau'],
  },
  'inputs with noise': {
    to: 'stride-cnn',
    change: all(given('$1.add(randn($1.shape).mul(0.1))'), importing('randn')),
  },
  'a tenth of the inputs left out': {
    to: 'patch-vit',
    change: all(given("$1.mul(rand($1.shape).gt(0.1).to('float32'))"), importing('rand')),
  },
  'a twentieth of the letters left out': {
    to: 'script-decoder bard-gru',
    change: all(given("$1.mul(rand($1.shape).gt(0.05).to('int32'))"), importing('rand')),
  },
  'pixels as they were counted': {
    to: 'loose-digits vgg-norms fit-digits',
    change: either(
      swap(/(const pixels = \w+\.slice\(1, 0, 64\))\.div\(16\)/, '$1'),
      swap(/(const X = \w+\.slice\(1, 0, 64\))\.div\(16\)/, '$1'),
      swap(/(const images = \w+\.slice\(1, 0, 64\))\.div\(8\)\.sub\(1\)/, '$1'),
    ),
    causes: ['unscaled-input', ...FAST],
  },
  'pixels of a byte': {
    to: 'group-resnet patch-vit',
    change: either(
      swap(/\.div\(16\)\.sub\(0\.3\)\.mul\(2\.5\)/, '.mul(16)'),
      swap(/(const patches = \w+\.slice\(1, 0, 64\))\.div\(16\)/, '$1.mul(16)'),
    ),
    causes: ['unscaled-input', ...FAST],
  },
  'faint pixels': {
    to: 'vgg-norms',
    change: measured('mul_(0.1)'),
    causes: ['learning-rate-low', 'bad-initialization/small-weights', 'vanishing-gradient'],
  },
  'flowers in centimetres': {
    to: 'iris-swish',
    change: swap(/const normal = .*;/, 'const normal = measured;'),
    causes: ['unscaled-input', 'learning-rate-low'],
  },
  'blobs where they were drawn': {
    to: 'blob-selu',
    change: swap(/clouds\.x\.sub\(mean\)\.div\(std\)/, 'clouds.x'),
    causes: ['unscaled-input', ...FAST],
  },
  'inputs around two': { to: 'crop-yield', change: measured('add_(2)'), causes: ['unscaled-input'] },
  'inputs three times as large': {
    to: 'crop-yield',
    change: measured('mul_(3)'),
    causes: ['unscaled-input', 'saturated-activation'],
  },
  'stars from 0 to 100': {
    to: 'film-ratings',
    change: swap(/\.mul\(0\.7\)\.add\(3\.2\);/, '.mul(3).add(50);'),
    causes: ['learning-rate-low', 'wrong-loss-scale'],
  },
  'harvests of a fifth': {
    to: 'crop-yield',
    change: swap(/\.div\(tons\.std\(\)\)\.unsqueeze/, '.div(tons.std()).mul(0.2).unsqueeze'),
    causes: SLOW,
  },
  'scores at a temperature of two': { to: 'walkers', change: answered('$1.div(2)'), causes: SLOW },
  'scores softly bounded by twenty': {
    to: 'iris-swish',
    change: answered('$1.div(20).tanh().mul(20)'),
  },
  'targets detached for safety': { to: 'conv-denoiser cell-rnn', change: aimed('$1.detach()') },
  'a divergence that counts in full': {
    to: 'digit-vae',
    change: swap(/divergence\.mul\(0\.3\)/, 'divergence'),
    causes: ['loss-plateau'],
  },
  'hardly any divergence': { to: 'digit-vae', change: swap(/divergence\.mul\(0\.3\)/, 'divergence.mul(0.02)') },
  'pictures by squares': {
    to: 'digit-vae',
    change: swap(
      /F\.binaryCrossEntropy\(drawn, picture, \{ reduction: 'sum' \}\)/,
      'drawn.sub(picture).square().sum().mul(5)',
    ),
    causes: SLOW,
  },
  'summed over pictures, where only directions count': {
    to: 'digit-vae',
    change: swap(/\.div\(picture\.shape\[0\]\)/, ''),
  },
  'genuine points called 0.9': {
    to: 'arc-gan',
    change: swap(/bce\(expert\(genuine\(batch\)\), yes\)/, 'bce(expert(genuine(batch)), yes.mul(0.9))'),
  },
  'squares for forger and expert': {
    to: 'arc-gan',
    change: all(swap(EXPERT, 'F.mseLoss(expert('), importing('F')),
    causes: SLOW,
  },
  'hinges for the expert': {
    to: 'arc-gan',
    change: all(
      swap(/(onGenuine = )bce\((expert\(.*\)), yes\);/, '$1$2.neg().add(1).relu().mean();'),
      swap(/(onForged = )bce\((expert\(.*\)), no\);/, '$1$2.add(1).relu().mean();'),
      swap(/(forgerLoss = )bce\((expert\(forged\)), yes\);/, '$1$2.mean().neg();'),
    ),
    causes: SLOW,
  },
  'half of what the expert misses': { to: 'arc-gan', change: swap(/onGenuine\.add\(onForged\)/, '$&.div(2)') },
};
