import { all, type Change, either, importing, swap } from '../change.ts';
import type { Faults } from '../faults/fault.ts';
import { HIGH, LOW, NOTHING_LEARNED } from '../faults/right.ts';
import { answered, COMPARED, compared, lossOption, set, weighed } from './wording.ts';

const BLOWN_UP = [...HIGH, 'exploding-gradient', 'non-finite', 'dead-units', 'saturated-activation'];
const SQUASHED = /[sS]oftmax|const (?:loss|cost) = |criterion = /;
const SIGN = /const (?:loss|cost|mse|reconstruction|divergence) = |return reconstruction|neg\(\)|\.backward/;

/** A function of one's own in place of the library's, with a backward that should have been checked. */
const byHand = (name: string, forward: string, backward: string, replaced: RegExp): Change =>
  all(
    swap(
      /\nclass \w+ extends nn\.Module/,
      `
class ${name} extends autograd.Function {
  static forward(context, x) {
    const y = ${forward};
    context.saveForBackward(x, y);
    return y;
  }
  static backward(context, gradient) {
    const [x, y] = context.savedTensors;
    return ${backward};
  }
}$&`,
    ),
    swap(replaced, `${name}.apply(`),
    importing('autograd'),
  );

/** Faults of losses, of the reporting part. */
export const LOSSES: Faults = {
  'softmaxed for a loss that does it itself': {
    to: 'patch-vit bard-gru',
    change: answered('$1.softmax(1)'),
    causes: ['double-softmax'],
    lines: SQUASHED,
    repairable: true,
  },
  'a softmax at the end of the layers': {
    to: 'vgg-norms iris-swish shape-segmenter',
    change: either(
      swap(/( *)new nn\.Linear\(64, 10\),\n\);/, '$1new nn.Linear(64, 10),\n$1new nn.Softmax(1),\n);'),
      swap(/new nn\.Linear\(10, 3\)\)/, 'new nn.Linear(10, 3), new nn.Softmax(1))'),
      swap(/( *)new nn\.Conv2d\(14, 3, 1\),\n/, '$&$1new nn.Softmax(1),\n'),
    ),
    causes: ['double-softmax'],
    lines: SQUASHED,
    repairable: true,
  },
  'a sigmoid for a loss that has one': {
    to: 'moon-loader',
    change: swap(/return this\.last\(b\)/, '$&.sigmoid()'),
    causes: ['double-softmax'],
    lines: /sigmoid|const loss|criterion = /,
    repairable: true,
  },
  'an expert between 0 and 1 for a loss of logits': {
    to: 'arc-gan',
    change: swap(/return (this\.decide\(.*\));/, 'return $1.sigmoid();'),
    causes: ['double-softmax', 'loss-plateau', 'vanishing-gradient'],
    lines: /sigmoid|const (?:onGenuine|onForged|expertLoss|forgerLoss)|bce = /,
    repairable: true,
  },
  'scores for a loss of logarithms': {
    to: 'stride-cnn group-resnet walkers',
    change: either(swap(/F\.logSoftmax\((.*), 1\);/, '$1;'), compared('F.nllLoss(‹answer›, ‹target›)')),
    causes: ['wrong-loss-scale/missing-softmax'],
    lines: /const loss|nll = |this\.dense/,
  },
  'probabilities for a loss of logarithms': {
    to: 'stride-cnn blob-selu',
    change: either(swap(/F\.logSoftmax/, 'F.softmax'), compared('F.nllLoss(F.softmax(‹answer›, 1), ‹target›)')),
    causes: ['wrong-loss-scale/missing-logarithm'],
    lines: /const loss|nll = |softmax/,
  },
  'softmax over samples instead of classes': {
    to: 'stride-cnn iris-swish',
    change: either(
      swap(/(F\.logSoftmax\(.*), 1\)/, '$1, 0)'),
      compared('F.nllLoss(F.logSoftmax(‹answer›, 0), ‹target›)'),
    ),
    causes: ['wrong-loss-scale', 'loss-plateau'],
    lines: /const loss|nll = |logSoftmax/,
  },
  'a loss with the wrong sign': {
    to: 'crop-yield digit-vae',
    change: weighed('·.neg()'),
    causes: ['wrong-loss-scale/wrong-sign'],
    lines: SIGN,
  },
  'the label’s score added, not taken away': {
    to: 'loose-digits',
    change: swap(/scores\.logsumexp\(1\)\.sub\(/, 'scores.logsumexp(1).add('),
    causes: ['wrong-loss-scale'],
    lines: /logsumexp|negLogLikelihood|const cost|\.backward/,
  },
  'an optimizer that maximizes': {
    to: 'cell-rnn conv-denoiser',
    change: set('maximize: true'),
    causes: ['wrong-loss-scale/wrong-sign'],
    lines: /maximize|const (?:loss|mse)|\.backward/,
  },
  'a divergence that is rewarded': {
    to: 'digit-vae',
    change: swap(/divergence\.mul\(0\.3\)/, 'divergence.mul(-0.3)'),
    causes: ['wrong-loss-scale', 'exploding-gradient', 'non-finite', 'learning-rate-high'],
    lines: null,
  },
  'a divergence two hundredfold': {
    to: 'digit-vae',
    change: swap(/divergence\.mul\(0\.3\)/, 'divergence.mul(60)'),
    causes: ['loss-plateau', 'wrong-loss-scale', 'dead-units'],
    lines: null,
  },
  'every guess against every target': {
    to: 'film-ratings crop-yield moon-loader',
    change: either(
      swap(/F\.mseLoss\(guess, rating\)/, 'guess.sub(rating.unsqueeze(1)).square().mean()'),
      swap(/F\.smoothL1Loss\(estimate, harvest\)/, 'estimate.sub(harvest.squeeze(1)).square().mean()'),
      swap(/criterion\(logits, sides\)/, 'logits.sigmoid().sub(sides.flatten()).square().mean()'),
    ),
    causes: ['wrong-loss-scale/broadcast'],
    lines: COMPARED,
  },
  'a sum where the mean was, under descent': {
    to: 'loose-digits blob-selu',
    change: either(swap(/\.squeeze\(1\)\)\.mean\(\);/, '.squeeze(1)).sum();'), lossOption("reduction: 'sum'")),
    causes: BLOWN_UP,
    lines: null,
  },
  'two hundred times the loss, under descent': {
    to: 'stride-cnn',
    change: weighed('·.mul(200)'),
    causes: [...BLOWN_UP, 'wrong-loss-scale'],
    lines: null,
  },
  'hardly any loss, under descent': {
    to: 'blob-selu',
    change: weighed('·.mul(2e-5)'),
    causes: LOW,
    lines: /new optim|const (?:loss|cost) = |\.backward/,
  },
  'logarithms of pictures with negative pixels': {
    to: 'conv-denoiser',
    change: compared('‹answer›.log().sub(‹target›.add(0.1).log()).square().mean()'),
    causes: ['non-finite'],
    lines: COMPARED,
    repairable: true,
  },
  'roots of errors that may be negative': {
    to: 'film-ratings',
    change: compared('‹answer›.sub(‹target›).sqrt().mean()'),
    causes: ['non-finite'],
    lines: COMPARED,
    repairable: true,
  },
  'the length of a vector that is 0': {
    to: 'shape-segmenter patch-vit',
    change: weighed('·.add(‹all›[1].mul(0).square().sum().sqrt().mul(0.1))'),
    causes: ['non-finite'],
    lines: COMPARED,
    repairable: true,
  },
  'a share of a class that isn’t there': {
    to: 'walkers',
    change: weighed("·.div(‹target›.eq(4).to('float32').mean())"),
    causes: ['non-finite'],
    lines: COMPARED,
    repairable: true,
  },
  'exponentials of large scores, summed': {
    to: 'loose-digits',
    change: swap(/scores\.logsumexp\(1\)/, 'scores.mul(60).exp().sum(1).log().div(60)'),
    causes: ['non-finite'],
    lines: COMPARED,
    repairable: true,
  },
  'the numbers of classes as amounts': {
    to: 'vgg-norms',
    change: all(compared("F.mseLoss(‹answer›.mean(1), ‹target›.to('float32'))"), importing('F')),
    causes: [...NOTHING_LEARNED, 'wrong-loss-scale', 'frozen-parameter'],
    lines: null,
  },
  'a ReLU of one’s own that sends gradients where it was shut': {
    to: 'stride-cnn',
    change: byHand('OwnRelu', 'x.relu()', "gradient.mul(y.eq(0).to('float32'))", /F\.relu\(/g),
    causes: ['gradient-check-failed'],
    lines: /OwnRelu/,
  },
  'a ReLU of one’s own with a slope of minus one behind it': {
    to: 'group-resnet',
    change: byHand('OwnRelu', 'x.relu()', "gradient.mul(x.gt(0).to('float32')).neg()", /F\.relu\(/g),
    causes: ['gradient-check-failed'],
    lines: /OwnRelu/,
  },
  'a sigmoid of one’s own without its slope': {
    to: 'digit-vae',
    change: byHand('OwnSigmoid', 'x.sigmoid()', 'gradient.mul(y.square())', /F\.sigmoid\(/g),
    causes: ['gradient-check-failed'],
    lines: /OwnSigmoid/,
  },
  'weights that cost more than errors': {
    to: 'fit-digits group-resnet',
    change: weighed('·.add(‹all›.map((p) => p.square().sum()).reduce((a, b) => a.add(b)).mul(2))'),
    causes: ['loss-plateau', 'wrong-loss-scale'],
    lines: null,
  },
  'the worst sample alone': {
    to: 'vgg-norms walkers',
    change: all(compared("F.crossEntropy(‹answer›, ‹target›, { reduction: 'none' }).max()"), importing('F')),
    causes: ['oscillating-loss', 'learning-rate-high', 'loss-plateau', 'dead-units'],
    lines: null,
  },
  'the first sample alone': {
    to: 'patch-vit',
    change: compared("F.crossEntropy(‹answer›, ‹target›, { reduction: 'none' }).select(0, 0)"),
    causes: ['oscillating-loss', 'learning-rate-high', 'loss-plateau'],
    lines: null,
  },
  'half of the kinds for nothing': {
    to: 'walkers',
    change: all(lossOption('weight: tensor([1, 1, 0, 0])'), importing('tensor')),
    causes: ['loss-plateau', 'wrong-loss-scale'],
    lines: null,
  },
  'the letter itself instead of the next': {
    to: 'bard-gru script-decoder',
    change: either(
      swap(/F\.crossEntropy\(scores, next\)/, 'F.crossEntropy(scores, given.flatten())'),
      swap(/F\.crossEntropy\(scores, after\)/, 'F.crossEntropy(scores, ids.flatten())'),
    ),
    causes: [],
    lines: null,
  },
  'the forger rewarded for being found out': {
    to: 'arc-gan',
    change: swap(/(forgerLoss = bce\(expert\(forged\)), yes/, '$1, no'),
    causes: ['wrong-loss-scale', 'loss-plateau'],
    lines: /forgerLoss/,
  },
  'an expert that calls everything genuine': {
    to: 'arc-gan',
    change: swap(/(onForged = bce\(.*), no\)/, '$1, yes)'),
    causes: ['wrong-loss-scale', 'loss-plateau', 'vanishing-gradient'],
    lines: null,
  },
  'half of the loss, turned round': {
    to: 'blob-selu',
    change: swap(/const loss = (.*);/, 'const loss = $1.mul(-0.5);'),
    causes: ['wrong-loss-scale/wrong-sign'],
    lines: SIGN,
  },
};
