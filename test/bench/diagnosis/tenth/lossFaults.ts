import { all, either, importing, swap } from '../change.ts';
import type { Faults } from '../faults/fault.ts';
import { HIGH, LOW } from '../faults/right.ts';
import { atTheEnd, COMPARED, charged, judged, lossOption, returned, setting } from './wording.ts';

const BLOWN_UP = [...HIGH, 'exploding-gradient', 'non-finite', 'dead-units', 'saturated-activation'];
const SQUASHED = /[sS]oftmax|const (?:loss|objective|nll)|criterion = /;
const SIGN = /const (?:loss|cost|objective|distance|mse|logLoss|nll) = |neg\(|\.mean\(\);|\.backward/;

/** Faults of losses, of the tenth part. */
export const LOSSES: Faults = {
  'a model that returns softmax to a loss of scores': {
    to: 'digit-trainer drama-lstm',
    change: returned('$1.softmax(-1)'),
    causes: ['double-softmax'],
    lines: SQUASHED,
    repairable: true,
  },
  'a softmax layer at the end': {
    to: 'digits-bn',
    change: atTheEnd('new nn.Softmax(1)'),
    causes: ['double-softmax'],
    lines: SQUASHED,
    repairable: true,
  },
  'a sigmoid ahead of the loss that has one': {
    to: 'rose disc-unet',
    change: either(atTheEnd('new nn.Sigmoid()'), returned('$1.sigmoid()')),
    causes: ['double-softmax'],
    lines: /[sS]igmoid|const loss|criterion = /,
    repairable: true,
  },
  'a discriminator with a sigmoid too many': {
    to: 'lines-gan',
    change: swap(/( *)new nn\.Linear\(48, 1\),\n/, '$&$1new nn.Sigmoid(),\n'),
    causes: ['double-softmax', 'loss-plateau', 'vanishing-gradient'],
    lines: /Sigmoid|const adversarial|adversarial\(/,
    repairable: true,
  },
  'nllLoss without a softmax': {
    to: 'stage-transformer',
    change: judged('F.nllLoss(%answer, %target)'),
    causes: ['wrong-loss-scale/missing-softmax'],
    lines: COMPARED,
  },
  'nllLoss without a logarithm': {
    to: 'border-tower',
    change: all(judged('F.nllLoss(%answer.softmax(1), %target)'), importing('F')),
    causes: ['wrong-loss-scale/missing-logarithm'],
    lines: /const loss|softmax/,
  },
  'softmax along the wrong axis': {
    to: 'iris-full spiral-depth conv-gap',
    change: either(
      swap(/scores\.logSoftmax\(1\)/, 'scores.logSoftmax(0)'),
      judged('F.nllLoss(%answer.logSoftmax(0), %target)'),
    ),
    causes: ['wrong-loss-scale', 'loss-plateau'],
    lines: /logSoftmax|const (?:loss|objective)/,
  },
  'minus the loss': {
    to: 'identity-resnet stage-transformer',
    change: charged('·.neg()'),
    causes: ['wrong-loss-scale/wrong-sign'],
    lines: SIGN,
    repairable: true,
  },
  'a minus that was forgotten': {
    to: 'moon-matmul',
    change: swap(/\.mean\(\)\.neg\(\);/, '.mean();'),
    causes: ['wrong-loss-scale/wrong-sign'],
    lines: SIGN,
    repairable: true,
  },
  'an optimizer told to maximize': {
    to: 'drama-lstm',
    change: setting('maximize: true'),
    causes: ['wrong-loss-scale/wrong-sign'],
    lines: /maximize|\.backward|const loss|hp = |options = /,
    repairable: true,
  },
  'one column less in the target': {
    to: 'forecast-gru',
    change: judged('%answer.sub(%target.squeeze(1)).square().mean()'),
    causes: ['wrong-loss-scale/broadcast'],
    lines: COMPARED,
  },
  'a row of answers against a column of classes': {
    to: 'moon-matmul',
    change: judged('%answer.flatten().sigmoid().sub(%target).square().mean()'),
    causes: ['wrong-loss-scale/broadcast'],
    lines: COMPARED,
  },
  'errors relative to what may be 0': {
    to: 'forecast-gru',
    change: judged('%answer.sub(%target).div(%target).square().mean()'),
    causes: [...BLOWN_UP, 'wrong-loss-scale', 'loss-plateau'],
    lines: COMPARED,
  },
  'errors of logarithms of negative numbers': {
    to: 'pitch-rnn',
    change: judged('%answer.log().sub(%target.add(2).log()).square().mean()'),
    causes: ['non-finite'],
    lines: COMPARED,
    repairable: true,
  },
  'the norm of a difference that is 0': {
    to: 'drama-lstm',
    change: charged('·.add(%answer.sub(%answer).square().sum().sqrt())'),
    causes: ['non-finite'],
    lines: COMPARED,
    repairable: true,
  },
  'a softmax by hand, unprotected': {
    to: 'digits-bn',
    change: judged(
      '%answer.mul(90).exp().div(%answer.mul(90).exp().sum(1, { keepdim: true })).gather(1, %target.unsqueeze(1)).log().mean().neg()',
    ),
    causes: ['non-finite', 'wrong-loss-scale'],
    lines: COMPARED,
    repairable: true,
  },
  'powers that overflow': {
    to: 'projectile',
    change: judged('%answer.sub(%target).mul(1000).pow(8).mean()'),
    causes: ['non-finite', 'exploding-gradient', 'wrong-loss-scale', ...HIGH],
    lines: null,
  },
  'a sum where the rate was for a mean': {
    to: 'rose spiral-depth identity-resnet',
    change: either(
      lossOption("reduction: 'sum'"),
      swap(/new nn\.BCEWithLogitsLoss\(\)/, "new nn.BCEWithLogitsLoss({ reduction: 'sum' })"),
    ),
    causes: BLOWN_UP,
    lines: null,
  },
  'a loss that hardly counts': {
    to: 'rose',
    change: charged('·.mul(1e-5)'),
    causes: LOW,
    lines: /new optim|const loss|\.backward/,
  },
  'a loss that counts five hundred times': {
    to: 'spiral-depth',
    change: charged('·.mul(500)'),
    causes: [...BLOWN_UP, 'wrong-loss-scale'],
    lines: null,
  },
  'errors with their signs': {
    to: 'pitch-rnn',
    change: judged('%answer.sub(%target).mean()'),
    causes: [...BLOWN_UP, 'wrong-loss-scale', 'loss-plateau'],
    lines: COMPARED,
  },
  'the error rate for a loss': {
    to: 'iris-full',
    change: judged("%answer.argmax(1).ne(%target).to('float32').mean().add(%answer.mul(0).sum())"),
    causes: ['frozen-parameter', 'vanishing-gradient', 'loss-plateau', 'wrong-loss-scale'],
    lines: null,
  },
  'a penalty that rules': {
    to: 'border-tower',
    change: charged('·.add(%model.parameters().map((p) => p.square().sum()).reduce((a, b) => a.add(b)).mul(2))'),
    causes: ['loss-plateau', 'wrong-loss-scale'],
    lines: null,
  },
  'a penalty of absolute weights that rules': {
    to: 'rose',
    change: charged('·.add(%model.parameters().map((p) => p.abs().sum()).reduce((a, b) => a.add(b)).mul(0.3))'),
    causes: ['loss-plateau', 'wrong-loss-scale'],
    lines: null,
  },
  'a tanh by hand with a slope that grows': {
    to: 'iris-full',
    change: all(
      swap(
        /\nclass Flowers /,
        `
class OwnTanh extends autograd.Function {
  static forward(context, x) {
    const y = x.tanh();
    context.saveForBackward(y);
    return y;
  }
  static backward(context, gradient) {
    const [y] = context.savedTensors;
    return gradient.mul(y.square().add(1)).neg();
  }
}$&`,
      ),
      swap(/F\.tanh\(/g, 'OwnTanh.apply('),
      importing('autograd'),
    ),
    causes: ['gradient-check-failed'],
    lines: /OwnTanh/,
  },
  'a ReLU by hand that stops what it should pass': {
    to: 'disc-unet',
    change: all(
      swap(
        /\nclass UNet /,
        `
class OwnRelu extends autograd.Function {
  static forward(context, x) {
    context.saveForBackward(x);
    return x.relu();
  }
  static backward(context, gradient) {
    const [x] = context.savedTensors;
    return gradient.mul(x.le(0).to('float32'));
  }
}$&`,
      ),
      swap(/F\.relu\(/g, 'OwnRelu.apply('),
      importing('autograd'),
    ),
    causes: ['gradient-check-failed'],
    lines: /OwnRelu/,
  },
  'squares by hand whose gradient has no sign': {
    to: 'arm',
    change: all(
      swap(
        /\nclass ArmModel /,
        `
class OwnSquare extends autograd.Function {
  static forward(context, x) {
    context.saveForBackward(x);
    return x.square();
  }
  static backward(context, gradient) {
    const [x] = context.savedTensors;
    return gradient.mul(x.abs()).mul(2);
  }
}$&`,
      ),
      judged('OwnSquare.apply(%answer.sub(%target)).mean()'),
      importing('autograd'),
    ),
    causes: ['gradient-check-failed'],
    lines: /OwnSquare/,
  },
  'the generator wants to be found out': {
    to: 'lines-gan',
    change: swap(/(gLoss = .*\(made\), )ones/, '$1zeros'),
    causes: ['wrong-loss-scale', 'loss-plateau'],
    lines: /gLoss/,
  },
  'the discriminator wants to be deceived': {
    to: 'lines-gan',
    change: swap(/(onMade = .*, )zeros/, '$1ones'),
    causes: ['wrong-loss-scale', 'loss-plateau', 'vanishing-gradient'],
    lines: null,
  },
  'the discriminator’s loss turned round': {
    to: 'lines-gan',
    change: swap(/onReal\.add\(onMade\)\.div\(2\)/, '$&.neg()'),
    causes: ['wrong-loss-scale/wrong-sign', 'exploding-gradient'],
    lines: /dLoss/,
    repairable: true,
  },
};
