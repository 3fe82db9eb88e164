import {
  afterBackward,
  afterUpdate,
  all,
  beforeLoop,
  beforeZeroing,
  type Change,
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
  'siamese tracker quantiles tasks attending bag grades survival hyper experts ahead membrane orbit counts distilled squares';

/** So many times as large a batch, in the loop. */
const batches =
  (times: number): Change =>
  (text) =>
    text.replace(
      /(\n {2}const (?:\[.*\]|\{.*\}) = \w+\()(\d+)/,
      (_, before: string, size: string) => `${before}${Math.round(times * Number(size))}`,
    );

const steps =
  (times: number): Change =>
  (text) =>
    text.replace(/step < (\d+)/, (_, count: string) => `step < ${Math.round(times * Number(count))}`);

/** Odd but healthy ways of training, of the fourth set. */
export const TRAINING: Habits = {
  'as it is': { to: EVERY, change: (text) => text },
  'an update after every second batch': {
    to: 'tracker bag experts counts orbit',
    change: swap(
      /( {2}const \[x, y\] = .*\n) {2}optimizer\.zeroGrad\(\);\n {2}const loss = (.*);\n {2}loss\.backward\(\);\n {2}optimizer\.step\(\);\n/,
      '$1  const loss = $2.div(2);\n  loss.backward();\n  if (step % 2 === 0) continue;\n  optimizer.step();\n  optimizer.zeroGrad();\n',
    ),
  },
  'clipped at a half': {
    to: 'hyper tracker ahead siamese',
    change: afterBackward('nn.utils.clipGradNorm_(model.parameters(), 0.5);'),
  },
  'a cosine to nothing': {
    to: 'quantiles squares tasks grades',
    change: schedule('CosineAnnealingLR(optimizer, { tMax: 280 })'),
    causes: ['learning-rate-low'],
  },
  'thirty steps to warm up': {
    to: 'attending survival orbit distilled',
    change: schedule('LinearLR(optimizer, { startFactor: 0.02, totalIters: 30 })'),
  },
  'a third of the rate after two thirds of the way': {
    to: 'counts hyper membrane experts',
    change: schedule('StepLR(optimizer, { stepSize: 160, gamma: 0.33 })'),
  },
  'a rate of 0.7': {
    to: 'tracker bag experts tasks squares survival',
    change: rate(0.7),
    causes: ['learning-rate-low'],
  },
  'a rate of 1.6': {
    to: 'quantiles siamese orbit ahead hyper counts',
    change: rate(1.6),
    causes: ['learning-rate-high', 'oscillating-loss'],
  },
  'a rate of 0.3': { to: 'bag tracker attending grades counts', change: rate(0.3), causes: ['learning-rate-low'] },
  'a rate of 2.8': {
    to: 'quantiles experts counts distilled tasks',
    change: rate(2.8),
    causes: ['learning-rate-high', 'oscillating-loss'],
  },
  'a quarter of the batch': { to: 'experts counts quantiles grades bag', change: batches(0.25) },
  'three times the batch': { to: 'experts quantiles counts ahead', change: batches(3) },
  RMSprop: { to: 'siamese squares tracker', change: optimizer('RMSprop({ lr: 0.003 })') },
  'rectified Adam': { to: 'counts quantiles', change: optimizer('RAdam({ lr: 0.01 })'), causes: ['learning-rate-low'] },
  NAdam: { to: 'bag survival hyper', change: optimizer('NAdam({ lr: 0.006 })') },
  Adamax: { to: 'experts orbit', change: optimizer('Adamax({ lr: 0.015 })') },
  Adagrad: { to: 'bag distilled squares', change: optimizer('Adagrad({ lr: 0.05 })'), causes: ['learning-rate-low'] },
  Lion: { to: 'counts tracker', change: optimizer('Lion({ lr: 0.001 })'), causes: ['learning-rate-low'] },
  'descent with momentum': {
    to: 'counts quantiles siamese survival tracker squares',
    change: optimizer('SGD({ lr: 0.03, momentum: 0.9 })'),
    causes: ['learning-rate-low', 'learning-rate-high', 'loss-plateau'],
  },
  'Nesterov’s way': {
    to: 'distilled',
    change: swap(/momentum: 0\.9/, 'momentum: 0.9, nesterov: true'),
  },
  'a little decay': {
    to: 'siamese hyper grades experts',
    change: swap(/(new optim\.\w+\(model\.parameters\(\), \{)/, '$1 weightDecay: 1e-3,'),
  },
  'words that stay as they are': {
    to: 'bag',
    change: everyParameter('if (/^words/.test(name)) p.requiresGrad_(false);'),
    causes: ['loss-plateau', 'learning-rate-low', 'frozen-parameter'],
  },
  'first weights that stay as they are': {
    to: 'squares siamese tasks distilled survival',
    change: everyParameter('if (/^(?:0|conv1|body\\.0|first)\\.(?:weight|bias)/.test(name)) p.requiresGrad_(false);'),
  },
  'zeroed after its update': {
    to: 'bag orbit counts siamese',
    change: all(swap(/ *optimizer\.zeroGrad\(\);\n/, ''), afterUpdate('optimizer.zeroGrad();')),
  },
  'the first layers slower': {
    to: 'tasks hyper survival counts',
    change: swap(
      /new optim\.(\w+)\(model\.parameters\(\), \{ lr: ([\d.]+) \}\)/,
      'new optim.$1([{ params: model.parameters().slice(0, 2), lr: 0.001 }, { params: model.parameters().slice(2) }], { lr: $2 })',
    ),
    causes: ['learning-rate-low'],
  },
  'a moving average beside': {
    to: 'experts siamese',
    change: all(
      beforeLoop('const average = model.parameters().map((p) => p.detach().clone());'),
      afterUpdate('noGrad(() => model.parameters().forEach((p, i) => average[i].mul_(0.98).add_(p.mul(0.02))));'),
    ),
  },
  'slopes with some noise': {
    to: 'counts ahead grades',
    change: all(
      afterBackward('for (const p of model.parameters()) p.grad.add_(randn(p.shape).mul(0.001));'),
      importing('randn'),
    ),
  },
  'ends when it is good': { to: 'tracker orbit hyper', change: afterUpdate('if (loss.item() < 0.05) break;') },
  'looks at what it hasn’t seen': {
    to: 'bag experts counts squares tracker',
    change: afterUpdate(
      'if (step % 25 === 24) {',
      '  model.eval();',
      '  noGrad(() => model(heldX));',
      '  model.train();',
      '}',
    ),
  },
  'times 512 and back': {
    to: 'tracker quantiles ahead',
    change: all(lossOf('·.mul(512)'), afterBackward('for (const p of model.parameters()) p.grad.div_(512);')),
  },
  'one batch of six skipped': {
    to: 'orbit bag',
    change: swap(/( *)loss\.backward\(\);\n/, '$1if (step % 6 === 5) continue;\n$&'),
  },
  'no gradients in between': {
    to: 'attending hyper tasks',
    change: swap(/optimizer\.zeroGrad\(\)/, 'optimizer.zeroGrad({ setToNone: true })'),
  },
  'an optimizer for each half': {
    to: 'tasks siamese quantiles',
    change: all(
      swap(
        /const optimizer = new optim\.(\w+)\(model\.parameters\(\), (\{.*\})\);/,
        'const optimizer = new optim.$1(model.parameters().slice(0, 4), $2);\nconst second = new optim.$1(model.parameters().slice(4), $2);',
      ),
      beforeZeroing('second.zeroGrad();'),
      afterUpdate('second.step();'),
    ),
  },
  'three quarters of the steps': { to: 'orbit hyper counts distilled', change: steps(0.75) },
  'half as many steps again': { to: 'bag grades survival quantiles', change: steps(1.5) },
};
