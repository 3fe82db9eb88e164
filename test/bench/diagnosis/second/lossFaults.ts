import { afterUpdate, all, beforeModel, either, importing, lossOf, swap } from '../change.ts';
import type { Faults } from '../faults/fault.ts';
import { LOSS, LOW, NOTHING_LEARNED } from '../faults/right.ts';

/** Faults of losses, labels and data, of the second set. */
export const LOSSES_AND_DATA: Faults = {
  'probabilities for logits': {
    to: 'spirals vit gru',
    change: swap(/F\.crossEntropy\(model\(x\), y\)/, 'F.crossEntropy(F.softmax(model(x), 1), y)'),
    causes: ['double-softmax'],
    lines: LOSS,
    repairable: true,
  },
  'a sigmoid at the end of a model of logits': {
    to: 'circles segmenter',
    change: swap(/(new nn\.(?:Linear\(24, 1\)|Conv2d\(12, 1, 3, \{ padding: 1 \}\)),\n)/, '$1  new nn.Sigmoid(),\n'),
    causes: ['double-softmax'],
    lines: /Sigmoid|const loss/,
    repairable: true,
  },
  'the negative is minimized': {
    to: 'friedman vae spirals',
    change: lossOf('·.mul(-1)'),
    causes: ['wrong-loss-scale/wrong-sign'],
    lines: /const loss|loss\.backward/,
  },
  'labels in another order at every step': {
    to: 'spirals lenet gru factors',
    change: all(
      swap(/(const loss = F\.\w+\(model\(x\), y)\)/, '$1.indexSelect(0, randperm(y.shape[0])))'),
      importing('randperm'),
    ),
    causes: NOTHING_LEARNED,
    lines: LOSS,
  },
  'noise instead of inputs': {
    to: 'deep-tanh accumulator',
    change: all(swap(/(const loss = F\.\w+\(model\()x\)/, '$1randn(x.shape))'), importing('randn')),
    causes: NOTHING_LEARNED,
    lines: LOSS,
  },
  'inputs in thousands': {
    to: 'circles spirals friedman deep-tanh lenet',
    change: either(
      swap(/\.div\(8\)\.sub\(1\)/, '.mul(60)'),
      swap(/(points = made\.x\.sub.*);/, '$1.mul(900).add(2000);'),
      all(swap(/made\.x\.mul\(2\)/, 'made.x.mul(2000)'), swap(/held\.x\.mul\(2\)/, 'held.x.mul(2000)')),
      all(
        swap(/targets = truth\(inputs\)/, 'targets = truth(inputs.clone());\ninputs.mul_(1500).add_(3000)'),
        swap(/model\(held\)/, 'model(held.mul(1500).add(3000))'),
      ),
      swap(/\nconst model/, '\nfor (const one of [x, held.x]) one.mul_(700).add_(1500);\n$&'),
    ),
    causes: ['unscaled-input'],
    lines: /new nn\.(?:Linear\((?:2, 24|2, 64|10, 40|4, 20)|Conv2d\(1, 6)|mul/,
    repairable: true,
  },
  'a logarithm without a guard': {
    to: 'circles',
    change: swap(
      /F\.binaryCrossEntropyWithLogits\(model\(x\), y\)/,
      'y.mul(model(x).mul(90).sigmoid().log()).add(y.neg().add(1).mul(model(x).mul(-90).sigmoid().log())).mean().neg()',
    ),
    causes: ['non-finite'],
    lines: LOSS,
    repairable: true,
  },
  'a norm at nothing': {
    to: 'vae friedman',
    change: lossOf('·.add([...model.parameters()][0].sub([...model.parameters()][0]).square().sum().sqrt())'),
    causes: ['non-finite'],
    lines: LOSS,
  },
  'a row of targets for a column of answers': {
    to: 'friedman accumulator',
    change: swap(/F\.mseLoss\(model\(x\), y\)/, 'model(x).sub(y.squeeze(1)).abs().mean()'),
    causes: ['wrong-loss-scale/broadcast'],
    lines: LOSS,
  },
  'scores for logarithms': {
    to: 'deep-tanh lenet vit',
    change: swap(/F\.crossEntropy\(model\(x\), y\)/, 'F.nllLoss(model(x), y)'),
    causes: ['wrong-loss-scale/missing-softmax'],
    lines: LOSS,
  },
  'probabilities for logarithms': {
    to: 'spirals gru',
    change: swap(/F\.crossEntropy\(model\(x\), y\)/, 'F.nllLoss(model(x).softmax(1), y)'),
    causes: ['wrong-loss-scale/missing-logarithm'],
    lines: LOSS,
  },
  'a softmax over the wrong axis': {
    to: 'lenet deep-tanh vit',
    change: swap(/F\.crossEntropy\(model\(x\), y\)/, 'F.nllLoss(F.logSoftmax(model(x), 0), y)'),
    causes: ['wrong-loss-scale', 'loss-plateau'],
    lines: LOSS,
  },
  'a loss of a ten-thousandth under plain descent': {
    to: 'lenet',
    change: lossOf('·.mul(1e-4)'),
    causes: LOW,
    lines: /new optim|const loss/,
  },
  'twenty samples by heart': {
    to: 'spirals lenet',
    change: all(
      swap(/\(step \* \d+\) % \d+/, '0'),
      swap(/start \+ \d+/g, 'start + 20'),
      afterUpdate('if (step % 12 === 0) noGrad(() => F.crossEntropy(model(heldX), heldY));'),
    ),
    causes: ['overfitting'],
    lines: null,
  },
  'a backward with the wrong sign': {
    to: 'spirals segmenter',
    change: all(
      beforeModel(
        'class Swish extends autograd.Function {',
        '  static forward(context, x) {',
        '    context.saveForBackward(x);',
        '    return x.mul(x.sigmoid());',
        '  }',
        '  static backward(context, gradient) {',
        '    const [x] = context.savedTensors;',
        '    return gradient.mul(x.sigmoid().neg());',
        '  }',
        '}',
        'class OwnSwish extends nn.Module {',
        '  forward(x) {',
        '    return Swish.apply(x);',
        '  }',
        '}',
      ),
      swap(/new nn\.ReLU\(\)/g, 'new OwnSwish()'),
      importing('autograd'),
    ),
    causes: ['gradient-check-failed'],
    lines: /Swish/,
  },
};
