import { afterUpdate, all, either, importing, lossOf, swap } from '../change.ts';
import type { Faults } from '../faults/fault.ts';
import { HIGH, LOW, NOTHING_LEARNED } from '../faults/right.ts';
import { answer, descentOption, input, LOSS, last, lossIs, option, target } from './wording.ts';

/** The same numbers in other units, wherever a program has them: a factor for all inputs. */
const inUnitsOf = (factor: number) =>
  either(
    swap(/\nconst loader = (?=.*trainSet\.x)/, `\nfor (const set of [trainSet, testSet]) set.x.mul_(${factor});$&`),
    swap(/X\.sub\(X\.mean\(0\)\)\.div\(X\.std\(0\)\)/, `X.mul(${factor})`),
    swap(/\nconst \[trainX, trainY\] = \[features/, `\nfeatures.mul_(${factor});$&`),
    swap(/\n\nclass (?=Classifier)/, `\nfor (const points of [trainX, testX]) points.mul_(${factor});$&`),
  );

/** Faults of losses, labels and data, of the sixth part. */
export const LOSSES_AND_DATA: Faults = {
  'a model that ends in softmax': {
    to: 'digits-conv',
    change: last('new nn.Softmax(1)', '.softmax(1)'),
    causes: ['double-softmax'],
    lines: /const loss|softmax/,
    repairable: true,
  },
  'a softmax between answer and loss': {
    to: 'digits-norm char-gru',
    change: all(answer('F.softmax($1, 1)'), importing('F')),
    causes: ['double-softmax'],
    lines: LOSS,
    repairable: true,
  },
  'a probability for a logit': {
    to: 'two-moons spot-detector',
    change: either(answer('$1.sigmoid()'), swap(/WithLogits\(score, /, 'WithLogits(score.sigmoid(), ')),
    causes: ['double-softmax'],
    lines: /const (?:loss|objectLoss)/,
    repairable: true,
  },
  'a likelihood of raw scores': {
    to: 'digits-relu rows-rnn',
    change: either(
      swap(/F\.logSoftmax\((this\.fc4\(x\)), 1\)/, '$1'),
      swap(/nn\.CrossEntropyLoss/, 'nn.NLLLoss'),
      lossIs('F.nllLoss($1, $2)'),
    ),
    causes: ['wrong-loss-scale/missing-softmax'],
    lines: LOSS,
  },
  'a likelihood of probabilities': {
    to: 'xor resnet-v2',
    change: either(swap(/F\.logSoftmax\(/, 'F.softmax('), lossIs('F.nllLoss($1.softmax(1), $2)')),
    causes: ['wrong-loss-scale/missing-logarithm'],
    lines: LOSS,
  },
  'probabilities over the samples': {
    to: 'digits-relu blob-tower',
    change: either(
      swap(/F\.logSoftmax\((this\.fc4\(x\)), 1\)/, 'F.logSoftmax($1, 0)'),
      lossIs('F.nllLoss($1.logSoftmax(0), $2)'),
    ),
    causes: ['wrong-loss-scale', 'loss-plateau'],
    lines: LOSS,
  },
  'a last sigmoid forgotten': {
    to: 'moon-tower conv-ae',
    change: either(swap(/, new nn\.Sigmoid\(\)/, ''), swap(/\.sigmoid\(\);/, ';')),
    causes: ['non-finite', 'wrong-loss-scale'],
    lines: null,
  },
  'a loss times minus one': {
    to: 'two-moons rows-attention',
    change: lossOf('·.mul(-1)'),
    causes: ['wrong-loss-scale/wrong-sign'],
    lines: /const loss|loss\.backward/,
  },
  'a likelihood without its minus': {
    to: 'digits-relu xor',
    change: lossIs('$1.logSoftmax(1).mul(F.oneHot($2, $1.shape[1])).sum(1).mean()'),
    causes: ['wrong-loss-scale/wrong-sign'],
    lines: /const loss|loss\.backward/,
  },
  'an optimizer told to climb': {
    to: 'conv-bn compress',
    change: option('maximize: true'),
    causes: ['wrong-loss-scale/wrong-sign'],
    lines: /new optim\./,
  },
  'labels in another order than pictures': {
    to: 'rows-attention digits-norm',
    change: all(target('$1.indexSelect(0, randperm($1.shape[0]))'), importing('randperm')),
    causes: NOTHING_LEARNED,
    lines: LOSS,
  },
  'labels back to front': {
    to: 'conv-bn energy',
    change: target('$1.flip(0)'),
    causes: NOTHING_LEARNED,
    lines: LOSS,
  },
  'labels by lot': {
    to: 'digits-relu rows-rnn',
    change: all(target('randint(0, 10, $1.shape)'), importing('randint')),
    causes: NOTHING_LEARNED,
    lines: LOSS,
  },
  'noise in place of inputs': {
    to: 'digits-conv sine-lstm',
    change: all(input('randn($1.shape)'), importing('randn')),
    causes: NOTHING_LEARNED,
    lines: /const \w+ = model|const loss/,
  },
  'inputs that are all alike': {
    to: 'two-moons iris-split',
    change: all(input('onesLike($1)'), importing('onesLike')),
    causes: NOTHING_LEARNED,
    lines: /const \w+ = model|const loss/,
  },
  'pixels in the hundreds': {
    to: 'resnet-v2',
    change: swap(
      /table\.slice\(1, 0, 64\)\.(?:sub\(8\)\.div\(8\)|div\(16\)(?:\.sub\(0\.3\)\.div\(0\.38\))?)/,
      'table.slice(1, 0, 64).mul(40)',
    ),
    causes: ['unscaled-input', 'saturated-activation'],
    lines: /Linear\(64, |Conv2d\(1, |RNN\(|mul\(40\)|const loss/,
    repairable: true,
  },
  'inputs in the thousands': {
    to: 'xor',
    change: inUnitsOf(2500),
    causes: ['unscaled-input', 'saturated-activation'],
    lines: /new nn\.Linear\([248], |mul_?\(2500\)|const loss/,
    repairable: true,
  },
  'one column in other units': {
    to: 'iris-split tabular-resnet',
    change: either(
      swap(/\nconst species = /, '\nfeatures.select(1, 2).mul_(4000);$&'),
      swap(/\nconst \[trainX, trainY\] = \[features/, '\nfeatures.select(1, 4).mul_(4000);$&'),
      swap(/\n\nclass ResidualBlock/, '\nfor (const set of [trainX, testX]) set.select(1, 2).mul_(4000);$&'),
    ),
    causes: ['unscaled-input'],
    lines: /new nn\.Linear\([458], |mul_\(4000\)|const loss/,
    repairable: true,
  },
  'divided by deviations of 0': {
    to: 'digits-norm rows-attention',
    change: swap(
      /table\.slice\(1, 0, 64\)\.(?:sub\(8\)\.div\(8\)|div\(16\)|div\(8\)\.sub\(1\))/,
      'table.slice(1, 0, 64).div(table.slice(1, 0, 64).std(0))',
    ),
    causes: ['non-finite'],
    lines: null,
  },
  'differences of logarithms': {
    to: 'tabular-resnet sine-lstm',
    change: lossIs('$1.log().sub($2.log()).square().mean()'),
    causes: ['non-finite'],
    lines: LOSS,
    repairable: true,
  },
  'relative errors of what is 0': {
    to: 'compress conv-ae',
    change: lossIs('$1.sub($2).div($2).abs().mean()'),
    causes: ['non-finite'],
    lines: LOSS,
    repairable: true,
  },
  'the length of nothing': {
    to: 'rows-attention two-moons',
    change: lossOf('·.add(logits.sub(logits).square().sum(1).sqrt().mean())'),
    causes: ['non-finite'],
    lines: LOSS,
    repairable: true,
  },
  'every answer with every target': {
    to: 'energy tabular-resnet',
    change: lossIs('$1.sub($2.flatten()).abs().mean()'),
    causes: ['wrong-loss-scale/broadcast'],
    lines: LOSS,
  },
  'numbers of classes as values': {
    to: 'digits-relu iris-split',
    change: lossIs('$1.sub($2.unsqueeze(1)).square().mean()'),
    causes: ['wrong-loss-scale', 'loss-plateau'],
    lines: null,
  },
  'one batch over and over': {
    to: 'rows-rnn resnet-v2',
    change: all(
      swap(/const from = .*;/, 'const from = 0;'),
      swap(/from \+ (?:64|40)/g, 'from + 24'),
      afterUpdate(
        'if (step % 15 === 0) {',
        '  model.eval();',
        '  noGrad(() => F.crossEntropy(model(held), heldLabels));',
        '  model.train();',
        '}',
      ),
      either(swap(/testRows, testLabels/, 'held, heldLabels'), swap(/testX, testY/, 'held, heldLabels')),
      (text) => text.replace(/model\(test\w+\)\.argmax\(1\)\.eq\(test\w+\)/, 'model(held).argmax(1).eq(heldLabels)'),
      importing('F'),
    ),
    causes: ['overfitting'],
    lines: null,
  },
  'a mask the wrong way round in backward': {
    to: 'compress conv-bn',
    change: all(
      swap(
        /\nconst (?:model|encoder) = /,
        `
class Rectify extends autograd.Function {
  static forward(context, x) {
    context.saveForBackward(x);
    return x.relu();
  }
  static backward(context, gradient) {
    const [x] = context.savedTensors;
    return gradient.mul(x.le(0).to('float32'));
  }
}
class Rectifier extends nn.Module {
  forward(x) {
    return Rectify.apply(x);
  }
}$&`,
      ),
      swap(/new nn\.ReLU\(\)/g, 'new Rectifier()'),
      importing('autograd'),
    ),
    causes: ['gradient-check-failed'],
    lines: /Rectif/,
  },
  'targets a hundred times as large': {
    to: 'sine-lstm tabular-resnet',
    change: all(target('$1.mul(100)'), swap(/model\(testX\)/, 'model(testX).div(100)')),
    causes: [...HIGH, ...LOW, 'exploding-gradient', 'non-finite', 'wrong-loss-scale'],
    lines: null,
  },
  'a sum under the rate of a mean': {
    to: 'energy xor',
    change: either(
      swap(/new nn\.MSELoss\(\)/, "new nn.MSELoss({ reduction: 'sum' })"),
      swap(/(const loss = F\.\w+\(\w+, \w+)\)/, "$1, { reduction: 'sum' })"),
    ),
    causes: [...HIGH, 'exploding-gradient', 'non-finite', 'dead-units', 'saturated-activation'],
    lines: null,
  },
  'a loss divided by fifty thousand': {
    to: 'blob-tower conv-bn',
    change: lossOf('·.div(50000)'),
    causes: LOW,
    lines: /new optim|const loss/,
  },
  'gradients of a loss without momentum, divided by the size of the set': {
    to: 'digits-relu energy',
    change: all(lossOf('·.div(1350)'), descentOption('dampening: 0.5')),
    causes: LOW,
    lines: /new optim|const loss/,
  },
  'a generator’s loss of the wrong sign': {
    to: 'curve-gan',
    change: swap(/lossG\.backward\(\)/, 'lossG.neg().backward()'),
    causes: ['wrong-loss-scale'],
    lines: /lossG/,
  },
  'scores for probabilities in a GAN': {
    to: 'curve-gan',
    change: swap(/\.sigmoid\(\);/, ';'),
    causes: ['non-finite', 'wrong-loss-scale'],
    lines: null,
  },
};
