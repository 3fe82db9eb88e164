import { all, either, importing, swap } from '../change.ts';
import type { Faults } from '../faults/fault.ts';
import { HIGH, LOW, NOTHING_LEARNED } from '../faults/right.ts';
import { answering, COMPARED, comparing, costing, graded, replacing, returning } from './wording.ts';

const BLOWN_UP = [...HIGH, 'exploding-gradient', 'non-finite', 'dead-units', 'saturated-activation'];
const SOFTENED = /[sS]oftmax|const (?:loss|cost)|criterion = /;

/** Faults of losses, of the ninth part. */
export const LOSSES: Faults = {
  'probabilities returned to cross entropy': {
    to: 'mini-gpt',
    change: returning('$1.softmax(-1)'),
    causes: ['double-softmax'],
    lines: SOFTENED,
    repairable: true,
  },
  'a sequence that ends in softmax': {
    to: 'digit-array cnn-sequence',
    change: either(
      swap(/new nn\.ReLU\(\), linear\[2\]\)/, 'new nn.ReLU(), linear[2], new nn.Softmax(1))'),
      swap(/( *)new nn\.Linear\(32, 10\),\n/, '$&$1new nn.Softmax(1),\n'),
    ),
    causes: ['double-softmax'],
    lines: SOFTENED,
    repairable: true,
  },
  'sigmoid twice, once in the loss': {
    to: 'moon-config',
    change: answering('$1.sigmoid()'),
    causes: ['double-softmax'],
    lines: /sigmoid|const loss|bce = /,
    repairable: true,
  },
  'a discriminator that squashes for a loss of logits': {
    to: 'ellipse-gan',
    change: swap(/( *)new nn\.Linear\(40, 1\),\n/, '$&$1new nn.Sigmoid(),\n'),
    causes: ['double-softmax', 'loss-plateau', 'vanishing-gradient'],
    lines: /Sigmoid|const loss(?:Real|Fake|G)/,
    repairable: true,
  },
  'kinds told by softmaxed scores': {
    to: 'blob-detector',
    change: swap(/found\.kind, kinds/, 'found.kind.softmax(1), kinds'),
    causes: ['double-softmax'],
    lines: /softmax|const kindLoss/,
    repairable: true,
  },
  'likelihood of bare scores': {
    to: 'cnn-batchnorm stripes digit-array rows-gru',
    change: either(swap(/F\.logSoftmax\((this\.fc2\(y\)), 1\)/, '$1'), comparing('F.nllLoss($1, $2)')),
    causes: ['wrong-loss-scale/missing-softmax'],
    lines: /const (?:loss|cost)|this\.fc2/,
  },
  'likelihood of probabilities': {
    to: 'cnn-batchnorm iris-sigmoid cnn-sequence',
    change: either(swap(/F\.logSoftmax/, 'F.softmax'), comparing('F.nllLoss(F.softmax($1, 1), $2)')),
    causes: ['wrong-loss-scale/missing-logarithm'],
    lines: /const loss|softmax/,
  },
  'softmax down the batch': {
    to: 'cnn-batchnorm digit-array',
    change: either(
      swap(/F\.logSoftmax\((this\.fc2\(y\)), 1\)/, 'F.logSoftmax($1, 0)'),
      comparing('F.nllLoss(F.logSoftmax($1, 0), $2)'),
    ),
    causes: ['wrong-loss-scale', 'loss-plateau'],
    lines: /const loss|logSoftmax/,
  },
  'the loss turned round': {
    to: 'pixel-ae blob-detector',
    change: costing('·.neg()'),
    causes: ['wrong-loss-scale/wrong-sign'],
    lines: /const (?:loss|mse|total) = |\.backward/,
  },
  'ascent: gradients turned round': {
    to: 'echo-rnn',
    change: graded('for (const p of @model.parameters()) p.grad.neg_();'),
    causes: ['wrong-loss-scale/wrong-sign'],
    lines: /neg_|\.backward|const (?:loss|err)/,
  },
  'G made to fail': {
    to: 'ellipse-gan',
    change: swap(/(lossG = .*netD\(fake\), )ones/, '$1zeros'),
    causes: ['wrong-loss-scale', 'loss-plateau'],
    lines: /lossG/,
  },
  'D told that fakes are real': {
    to: 'ellipse-gan',
    change: swap(/(lossFake = .*, )zeros/, '$1ones'),
    causes: ['wrong-loss-scale', 'loss-plateau', 'vanishing-gradient'],
    lines: null,
  },
  'a column against a row': {
    to: 'echo-rnn',
    change: comparing('$1.sub($2.squeeze(1)).square().mean()'),
    causes: ['wrong-loss-scale/broadcast'],
    lines: COMPARED,
  },
  'a column of answers against a row of labels': {
    to: 'moon-config',
    change: comparing('$1.sigmoid().sub($2.flatten()).abs().mean()'),
    causes: ['wrong-loss-scale/broadcast'],
    lines: COMPARED,
  },
  'a logarithm of what may be below 0': {
    to: 'pixel-ae',
    change: comparing('$1.add(0.2).log().sub($2.add(0.2).log()).square().mean()'),
    causes: ['non-finite'],
    lines: COMPARED,
    repairable: true,
  },
  'the root of an exact 0': {
    to: 'cnn-batchnorm',
    change: costing('·.add(@model.parameters()[0].mul(0).square().sum().sqrt())'),
    causes: ['non-finite'],
    lines: COMPARED,
    repairable: true,
  },
  'exp of scores a hundredfold': {
    to: 'digit-normed',
    change: all(
      comparing(
        '$1.mul(100).exp().div($1.mul(100).exp().sum(1, { keepdim: true })).gather(1, $2.unsqueeze(1)).log().mean().neg()',
      ),
    ),
    causes: ['non-finite', 'wrong-loss-scale'],
    lines: COMPARED,
    repairable: true,
  },
  'a sum at a rate for means': {
    to: 'cnn-sequence digit-array tiny-resnet moon-config',
    change: either(
      swap(/F\.crossEntropy\((yHat|logits), (\w+)\)/, "F.crossEntropy($1, $2, { reduction: 'sum' })"),
      swap(/new nn\.BCEWithLogitsLoss\(\)/, "new nn.BCEWithLogitsLoss({ reduction: 'sum' })"),
    ),
    causes: BLOWN_UP,
    lines: null,
  },
  'a loss of a millionth under descent': {
    to: 'moon-config',
    change: costing('·.mul(1e-6)'),
    causes: LOW,
    lines: /new optim|const loss|config = |\.backward/,
  },
  'a loss of a thousandfold under descent': {
    to: 'tiny-resnet',
    change: costing('·.mul(1000)'),
    causes: [...BLOWN_UP, 'wrong-loss-scale'],
    lines: null,
  },
  'squares of classes': {
    to: 'iris-sigmoid',
    change: comparing("F.mseLoss($1.argmax(1).to('float32').mul($1.sum().mul(0).add(1)), $2.to('float32'))"),
    causes: [...NOTHING_LEARNED, 'frozen-parameter', 'wrong-loss-scale', 'vanishing-gradient'],
    lines: null,
  },
  'a ReLU by hand that passes what it should stop': {
    to: 'stripes',
    change: all(
      swap(
        /\nclass (?:RentModel|Tower) /,
        `
class HandRelu extends autograd.Function {
  static forward(context, x) {
    context.saveForBackward(x);
    return x.relu();
  }
  static backward(context, gradient) {
    const [x] = context.savedTensors;
    return gradient.mul(x.lt(0).to('float32'));
  }
}$&`,
      ),
      swap(/F\.relu\(/g, 'HandRelu.apply('),
      importing('autograd'),
    ),
    causes: ['gradient-check-failed'],
    lines: /HandRelu/,
  },
  'a sigmoid by hand with a slope of five': {
    to: 'iris-sigmoid',
    change: all(
      swap(
        /\nclass IrisNet /,
        `
class HandSigmoid extends autograd.Function {
  static forward(context, x) {
    const y = x.sigmoid();
    context.saveForBackward(y);
    return y;
  }
  static backward(context, gradient) {
    const [y] = context.savedTensors;
    return gradient.mul(y.sub(1)).mul(y).mul(5);
  }
}$&`,
      ),
      swap(/F\.sigmoid\(/, 'HandSigmoid.apply('),
      importing('autograd'),
    ),
    causes: ['gradient-check-failed'],
    lines: /HandSigmoid/,
  },
  'a penalty that outweighs the task': {
    to: 'digit-normed rows-gru',
    change: costing('·.add(@model.parameters().map((p) => p.square().sum()).reduce((a, b) => a.add(b)).mul(3))'),
    causes: ['loss-plateau', 'wrong-loss-scale'],
    lines: null,
  },
  'every score made one': {
    to: 'bard-lstm',
    change: replacing('(?<=const @loss = [\\w.]+\\()(logits)(?=, )', '$1.mean(1, { keepdim: true }).expand($1.shape)'),
    causes: NOTHING_LEARNED,
    lines: null,
  },
};
