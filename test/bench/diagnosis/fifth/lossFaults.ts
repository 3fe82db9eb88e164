import { afterBackward, all, either, importing, lossOf, swap } from '../change.ts';
import type { Faults } from '../faults/fault.ts';
import { NOTHING_LEARNED } from '../faults/right.ts';
import { afterStep, answer, LOSS, targets } from './wording.ts';

/** Faults of losses, labels and data, of the fifth part. */
export const LOSSES_AND_DATA: Faults = {
  'softmax under cross entropy': {
    to: 'half-moons verse-lstm shortcuts',
    change: answer('$1.softmax(1)'),
    causes: ['double-softmax'],
    lines: LOSS,
    repairable: true,
  },
  'a softmax layer under cross entropy': {
    to: 'vgg digits-dense',
    change: swap(/(new nn\.Linear\(\d+, 10\),\n)/, '$1  new nn.Softmax(1),\n'),
    causes: ['double-softmax'],
    lines: /const loss|Softmax/,
    repairable: true,
  },
  'a sigmoid under the loss of logits': {
    to: 'ring-tower',
    change: answer('$1.sigmoid()'),
    causes: ['double-softmax'],
    lines: LOSS,
    repairable: true,
  },
  'no sigmoid': {
    to: 'crescents squeeze',
    change: either(swap(/\.sigmoid\(\);/, ';'), swap(/, new nn\.Sigmoid\(\)/, '')),
    causes: ['non-finite', 'wrong-loss-scale'],
    lines: null,
  },
  'no log softmax': {
    to: 'iris-table',
    change: swap(/ *new nn\.LogSoftmax\(1\),\n/, ''),
    causes: ['wrong-loss-scale/missing-softmax'],
    lines: LOSS,
  },
  'softmax for log softmax': {
    to: 'iris-table',
    change: swap(/nn\.LogSoftmax\(1\)/, 'nn.Softmax(1)'),
    causes: ['wrong-loss-scale/missing-logarithm'],
    lines: LOSS,
  },
  'log softmax over samples': {
    to: 'iris-table',
    change: swap(/nn\.LogSoftmax\(1\)/, 'nn.LogSoftmax(0)'),
    causes: ['wrong-loss-scale', 'loss-plateau'],
    lines: LOSS,
  },
  'a minus too many': {
    to: 'ring-tower majority squeeze',
    change: lossOf('·.neg()'),
    causes: ['wrong-loss-scale/wrong-sign'],
    lines: /const loss|loss\.backward/,
  },
  'told to maximize': {
    to: 'digits-dense redraw half-moons',
    change: swap(/(new optim\.\w+\(net\.parameters\(\), \{)/, '$1 maximize: true,'),
    causes: ['wrong-loss-scale/wrong-sign'],
    lines: /new optim\./,
  },
  'labels shuffled': {
    to: 'half-moons vgg majority',
    change: all(targets('$1.indexSelect(0, randperm($1.shape[0]))'), importing('randperm')),
    causes: NOTHING_LEARNED,
    lines: LOSS,
  },
  'labels of the next sample': {
    to: 'little-cnn iris-table',
    change: targets('$1.roll(1, 0)'),
    causes: NOTHING_LEARNED,
    lines: LOSS,
  },
  'inputs lost': {
    to: 'iris-table little-cnn digits-dense',
    change: swap(/(?<=const loss = [\w.]+\(net\()xb/, 'xb.mul(0)'),
    causes: NOTHING_LEARNED,
    lines: LOSS,
  },
  'pixels up to 255': {
    to: 'digit-tower vgg shortcuts',
    change: either(swap(/\.div\(16\)/, '.mul(16)'), swap(/\.div\(8\)\.sub\(1\)/, '.mul(16)')),
    causes: ['unscaled-input'],
    lines: /Linear\(64, |Conv2d\(1, |convolved|mul\(16\)|const loss/,
    repairable: true,
  },
  'features in the thousands': {
    to: 'iris-table half-moons',
    change: either(
      swap(/measured\.sub\(measured\.mean\(0\)\)\.div\(measured\.std\(0\)\)/, 'measured.mul(400)'),
      all(
        swap(/new data\.TensorDataset\(houses,/, 'new data.TensorDataset(houses.mul(1500),'),
        swap(/net\(testX\)/, 'net(testX.mul(1500))'),
      ),
      all(
        swap(/new data\.TensorDataset\(points\.x,/, 'new data.TensorDataset(points.x.mul(1000),'),
        swap(/net\(test\.x\)/, 'net(test.x.mul(1000))'),
      ),
    ),
    causes: ['unscaled-input'],
    lines: /new nn\.Linear\([246], |mul\(|const loss/,
    repairable: true,
  },
  'pixels that never vary, standardized': {
    to: 'digits-dense digit-tower',
    change: swap(
      /csv\.slice\(1, 0, 64\)\.div\((?:16|8)\)(?:\.sub\(1\))?/,
      'csv.slice(1, 0, 64).sub(csv.slice(1, 0, 64).mean(0)).div(csv.slice(1, 0, 64).std(0))',
    ),
    causes: ['non-finite', 'unscaled-input'],
    lines: null,
  },
  'a logarithm of what may be negative': {
    to: 'prices curve-fit',
    change: all(targets('$1.exp()'), answer('$1.log()')),
    causes: ['non-finite'],
    lines: LOSS,
  },
  'a root of an error of 0': {
    to: 'tide-rnn redraw',
    change: lossOf('·.add(xb.sub(xb).square().sum().add(net.parameters()[0].mul(0).sum()).sqrt())'),
    causes: ['non-finite'],
    lines: LOSS,
    repairable: true,
  },
  'a column less a row': {
    to: 'curve-fit prices tide-rnn',
    change: swap(/const loss = .*;/, 'const loss = net(xb).sub(yb.squeeze(1)).square().mean();'),
    causes: ['wrong-loss-scale/broadcast'],
    lines: LOSS,
  },
  'forty pictures by heart': {
    to: 'little-cnn vgg',
    change: all(
      swap(/% 1400;/, '% 40;'),
      swap(/from \+ (?:40|35)/g, 'from + 20'),
      swap(/step \* (?:40|35)/, 'step * 20'),
      afterStep(
        'if (step % 20 === 0) {',
        '  net.eval();',
        '  noGrad(() => F.crossEntropy(net(testX), testY));',
        '  net.train();',
        '}',
      ),
      importing('F'),
    ),
    causes: ['overfitting'],
    lines: null,
  },
  'a backward of another function': {
    to: 'half-moons prices curve-fit',
    change: all(
      swap(
        /\nconst net = /,
        `
class Bend extends autograd.Function {
  static forward(context, x) {
    context.saveForBackward(x);
    return x.div(x.abs().add(1));
  }
  static backward(context, gradient) {
    const [x] = context.savedTensors;
    return gradient.mul(x.abs().add(1).neg());
  }
}
class Softsign extends nn.Module {
  forward(x) {
    return Bend.apply(x);
  }
}
const net = `,
      ),
      swap(/new nn\.(?:ReLU|Tanh)\(\)/, 'new Softsign()'),
      importing('autograd'),
    ),
    causes: ['gradient-check-failed'],
    lines: /Bend|Softsign/,
  },
  'gradients turned to noise': {
    to: 'prices little-cnn',
    change: all(
      afterBackward('for (const p of net.parameters()) p.grad = randn(p.shape).mul(0.05);'),
      importing('randn'),
    ),
    causes: [],
    lines: null,
  },
  'the discriminator’s labels for the generator': {
    to: 'moon-gan',
    change: swap(/D\(fake\), ones/, 'D(fake), zeros'),
    causes: ['wrong-loss-scale'],
    lines: /errG =/,
  },
};
