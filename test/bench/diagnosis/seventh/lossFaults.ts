import { all, either, importing, swap } from '../change.ts';
import type { Faults } from '../faults/fault.ts';
import { HIGH, LOW, NOTHING_LEARNED } from '../faults/right.ts';
import {
  answerIs,
  behindLast,
  inputIs,
  LOSS,
  lossIs,
  lossOf,
  lossOption,
  onBackward,
  onStep,
  option,
  targetIs,
} from './wording.ts';

const BLOWN_UP = [...HIGH, 'exploding-gradient', 'non-finite', 'dead-units', 'saturated-activation'];
const GIVEN = /const (?:loss|cost)|const \w+ = \w+\(.*\);/;

/** Faults of losses, labels and data, of the seventh part. */
export const LOSSES_AND_DATA: Faults = {
  'a softmax at the end of the network': {
    to: 'iris-batches',
    change: behindLast('new nn.Softmax(1)'),
    causes: ['double-softmax'],
    lines: /const (?:loss|cost)|Softmax/,
    repairable: true,
  },
  'cross entropy of probabilities': {
    to: 'play-attention',
    change: answerIs('$1.softmax(1)'),
    causes: ['double-softmax'],
    lines: LOSS,
    repairable: true,
  },
  'two sigmoids in a row': {
    to: 'nested-rings wave-gan',
    change: either(
      answerIs('$1.sigmoid()'),
      swap(/(?<=WithLogits\()(critic\((?:made|realPoints\(count\)|made\.detach\(\))\))/g, '$1.sigmoid()'),
    ),
    causes: ['double-softmax'],
    lines: /const (?:loss|\w+Loss|onReal|onMade) = /,
    repairable: true,
  },
  'a likelihood of logits': {
    to: 'digits-residual',
    change: all(lossIs('F.nllLoss($1, $2)'), importing('F')),
    causes: ['wrong-loss-scale/missing-softmax'],
    lines: LOSS,
  },
  'a likelihood without logarithms': {
    to: 'pinwheel',
    change: all(lossIs('F.nllLoss($1.softmax(1), $2)'), importing('F')),
    causes: ['wrong-loss-scale/missing-logarithm'],
    lines: LOSS,
  },
  'a softmax along the batch': {
    to: 'digits-vgg',
    change: lossIs('F.nllLoss($1.logSoftmax(0), $2)'),
    causes: ['wrong-loss-scale', 'loss-plateau'],
    lines: LOSS,
  },
  'a loss that rewards errors': {
    to: 'digits-denoise',
    change: lossOf('·.neg()'),
    causes: ['wrong-loss-scale/wrong-sign'],
    lines: /const loss|loss\.backward/,
  },
  'a log likelihood to be minimized': {
    to: 'pinwheel',
    change: lossIs('F.nllLoss($1.logSoftmax(1), $2).neg()'),
    causes: ['wrong-loss-scale/wrong-sign'],
    lines: /const loss|loss\.backward/,
  },
  'gradients turned round': {
    to: 'moon-pairs',
    change: onBackward('for (const p of @model.parameters()) p.grad.neg_();'),
    causes: ['wrong-loss-scale/wrong-sign', 'learning-rate-high'],
    lines: null,
  },
  'maximize left on': {
    to: 'digits-residual',
    change: option('maximize: true'),
    causes: ['wrong-loss-scale/wrong-sign'],
    lines: /new optim\./,
  },
  'targets shuffled apart from inputs': {
    to: 'decay-gru',
    change: all(targetIs('$1.indexSelect(0, randperm($1.shape[0]))'), importing('randperm')),
    causes: NOTHING_LEARNED,
    lines: LOSS,
  },
  'labels late by one sample': {
    to: 'digits-dropout',
    change: targetIs('$1.roll(1, 0)'),
    causes: NOTHING_LEARNED,
    lines: LOSS,
  },
  'classes drawn at random': {
    to: 'pinwheel',
    change: all(targetIs('randint(0, $1.max().item() + 1, $1.shape)'), importing('randint')),
    causes: NOTHING_LEARNED,
    lines: LOSS,
  },
  'inputs of nothing': {
    to: 'digits-residual',
    change: inputIs('$1.mul(0)'),
    causes: [...NOTHING_LEARNED, 'frozen-parameter'],
    lines: GIVEN,
  },
  'inputs drawn at random': {
    to: 'decay-gru',
    change: all(inputIs('randn($1.shape)'), importing('randn')),
    causes: NOTHING_LEARNED,
    lines: GIVEN,
  },
  'letters mixed up': {
    to: 'play-lstm',
    change: all(inputIs('$1.indexSelect(0, randperm($1.shape[0]))'), importing('randperm')),
    causes: NOTHING_LEARNED,
    lines: GIVEN,
  },
  'grey values in the thousands': {
    to: 'digits-dropout digits-vgg',
    change: either(
      swap(/\.div\(16\)\.sub\(0\.5\)\.mul\(2\)/, '.mul(250)'),
      swap(/\.div\(16\)\.reshape/, '.mul(250).reshape'),
    ),
    causes: ['unscaled-input'],
    lines: /Linear\(64, |Conv2d\(1, |mul\(250\)|const loss/,
    repairable: true,
  },
  'inputs around two hundred': {
    to: 'moon-pairs',
    change: swap(/\nconst batches = /, '\nfor (const set of [trainX, testX]) set.add_(200);$&'),
    causes: ['unscaled-input', 'saturated-activation'],
    lines: /Linear\([26], |GRU\(1, |add_\(200\)|const (?:loss|cost)/,
    repairable: true,
  },
  'one measure in other units': {
    to: 'iris-batches concrete',
    change: either(
      swap(/\nconst kinds = /, '\nscaled.select(1, 1).mul_(7000);$&'),
      swap(/\nconst \[trainX, trainY\] = \[mixes/, '\nmixes.select(1, 3).mul_(7000);$&'),
    ),
    causes: ['unscaled-input'],
    lines: /Linear\([46], |mul_\(7000\)|const loss/,
    repairable: true,
  },
  'distances to the number of a class': {
    to: 'iris-batches',
    change: lossIs('$1.sub($2.unsqueeze(1)).abs().mean()'),
    causes: ['wrong-loss-scale', 'loss-plateau'],
    lines: null,
  },
  'a column of answers less a row of targets': {
    to: 'decay-gru',
    change: lossIs('$1.sub($2.squeeze(1)).square().mean()'),
    causes: ['wrong-loss-scale/broadcast'],
    lines: LOSS,
  },
  'logarithms of signed errors': {
    to: 'concrete',
    change: lossIs('$1.sub($2).log().square().mean()'),
    causes: ['non-finite'],
    lines: LOSS,
    repairable: true,
  },
  'errors in percent of black pixels': {
    to: 'digits-denoise',
    change: lossIs('$1.sub($2).div($2).square().mean()'),
    causes: ['non-finite'],
    lines: LOSS,
    repairable: true,
  },
  'a root of exactly 0': {
    to: 'play-lstm',
    change: lossOf('·.add(@model.parameters()[0].mul(0).square().sum().sqrt())'),
    causes: ['non-finite'],
    lines: LOSS,
    repairable: true,
  },
  'entropies of probabilities that round to 0': {
    to: 'pinwheel',
    change: lossOf('·.add(logits.mul(60).softmax(1).mul(logits.mul(60).softmax(1).log()).sum(1).mean().mul(0.01))'),
    causes: ['non-finite'],
    lines: LOSS,
    repairable: true,
  },
  'pixels over deviations of 0': {
    to: 'digits-dropout',
    change: swap(
      /digits\.slice\(1, 0, 64\)\.div\(16\)(?:\.sub\(0\.5\)\.mul\(2\))?/,
      '$&.div(digits.slice(1, 0, 64).std(0))',
    ),
    causes: ['non-finite'],
    lines: null,
  },
  'targets three thousand times as large': {
    to: 'decay-gru',
    change: all(targetIs('$1.mul(3000)'), swap(/(regressor|reader)\(testX\)/, '$1(testX).div(3000)')),
    causes: [...LOW, ...BLOWN_UP, 'wrong-loss-scale'],
    lines: null,
  },
  'sums at a rate for means': {
    to: 'iris-batches',
    change: lossOption("reduction: 'sum'"),
    causes: BLOWN_UP,
    lines: null,
  },
  'a loss of a twenty-thousandth, under descent': {
    to: 'pinwheel',
    change: lossOf('·.div(20000)'),
    causes: LOW,
    lines: /new optim|const loss/,
  },
  'a backward of the wrong sign': {
    to: 'concrete',
    change: all(
      swap(
        /\nconst (?:mlp|regressor) = /,
        `
class Bend extends autograd.Function {
  static forward(context, x) {
    context.saveForBackward(x);
    return x.relu();
  }
  static backward(context, gradient) {
    const [x] = context.savedTensors;
    return gradient.mul(x.gt(0).to('float32')).neg();
  }
}
class Bending extends nn.Module {
  forward(x) {
    return Bend.apply(x);
  }
}$&`,
      ),
      swap(/new nn\.ReLU\(\)/g, 'new Bending()'),
      importing('autograd'),
    ),
    causes: ['gradient-check-failed'],
    lines: /Bend/,
  },
  'a backward that forgets a factor': {
    to: 'digits-vgg',
    change: all(
      swap(
        /\nclass Vgg /,
        `
class Twelfth extends autograd.Function {
  static forward(context, x) {
    return x.mul(12);
  }
  static backward(context, gradient) {
    return gradient.div(12).neg();
  }
}$&`,
      ),
      swap(/this\.head\(code\)/, 'this.head(Twelfth.apply(code))'),
      importing('autograd'),
    ),
    causes: ['gradient-check-failed'],
    lines: /Twelfth/,
  },
  'thirty pictures learned by heart': {
    to: 'digits-residual',
    change: all(
      swap(/randperm\(1320\)\.slice\(0, 0, 44\)/, 'randperm(30)'),
      onStep(
        'if (step % 10 === 9) {',
        '  @model.eval();',
        '  noGrad(() => lossFn(@model(testX), testY));',
        '  @model.train();',
        '}',
      ),
    ),
    causes: ['overfitting'],
    lines: null,
  },
  'a dozen flowers learned by heart': {
    to: 'iris-batches',
    change: all(
      swap(/scaled\.slice\(0, 0, 105\), kinds\.slice\(0, 0, 105\)/, 'scaled.slice(0, 0, 6), kinds.slice(0, 0, 6)'),
      onStep('if (epoch % 2) noGrad(() => F.crossEntropy(@model(testX), testY));'),
    ),
    causes: ['overfitting', 'loss-plateau'],
    lines: null,
  },
  'a maker that helps the critic': {
    to: 'wave-gan',
    change: swap(/makerLoss\.backward\(\)/, 'makerLoss.mul(-1).backward()'),
    causes: ['wrong-loss-scale'],
    lines: /makerLoss/,
  },
  'a maker told to look made': {
    to: 'wave-gan',
    change: swap(/critic\(made\), ones/, 'critic(made), zeros'),
    causes: ['wrong-loss-scale', 'loss-plateau'],
    lines: null,
  },
  'a critic that is told the opposite': {
    to: 'wave-gan',
    change: all(
      swap(/critic\(realPoints\(count\)\), ones/, 'critic(realPoints(count)), zeros'),
      swap(/critic\(made\.detach\(\)\), zeros/, 'critic(made.detach()), ones'),
    ),
    causes: ['wrong-loss-scale', 'loss-plateau'],
    lines: null,
  },
};
