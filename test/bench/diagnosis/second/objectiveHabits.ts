import { all, beforeLoop, importing, lossOf, optimizer, swap } from '../change.ts';
import type { Habits } from '../habits/habit.ts';

/** Odd but healthy losses, labels and data, of the second set. */
export const OBJECTIVE: Habits = {
  'a sum under Adam': {
    to: 'circles gru segmenter',
    change: swap(/(const loss = F\.\w+\(model\(x\), y)\)/, "$1, { reduction: 'sum' })"),
  },
  'labels smoothed by a twentieth': {
    to: 'spirals vit lenet',
    change: swap(/(F\.crossEntropy\(model\(x\), y)\)/, '$1, { labelSmoothing: 0.05 })'),
  },
  'a hundred times the loss': { to: 'gru segmenter vae', change: lossOf('·.mul(100)') },
  'a hundredth of the loss': { to: 'circles bottleneck factors', change: lossOf('·.mul(0.01)') },
  'an L1 penalty': {
    to: 'friedman spirals',
    change: lossOf('·.add(model.parameters().map((p) => p.abs().sum()).reduce((a, b) => a.add(b)).mul(1e-5))'),
  },
  'a loss that begins at 10': { to: 'circles factors vit', change: lossOf('·.add(10)') },
  'a focal loss': {
    to: 'spirals lenet',
    change: swap(
      /const loss = F\.crossEntropy\(model\(x\), y\);/,
      "const each = F.crossEntropy(model(x), y, { reduction: 'none' });\n  const loss = each.mul(each.neg().exp().neg().add(1).square()).mean();",
    ),
  },
  'mixed-up samples': {
    to: 'lenet gru',
    change: swap(
      /const loss = F\.crossEntropy\(model\(x\), y\);/,
      'const other = model(x.mul(0.8).add(x.flip([0]).mul(0.2)));\n  const loss = F.crossEntropy(other, y).mul(0.8).add(F.crossEntropy(other, y.flip([0])).mul(0.2));',
    ),
  },
  'inputs with noise of a fifth': {
    to: 'friedman lenet vit',
    change: all(swap(/(const loss = F\.\w+\(model\()x\)/, '$1x.add(randn(x.shape).mul(0.2)))'), importing('randn')),
  },
  'a fifth of wrong labels': {
    to: 'spirals lenet',
    change: all(
      beforeLoop(
        'const truths = typeof labels === "undefined" ? arms : labels;',
        'const odd = rand(truths.shape).lt(0.2);',
        "truths.copy_(odd.to('int32').mul(randint(0, 3, truths.shape)).add(odd.logicalNot().to('int32').mul(truths)));",
      ),
      importing('rand'),
      importing('randint'),
    ),
  },
  'squares of one-hot classes': {
    to: 'spirals gru',
    change: swap(
      /F\.crossEntropy\(model\(x\), y\)/,
      "F.mseLoss(model(x), F.oneHot(y, model(x).shape[1]).to('float32'))",
    ),
  },
  'absolute differences': { to: 'friedman factors', change: swap(/F\.mseLoss/, 'F.l1Loss') },
  'Huber’s loss of answers': { to: 'friedman accumulator factors', change: swap(/F\.mseLoss/, 'F.huberLoss') },
  'targets ten times as large, under Adam': {
    to: 'friedman',
    change: all(
      swap(/return sum\.sub\(14\.4\)\.div\(4\.9\)/, 'return sum.sub(14.4).mul(2)'),
      optimizer('Adam({ lr: 0.02 })'),
    ),
  },
  'raw pixels in patches': { to: 'vit vae bottleneck', change: swap(/\.div\(16\)/, ''), causes: ['unscaled-input'] },
  'logits and their logarithm by oneself': {
    to: 'lenet bottleneck gru',
    change: swap(/F\.crossEntropy\(model\(x\), y\)/, 'F.nllLoss(F.logSoftmax(model(x), 1), y)'),
  },
  'positives that count double': {
    to: 'circles segmenter',
    change: all(
      swap(/(F\.binaryCrossEntropyWithLogits\(model\(x\), y)\)/, '$1, { posWeight: tensor([2]) })'),
      importing('tensor'),
    ),
  },
  'a divergence ten times as heavy': { to: 'vae', change: swap(/mul\(0\.05\)/, 'mul(0.3)') },
  'a least-squares ring': { to: 'ring-gan', change: swap(/F\.binaryCrossEntropyWithLogits/g, 'F.mseLoss') },
  'a hinge of circles': {
    to: 'circles',
    change: swap(
      /F\.binaryCrossEntropyWithLogits\(model\(x\), y\)/,
      'model(x).mul(y.mul(-2).add(1)).add(1).relu().square().mean()',
    ),
  },
};
