import { all, type Change, either, importing, swap } from '../change.ts';
import type { Habits } from '../habits/habit.ts';
import { aiming, answering, comparing, costing, measured, shown } from './wording.ts';

const ONE_HOT = "F.oneHot($2, $1.shape[1]).to('float32')";
const SLOW = ['learning-rate-low'];
const FAST = ['learning-rate-high', 'oscillating-loss', 'dead-units'];
/** Another loss that wants the functions. */
const loss = (expression: string): Change => all(comparing(expression), importing('F'));
const option = (given: string): Change =>
  swap(/(const (?:loss|cost|mse|err) = F\.\w+\(\w+, \w+)\)/, `$1, { ${given} })`);

/** Odd but healthy losses, labels and data, of the ninth part. */
export const OBJECTIVE: Habits = {
  'summed over the batch, under Adam': { to: 'iris-sigmoid', change: option("reduction: 'sum'") },
  'summed over the batch, a slower descent': {
    to: 'digit-array',
    change: all(option("reduction: 'sum'"), swap(/lr: (0\.\d+)/, 'lr: $1 / 45')),
  },
  'one by one, then averaged': {
    to: 'tiny-resnet',
    change: swap(/(const loss = F\.\w+\(\w+, \w+)\)/, "$1, { reduction: 'none' }).mean()"),
  },
  'labels smoothed by a twelfth': { to: 'tiny-resnet', change: option('labelSmoothing: 0.08') },
  'labels smoothed by a quarter': {
    to: 'stripes',
    change: option('labelSmoothing: 0.25'),
    causes: ['loss-plateau'],
  },
  'classes weighted': {
    to: 'iris-sigmoid',
    change: all(option('weight: tensor([1, 0.6, 1.5])'), importing('tensor')),
  },
  'three hundred times the loss, under Adam': { to: 'blob-detector', change: costing('·.mul(300)') },
  'a thousandth of the loss, under Adam': {
    to: 'pixel-ae',
    change: costing('·.mul(0.001)'),
    causes: SLOW,
  },
  'seven added to the loss': { to: 'rows-gru', change: costing('·.add(7)') },
  'a loss below 0': { to: 'echo-rnn', change: costing('·.sub(4)') },
  'squared weights in the loss': {
    to: 'cnn-sequence',
    change: costing('·.add(@model.parameters().map((p) => p.square().sum()).reduce((a, b) => a.add(b)).mul(1e-4))'),
  },
  'absolute weights in the loss': {
    to: 'digit-normed',
    change: costing('·.add(@model.parameters().map((p) => p.abs().sum()).reduce((a, b) => a.add(b)).mul(1e-5))'),
  },
  'entropy rewarded': {
    to: 'stripes',
    change: loss('F.crossEntropy($1, $2).add($1.softmax(1).mul($1.logSoftmax(1)).sum(1).mean().mul(0.03))'),
  },
  'absolute errors': { to: 'echo-rnn', change: comparing('$1.sub($2).abs().mean()'), causes: SLOW },
  'Huber’s errors': { to: 'echo-rnn', change: loss('F.huberLoss($1, $2, { delta: 0.5 })'), causes: SLOW },
  'a root of the mean square': {
    to: 'pixel-ae',
    change: comparing('$1.sub($2).square().mean().add(1e-6).sqrt()'),
  },
  'half of the squares': { to: 'echo-rnn', change: comparing('$1.sub($2).square().mul(0.5).mean()'), causes: SLOW },
  'sums of squares of pixels': { to: 'pixel-ae', change: comparing('$1.sub($2).square().sum(1).mean()') },
  'absolute pixels’ errors': { to: 'pixel-ae', change: comparing('$1.sub($2).abs().mean()'), causes: SLOW },
  'squares against one-hot rows': {
    to: 'cnn-sequence',
    change: loss(`F.mseLoss($1, ${ONE_HOT})`),
    causes: SLOW,
  },
  'squares of probabilities': {
    to: 'iris-sigmoid',
    change: loss(`F.softmax($1, 1).sub(${ONE_HOT}).square().sum(1).mean()`),
    causes: SLOW,
  },
  'one against all others': {
    to: 'rows-gru',
    change: loss(`F.binaryCrossEntropyWithLogits($1, ${ONE_HOT})`),
    causes: SLOW,
  },
  'a margin between classes': { to: 'digit-array', change: loss('F.multiMarginLoss($1, $2)'), causes: SLOW },
  'hinges for moons': { to: 'moon-config', change: comparing('$1.mul($2.mul(-2).add(1)).add(1).relu().mean()') },
  'softplus for moons': { to: 'moon-config', change: comparing('$1.mul($2.mul(-2).add(1)).softplus().mean()') },
  'squares of probabilities of rings': {
    to: 'circle-stack',
    change: comparing('$1.sub($2).square().mean()'),
    causes: SLOW,
  },
  'probabilities by hand': {
    to: 'circle-stack',
    change: comparing(
      '$1.clamp(1e-6, 1 - 1e-6).log().mul($2).add($1.neg().add(1).clamp(1e-6, 1).log().mul($2.neg().add(1))).mean().neg()',
    ),
  },
  'logSoftmax and nllLoss': { to: 'mini-gpt', change: loss('F.nllLoss(F.logSoftmax($1, 1), $2)') },
  'logSoftmax into cross entropy': {
    to: 'bard-lstm',
    change: loss('F.crossEntropy(F.logSoftmax($1, 1), $2)'),
  },
  'the label’s logarithm gathered': {
    to: 'tiny-resnet',
    change: comparing('$1.logSoftmax(1).gather(1, $2.unsqueeze(1)).mean().neg()'),
  },
  'cross entropy over rows of soft labels': {
    to: 'digit-normed',
    change: loss(`F.crossEntropy($1, ${ONE_HOT}.mul(0.9).add(0.1 / $1.shape[1]))`),
  },
  'focal, power one': {
    to: 'rows-gru',
    change: loss(
      "F.crossEntropy($1, $2, { reduction: 'none' }).mul($1.softmax(1).gather(1, $2.unsqueeze(1)).squeeze(1).neg().add(1).detach()).mean()",
    ),
    causes: SLOW,
  },
  'the hardest three quarters': {
    to: 'digit-array',
    change: loss("F.crossEntropy($1, $2, { reduction: 'none' }).topk(36).values.mean()"),
    causes: FAST,
  },
  'one label in seven drawn by lot': {
    to: 'stripes',
    change: all(
      aiming('rand($1.shape).lt(0.14).where(randint(0, $1.max().item() + 1, $1.shape), $1)'),
      importing('rand'),
      importing('randint'),
    ),
    causes: ['loss-plateau'],
  },
  'noise on targets': {
    to: 'rents',
    change: all(aiming('$1.add(randn($1.shape).mul(0.4))'), importing('randn')),
    causes: ['loss-plateau'],
  },
  'noise on inputs': {
    to: 'rows-gru',
    change: all(shown('$1.add(randn($1.shape).mul(0.15))'), importing('randn')),
  },
  'one pixel in six left out': {
    to: 'cnn-sequence',
    change: all(shown("$1.mul(rand($1.shape).gt(0.166).to('float32'))"), importing('rand')),
  },
  'one letter in fifteen left out': {
    to: 'bard-lstm',
    change: all(shown("$1.mul(rand($1.shape).gt(0.066).to('int32'))"), importing('rand')),
  },
  'pixels up to sixteen': {
    to: 'cnn-sequence',
    change: swap(/(const (?:pixels|images|lines) = \w+\.slice\(1, 0, 64\))\.div\(16\)/, '$1'),
    causes: ['unscaled-input', ...FAST],
  },
  'pixels up to 255': {
    to: 'digit-normed cnn-batchnorm',
    change: either(
      swap(/\.div\(8\)\.sub\(1\)/, '.mul(16)'),
      swap(/\.div\(16\)\.sub\(0\.3\)\.div\(0\.38\)/, '.mul(16)'),
    ),
    causes: ['unscaled-input', ...FAST],
  },
  'pixels of a twentieth': {
    to: 'tiny-resnet digit-normed',
    change: either(swap(/\.div\(16\)\.sub\(0\.5\)\.mul\(2\)/, '.div(320)'), swap(/\.div\(8\)\.sub\(1\)/, '.div(320)')),
    causes: ['learning-rate-low', 'bad-initialization/small-weights', 'vanishing-gradient'],
  },
  'centimetres as they were measured': {
    to: 'iris-sigmoid',
    change: swap(/raw\.sub\(raw\.mean\(0\)\)\.div\(raw\.std\(0\)\)/, 'raw'),
    causes: ['unscaled-input', 'learning-rate-low'],
  },
  'inputs around one and a half': { to: 'stripes', change: measured('add_(1.5)'), causes: ['unscaled-input'] },
  'inputs four times as large': {
    to: 'iris-sigmoid',
    change: measured('mul_(4)'),
    causes: ['unscaled-input', 'saturated-activation'],
  },
  'targets tripled': {
    to: 'rents',
    change: all(
      aiming('$1.mul(3)'),
      swap(/F\.mseLoss\(regressor\(testX\), testY\)/, 'F.mseLoss(regressor(testX).div(3), testY)'),
    ),
    causes: SLOW,
  },
  'targets of an eighth': {
    to: 'rents',
    change: all(
      aiming('$1.div(8)'),
      swap(/F\.mseLoss\(regressor\(testX\), testY\)/, 'F.mseLoss(regressor(testX).mul(8), testY)'),
    ),
    causes: SLOW,
  },
  'scores over a temperature of three': { to: 'rows-gru', change: answering('$1.div(3)'), causes: SLOW },
  'scores capped at fifteen': { to: 'bard-lstm', change: answering('$1.div(15).tanh().mul(15)') },
  'targets detached, to be safe': { to: 'pixel-ae', change: aiming('$1.detach()') },
  'real points called 0.85': {
    to: 'ellipse-gan',
    change: swap(/(lossReal = .*ones\(\[batchSize, 1\]\))/, '$1.mul(0.85)'),
  },
  'squares for G and D': {
    to: 'ellipse-gan',
    change: swap(/F\.binaryCrossEntropyWithLogits/g, 'F.mseLoss'),
    causes: SLOW,
  },
  'hinges for D': {
    to: 'ellipse-gan',
    change: all(
      swap(/(lossReal = )F\.\w+\((netD\(.*\)), ones.*;/, '$1$2.neg().add(1).relu().mean();'),
      swap(/(lossFake = )F\.\w+\((netD\(.*\)), zeros.*;/, '$1$2.add(1).relu().mean();'),
      swap(/(lossG = )F\.\w+\((netD\(.*\)), ones.*;/, '$1$2.mean().neg();'),
    ),
    causes: SLOW,
  },
  'D’s losses halved': { to: 'ellipse-gan', change: swap(/lossReal\.add\(lossFake\)/, '$&.mul(0.5)') },
  'boxes by absolute errors': { to: 'blob-detector', change: swap(/F\.smoothL1Loss/, 'F.l1Loss') },
  'boxes for a third': { to: 'blob-detector', change: swap(/boxLoss\.mul\(20\)/, 'boxLoss.mul(7)'), causes: SLOW },
};
