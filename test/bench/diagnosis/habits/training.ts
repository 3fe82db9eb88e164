import {
  afterBackward,
  afterUpdate,
  all,
  beforeLoop,
  beforeZeroing,
  type Change,
  either,
  everyParameter,
  importing,
  lossOf,
  optimizer,
  rate,
  schedule,
  swap,
} from '../change.ts';
import type { Habits } from './habit.ts';

const EVERY =
  'moons iris regression digits-mlp digits-cnn plain-cnn resnet deep-mlp rnn lstm transformer words autoencoder gan detector';
const unchanged: Change = (text) => text;

const accumulate = (times: number): Change =>
  all(
    swap(
      /( *)const \[x, y\] = .*\n *optimizer\.zeroGrad\(\);\n *const loss = (.*);\n *loss\.backward\(\);\n/,
      '$1optimizer.zeroGrad();\n$1for (let part = 0; part < TIMES; part++) {\n BATCH$1  const loss = $2.div(TIMES);\n$1  loss.backward();\n$1}\n',
    ),
    swap(/TIMES/g, String(times)),
  );
/** A batch is split into parts, whose gradients add up. */
const accumulated: Change = (text) => {
  const batch = /^ *const \[x, y\] = .*\n/m.exec(text.slice(text.indexOf('for (let step')))?.[0];
  return batch ? (accumulate(3)(text)?.replace(' BATCH', `  ${batch}`) ?? null) : null;
};
/** Odd but healthy ways of training: optimizers, schedules, loops. */
export const TRAINING: Habits = {
  'as it is': { to: EVERY, change: unchanged },
  'accumulated over three batches': { to: 'regression digits-mlp transformer', change: accumulated },
  'accumulated over four steps': {
    to: 'digits-mlp',
    change: all(
      swap(/ *optimizer\.zeroGrad\(\);\n/, ''),
      lossOf('·.div(4)'),
      swap(
        / {2}optimizer\.step\(\);/,
        '  if (step % 4 === 3) {\n    optimizer.step();\n    optimizer.zeroGrad();\n  }',
      ),
    ),
  },
  'a frozen first layer': {
    to: 'digits-mlp words plain-cnn',
    change: everyParameter('if (/^(?:0|embedding|conv1|token)\\./.test(name)) p.requiresGrad_(false);'),
  },
  'a frozen body': {
    to: 'digits-mlp regression',
    change: everyParameter('if (!/^(?:2|4)\\./.test(name)) p.requiresGrad_(false);'),
  },
  'weight decay': { to: 'moons regression resnet', change: swap(/momentum: 0\.9/, 'momentum: 0.9, weightDecay: 1e-3') },
  'clipped gradients': {
    to: 'lstm transformer rnn',
    change: afterBackward('nn.utils.clipGradNorm_(model.parameters(), 1);'),
  },
  'tightly clipped gradients under Adam': {
    to: 'digits-mlp autoencoder',
    change: afterBackward('nn.utils.clipGradNorm_(model.parameters(), 1e-3);'),
  },
  'a warm-up': {
    to: 'transformer lstm digits-cnn',
    change: schedule('LinearLR(optimizer, { startFactor: 0.01, totalIters: 50 })'),
  },
  'warm restarts': {
    to: 'moons digits-cnn',
    change: schedule('CosineAnnealingWarmRestarts(optimizer, { t0: 50 })'),
  },
  'one cycle': {
    to: 'digits-mlp',
    change: schedule('OneCycleLR(optimizer, { maxLr: optimizer.paramGroups[0].lr * 2, totalSteps: 260 })'),
  },
  'a drop of the rate': {
    to: 'regression lstm',
    change: schedule('StepLR(optimizer, { stepSize: 120, gamma: 0.1 })'),
  },
  'an evaluation now and then': {
    to: 'digits-cnn digits-mlp',
    change: afterUpdate(
      'if (step % 20 === 19) {',
      '  model.eval();',
      '  noGrad(() => F.crossEntropy(model(heldX), heldY));',
      '  model.train();',
      '}',
    ),
  },
  'a rate three times lower': {
    to: 'digits-mlp autoencoder detector',
    change: rate(0.33),
    causes: ['learning-rate-low'],
  },
  'a rate ten times lower': { to: 'moons words', change: rate(0.1), causes: ['learning-rate-low'] },
  'a rate three times higher': {
    to: 'moons regression iris digits-cnn',
    change: rate(3),
    causes: ['learning-rate-high', 'oscillating-loss'],
  },
  'huge batches': {
    to: 'digits-mlp regression digits-cnn',
    change: swap(/start \+ (?:64|32)/g, 'start + 320'),
  },
  'small batches': {
    to: 'digits-mlp lstm plain-cnn',
    change: all(swap(/start \+ (?:64|32)/g, 'start + 8'), rate(0.5)),
  },
  RMSprop: { to: 'lstm', change: optimizer('RMSprop({ lr: 0.002 })') },
  'plain gradient descent': {
    to: 'digits-mlp iris',
    change: either(
      all(swap(/mseLoss/, 'mseLoss'), optimizer('SGD({ lr: 1, momentum: 0.9 })')),
      optimizer('SGD({ lr: 0.2, momentum: 0.9 })'),
    ),
  },
  Adagrad: { to: 'moons', change: optimizer('Adagrad({ lr: 0.1 })') },
  'two optimizers for one model': {
    to: 'words',
    change: all(
      swap(
        /const optimizer = new optim\.Adam\(model\.parameters\(\), (\{.*\})\);/,
        'const optimizer = new optim.Adam(model.parameters().slice(2), $1);\nconst first = new optim.Adam(model.parameters().slice(0, 2), $1);',
      ),
      swap(/optimizer\.step\(\);/, 'optimizer.step();\n  first.step();\n  first.zeroGrad();'),
    ),
  },
  'a group with a rate of its own': {
    to: 'digits-mlp',
    change: swap(
      /new optim\.Adam\(model\.parameters\(\), (\{.*\})\)/,
      'new optim.Adam([{ params: model.parameters().slice(0, 2), lr: 1e-4 }, { params: model.parameters().slice(2) }], $1)',
    ),
  },
  'the model’s own zeroGrad': { to: 'moons', change: swap(/optimizer\.zeroGrad/, 'model.zeroGrad') },
  'zeroed after the update': {
    to: 'iris transformer',
    change: all(swap(/ *optimizer\.zeroGrad\(\);\n/, ''), afterUpdate('optimizer.zeroGrad();')),
  },
  'trained until nothing is left': { to: 'iris', change: all(swap(/step < 220/, 'step < 600'), rate(2)) },
  'a slow start': {
    to: 'digits-cnn',
    change: beforeZeroing('optimizer.paramGroups[0].lr = step < 30 ? 1e-6 : 0.003;'),
  },
  'two steps of the discriminator': {
    to: 'gan',
    change: swap(
      /( {2}optimizerD\.zeroGrad\(\);[\s\S]*?optimizerD\.step\(\);\n)/,
      '  for (let again = 0; again < 2; again++) {\n$1  }\n',
    ),
  },
  'a GAN under RMSprop': {
    to: 'gan',
    change: swap(
      /optim\.Adam\((\w+)\.parameters\(\), \{ lr: 0\.005, betas: \[0\.5, 0\.999\] \}/g,
      'optim.RMSprop($1.parameters(), { lr: 0.003 }',
    ),
  },
  'stops itself early': { to: 'iris', change: afterUpdate('if (loss.item() < 0.05) break;') },

  'Nesterov’s momentum': {
    to: 'moons regression resnet',
    change: swap(/momentum: 0\.9/, 'momentum: 0.9, nesterov: true'),
  },
  'half the rate': {
    to: 'iris lstm transformer words plain-cnn autoencoder rnn resnet',
    change: rate(0.5),
    causes: ['learning-rate-low'],
  },
  'twice the rate': {
    to: 'transformer words autoencoder detector rnn deep-mlp plain-cnn lstm',
    change: rate(2),
    causes: ['learning-rate-high', 'oscillating-loss'],
  },
  AMSGrad: { to: 'iris words autoencoder', change: swap(/(new optim\.Adam\(model.*?lr: [\d.]+)/, '$1, amsgrad: true') },
  NAdam: { to: 'digits-mlp autoencoder', change: optimizer('NAdam({ lr: 0.003 })') },
  RAdam: { to: 'iris digits-mlp', change: optimizer('RAdam({ lr: 0.02 })') },
  Adamax: { to: 'digits-mlp words', change: optimizer('Adamax({ lr: 0.01 })') },
  Lion: { to: 'digits-mlp digits-cnn', change: optimizer('Lion({ lr: 0.001 })') },
  'clipped values': {
    to: 'lstm rnn transformer plain-cnn',
    change: afterBackward('nn.utils.clipGradValue_(model.parameters(), 0.1);'),
  },
  'no momentum, and a higher rate': {
    to: 'moons regression resnet',
    change: all(swap(/, momentum: 0\.9/, ''), rate(6)),
  },
  'averaged weights beside': {
    to: 'digits-mlp iris resnet',
    change: all(
      beforeLoop('const average = model.parameters().map((p) => p.detach().clone());'),
      afterUpdate('noGrad(() => model.parameters().forEach((p, i) => average[i].mul_(0.95).add_(p.mul(0.05))));'),
    ),
  },
  'a scaled loss, and gradients scaled back': {
    to: 'regression lstm resnet',
    change: all(lossOf('·.mul(1024)'), afterBackward('for (const p of model.parameters()) p.grad.div_(1024);')),
  },
  'unfrozen on the way': {
    to: 'digits-mlp plain-cnn words',
    change: beforeZeroing(
      'if (step === 0) for (const p of model.parameters().slice(0, 2)) p.requiresGrad_(false);',
      'if (step === 60) for (const p of model.parameters().slice(0, 2)) p.requiresGrad_(true);',
    ),
  },
  'updates by hand': {
    to: 'moons regression',
    change: swap(/optimizer\.step\(\);/, 'noGrad(() => model.parameters().forEach((p) => p.sub_(p.grad.mul(0.2))));'),
  },
  'a rate lowered on a plateau': {
    to: 'iris regression',
    change: all(
      beforeLoop('const schedule = new optim.ReduceLROnPlateau(optimizer, { patience: 20 });'),
      afterUpdate('schedule.step(loss.item());'),
    ),
  },
  'a little noise on the gradients': {
    to: 'moons words digits-cnn',
    change: all(
      afterBackward('for (const p of model.parameters()) p.grad.add_(randn(p.shape).mul(0.003));'),
      importing('randn'),
    ),
  },
  'an evaluation by another loss': {
    to: 'regression autoencoder iris',
    change: afterUpdate(
      'if (step % 25 === 24) {',
      '  model.eval();',
      '  noGrad(() => model(x).sub(0.5).abs().mean().item());',
      '  model.train();',
      '}',
    ),
  },
  'the gradient of another quantity now and then': {
    to: 'regression digits-mlp',
    change: beforeZeroing('if (step % 20 === 10) model(x).square().sum().backward();'),
  },
  'fewer steps': { to: 'digits-mlp moons lstm autoencoder', change: swap(/step < 2[024]0/, 'step < 130') },
};
