import { afterBackward, all, beforeLoop, type Change, either, importing, lossOf, rate, swap } from '../change.ts';
import type { Habits } from '../habits/habit.ts';
import { afterNet, afterStep, held, optimizer, scheduled, withoutZeroing } from './wording.ts';

const EVERY =
  'crescents half-moons ring-tower digit-tower iris-table digits-dense little-cnn vgg shortcuts verse-lstm tide-rnn verse-transformer majority squeeze redraw moon-gan boxes prices curve-fit';

/** Batches so many times as large: slices, what loaders and functions give. */
const batches = (times: number): Change => {
  const scaled = (size: string) => String(Math.round(Number(size) * times));
  return either(
    (text) =>
      /step \* \d+\)/.test(text)
        ? text
            .replace(/step \* (\d+)\)/, (_, size: string) => `step * ${scaled(size)})`)
            .replace(/from \+ (\d+)\)/g, (_, size: string) => `from + ${scaled(size)})`)
        : null,
    (text) =>
      /batchSize: \d+/.test(text)
        ? text.replace(/batchSize: (\d+)/, (_, size: string) => `batchSize: ${scaled(size)}`)
        : null,
    (text) =>
      /\] = \w+\(\d+\);\n {2}opt/.test(text)
        ? text.replace(
            /(\] = \w+\()(\d+)(\);\n {2}opt)/,
            (_, a: string, size: string, b: string) => a + scaled(size) + b,
          )
        : null,
  );
};

const longer = (times: number): Change => {
  const scaled = (count: string) => String(Math.round(Number(count) * times));
  return (text) =>
    text.replace(
      /(for \(let (?:step|epoch) = 0; \w+ < )(\d+)/,
      (_, before: string, count: string) => before + scaled(count),
    );
};

/** Odd but healthy ways of training, of the fifth part. */
export const TRAINING: Habits = {
  'as it is': { to: EVERY, change: (text) => text },
  'two batches to an update': {
    to: 'majority verse-lstm little-cnn',
    change: all(
      beforeLoop('let batch = 0;'),
      swap(
        /( *)opt\.zeroGrad\(\);\n *const loss = (.*);\n *loss\.backward\(\);\n(?: *nn\.utils.*\n)? *opt\.step\(\);\n/,
        '$1const loss = $2.div(2);\n$1loss.backward();\n$1batch++;\n$1if (batch % 2 === 1) continue;\n$1opt.step();\n$1opt.zeroGrad();\n',
      ),
    ),
  },
  'gradients clipped at 1': {
    to: 'boxes shortcuts majority',
    change: afterBackward('nn.utils.clipGradNorm_(net.parameters(), 1);'),
  },
  'every gradient clipped at a tenth': {
    to: 'prices little-cnn crescents',
    change: afterBackward('nn.utils.clipGradValue_(net.parameters(), 0.1);'),
  },
  'a cosine down to 0': {
    to: 'digit-tower majority redraw',
    change: scheduled('CosineAnnealingLR(opt, { tMax: 300 })'),
    causes: ['learning-rate-low'],
  },
  'a cycle of one': {
    to: 'vgg squeeze boxes',
    change: scheduled('OneCycleLR(opt, { maxLr: 0.02, totalSteps: 300 })'),
    causes: ['learning-rate-high', 'learning-rate-low'],
  },
  'forty steps of warming up': {
    to: 'ring-tower verse-lstm crescents',
    change: scheduled('LinearLR(opt, { startFactor: 0.05, totalIters: 40 })'),
  },
  'halved every hundred steps': {
    to: 'boxes squeeze half-moons',
    change: scheduled('StepLR(opt, { stepSize: 100, gamma: 0.5 })'),
  },
  'a little less at every step': {
    to: 'iris-table prices vgg',
    change: scheduled('ExponentialLR(opt, { gamma: 0.995 })'),
    causes: ['learning-rate-low'],
  },
  'a rate of six tenths': {
    to: 'ring-tower shortcuts verse-lstm',
    change: rate(0.6),
    causes: ['learning-rate-low'],
  },
  'a rate of a quarter': {
    to: 'vgg squeeze verse-transformer',
    change: rate(0.25),
    causes: ['learning-rate-low'],
  },
  'half as much again of the rate': {
    to: 'digit-tower boxes redraw',
    change: rate(1.5),
    causes: ['learning-rate-high', 'oscillating-loss'],
  },
  'three times the rate': {
    to: 'crescents verse-lstm shortcuts curve-fit',
    change: rate(3),
    causes: ['learning-rate-high', 'oscillating-loss'],
  },
  'half the batch': { to: 'tide-rnn shortcuts verse-transformer', change: batches(0.5) },
  'twice the batch': { to: 'majority vgg verse-lstm', change: batches(2), causes: ['learning-rate-low'] },
  'a batch of four': { to: 'half-moons prices', change: swap(/batchSize: \d+/, 'batchSize: 4') },
  'momentum in place of Adam': {
    to: 'crescents majority squeeze shortcuts',
    change: optimizer('SGD({ lr: 0.05, momentum: 0.9 })'),
    causes: ['learning-rate-low', 'learning-rate-high', 'loss-plateau'],
  },
  'Adam in place of descent': {
    to: 'digit-tower little-cnn boxes',
    change: optimizer('Adam({ lr: 0.003 })'),
    causes: ['learning-rate-low'],
  },
  'RMSprop in place of Adam': {
    to: 'ring-tower verse-lstm shortcuts curve-fit',
    change: optimizer('RMSprop({ lr: 0.002 })'),
    causes: ['learning-rate-low', 'learning-rate-high'],
  },
  'AdamW and much decay': {
    to: 'digits-dense little-cnn majority',
    change: optimizer('AdamW({ lr: 0.004, weightDecay: 0.3 })'),
  },
  'Adam by Nesterov': { to: 'squeeze tide-rnn iris-table', change: optimizer('NAdam({ lr: 0.005 })') },
  'Adagrad for it': {
    to: 'digits-dense crescents redraw',
    change: optimizer('Adagrad({ lr: 0.04 })'),
    causes: ['learning-rate-low'],
  },
  'momentum by Nesterov': {
    to: 'digit-tower little-cnn boxes',
    change: swap(/momentum: 0\.9 /, 'momentum: 0.9, nesterov: true '),
  },
  amsgrad: {
    to: 'crescents verse-lstm majority',
    change: swap(/(new optim\.Adam\(.*?lr: [\d.]+)/, '$1, amsgrad: true'),
  },
  'slower averages': {
    to: 'tide-rnn prices squeeze',
    change: swap(/(new optim\.Adam\(.*?lr: [\d.]+)/, '$1, betas: [0.95, 0.999]'),
  },
  'a decay of a thousandth': {
    to: 'iris-table boxes half-moons shortcuts',
    change: swap(/(new optim\.\w+\(net\.parameters\(\), \{)/, '$1 weightDecay: 0.001,'),
  },
  'first filters frozen': {
    to: 'boxes redraw vgg',
    change: afterNet('for (const p of net.parameters().slice(0, 2)) p.requiresGrad_(false);'),
  },
  'only what is trained for the optimizer': {
    to: 'little-cnn tide-rnn majority',
    change: all(
      afterNet('net.parameters()[0].requiresGrad_(false);'),
      held('net.parameters().filter((p) => p.requiresGrad)'),
    ),
  },
  'zeroGrad last': {
    to: 'majority boxes redraw verse-transformer',
    change: all(withoutZeroing, afterStep('opt.zeroGrad();')),
  },
  'gradients taken by the network’s own zeroGrad': {
    to: 'ring-tower tide-rnn prices',
    change: swap(/opt\.zeroGrad\(\)/, 'net.zeroGrad()'),
  },
  'the head ten times as fast': {
    to: 'shortcuts verse-lstm majority',
    change: swap(
      /new optim\.Adam\(net\.parameters\(\), \{ lr: ([\d.]+) \}\)/,
      'new optim.Adam([{ params: net.parameters().slice(0, -2), lr: $1 / 10 }, { params: net.parameters().slice(-2) }], { lr: $1 })',
    ),
    causes: ['learning-rate-low'],
  },
  'an average of the weights': {
    to: 'vgg half-moons curve-fit',
    change: all(
      beforeLoop('const averaged = net.parameters().map((p) => p.detach().clone());'),
      afterStep('noGrad(() => net.parameters().forEach((p, i) => averaged[i].lerp_(p, 0.05)));'),
    ),
  },
  'validated now and then': {
    to: 'ring-tower little-cnn digit-tower',
    change: all(
      afterStep('if (step % 30 === 29) {', '  net.eval();', `  noGrad(() => net(xb));`, '  net.train();', '}'),
    ),
  },
  'stopped when good': { to: 'ring-tower curve-fit squeeze', change: afterStep('if (loss.item() < 0.08) break;') },
  'a loss scaled for half precision': {
    to: 'shortcuts majority verse-transformer',
    change: all(lossOf('·.mul(1024)'), afterBackward('for (const p of net.parameters()) p.grad.div_(1024);')),
  },
  'noise on the gradients': {
    to: 'digits-dense half-moons tide-rnn',
    change: all(
      afterBackward('for (const p of net.parameters()) p.grad.add_(randn(p.shape).mul(0.0005));'),
      importing('randn'),
    ),
  },
  'lowered where it stands': {
    to: 'digit-tower crescents prices',
    change: all(
      beforeLoop('const plateau = new optim.ReduceLROnPlateau(opt, { factor: 0.5, patience: 25 });'),
      afterStep('plateau.step(loss.item());'),
    ),
    causes: ['learning-rate-low'],
  },
  'half the steps': { to: 'ring-tower majority squeeze digits-dense', change: longer(0.5) },
  'twice the steps': { to: 'crescents curve-fit iris-table', change: longer(2) },
  'two steps of the discriminator': {
    to: 'moon-gan',
    change: swap(
      /( {2}optD\.step\(\);\n)/,
      '$1  optD.zeroGrad();\n  F.binaryCrossEntropyWithLogits(D(moons(96)), ones([96, 1])).add(F.binaryCrossEntropyWithLogits(D(fake.detach()), zeros([96, 1]))).backward();\n  optD.step();\n',
    ),
  },
  'both as fast': { to: 'moon-gan', change: swap(/(?<=optG = .*lr: )0\.001/, '0.004') },
  'RMSprop for both': {
    to: 'moon-gan',
    change: swap(
      /new optim\.Adam\((\w)\.parameters\(\), \{ lr: ([\d.]+), betas: \[.*?\] \}\)/g,
      'new optim.RMSprop($1.parameters(), { lr: $2 })',
    ),
  },
};
