import { all, type Change, importing, rate, swap } from '../change.ts';
import type { Habits } from '../habits/habit.ts';
import {
  adamOption,
  ahead,
  behindModel,
  clearing,
  each,
  held,
  lossOf,
  named,
  onBackward,
  onStep,
  optimizerIs,
  option,
  scheduled,
  stepping,
} from './wording.ts';

const EVERY =
  'moon-pairs pinwheel nested-rings iris-batches digits-dropout digits-vgg digits-residual play-lstm decay-gru play-attention digits-denoise wave-gan bar-detector concrete';
const EITHER = ['learning-rate-low', 'learning-rate-high'];

/** Batches so many times as large: of loaders, of slices, of what functions draw. */
const batches =
  (times: number): Change =>
  (text) => {
    const scaled = (_: string, before: string, size: string) => before + Math.round(Number(size) * times);
    const changed = text
      .replace(/(batchSize: )(\d+)/, scaled)
      .replace(/(randperm\(\d+\)\.slice\(0, 0, )(\d+)/, scaled)
      .replace(/((?:start|at) \+=? ?)(\d+)/g, scaled)
      .replace(/(step \* )(\d+)/, scaled)
      .replace(/(= draw\()(\d+)(?=\);\n {2})/, scaled)
      .replace(/(const count = )(\d+)/, scaled);
    return changed === text ? null : changed;
  };

/** So many times as many epochs or steps. */
const longer =
  (times: number): Change =>
  (text) =>
    text.replace(
      /(\nfor \(let (?:step|epoch) = 0; \w+ < )(\d+)/,
      (_, before: string, count: string) => before + Math.round(Number(count) * times),
    );

/** Odd but healthy ways of training, of the seventh part. */
export const TRAINING: Habits = {
  'as it is': { to: EVERY, change: (text) => text },
  'three batches to an update': {
    to: 'play-lstm',
    change: all(
      ahead('let seen = 0;'),
      lossOf('·.div(3)'),
      clearing('if (seen % 3 === 0) @optimizer.zeroGrad();'),
      stepping('if (++seen % 3 === 0) @optimizer.step();'),
    ),
    causes: ['learning-rate-low'],
  },
  'halves of a batch, one after the other': {
    to: 'digits-dropout',
    change: swap(
      /( *)const (\w+) = (\w+)\((\w+)\);\n *const loss = ([\w.]+)\(\2, (\w+)\);\n *loss\.backward\(\);\n/,
      '$1const targets = $6.chunk(2);\n$1$4.chunk(2).forEach((half, i) => {\n$1  const loss = $5($3(half), targets[i]).mul(0.5);\n$1  loss.backward();\n$1});\n',
    ),
  },
  'clipped by a norm of one': {
    to: 'pinwheel',
    change: onBackward('nn.utils.clipGradNorm_(@model.parameters(), 1);'),
    causes: ['learning-rate-low'],
  },
  'clipped by a thousandth, under Adam': {
    to: 'nested-rings',
    change: onBackward('nn.utils.clipGradNorm_(@model.parameters(), 0.001);'),
    causes: ['learning-rate-low'],
  },
  'each gradient within a fifth': {
    to: 'iris-batches',
    change: onBackward('nn.utils.clipGradValue_(@model.parameters(), 0.2);'),
    causes: ['learning-rate-low'],
  },
  'no clipping of the recurrence': { to: 'play-lstm', change: swap(/ *nn\.utils\.clipGradNorm_.*\n/, '') },
  'warm restarts every sixty steps': {
    to: 'digits-residual',
    change: scheduled('CosineAnnealingWarmRestarts(@optimizer, { t0: 60 })'),
    causes: ['learning-rate-low'],
  },
  'a half cosine': {
    to: 'play-attention',
    change: scheduled('CosineAnnealingLR(@optimizer, { tMax: 320 })'),
    causes: ['learning-rate-low'],
  },
  'a cycle of rates': {
    to: 'pinwheel',
    change: scheduled('OneCycleLR(@optimizer, { maxLr: 0.1, totalSteps: 300 })'),
    causes: EITHER,
  },
  'rates up and down': {
    to: 'iris-batches',
    change: scheduled('CyclicLR(@optimizer, { baseLr: 0.02, maxLr: 0.12, stepSizeUp: 25 })'),
    causes: EITHER,
  },
  'thirty-five steps of warming up': {
    to: 'play-attention',
    change: scheduled('LinearLR(@optimizer, { startFactor: 0.01, totalIters: 35 })'),
    causes: ['learning-rate-low'],
  },
  'a rate that falls to nothing by a polynomial': {
    to: 'bar-detector',
    change: scheduled('PolynomialLR(@optimizer, { totalIters: 230, power: 2 })'),
    causes: ['learning-rate-low'],
  },
  'a quarter after half of the training': {
    to: 'digits-denoise',
    change: scheduled('StepLR(@optimizer, { stepSize: 150, gamma: 0.25 })'),
    causes: ['learning-rate-low'],
  },
  'a rate of one over the root': {
    to: 'decay-gru',
    change: scheduled('LambdaLR(@optimizer, (step) => 1 / Math.sqrt(1 + step / 25))'),
    causes: ['learning-rate-low'],
  },
  'without a plan for the rate': { to: 'concrete', change: swap(/ *schedule\.step\(\);\n/, '') },
  'less where the loss stands still': {
    to: 'digits-vgg',
    change: all(
      ahead('const watched = new optim.ReduceLROnPlateau(@optimizer, { factor: 0.5, patience: 40 });'),
      onStep('watched.step(@loss.item());'),
    ),
    causes: ['learning-rate-low'],
  },
  'five eighths of the rate': { to: 'bar-detector', change: rate(0.625), causes: ['learning-rate-low'] },
  'two ninths of the rate': { to: 'digits-dropout', change: rate(0.222), causes: ['learning-rate-low'] },
  'a tenth of the rate': { to: 'moon-pairs', change: rate(0.1), causes: ['learning-rate-low'] },
  'one and a half times the rate': { to: 'play-lstm', change: rate(1.5), causes: ['learning-rate-high'] },
  '2.8 times the rate': {
    to: 'moon-pairs',
    change: rate(2.8),
    causes: ['learning-rate-high', 'oscillating-loss'],
  },
  'five times the rate': {
    to: 'nested-rings',
    change: rate(5),
    causes: ['learning-rate-high', 'oscillating-loss', 'dead-units'],
  },
  '45 % of the batch': { to: 'play-attention', change: batches(0.45) },
  'a batch of six': {
    to: 'moon-pairs',
    change: swap(/batchSize: \d+/, 'batchSize: 6'),
    causes: ['learning-rate-high'],
  },
  '180 % of the batch': { to: 'pinwheel', change: batches(1.8) },
  'ten times the batch': {
    to: 'pinwheel',
    change: batches(10),
    causes: ['learning-rate-low'],
  },
  'descent with momentum for Adam': {
    to: 'digits-vgg',
    change: optimizerIs('SGD({ lr: 0.05, momentum: 0.9 })'),
    causes: [...EITHER, 'loss-plateau'],
  },
  'Adam in place of momentum': {
    to: 'digits-residual',
    change: optimizerIs('Adam({ lr: 0.008 })'),
    causes: EITHER,
  },
  'RMSprop in its place': {
    to: 'decay-gru',
    change: optimizerIs('RMSprop({ lr: 0.002 })'),
    causes: EITHER,
  },
  'AdamW with a decay of a twentieth': {
    to: 'play-lstm',
    change: optimizerIs('AdamW({ lr: 0.006, weightDecay: 0.05 })'),
    causes: EITHER,
  },
  'RAdam in its place': { to: 'moon-pairs', change: optimizerIs('RAdam({ lr: 0.02 })'), causes: EITHER },
  'Adamax in its place': { to: 'concrete', change: optimizerIs('Adamax({ lr: 0.012 })'), causes: EITHER },
  'NAdam for Adam': { to: 'nested-rings', change: optimizerIs('NAdam({ lr: 0.003 })'), causes: EITHER },
  'Adagrad of a fiftieth': {
    to: 'digits-dropout',
    change: optimizerIs('Adagrad({ lr: 0.02 })'),
    causes: ['learning-rate-low'],
  },
  'Adadelta at one': { to: 'digits-vgg', change: optimizerIs('Adadelta({ lr: 1 })'), causes: ['learning-rate-low'] },
  'only the signs of gradients': {
    to: 'digits-denoise',
    change: optimizerIs('Lion({ lr: 0.0008 })'),
    causes: EITHER,
  },
  'no Nesterov': { to: 'digits-residual', change: swap(/, nesterov: true/, '') },
  'no momentum, at a higher rate': {
    to: 'iris-batches',
    change: all(swap(/, momentum: 0\.\d+/, ''), rate(4)),
    causes: EITHER,
  },
  'amsgrad on': { to: 'play-lstm', change: adamOption('amsgrad: true'), causes: ['learning-rate-low'] },
  'averages of squares over a hundred steps': {
    to: 'bar-detector',
    change: adamOption('betas: [0.9, 0.99]'),
  },
  'no average of gradients': { to: 'digits-denoise', change: adamOption('betas: [0, 0.99]') },
  'an epsilon of a hundredth': {
    to: 'digits-denoise',
    change: adamOption('eps: 1e-2'),
    causes: ['learning-rate-low'],
  },
  'a decay of an eight-hundredth': { to: 'pinwheel', change: option('weightDecay: 1.25e-3') },
  'no decay of the residual network': { to: 'digits-residual', change: swap(/, weightDecay: 1e-4/, '') },
  'biases twice as fast': {
    to: 'digits-dropout',
    change: swap(
      /new optim\.(\w+)\((\w+)\.parameters\(\), \{ lr: ([\d.]+)(.*?) \}\)/,
      'new optim.$1([{ params: $2.parameters().filter((p) => p.shape.length > 1) }, { params: $2.parameters().filter((p) => p.shape.length === 1), lr: 2 * $3 }], { lr: $3$4 })',
    ),
  },
  'two optimizers for one network': {
    to: 'digits-vgg',
    change: named((fill) =>
      all(
        swap(
          new RegExp(fill('\nconst @optimizer = new optim\\.(\\w+)\\(@model\\.parameters\\(\\), (\\{.*\\})\\);')),
          fill(
            '\nconst @optimizer = new optim.$1(@model.parameters().slice(0, -2), $2);\nconst second = new optim.$1(@model.parameters().slice(-2), $2);',
          ),
        ),
        swap(new RegExp(fill('( *)@optimizer\\.zeroGrad\\(\\);\n')), '$&$1second.zeroGrad();\n'),
        swap(new RegExp(fill('( *)@optimizer\\.step\\(\\);\n')), '$&$1second.step();\n'),
      ),
    ),
  },
  'first weights frozen': {
    to: 'bar-detector',
    change: behindModel('@model.parameters()[0].requiresGrad_(false);'),
    causes: ['frozen-parameter', 'loss-plateau'],
  },
  'a frozen backbone': {
    to: 'decay-gru',
    change: each('if (/^(?:block\\d|gru)\\./.test(name)) p.requiresGrad_(false);'),
    causes: ['frozen-parameter', 'loss-plateau'],
  },
  'a frozen encoder, left out of the optimizer': {
    to: 'digits-denoise',
    change: all(each('if (/^encoder/.test(name)) p.requiresGrad_(false);'), held('@model.decoder.parameters()')),
    causes: ['frozen-parameter', 'loss-plateau'],
  },
  'letters frozen as drawn': {
    to: 'play-attention',
    change: all(
      behindModel('@model.parameters()[0].requiresGrad_(false);'),
      held('@model.parameters().filter((p) => p.requiresGrad)'),
    ),
  },
  'thawed after sixty steps': {
    to: 'digits-vgg',
    change: all(
      ahead('let updates = 0;'),
      clearing(
        '@optimizer.zeroGrad();',
        'if (updates === 0 || updates === 60) for (const p of @model.parameters().slice(0, 2)) p.requiresGrad_(updates > 0);',
        'updates++;',
      ),
    ),
  },
  'cleared behind the update': {
    to: 'play-attention',
    change: all(clearing(), onStep('@optimizer.zeroGrad();')),
  },
  'cleared by the module': { to: 'digits-dropout', change: clearing('@model.zeroGrad();') },
  'gradients dropped by hand': {
    to: 'moon-pairs',
    change: clearing('for (const p of @model.parameters()) p.grad = null;'),
  },
  'an average of weights beside': {
    to: 'play-lstm',
    change: all(
      ahead('const averaged = @model.parameters().map((p) => p.detach().clone());'),
      onStep('noGrad(() => @model.parameters().forEach((p, i) => averaged[i].lerp_(p, 0.05)));'),
    ),
  },
  'averaged weights in the end': {
    to: 'digits-dropout',
    change: all(
      ahead('const averaged = @model.parameters().map((p) => p.detach().clone());'),
      onStep('noGrad(() => @model.parameters().forEach((p, i) => averaged[i].lerp_(p, 0.1)));'),
      named((fill) =>
        swap(
          new RegExp(fill('\n@model\\.eval\\(\\);')),
          fill('\nnoGrad(() => @model.parameters().forEach((p, i) => p.copy_(averaged[i])));$&'),
        ),
      ),
    ),
  },
  'tested while training': {
    to: 'iris-batches',
    change: all(
      ahead('let updates = 0;'),
      onStep(
        'if (++updates % 25 === 0) {',
        '  @model.eval();',
        '  console.log(updates, noGrad(() => @model(testX)).std().item());',
        '  @model.train();',
        '}',
      ),
    ),
  },
  'a loss to read at every tenth step': {
    to: 'wave-gan nested-rings digits-denoise',
    change: (text) =>
      swap(
        /( *)criticLoss\.backward\(\);\n/,
        "$&$1if (step % 10 === 0) console.log('critic', criticLoss.item());\n",
      )(text) ??
      all(ahead('let updates = 0;'), onStep("if (updates++ % 10 === 0) console.log('loss', @loss.item());"))(text),
  },
  'gradient norms to read': {
    to: 'decay-gru',
    change: all(
      ahead('let updates = 0;'),
      onBackward(
        'const norms = @model.parameters().map((p) => p.grad.norm().item());',
        'if (updates++ % 50 === 0) console.log(Math.max(...norms));',
      ),
    ),
  },
  'stops when it is good': {
    to: 'nested-rings',
    change: onStep('if (@loss.item() < 0.02) break;'),
  },
  'a loss scaled as for half precision': {
    to: 'play-attention',
    change: all(lossOf('·.mul(1024)'), onBackward('for (const p of @model.parameters()) p.grad.div_(1024);')),
  },
  'noise on gradients': {
    to: 'concrete',
    change: all(
      onBackward('for (const p of @model.parameters()) p.grad.add_(randn(p.shape).mul(0.003));'),
      importing('randn'),
    ),
  },
  'gradients of unit length': {
    to: 'digits-vgg',
    change: onBackward('for (const p of @model.parameters()) p.grad.div_(p.grad.norm().add(1e-8));'),
  },
  'weights within two': {
    to: 'iris-batches',
    change: onStep('noGrad(() => @model.parameters().forEach((p) => p.clamp_(-2, 2)));'),
  },
  'three quarters of the training': { to: 'play-attention', change: longer(0.75) },
  'three times the training': { to: 'iris-batches', change: longer(3) },
  'the same rate for maker and critic': { to: 'wave-gan', change: swap(/lr: 0\.005/, 'lr: 0.003') },
  'a maker that steps every other time': {
    to: 'wave-gan',
    change: swap(/makerOpt\.step\(\);/, 'if (step % 2) makerOpt.step();'),
    causes: ['learning-rate-low', 'loss-plateau'],
  },
  'averages of nine tenths for a GAN': { to: 'wave-gan', change: swap(/betas: \[0\.5/g, 'betas: [0.9') },
  'gradients of a GAN within one': {
    to: 'wave-gan',
    change: swap(/( *)criticLoss\.backward\(\);\n/, '$&$1nn.utils.clipGradNorm_(critic.parameters(), 1);\n'),
  },
};
