import { all, type Change, either, importing, swap } from '../change.ts';
import type { Habits } from '../habits/habit.ts';
import { charged, fed, judged, lossOption, said, units, wanted } from './wording.ts';

const ONE_HOT = "F.oneHot(%target, %answer.shape[1]).to('float32')";
const SLOW = ['learning-rate-low'];
const FAST = ['learning-rate-high', 'oscillating-loss', 'dead-units'];
/** Another loss that wants the functions. */
const loss = (expression: string): Change => all(judged(expression), importing('F'));

/** Odd but healthy losses, labels and data, of the tenth part. */
export const OBJECTIVE: Habits = {
  'losses of a batch added up, under Adam': {
    to: 'arm pitch-rnn',
    change: lossOption("reduction: 'sum'"),
  },
  'a sum over the batch, a rate to suit it': {
    to: 'spiral-depth',
    change: all(lossOption("reduction: 'sum'"), swap(/lr: (0\.\d+)/, 'lr: $1 / 50')),
  },
  'losses of each sample, averaged': {
    to: 'disc-unet',
    change: swap(/(const loss = F\.\w+\(\w+, \w+)\)/, "$1, { reduction: 'none' }).mean()"),
  },
  'a tenth of label smoothing': {
    to: 'border-tower identity-resnet',
    change: lossOption('labelSmoothing: 0.1'),
  },
  'labels smoothed by a third': {
    to: 'spiral-depth',
    change: lossOption('labelSmoothing: 0.33'),
    causes: ['loss-plateau'],
  },
  'classes of unequal weight': {
    to: 'spiral-depth',
    change: all(lossOption('weight: tensor([0.7, 1.4, 1])'), importing('tensor')),
  },
  'a hundred and fifty times the loss, under Adam': {
    to: 'arm forecast-gru',
    change: charged('·.mul(150)'),
  },
  'a five-hundredth of the loss, under Adam': {
    to: 'projectile',
    change: charged('·.mul(0.002)'),
    causes: SLOW,
  },
  'ten added to the loss': { to: 'conv-gap', change: charged('·.add(10)') },
  'losses that end below 0': { to: 'deep-ae', change: charged('·.sub(2)') },
  'a little of squared weights': {
    to: 'rose pitch-rnn',
    change: charged('·.add(%model.parameters().map((p) => p.square().sum()).reduce((a, b) => a.add(b)).mul(5e-5))'),
  },
  'a little of absolute weights': {
    to: 'projectile',
    change: charged('·.add(%model.parameters().map((p) => p.abs().sum()).reduce((a, b) => a.add(b)).mul(2e-5))'),
  },
  'confidence punished': {
    to: 'spiral-depth',
    change: loss(
      'F.crossEntropy(%answer, %target).add(%answer.softmax(1).mul(%answer.logSoftmax(1)).sum(1).mean().mul(0.05))',
    ),
  },
  'errors without their squares': {
    to: 'pitch-rnn projectile',
    change: judged('%answer.sub(%target).abs().mean()'),
    causes: SLOW,
  },
  'Huber’s loss of a tenth': {
    to: 'pitch-rnn',
    change: loss('F.huberLoss(%answer, %target, { delta: 0.1 })'),
    causes: SLOW,
  },
  'the root of mean squares': {
    to: 'arm',
    change: judged('%answer.sub(%target).square().mean().add(1e-6).sqrt()'),
  },
  'squares summed over what is answered': {
    to: 'arm',
    change: judged('%answer.sub(%target).square().sum(1).mean()'),
  },
  'log cosh of errors': { to: 'forecast-gru', change: judged('%answer.sub(%target).cosh().log().mean()') },
  'squares in place of pixels’ entropy': { to: 'deep-ae', change: loss('F.mseLoss(%answer, %target)'), causes: SLOW },
  'squares for masks': { to: 'disc-unet', change: loss('F.mseLoss(%answer.sigmoid(), %target)'), causes: SLOW },
  'Dice for masks': {
    to: 'disc-unet',
    change: judged(
      '%answer.sigmoid().mul(%target).sum().mul(-2).div(%answer.sigmoid().sum().add(%target.sum()).add(1)).add(1)',
    ),
    causes: SLOW,
  },
  'squares of scores against rows of one': {
    to: 'digits-bn identity-resnet',
    change: loss(`F.mseLoss(%answer, ${ONE_HOT})`),
    causes: SLOW,
  },
  'Brier’s score for classes': {
    to: 'iris-full conv-gap',
    change: loss(`F.softmax(%answer, 1).sub(${ONE_HOT}).square().sum(1).mean()`),
    causes: SLOW,
  },
  'each class against the rest': {
    to: 'digit-trainer',
    change: loss(`F.binaryCrossEntropyWithLogits(%answer, ${ONE_HOT})`),
    causes: SLOW,
  },
  'margins of classes': {
    to: 'spiral-depth',
    change: loss('F.multiMarginLoss(%answer, %target)'),
    causes: SLOW,
  },
  'hinges for petals': { to: 'rose', change: judged('%answer.mul(%target.mul(-2).add(1)).add(1).relu().mean()') },
  'squares of chances': {
    to: 'moon-matmul',
    change: (text) =>
      judged(`${/\.sigmoid\(\)/.test(text) ? '%answer' : '%answer.sigmoid()'}.sub(%target).square().mean()`)(text),
    causes: SLOW,
  },
  'binary cross entropy of the library': {
    to: 'moon-matmul',
    change: loss('F.binaryCrossEntropy(%answer, %target)'),
  },
  'cross entropy of the library': { to: 'iris-full', change: loss('F.crossEntropy(%answer, %target)') },
  'cross entropy of what logSoftmax gave': {
    to: 'drama-lstm',
    change: loss('F.crossEntropy(F.logSoftmax(%answer, 1), %target)'),
  },
  'the logarithm of softmax, nllLoss': {
    to: 'identity-resnet',
    change: loss('F.nllLoss(F.logSoftmax(%answer, 1), %target)'),
  },
  'the logarithm of a sum of exponentials': {
    to: 'spiral-depth',
    change: judged('%answer.logsumexp(1).sub(%answer.gather(1, %target.unsqueeze(1)).squeeze(1)).mean()'),
  },
  'focal, power two': {
    to: 'border-tower',
    change: loss(
      "F.crossEntropy(%answer, %target, { reduction: 'none' }).mul(%answer.softmax(1).gather(1, %target.unsqueeze(1)).squeeze(1).neg().add(1).square().detach()).mean()",
    ),
    causes: SLOW,
  },
  'the hardest half': {
    to: 'digit-trainer',
    change: loss("F.crossEntropy(%answer, %target, { reduction: 'none' }).topk(20).values.mean()"),
    causes: FAST,
  },
  'one label in ten drawn by lot': {
    to: 'border-tower',
    change: all(
      wanted('rand($1.shape).lt(0.1).where(randint(0, $1.max().item() + 1, $1.shape), $1)'),
      importing('rand'),
      importing('randint'),
    ),
    causes: ['loss-plateau'],
  },
  'targets blurred by three tenths': {
    to: 'forecast-gru',
    change: all(wanted('$1.add(randn($1.shape).mul(0.3))'), importing('randn')),
    causes: ['loss-plateau'],
  },
  'inputs with noise': {
    to: 'digit-trainer deep-ae',
    change: all(fed('$1.add(randn($1.shape).mul(0.06))'), importing('randn')),
  },
  'one pixel in five left out': {
    to: 'conv-gap digits-bn',
    change: all(fed("$1.mul(rand($1.shape).gt(0.2).to('float32'))"), importing('rand')),
  },
  'one letter in twelve left out': {
    to: 'drama-lstm',
    change: all(fed("$1.mul(rand($1.shape).gt(0.083).to('int32'))"), importing('rand')),
  },
  'grey values up to 16': {
    to: 'conv-gap',
    change: swap(/(const (?:pixels|images) = \w+\.slice\(1, 0, 64\))\.div\(16\)/, '$1'),
    causes: ['unscaled-input', ...FAST],
  },
  'grey values up to 256': {
    to: 'digits-bn identity-resnet',
    change: either(swap(/(const pixels = .*)\.div\(16\)/, '$1.mul(16)'), swap(/\.sub\(4\.9\)\.div\(6\)/, '.mul(16)')),
    causes: ['unscaled-input', ...FAST],
  },
  'pixels within a twentieth': {
    to: 'identity-resnet',
    change: units('mul_(0.05)'),
    causes: ['learning-rate-low', 'bad-initialization/small-weights', 'vanishing-gradient'],
  },
  'measures in centimetres': {
    to: 'iris-full',
    change: swap(/measures\.sub\(low\)\.div\(high\.sub\(low\)\)\.mul\(2\)\.sub\(1\)/, 'measures'),
    causes: ['unscaled-input', 'learning-rate-low'],
  },
  'inputs moved up by two': {
    to: 'arm border-tower',
    change: units('add_(2)'),
    causes: ['unscaled-input', 'saturated-activation'],
  },
  'inputs tripled': {
    to: 'iris-full border-tower',
    change: units('mul_(3)'),
    causes: ['unscaled-input', 'saturated-activation'],
  },
  'answers that stand for a fifth': {
    to: 'forecast-gru',
    change: all(wanted('$1.mul(5)'), swap(/(\w+)\(testX\)\.sub\(testY\)/, '$1(testX).div(5).sub(testY)')),
    causes: SLOW,
  },
  'a temperature of two': { to: 'conv-gap', change: said('$1.div(2)'), causes: SLOW },
  'scores within twelve': { to: 'stage-transformer', change: said('$1.div(12).tanh().mul(12)') },
  'targets detached for safety’s sake': { to: 'deep-ae', change: wanted('$1.detach()') },
  'real points called nine tenths': {
    to: 'lines-gan',
    change: swap(/(onReal = .*ones\(\[BATCH, 1\]\))/, '$1.mul(0.9)'),
  },
  'least squares between the two': {
    to: 'lines-gan',
    change: swap(/F\.binaryCrossEntropyWithLogits\(verdict, wanted\)/, 'F.mseLoss(verdict, wanted)'),
    causes: SLOW,
  },
  'softplus between the two': {
    to: 'lines-gan',
    change: swap(
      /F\.binaryCrossEntropyWithLogits\(verdict, wanted\)/,
      'F.softplus(verdict.mul(wanted.mul(-2).add(1))).mean()',
    ),
  },
  'both losses of the discriminator, summed': { to: 'lines-gan', change: swap(/\.div\(2\);/, ';') },
};
