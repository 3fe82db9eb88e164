import { all, importing, swap } from '../change.ts';
import type { Habits } from '../habits/habit.ts';
import { answerIs, inputIs, lossIs, lossNamed, lossOf, lossOption, named, targetIs } from './wording.ts';

const SOFT = "F.oneHot($2, $1.shape[1]).to('float32')";
/** What one of several losses is, by functions. */
const by = (expression: string) => all(lossIs(expression), importing('F'));

/** Odd but healthy losses, labels and data, of the seventh part. */
export const OBJECTIVE: Habits = {
  'sums, under an optimizer that scales': {
    to: 'moon-pairs',
    change: lossOption("reduction: 'sum'"),
  },
  'sums over a count': {
    to: 'pinwheel',
    change: swap(/(const loss = F\.\w+\((\w+), \w+)\)/, "$1, { reduction: 'sum' }).div($2.shape[0])"),
  },
  'losses of samples, averaged': {
    to: 'digits-vgg',
    change: swap(/(const loss = F\.\w+\(\w+, \w+)\)/, "$1, { reduction: 'none' }).mean()"),
  },
  'a fifteenth of smoothing': {
    to: 'play-lstm',
    change: lossOption('labelSmoothing: 0.067'),
  },
  'odd classes count for more': {
    to: 'digits-dropout',
    change: all(lossOption('weight: tensor([1, 1.5, 1, 1.5, 1, 1.5, 1, 1.5, 1, 1.5])'), importing('tensor')),
  },
  'the inner ring counts for more': {
    to: 'nested-rings',
    change: all(lossOption('posWeight: tensor([2])'), importing('tensor')),
  },
  'eighty times the loss, under Adam': { to: 'play-lstm', change: lossOf('·.mul(80)') },
  'a two-hundredth of the loss, under Adam': { to: 'decay-gru', change: lossOf('·.div(200)') },
  'seven more in the loss': { to: 'pinwheel', change: lossOf('·.add(7)') },
  'two less in the loss': { to: 'digits-dropout', change: lossOf('·.sub(2)') },
  'a small penalty of squares': {
    to: 'iris-batches',
    change: lossOf('·.add(@model.parameters().map((p) => p.square().sum()).reduce((a, b) => a.add(b)).mul(1e-4))'),
  },
  'a penalty of sizes': {
    to: 'pinwheel',
    change: lossOf('·.add(@model.parameters().map((p) => p.abs().sum()).reduce((a, b) => a.add(b)).mul(5e-5))'),
  },
  'a bonus for doubt': {
    to: 'play-attention',
    change: lossOf('·.add(logits.softmax(1).mul(logits.logSoftmax(1)).sum(1).mean().mul(0.03))'),
  },
  'small logits preferred': {
    to: 'digits-residual',
    change: lossOf('·.add(logits.square().mean().mul(0.002))'),
  },
  'sizes of errors': { to: 'digits-denoise', change: lossNamed('L1Loss', 'l1Loss'), causes: ['learning-rate-low'] },
  'Huber with a bend of a half': {
    to: 'concrete decay-gru',
    change: (text) =>
      swap(/new nn\.MSELoss\(\)/, 'new nn.HuberLoss({ delta: 0.5 })')(text) ??
      swap(/F\.mseLoss\((\w+), (\w+)\)/, 'F.huberLoss($1, $2, { delta: 0.5 })')(text),
  },
  'sizes of errors, smooth at 0': { to: 'digits-denoise', change: lossNamed('SmoothL1Loss', 'smoothL1Loss') },
  'the root of a mean square': { to: 'concrete', change: lossOf('·.add(1e-8).sqrt()') },
  'squares and sizes together': {
    to: 'decay-gru',
    change: lossIs('$1.sub($2).square().mean().mul(0.7).add($1.sub($2).abs().mean().mul(0.3))'),
  },
  'a half of squares': { to: 'decay-gru', change: lossIs('$1.sub($2).square().sum(1).mean().div(2)') },
  'squares to rows of 0 and 1': {
    to: 'pinwheel',
    change: by(`F.mseLoss($1, ${SOFT})`),
    causes: ['learning-rate-low'],
  },
  'squares of probabilities and rows': {
    to: 'moon-pairs',
    change: by(`F.mseLoss($1.softmax(1), ${SOFT})`),
    causes: ['learning-rate-low'],
  },
  'soft rows for classes': {
    to: 'iris-batches',
    change: by(`F.crossEntropy($1, ${SOFT}.mul(0.9).add(0.1 / $1.shape[1]))`),
  },
  'one against the rest': {
    to: 'digits-vgg',
    change: by(`F.binaryCrossEntropyWithLogits($1, ${SOFT})`),
    causes: ['learning-rate-low'],
  },
  'margins between classes': {
    to: 'moon-pairs',
    change: lossNamed('MultiMarginLoss', 'multiMarginLoss'),
    causes: ['learning-rate-low'],
  },
  'a likelihood of logarithms': { to: 'play-lstm', change: by('F.nllLoss($1.logSoftmax(1), $2)') },
  'log softmax twice': { to: 'play-attention', change: answerIs('$1.logSoftmax(1)') },
  'cross entropy spelled out': {
    to: 'digits-residual',
    change: by(`$1.logsumexp(1).sub($1.mul(${SOFT}).sum(1)).mean()`),
  },
  'a divergence from soft rows': {
    to: 'digits-vgg',
    change: by(`F.klDiv($1.logSoftmax(1), ${SOFT}.mul(0.95).add(0.005), { reduction: 'batchmean' })`),
  },
  'probabilities, and a loss of them': {
    to: 'nested-rings',
    change: by('F.binaryCrossEntropy($1.sigmoid(), $2)'),
  },
  'a soft margin for rings': {
    to: 'nested-rings',
    change: all(lossNamed('SoftMarginLoss', 'softMarginLoss'), targetIs('$1.mul(2).sub(1)')),
  },
  'hard samples count for more': {
    to: 'digits-residual',
    change: by(
      "[F.crossEntropy($1, $2, { reduction: 'none' })].map((losses) => losses.mul(losses.detach().neg().exp().neg().add(1.05)).mean())[0]",
    ),
  },
  'the worst third of a batch': {
    to: 'digits-vgg',
    change: by("F.crossEntropy($1, $2, { reduction: 'none' }).topk(Math.ceil($2.shape[0] / 3)).values.mean()"),
    causes: ['learning-rate-high', 'loss-plateau'],
  },
  'a tenth of the labels wrong': {
    to: 'digits-residual',
    change: all(
      targetIs('rand($1.shape).lt(0.1).where(randint(0, $1.max().item() + 1, $1.shape), $1)'),
      importing('rand'),
      importing('randint'),
    ),
  },
  'a quarter of the labels wrong': {
    to: 'moon-pairs',
    change: all(
      targetIs('rand($1.shape).lt(0.25).where(randint(0, $1.max().item() + 1, $1.shape), $1)'),
      importing('rand'),
      importing('randint'),
    ),
    causes: ['loss-plateau'],
  },
  'six hundredths of noise on inputs': {
    to: 'iris-batches',
    change: all(inputIs('$1.add(randn($1.shape).mul(0.06))'), importing('randn')),
  },
  'a tenth of the inputs hidden': {
    to: 'digits-denoise',
    change: all(inputIs("$1.mul(rand($1.shape).gt(0.1).to('float32'))"), importing('rand')),
  },
  'pictures shifted at times': {
    to: 'digits-residual',
    change: all(inputIs('$1.roll(randint(-1, 2, [1]).item(), 2)'), importing('randint')),
    causes: ['learning-rate-low'],
  },
  'mixed with the next picture': {
    to: 'digits-dropout',
    change: swap(
      /const logits = (\w+)\(xb\);\n( *)const loss = ([\w.]+)\(logits, yb\);/,
      'const logits = $1(xb.mul(0.7).add(xb.roll(1, 0).mul(0.3)));\n$2const loss = $3(logits, yb).mul(0.7).add($3(logits, yb.roll(1, 0)).mul(0.3));',
    ),
  },
  'grey values from 0 to 16': {
    to: 'digits-dropout',
    change: swap(/\.div\(16\)(?:\.sub\(0\.5\)\.mul\(2\))?/, ''),
    causes: ['unscaled-input'],
  },
  'grey values of a fiftieth': {
    to: 'digits-residual',
    change: swap(/\.div\(16\)/, '.div(800)'),
    causes: ['learning-rate-low', 'bad-initialization/small-weights', 'vanishing-gradient'],
  },
  'centimetres for flowers': {
    to: 'iris-batches',
    change: swap(/measures\.sub\(low\)\.div\(high\.sub\(low\)\)\.mul\(2\)\.sub\(1\)/, 'measures'),
    causes: ['unscaled-input'],
  },
  'points five times as far apart': {
    to: 'concrete',
    change: swap(/\nconst batches = /, '\nfor (const set of [trainX, testX]) set.mul_(5);$&'),
    causes: ['unscaled-input', 'saturated-activation'],
  },
  'targets times eight': {
    to: 'concrete',
    change: all(targetIs('$1.mul(8)'), swap(/(regressor|reader)\(testX\)/, '$1(testX).div(8)')),
    causes: ['learning-rate-low'],
  },
  'targets divided by sixteen': {
    to: 'decay-gru',
    change: all(targetIs('$1.div(16)'), swap(/(regressor|reader)\(testX\)/, '$1(testX).mul(16)')),
    causes: ['learning-rate-high'],
  },
  'targets around minus four': {
    to: 'concrete',
    change: all(targetIs('$1.sub(4)'), swap(/(regressor|reader)\(testX\)/, '$1(testX).add(4)')),
    causes: ['learning-rate-low'],
  },
  'targets measured badly': {
    to: 'decay-gru',
    change: all(targetIs('$1.add(randn($1.shape).mul(0.4))'), importing('randn')),
  },
  'warm answers': { to: 'play-attention', change: answerIs('$1.div(1.5)') },
  'scores within six': { to: 'pinwheel', change: answerIs('$1.div(6).tanh().mul(6)') },
  'a batch seen twice': {
    to: 'digits-dropout',
    change: swap(
      /const logits = mlp\(xb\);\n( *)const loss = lossFn\(logits, yb\);/,
      'const logits = mlp(xb);\n$1const again = mlp(xb);\n$1const loss = lossFn(logits, yb).add(lossFn(again, yb)).div(2).add(logits.sub(again).square().mean().mul(0.1));',
    ),
  },
  'a baseline that is detached': {
    to: 'moon-pairs',
    change: named((fill) =>
      swap(
        new RegExp(fill('( *)const @loss = (.*);')),
        fill('$1const plain = $2;\n$1const @loss = plain.div(plain.detach().add(0.3));'),
      ),
    ),
    causes: ['learning-rate-high'],
  },
  'real points labelled a little below one': {
    to: 'wave-gan',
    change: swap(/(critic\(realPoints\(count\)\), ones\(\[count, 1\]\))/, '$1.mul(0.85)'),
  },
  'least squares for maker and critic': {
    to: 'wave-gan',
    change: swap(/F\.binaryCrossEntropyWithLogits/g, 'F.mseLoss'),
  },
  'a hinge for the critic': {
    to: 'wave-gan',
    change: all(
      swap(/const onReal = .*;/, 'const onReal = critic(realPoints(count)).neg().add(1).relu().mean();'),
      swap(/const onMade = .*;/, 'const onMade = critic(made.detach()).add(1).relu().mean();'),
      swap(/const makerLoss = .*;/, 'const makerLoss = critic(made).neg().mean();'),
    ),
  },
  'noise on both kinds of points': {
    to: 'wave-gan',
    change: all(
      swap(/critic\(realPoints\(count\)\)/, 'critic(realPoints(count).add(randn([count, 2]).mul(0.04)))'),
      swap(/critic\(made\.detach\(\)\)/, 'critic(made.detach().add(randn([count, 2]).mul(0.04)))'),
    ),
  },
  'boxes for a fifth of the weight': { to: 'bar-detector', change: swap(/boxLoss\.mul\(5\)/, 'boxLoss') },
  'kinds for a third of the weight': { to: 'bar-detector', change: swap(/\.add\(kindLoss\)/, '.add(kindLoss.div(3))') },
  'squares for boxes': { to: 'bar-detector', change: swap(/F\.l1Loss\(place, box\)/, 'F.mseLoss(place, box).mul(5)') },
  'kinds first, boxes later': {
    to: 'bar-detector',
    change: swap(/boxLoss\.mul\(5\)/, 'boxLoss.mul(epoch < 3 ? 0 : 5)'),
  },
};
