import { all, either, importing, lossOf, swap } from '../change.ts';
import type { Habits } from '../habits/habit.ts';
import { answer, targets } from './wording.ts';

/** Odd but healthy losses, labels and data, of the fifth part. */
export const OBJECTIVE: Habits = {
  'a sum, not a mean': {
    to: 'curve-fit shortcuts squeeze',
    change: either(
      swap(/new nn\.(\w+Loss)\(\)/, "new nn.$1({ reduction: 'sum' })"),
      swap(/(const loss = F\.\w+\(net\(xb\), yb)\)/, "$1, { reduction: 'sum' })"),
    ),
  },
  'labels smoothed by a tenth': {
    to: 'verse-transformer majority half-moons',
    change: either(
      swap(/new nn\.CrossEntropyLoss\(\)/, 'new nn.CrossEntropyLoss({ labelSmoothing: 0.1 })'),
      swap(/(const loss = F\.crossEntropy\(net\(xb\), yb)\)/, '$1, { labelSmoothing: 0.1 })'),
    ),
  },
  'classes weighted': {
    to: 'digits-dense little-cnn',
    change: all(
      either(
        swap(
          /new nn\.CrossEntropyLoss\(\)/,
          'new nn.CrossEntropyLoss({ weight: tensor([1, 1, 2, 2, 1, 1, 2, 1, 1, 2]) })',
        ),
        swap(
          /(const loss = F\.crossEntropy\(net\(xb\), yb)\)/,
          '$1, { weight: tensor([1, 1, 2, 2, 1, 1, 2, 1, 1, 2]) })',
        ),
      ),
      importing('tensor'),
    ),
  },
  'a hundred times the loss, under Adam': { to: 'tide-rnn ring-tower verse-lstm', change: lossOf('·.mul(100)') },
  'a hundredth of the loss, under Adam': { to: 'majority shortcuts redraw', change: lossOf('·.mul(0.01)') },
  'one more in the loss': { to: 'half-moons prices digit-tower', change: lossOf('·.add(1)') },
  'large weights cost': {
    to: 'curve-fit boxes ring-tower',
    change: lossOf('·.add(net.parameters().map((p) => p.square().sum()).reduce((a, b) => a.add(b)).mul(2e-4))'),
  },
  'absolute errors': {
    to: 'tide-rnn redraw curve-fit',
    change: either(
      swap(/new nn\.MSELoss\(\)/, 'new nn.L1Loss()'),
      swap(/const loss = F\.mseLoss/, 'const loss = F.l1Loss'),
    ),
  },
  'Huber’s': {
    to: 'tide-rnn prices boxes',
    change: either(
      swap(/new nn\.MSELoss\(\)/, 'new nn.SmoothL1Loss({ beta: 0.5 })'),
      swap(/F\.mseLoss/, 'F.smoothL1Loss'),
    ),
  },
  'squares for binary cross entropy': {
    to: 'squeeze crescents',
    change: swap(/new nn\.BCELoss\(\)/, 'new nn.MSELoss()'),
  },
  'the root of the mean square': { to: 'prices tide-rnn', change: lossOf('·.add(1e-8).sqrt()') },
  'squares of probabilities': {
    to: 'little-cnn half-moons',
    change: all(
      swap(
        /const loss = F\.crossEntropy\(net\(xb\), yb\)/,
        "const loss = F.mseLoss(net(xb).softmax(1), F.oneHot(yb, net(xb).shape[1]).to('float32'))",
      ),
    ),
    causes: ['learning-rate-low'],
  },
  'logits for probabilities': {
    to: 'crescents squeeze',
    change: all(
      either(swap(/\.sigmoid\(\);/, ';'), swap(/, new nn\.Sigmoid\(\)/, '')),
      swap(/nn\.BCELoss/, 'nn.BCEWithLogitsLoss'),
      swap(/noGrad\(\(\) => net\((test\.x|test)\)/, 'noGrad(() => net($1).sigmoid()'),
    ),
  },
  'a log softmax and its loss': {
    to: 'digits-dense verse-lstm shortcuts',
    change: all(
      either(
        swap(/criterion\(net\(xb\), yb\)/, 'F.nllLoss(net(xb).logSoftmax(1), yb)'),
        swap(/(?<=const loss = )F\.crossEntropy\(net\(xb\), yb\)/, 'F.nllLoss(net(xb).logSoftmax(1), yb)'),
      ),
      importing('F'),
    ),
  },
  'a focus on what is hard': {
    to: 'little-cnn digit-tower',
    change: swap(
      /const loss = F\.crossEntropy\(net\(xb\), yb\);/,
      "const each = F.crossEntropy(net(xb), yb, { reduction: 'none' });\n  const loss = each.neg().exp().neg().add(1).square().mul(each).mean();",
    ),
  },
  'a tenth of the labels drawn by lot': {
    to: 'digits-dense half-moons vgg',
    change: all(
      targets('rand($1.shape).lt(0.1).where(randint(0, 2, $1.shape), $1)'),
      importing('rand'),
      importing('randint'),
    ),
  },
  'noise on the inputs': {
    to: 'crescents squeeze iris-table',
    change: all(swap(/(?<=const loss = [\w.]+\(net\()xb/, 'xb.add(randn(xb.shape).mul(0.06))'), importing('randn')),
  },
  'pictures shifted': {
    to: 'little-cnn vgg shortcuts',
    change: swap(/(?<=const loss = [\w.]+\(net\()xb/, 'xb.roll(step % 2, 3)'),
    causes: ['learning-rate-low'],
  },
  'pixels up to 16': {
    to: 'little-cnn shortcuts redraw',
    change: swap(/csv\.slice\(1, 0, 64\)\.div\(16\)/, 'csv.slice(1, 0, 64)'),
    causes: ['unscaled-input'],
  },
  'targets three times as large': {
    to: 'tide-rnn curve-fit',
    change: all(targets('$1.mul(3)'), swap(/net\(testX\)/, 'net(testX).div(3)')),
    causes: ['learning-rate-low'],
  },
  'targets of a twentieth': {
    to: 'tide-rnn curve-fit prices',
    change: all(targets('$1.div(20)'), swap(/net\(testX\)/, 'net(testX).mul(20)')),
    causes: ['learning-rate-low'],
  },
  'targets far from 0': {
    to: 'prices curve-fit',
    change: all(targets('$1.add(10)'), swap(/net\(testX\)/, 'net(testX).sub(10)')),
    causes: ['learning-rate-low'],
  },
  'cooler answers': { to: 'digits-dense verse-transformer majority', change: answer('$1.mul(0.5)') },
  'labels of the discriminator smoothed': {
    to: 'moon-gan',
    change: swap(/D\(real\), ones\(\[96, 1\]\)/, 'D(real), ones([96, 1]).mul(0.9)'),
  },
  'noise before the discriminator': {
    to: 'moon-gan',
    change: all(swap(/D\(real\)/, 'D(real.add(randn(real.shape).mul(0.05)))')),
  },
  'boxes that weigh more': {
    to: 'boxes',
    change: all(
      swap(
        /F\.mseLoss\(where, box\)\.mul\(10\)\.add\(F\.crossEntropy\(what, kind\)\)/,
        'F.mseLoss(where, box).mul(40).add(F.crossEntropy(what, kind))',
      ),
    ),
  },
};
