import {
  afterBackward,
  afterUpdate,
  all,
  beforeLoop,
  beforeZeroing,
  everyParameter,
  importing,
  lossOf,
  optimizer,
  rate,
  schedule,
  swap,
} from '../change.ts';
import type { Habits } from '../habits/habit.ts';

const EVERY = 'circles spirals friedman deep-tanh lenet bottleneck gru accumulator vit vae ring-gan segmenter factors';

/** Odd but healthy ways of training, of the second set. */
export const TRAINING: Habits = {
  'as it is': { to: EVERY, change: (text) => text },
  'accumulated over two batches': {
    to: 'gru accumulator factors',
    change: (text) => {
      const batch = /^ *const \[x, y\] = .*\n/m.exec(text.slice(text.indexOf('for (let step')))?.[0] ?? '';
      return swap(
        /( *)optimizer\.zeroGrad\(\);\n *const loss = (.*);\n *loss\.backward\(\);\n/,
        `$1optimizer.zeroGrad();\n$1for (let part = 0; part < 2; part++) {\n  ${batch}$1  const loss = $2.div(2);\n$1  loss.backward();\n$1}\n`,
      )(text.replace(batch, (own, at: number) => (at > text.indexOf('for (let step') ? '' : own)));
    },
  },
  'clipped at a half': {
    to: 'gru accumulator vit',
    change: afterBackward('nn.utils.clipGradNorm_(model.parameters(), 0.5);'),
  },
  'a rate that falls as a cosine': {
    to: 'lenet spirals vit',
    change: schedule('CosineAnnealingLR(optimizer, { tMax: 260 })'),
  },
  'thirty steps of warm-up': {
    to: 'vit bottleneck deep-tanh',
    change: schedule('LinearLR(optimizer, { startFactor: 0.05, totalIters: 30 })'),
  },
  'a polynomial decay': { to: 'segmenter vae', change: schedule('PolynomialLR(optimizer, { totalIters: 280 })') },
  'a cyclic rate': {
    to: 'lenet',
    change: schedule('CyclicLR(optimizer, { baseLr: 0.01, maxLr: 0.15, stepSizeUp: 25 })'),
  },
  'six tenths of the rate': {
    to: 'circles friedman deep-tanh gru vit segmenter',
    change: rate(0.6),
    causes: ['learning-rate-low'],
  },
  'a rate higher by six tenths': {
    to: 'spirals lenet bottleneck accumulator vae factors',
    change: rate(1.6),
    causes: ['learning-rate-high', 'oscillating-loss'],
  },
  'a quarter of the rate': {
    to: 'spirals lenet factors bottleneck',
    change: rate(0.25),
    causes: ['learning-rate-low'],
  },
  'four times the rate': {
    to: 'circles gru deep-tanh vae',
    change: rate(4),
    causes: ['learning-rate-high', 'oscillating-loss'],
  },
  'batches of twelve': {
    to: 'spirals lenet segmenter',
    change: all(swap(/start \+ \d+/g, 'start + 12'), rate(0.6)),
  },
  'four batches in one': { to: 'lenet vit friedman', change: swap(/start \+ \d+/g, 'start + 160') },
  'Adam where it was descent': { to: 'lenet', change: optimizer('Adam({ lr: 0.005 })') },
  'descent where it was Adam': {
    to: 'circles friedman segmenter gru',
    change: optimizer('SGD({ lr: 0.1, momentum: 0.9 })'),
    causes: ['learning-rate-low'],
  },
  'Adagrad for all': {
    to: 'circles spirals factors',
    change: optimizer('Adagrad({ lr: 0.1 })'),
    causes: ['learning-rate-low'],
  },
  Lion: { to: 'spirals', change: optimizer('Lion({ lr: 0.002 })') },
  Rprop: { to: 'circles', change: optimizer('Rprop({ lr: 0.01 })') },
  'Nesterov’s Adam': { to: 'gru vae segmenter', change: optimizer('NAdam({ lr: 0.006 })') },
  'a decay of a ten-thousandth': {
    to: 'lenet friedman circles',
    change: swap(/(new optim\.\w+\(model\.parameters\(\), \{)/, '$1 weightDecay: 1e-4,'),
  },
  'descent with dampening': { to: 'lenet', change: swap(/momentum: 0\.9/, 'momentum: 0.8, dampening: 0.1') },
  'an evaluation every fifteen steps': {
    to: 'spirals lenet gru bottleneck',
    change: afterUpdate(
      'if (step % 15 === 14) {',
      '  model.eval();',
      '  noGrad(() => F.crossEntropy(model(heldX), heldY));',
      '  model.train();',
      '}',
    ),
  },
  'the first layer frozen': {
    to: 'spirals friedman vit',
    change: everyParameter('if (/^(?:0|embed)\\./.test(name)) p.requiresGrad_(false);'),
  },
  'biases with a rate of their own': {
    to: 'circles lenet deep-tanh',
    change: swap(
      /new optim\.(\w+)\(model\.parameters\(\), (\{.*\})\)/,
      'new optim.$1([{ params: model.parameters().filter((p) => p.shape.length > 1) }, { params: model.parameters().filter((p) => p.shape.length < 2), lr: 0.001 }], $2)',
    ),
  },
  'every fifth batch left out': {
    to: 'friedman gru',
    change: swap(/( *)loss\.backward\(\);\n/, '$1if (step % 5 === 4) continue;\n$&'),
  },
  'a new optimizer half way': {
    to: 'spirals vae',
    change: all(swap(/const optimizer = (new optim.*);/, 'let optimizer = $1;'), (text) =>
      beforeZeroing(`if (step === 120) optimizer = ${/let optimizer = (.*);/.exec(text)?.[1]};`)(text),
    ),
  },
  'zeroed twice': { to: 'lenet factors', change: beforeZeroing('model.zeroGrad();') },
  'gradients to null': {
    to: 'circles accumulator',
    change: swap(/optimizer\.zeroGrad\(\)/, 'optimizer.zeroGrad({ setToNone: true })'),
  },
  'a loss times 128, divided again': {
    to: 'friedman segmenter',
    change: all(lossOf('·.mul(128)'), afterBackward('for (const p of model.parameters()) p.grad.div_(128);')),
  },
  'weights averaged on the way': {
    to: 'bottleneck vit',
    change: all(
      beforeLoop('const average = model.parameters().map((p) => p.detach().clone());'),
      afterUpdate('noGrad(() => model.parameters().forEach((p, i) => average[i].mul_(0.9).add_(p.mul(0.1))));'),
    ),
  },
  'a little noise on gradients of all': {
    to: 'spirals lenet accumulator',
    change: all(
      afterBackward('for (const p of model.parameters()) p.grad.add_(randn(p.shape).mul(0.002));'),
      importing('randn'),
    ),
  },
  'stops when it’s good': { to: 'circles spirals', change: afterUpdate('if (loss.item() < 0.08) break;') },
  'half the steps': { to: 'circles lenet factors ring-gan', change: swap(/step < \d+/, 'step < 120') },
  'a slower discriminator': { to: 'ring-gan', change: swap(/(optimizerD = .*lr: )0\.008/, '$10.003') },
};
