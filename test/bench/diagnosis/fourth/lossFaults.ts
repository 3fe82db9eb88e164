import { afterUpdate, all, beforeModel, either, importing, lossOf, optimizer, swap } from '../change.ts';
import type { Faults } from '../faults/fault.ts';
import { LOSS, LOW, NOTHING_LEARNED } from '../faults/right.ts';

const SCORES = /F\.crossEntropy\((model\((?:x|features)\)(?:\.indexSelect\(0, known\))?), /;

/** Faults of losses, labels and data, of the fourth set. */
export const LOSSES_AND_DATA: Faults = {
  'softmax and its loss': {
    to: 'attending bag distilled',
    change: either(
      swap(SCORES, 'F.crossEntropy($1.softmax(1), '),
      swap(/model\(x\)\.logSoftmax/, 'model(x).softmax(1).logSoftmax'),
    ),
    causes: ['double-softmax'],
    lines: LOSS,
    repairable: true,
  },
  'a sigmoid and its loss': {
    to: 'grades ahead',
    change: swap(/Logits\(model\(x\), y\)/, 'Logits(model(x).sigmoid(), y)'),
    causes: ['double-softmax'],
    lines: LOSS,
    repairable: true,
  },
  'less of the loss': {
    to: 'tracker experts counts attending hyper quantiles',
    change: lossOf('·.mul(-1)'),
    causes: ['wrong-loss-scale/wrong-sign'],
    lines: /const loss|loss\.backward/,
  },
  'an optimizer that climbs': {
    to: 'bag orbit squares',
    change: swap(/(new optim\.\w+\(model\.parameters\(\), \{)/, '$1 maximize: true,'),
    causes: ['wrong-loss-scale/wrong-sign'],
    lines: /new optim\./,
  },
  'the others’ risk less one’s own, the other way round': {
    to: 'survival',
    change: swap(/others\.sub\(risk\)/, 'risk.sub(others)'),
    causes: ['wrong-loss-scale/wrong-sign'],
    lines: LOSS,
  },
  'targets of another sample': {
    to: 'bag experts counts squares ahead grades',
    change: all(
      swap(/(const loss = F\.\w+\(model\(x\), y)\)/, '$1.indexSelect(0, randperm(y.shape[0])))'),
      importing('randperm'),
    ),
    causes: NOTHING_LEARNED,
    lines: LOSS,
  },
  'noise for inputs': {
    to: 'experts counts tracker quantiles grades',
    change: all(swap(/(const loss = (?:F\.)?\w+\(model\()x\)/, '$1randn(x.shape))'), importing('randn')),
    causes: NOTHING_LEARNED,
    lines: LOSS,
  },
  'inputs of several hundred': {
    to: 'siamese distilled quantiles counts experts grades',
    change: either(
      swap(/\.div\(8\)\.sub\(1\)/, '.mul(40)'),
      all(
        swap(/model\(x\), y\)/, 'model(x.mul(300).add(500)), y)'),
        swap(/model\(heldX\)/, 'model(heldX.mul(300).add(500))'),
      ),
    ),
    causes: ['unscaled-input'],
    lines: /new nn\.(?:Linear\((?:2|5|6|64), )|mul\(|loss/,
    repairable: true,
  },
  'the logarithm of no probability': {
    to: 'bag',
    change: swap(/F\.crossEntropy\(model\(x\), y\)/, 'F.nllLoss(model(x).mul(150).softmax(1).log(), y)'),
    causes: ['non-finite'],
    lines: LOSS,
    repairable: true,
  },
  'a distance of nothing': {
    to: 'siamese',
    change: swap(/\.add\(1e-6\)\.sqrt\(\)/, '.sqrt()'),
    causes: ['non-finite'],
    lines: /sqrt\(\)/,
    repairable: true,
  },
  'a root of nothing': {
    to: 'tracker survival hyper',
    change: lossOf('·.add([...model.parameters()][0].mul(0).square().sum().sqrt())'),
    causes: ['non-finite'],
    lines: LOSS,
    repairable: true,
  },
  'a logarithm taken as the number itself': {
    to: 'counts',
    change: swap(/F\.poissonNllLoss\(model\(x\), y\)/, 'F.poissonNllLoss(model(x), y, { logInput: false, eps: 0 })'),
    causes: ['non-finite'],
    lines: LOSS,
  },
  'targets in a row': {
    to: 'experts squares',
    change: swap(/F\.mseLoss\(model\(x\), y\)/, 'model(x).sub(y.squeeze(1)).square().mean()'),
    causes: ['wrong-loss-scale/broadcast'],
    lines: LOSS,
  },
  'scores for logarithms of probabilities': {
    to: 'bag attending',
    change: swap(/F\.crossEntropy\(/, 'F.nllLoss('),
    causes: ['wrong-loss-scale/missing-softmax'],
    lines: LOSS,
  },
  'probabilities for their logarithms': {
    to: 'bag attending',
    change: all(swap(SCORES, 'F.crossEntropy($1.softmax(1), '), swap(/F\.crossEntropy\(/, 'F.nllLoss(')),
    causes: ['wrong-loss-scale/missing-logarithm'],
    lines: LOSS,
  },
  'a softmax across samples': {
    to: 'bag distilled',
    change: either(
      swap(/F\.crossEntropy\(model\(x\), y\)/, 'F.nllLoss(F.logSoftmax(model(x), 0), y)'),
      swap(/\.logSoftmax\(1\)/, '.logSoftmax(0)'),
    ),
    causes: ['wrong-loss-scale', 'loss-plateau'],
    lines: LOSS,
  },
  'next to nothing of the loss, under descent': {
    to: 'tracker bag squares grades',
    change: all(optimizer('SGD({ lr: 0.1, momentum: 0.9 })'), lossOf('·.mul(1e-5)')),
    causes: LOW,
    lines: /new optim|const loss/,
  },
  'a few samples by heart': {
    to: 'bag',
    change: all(
      swap(/\nfor \(let step/, '\nconst few = texts(24);\n$&'),
      swap(/= texts\(64\)/, '= few'),
      swap(/step < 200/, 'step < 300'),
      afterUpdate('if (step % 15 === 0) noGrad(() => F.crossEntropy(model(heldX), heldY));'),
    ),
    causes: ['overfitting'],
    lines: null,
  },
  'a few numbers by heart': {
    to: 'experts',
    change: all(
      swap(/\nfor \(let step/, '\nconst few = drawn(16);\n$&'),
      swap(/= drawn\(96\)/, '= few'),
      swap(/step < 260/, 'step < 500'),
      afterUpdate('if (step % 20 === 0) noGrad(() => F.mseLoss(model(heldX), heldY));'),
    ),
    causes: ['overfitting'],
    lines: null,
  },
  'a backward of twice and the wrong way': {
    to: 'survival attending counts grades',
    change: all(
      beforeModel(
        'class Soft extends autograd.Function {',
        '  static forward(context, x) {',
        '    context.saveForBackward(x);',
        '    return x.mul(x.sigmoid());',
        '  }',
        '  static backward(context, gradient) {',
        '    const [x] = context.savedTensors;',
        '    return gradient.mul(x.sigmoid().mul(-2));',
        '  }',
        '}',
        'class OwnSoft extends nn.Module {',
        '  forward(x) {',
        '    return Soft.apply(x);',
        '  }',
        '}',
      ),
      swap(/new nn\.(?:SiLU|ELU|GELU|Tanh)\(\)/g, 'new OwnSoft()'),
      importing('autograd'),
    ),
    causes: ['gradient-check-failed'],
    lines: /Soft/,
  },
};
