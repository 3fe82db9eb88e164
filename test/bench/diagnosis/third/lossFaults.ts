import { all, beforeModel, either, importing, lossOf, swap } from '../change.ts';
import type { Faults } from '../faults/fault.ts';
import { LOSS, LOW, NOTHING_LEARNED } from '../faults/right.ts';

const ANSWERS =
  /(F\.crossEntropy|criterion)\(((?:model|answers)\(\w+\)(?:\.flatten\(0, 1\)|\.indexSelect\(0, known\))?), /;

/** Faults of losses, labels and data, of the third set. */
export const LOSSES_AND_DATA: Faults = {
  'softmax here and in the loss': {
    to: 'sets graph epochs chars by-hand reverser',
    change: swap(ANSWERS, '$1($2.softmax(1), '),
    causes: ['double-softmax'],
    lines: LOSS,
    repairable: true,
  },
  'a sigmoid before the logits': {
    to: 'phrases ranker',
    change: either(
      swap(/Logits\(model\(x\), y\)/, 'Logits(model(x).sigmoid(), y)'),
      swap(/Logits\(model\(a\)\.sub\(model\(b\)\), first\)/, 'Logits(model(a).sub(model(b)).sigmoid(), first)'),
    ),
    causes: ['double-softmax'],
    lines: LOSS,
    repairable: true,
  },
  'the loss with a minus': {
    to: 'denoiser forecaster graph chars',
    change: lossOf('·.mul(-1)'),
    causes: ['wrong-loss-scale/wrong-sign'],
    lines: /const loss|loss\.backward/,
  },
  'maximized by the optimizer': {
    to: 'sets epochs diffusion',
    change: swap(/(new optim\.\w+\(model\.parameters\(\), \{)/, '$1 maximize: true,'),
    causes: ['wrong-loss-scale/wrong-sign'],
    lines: /new optim\./,
  },
  'the labels of other samples': {
    to: 'sets phrases epochs reverser chars',
    change: all(
      either(
        swap(/(const loss = .*), y\.flatten\(\)\)/, '$1, y.flatten().indexSelect(0, randperm(y.flatten().shape[0])))'),
        swap(/(const loss = .*), y\)/, '$1, y.indexSelect(0, randperm(y.shape[0])))'),
      ),
      importing('randperm'),
    ),
    causes: NOTHING_LEARNED,
    lines: LOSS,
  },
  'inputs that are nothing but noise': {
    to: 'denoiser field diffusion forecaster',
    change: all(swap(/(const loss = F\.\w+\(model\()x\)/, '$1randn(x.shape))'), importing('randn')),
    causes: NOTHING_LEARNED,
    lines: LOSS,
  },
  'data as they come, in hundreds': {
    to: 'by-hand policy two-heads ranker denoiser',
    change: either(
      swap(/raw\.sub\(raw\.mean\(0\)\)\.div\(raw\.std\(0\)\)/, 'raw.mul(200)'),
      swap(/made\.x\.sub\(made\.x\.mean\(0\)\)\.div\(made\.x\.std\(0\)\)/, 'made.x.mul(200).add(1000)'),
      swap(/slice\(1, 0, 64\)\.div\(8\)\.sub\(1\)/, 'slice(1, 0, 64).mul(50)'),
      swap(/\[x\.slice\(0, from, half\), x\.slice\(0, half, to\)\]/, '$&.map((t) => t.mul(400).add(800))'),
      all(
        swap(/model\(x\), y\)/, 'model(x.mul(500).add(700)), y)'),
        swap(/model\(heldX\)/, 'model(heldX.mul(500).add(700))'),
      ),
    ),
    causes: ['unscaled-input'],
    lines: /new nn\.(?:Linear\((?:3|64|6), |Conv2d\(1, )|mul\(|loss/,
    repairable: true,
  },
  'the logarithm of a probability of 0': {
    to: 'by-hand sets',
    change: swap(/F\.crossEntropy\(((?:model|answers)\(x\)), y\)/, 'F.nllLoss($1.mul(150).softmax(1).log(), y)'),
    causes: ['non-finite'],
    lines: LOSS,
    repairable: true,
  },
  'widths that may be 0': {
    to: 'mixture',
    change: swap(/div\(widths\.exp\(\)\)/, 'div(widths.relu())'),
    causes: ['non-finite'],
    lines: /div\(widths/,
    repairable: true,
  },
  'a root that has no slope': {
    to: 'forecaster equation',
    change: lossOf('·.add([...model.parameters()][0].mul(0).square().sum().sqrt())'),
    causes: ['non-finite'],
    lines: LOSS,
    repairable: true,
  },
  'a column less a row': {
    to: 'field gridworld',
    change: either(
      swap(/F\.mseLoss\(model\(x\), y\)/, 'model(x).sub(y.squeeze(1)).square().mean()'),
      swap(
        /F\.mseLoss\(model\(x\)\.mul\(chosen\)\.sum\(1\), y\)/,
        'model(x).mul(chosen).sum(1, { keepdim: true }).sub(y).square().mean()',
      ),
    ),
    causes: ['wrong-loss-scale/broadcast'],
    lines: LOSS,
  },
  'scores for log-likelihoods': {
    to: 'sets graph chars by-hand',
    change: swap(/F\.crossEntropy\(/, 'F.nllLoss('),
    causes: ['wrong-loss-scale/missing-softmax'],
    lines: LOSS,
  },
  'probabilities for log-likelihoods': {
    to: 'reverser graph',
    change: all(swap(ANSWERS, '$1($2.softmax(1), '), swap(/F\.crossEntropy\(/, 'F.nllLoss(')),
    causes: ['wrong-loss-scale/missing-logarithm'],
    lines: LOSS,
  },
  'a hundred-thousandth of the loss, under descent': {
    to: 'epochs two-heads by-hand',
    change: lossOf('·.mul(1e-5)'),
    causes: LOW,
    lines: /new optim|const loss/,
  },
  'a handful of samples by heart': {
    to: 'epochs',
    change: all(
      swap(
        /images\.slice\(0, 0, 1280\), labels\.slice\(0, 0, 1280\)/,
        'images.slice(0, 0, 25), labels.slice(0, 0, 25)',
      ),
      swap(/ {2}return noGrad\(\(\) => /, '  noGrad(() => criterion(model(heldX), heldY));\n$&'),
      swap(/epoch < 6/, 'epoch < 180'),
    ),
    causes: ['overfitting'],
    lines: null,
  },
  'a backward that forgets half': {
    to: 'ranker sets',
    change: all(
      beforeModel(
        'class Bend extends autograd.Function {',
        '  static forward(context, x) {',
        '    context.saveForBackward(x);',
        '    return x.tanh();',
        '  }',
        '  static backward(context, gradient) {',
        '    const [x] = context.savedTensors;',
        '    return gradient.mul(x.tanh().square().sub(1));',
        '  }',
        '}',
        'class OwnBend extends nn.Module {',
        '  forward(x) {',
        '    return Bend.apply(x);',
        '  }',
        '}',
      ),
      swap(/new nn\.(?:ELU|GELU)\(\)/, 'new OwnBend()'),
      importing('autograd'),
    ),
    causes: ['gradient-check-failed'],
    lines: /Bend/,
  },
  'rewards of the wrong sign': {
    to: 'policy',
    change: swap(/\.mean\(\)\.neg\(\)/, '.mean()'),
    causes: ['wrong-loss-scale/wrong-sign'],
    lines: LOSS,
  },
};
