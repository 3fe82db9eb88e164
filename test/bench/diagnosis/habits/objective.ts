import { all, beforeLoop, either, importing, lossOf, optimizer, rate, swap } from '../change.ts';
import type { Habits } from './habit.ts';

/** Odd but healthy losses, labels and data. */
export const OBJECTIVE: Habits = {
  'a summed loss': {
    to: 'iris digits-mlp autoencoder',
    change: swap(/(const loss = F\.\w+\(model\(x\), y)\)/, "$1, { reduction: 'sum' })"),
  },
  'a summed loss and a small rate': {
    to: 'moons regression',
    change: all(swap(/(const loss = F\.\w+\(model\(x\), y)\)/, "$1, { reduction: 'sum' })"), rate(0.005)),
  },
  'label smoothing': {
    to: 'digits-cnn resnet',
    change: swap(/(F\.crossEntropy\(model\(x\), y)\)/, '$1, { labelSmoothing: 0.1 })'),
  },
  'some wrong labels': {
    to: 'digits-mlp',
    change: all(
      beforeLoop(
        'const odd = rand([1797]).lt(0.1);',
        "labels.copy_(odd.to('int32').mul(randint(0, 10, [1797])).add(odd.logicalNot().to('int32').mul(labels)));",
      ),
      importing('rand'),
      importing('randint'),
    ),
  },
  'a loss a thousand times as large, under Adam': { to: 'iris autoencoder', change: lossOf('·.mul(1000)') },
  'a loss a thousandth as large, under Adam': { to: 'iris words', change: lossOf('·.mul(1e-3)') },
  'raw pixels': { to: 'digits-mlp digits-cnn', change: swap(/\.div\(16\)/, ''), causes: ['unscaled-input'] },
  'targets of another size': {
    to: 'regression',
    change: all(swap(/return (z\.sin.*);/, 'return $1.mul(5).add(3);'), optimizer('Adam({ lr: 0.005 })')),
  },
  'noise that can’t be learned': {
    to: 'regression',
    change: either(
      swap(/targets = truth\(inputs\)/, 'targets = truth(inputs).add(randn([512, 1]).mul(0.5))'),
      swap(/y = truth\(x\)/, 'y = truth(x).add(randn([48, 1]).mul(0.5))'),
    ),
  },
  'mean squared error of classes': {
    to: 'digits-mlp',
    change: swap(
      /F\.crossEntropy\(model\(x\), y\)/,
      "F.mseLoss(model(x), F.oneHot(y, model(x).shape[1]).to('float32'))",
    ),
  },
  'an absolute loss': { to: 'regression', change: swap(/F\.mseLoss/, 'F.l1Loss') },
  'a head that isn’t trained yet': {
    to: 'detector',
    change: swap(
      /\.add\(F\.crossEntropy\(out\.logits, kind\)\)/,
      '.add(F.crossEntropy(out.logits, kind).mul(step < 80 ? 0 : 1))',
    ),
  },
  'a penalty on the weights': {
    to: 'digits-mlp',
    change: lossOf('·.add(model.parameters().map((p) => p.square().sum()).reduce((a, b) => a.add(b)).mul(1e-4))'),
  },
  'a branch detached on purpose': {
    to: 'autoencoder',
    change: either(
      swap(
        /const loss = F\.mseLoss\(model\(x\), y\);/,
        'const made = model(x);\n  const loss = F.mseLoss(made, y).add(made.detach().square().mean().mul(0.01));',
      ),
      swap(
        /const loss = F\.crossEntropy\(model\(x\), y\);/,
        'const logits = model(x);\n  const loss = F.crossEntropy(logits, y.add(0)).add(logits.detach().mean().mul(0.01));',
      ),
    ),
  },
  'a least-squares GAN': { to: 'gan', change: swap(/F\.binaryCrossEntropyWithLogits/g, 'F.mseLoss') },
  'a weighted box loss': { to: 'detector', change: swap(/mul\(20\)/, 'mul(100)') },

  'class weights': {
    to: 'digits-mlp iris',
    change: all(
      swap(/(const loss = F\.crossEntropy\(model\(x\), y)\)/, '$1, { weight: ones([model(x).shape[1]]).mul(3) })'),
      importing('ones'),
    ),
  },
  'noise on the input': {
    to: 'digits-mlp digits-cnn plain-cnn autoencoder lstm',
    change: all(swap(/(const loss = F\.\w+\(model\()x\)/, '$1x.add(randn(x.shape).mul(0.1)))'), importing('randn')),
  },
  'Huber’s loss': { to: 'regression rnn autoencoder', change: swap(/F\.mseLoss/, 'F.smoothL1Loss') },
  'mean squared error of a sigmoid': {
    to: 'moons deep-mlp',
    change: swap(/F\.binaryCrossEntropyWithLogits\(model\(x\), y\)/, 'F.mseLoss(model(x).sigmoid(), y)'),
  },
  'a hinge loss': {
    to: 'moons deep-mlp',
    change: swap(
      /F\.binaryCrossEntropyWithLogits\(model\(x\), y\)/,
      'model(x).mul(y.mul(-2).add(1)).add(1).relu().mean()',
    ),
  },
  'the logarithm of softmax apart': {
    to: 'iris digits-cnn lstm words',
    change: swap(/F\.crossEntropy\(model\(x\), y\)/, 'F.nllLoss(model(x).logSoftmax(1), y)'),
  },
  'binary cross entropy of a sigmoid': {
    to: 'moons deep-mlp',
    change: swap(/F\.binaryCrossEntropyWithLogits\(model\(x\), y\)/, 'F.binaryCrossEntropy(model(x).sigmoid(), y)'),
  },
  'features of different sizes': {
    to: 'iris',
    change: swap(/raw\.sub\(raw\.mean\(0\)\)\.div\(raw\.std\(0\)\)/, 'raw'),
    causes: ['unscaled-input'],
  },
  'a loss below zero': { to: 'moons regression iris transformer', change: lossOf('·.sub(3)') },
  'a product of losses and a constant': { to: 'detector', change: lossOf('·.mul(0.05)') },
  'a denoising autoencoder': {
    to: 'autoencoder',
    change: all(swap(/model\(x\), y/, 'model(x.mul(rand(x.shape).gt(0.2).to("float32"))), y'), importing('rand')),
  },
  'a sparse code': {
    to: 'autoencoder',
    change: lossOf('·.add(model.encode2(model.encode1(x).relu()).abs().mean().mul(1e-3))'),
  },
  'smoothed labels of a GAN': {
    to: 'gan',
    change: swap(/(discriminator\(real\(64\)\), ones\(\[64, 1\]\))/, '$1.mul(0.9)'),
  },
  'a GAN of Wasserstein’s kind': {
    to: 'gan',
    change: all(
      swap(
        /F\.binaryCrossEntropyWithLogits\(discriminator\(real\(64\)\), ones\(\[64, 1\]\)\)/,
        'discriminator(real(64)).mean().neg()',
      ),
      swap(
        /F\.binaryCrossEntropyWithLogits\(discriminator\(fake\.detach\(\)\), zeros\(\[64, 1\]\)\)/,
        'discriminator(fake.detach()).mean()',
      ),
      swap(
        /F\.binaryCrossEntropyWithLogits\(discriminator\(fake\), ones\(\[64, 1\]\)\)/,
        'discriminator(fake).mean().neg()',
      ),
      swap(
        /( *)optimizerD\.step\(\);\n/,
        '$&$1noGrad(() => discriminator.parameters().forEach((p) => p.clamp_(-0.3, 0.3)));\n',
      ),
    ),
  },
  'a loss that counts boxes alone at first': {
    to: 'detector',
    change: swap(
      /\.mul\(20\)\.add\(F\.crossEntropy\(out\.logits, kind\)\)/,
      '.mul(20).add(F.crossEntropy(out.logits, kind).mul(Math.min(1, step / 80)))',
    ),
  },
};
