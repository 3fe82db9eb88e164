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

const EVERY =
  'denoiser ranker policy gridworld diffusion reverser chars forecaster field graph mixture sets two-heads equation epochs by-hand phrases';

/** Odd but healthy ways of training, of the third set. */
export const TRAINING: Habits = {
  'as it is': { to: EVERY, change: (text) => text },
  'three batches before an update': {
    to: 'chars sets forecaster diffusion',
    change: (text) => {
      const loop = text.indexOf('for (let step');
      const batch = /^ *const \[x, y\] = .*\n/m.exec(text.slice(loop))?.[0] ?? '';
      return swap(
        /( *)optimizer\.zeroGrad\(\);\n *const loss = (.*);\n *loss\.backward\(\);\n/,
        `$1optimizer.zeroGrad();\n$1for (let part = 0; part < 3; part++) {\n  ${batch}$1  const loss = $2.div(3);\n$1  loss.backward();\n$1}\n`,
      )(text.replace(batch, (own, at: number) => (at > loop ? '' : own)));
    },
  },
  'clipped at 1': {
    to: 'diffusion reverser forecaster mixture',
    change: afterBackward('nn.utils.clipGradNorm_(model.parameters(), 1);'),
  },
  'a cosine to 0': { to: 'denoiser epochs sets', change: schedule('CosineAnnealingLR(optimizer, { tMax: 270 })') },
  'forty steps to warm up': {
    to: 'diffusion chars two-heads',
    change: schedule('LinearLR(optimizer, { startFactor: 0.02, totalIters: 40 })'),
  },
  'one cycle': { to: 'two-heads', change: schedule('OneCycleLR(optimizer, { maxLr: 0.06, totalSteps: 270 })') },
  'half the rate after half the way': {
    to: 'field mixture ranker',
    change: schedule('StepLR(optimizer, { stepSize: 120, gamma: 0.5 })'),
  },
  'two thirds of the rate': {
    to: 'denoiser chars graph policy epochs',
    change: rate(2 / 3),
    causes: ['learning-rate-low'],
  },
  'half as much rate again': {
    to: 'sets reverser field gridworld forecaster',
    change: rate(1.5),
    causes: ['learning-rate-high', 'oscillating-loss'],
  },
  'a third of the rate': {
    to: 'denoiser ranker phrases two-heads equation',
    change: rate(1 / 3),
    causes: ['learning-rate-low'],
  },
  'three times the rate': {
    to: 'denoiser by-hand mixture diffusion epochs',
    change: rate(3),
    causes: ['learning-rate-high', 'oscillating-loss'],
  },
  'a third of the batch': {
    to: 'denoiser chars two-heads',
    change: all(
      (text) =>
        text.replace(/start \+ \d+|excerpts\(24\)/g, (own) => (own.startsWith('start') ? 'start + 14' : 'excerpts(8)')),
      rate(0.6),
    ),
    causes: ['learning-rate-low'],
  },
  'plain descent instead': {
    to: 'sets ranker graph phrases field',
    change: optimizer('SGD({ lr: 0.1, momentum: 0.9 })'),
    causes: ['learning-rate-low', 'loss-plateau'],
  },
  RAdam: { to: 'sets reverser', change: optimizer('RAdam({ lr: 0.01 })') },
  Adamax: { to: 'denoiser diffusion', change: optimizer('Adamax({ lr: 0.01 })') },
  'Adam after all': { to: 'epochs two-heads', change: optimizer('Adam({ lr: 0.004 })') },
  'RMSprop with momentum': { to: 'graph equation', change: optimizer('RMSprop({ lr: 0.002, momentum: 0.5 })') },
  'averaged descent': { to: 'epochs', change: optimizer('ASGD({ lr: 0.1 })') },
  'a decay of a thousandth': {
    to: 'sets mixture epochs by-hand',
    change: swap(/(new optim\.\w+\((?:model\.parameters\(\)|\[.*\]), \{)/, '$1 weightDecay: 1e-3,'),
  },
  'an embedding that stays': {
    to: 'chars phrases reverser',
    change: everyParameter('if (/^embedding/.test(name)) p.requiresGrad_(false);'),
  },
  'a first layer that stays': {
    to: 'denoiser gridworld epochs two-heads',
    change: everyParameter('if (/^(?:outer|0|0\\.0|trunk\\.0)\\.(?:weight|bias)/.test(name)) p.requiresGrad_(false);'),
  },
  'zeroed behind the update': {
    to: 'sets chars epochs',
    change: all(swap(/ *optimizer\.zeroGrad\(\);\n/, ''), afterUpdate('optimizer.zeroGrad();')),
  },
  'a slower body': {
    to: 'policy two-heads sets',
    change: swap(
      /new optim\.(\w+)\(model\.parameters\(\), (\{.*\})\)/,
      'new optim.$1([{ params: model.parameters().slice(0, 4), lr: 0.002 }, { params: model.parameters().slice(4) }], $2)',
    ),
  },
  'an average kept': {
    to: 'denoiser diffusion',
    change: all(
      beforeLoop('const average = model.parameters().map((p) => p.detach().clone());'),
      afterUpdate('noGrad(() => model.parameters().forEach((p, i) => average[i].mul_(0.95).add_(p.mul(0.05))));'),
    ),
  },
  'gradients with a little noise': {
    to: 'ranker chars epochs',
    change: all(
      afterBackward('for (const p of model.parameters()) p.grad.add_(randn(p.shape).mul(0.001));'),
      importing('randn'),
    ),
  },
  'enough is enough': { to: 'sets field by-hand', change: afterUpdate('if (loss.item() < 0.05) break;') },
  'two thirds of the steps': {
    to: 'graph reverser equation phrases',
    change: (text) =>
      text.replace(/step < (\d+)/, (_, steps: string) => `step < ${Math.round((2 * Number(steps)) / 3)}`),
  },
  'an evaluation now and then': {
    to: 'sets denoiser chars phrases',
    change: afterUpdate(
      'if (step % 20 === 19) {',
      '  model.eval();',
      '  noGrad(() => model(heldX));',
      '  model.train();',
      '}',
    ),
  },
  'times 1024 and back': {
    to: 'reverser forecaster field',
    change: all(lossOf('·.mul(1024)'), afterBackward('for (const p of model.parameters()) p.grad.div_(1024);')),
  },
  'one batch in seven left out': {
    to: 'diffusion policy',
    change: swap(/( *)loss\.backward\(\);\n/, '$1if (step % 7 === 6) continue;\n$&'),
  },
  'null for 0': {
    to: 'graph epochs mixture',
    change: swap(/optimizer\.zeroGrad\(\)/, 'optimizer.zeroGrad({ setToNone: true })'),
  },
  'two optimizers for one model': {
    to: 'two-heads phrases',
    change: all(
      swap(
        /const optimizer = new optim\.(\w+)\(model\.parameters\(\), (\{.*\})\);/,
        'const optimizer = new optim.$1(model.parameters().slice(0, 4), $2);\nconst second = new optim.$1(model.parameters().slice(4), $2);',
      ),
      beforeZeroing('second.zeroGrad();'),
      afterUpdate('second.step();'),
    ),
  },
  'a target at every step': { to: 'gridworld', change: swap(/step % 15 === 14/, 'step % 2 === 1') },
  'a target that follows slowly': {
    to: 'gridworld',
    change: swap(
      /if \(step % 15 === 14\) .*;/,
      'noGrad(() => target.parameters().forEach((p, i) => p.mul_(0.9).add_(model.parameters()[i].mul(0.1))));',
    ),
  },
};
