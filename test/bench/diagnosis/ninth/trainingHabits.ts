import { all, importing, swap } from '../change.ts';
import type { Habits } from '../habits/habit.ts';
import {
  batches,
  built,
  clearing,
  costing,
  duration,
  eachParameter,
  first,
  graded,
  handed,
  optimizedBy,
  option,
  perEpoch,
  scheduled,
  speed,
  stepping,
  updated,
} from './wording.ts';

const EVERY =
  'moon-config stripes circle-stack digit-array digit-normed iris-sigmoid rents cnn-sequence cnn-batchnorm tiny-resnet echo-rnn bard-lstm rows-gru mini-gpt pixel-ae ellipse-gan blob-detector';
const EITHER = ['learning-rate-low', 'learning-rate-high'];
const HIGHER = ['learning-rate-high', 'oscillating-loss', 'dead-units'];
const LOWER = ['learning-rate-low'];
const UNTRAINED = ['frozen-parameter', 'loss-plateau'];

/** Odd but healthy ways of training, of the ninth part. */
export const TRAINING: Habits = {
  'as it is': { to: EVERY, change: (text) => text },
  'two batches to a step, halved': {
    to: 'bard-lstm',
    change: all(
      first('let seen = 0;'),
      costing('·.div(2)'),
      clearing('if (seen % 2 === 0) @optimizer.zeroGrad();'),
      stepping('if (++seen % 2 === 0) @optimizer.step();'),
    ),
    causes: LOWER,
  },
  'three batches to a step, summed': {
    to: 'iris-sigmoid',
    change: all(
      first('let seen = 0;'),
      clearing('if (seen % 3 === 0) @optimizer.zeroGrad();'),
      stepping('if (++seen % 3 === 0) @optimizer.step();'),
    ),
    causes: LOWER,
  },
  'a norm of one at most': {
    to: 'digit-normed',
    change: graded('nn.utils.clipGradNorm_(@model.parameters(), 1);'),
    causes: LOWER,
  },
  'a norm of a fiftieth at most, under Adam': {
    to: 'blob-detector',
    change: graded('nn.utils.clipGradNorm_(@model.parameters(), 0.02);'),
    causes: LOWER,
  },
  'no gradient above a quarter': {
    to: 'digit-array',
    change: graded('nn.utils.clipGradValue_(@model.parameters(), 0.25);'),
    causes: LOWER,
  },
  unclipped: { to: 'bard-lstm', change: swap(/ *nn\.utils\.clipGradNorm_.*\n/, '') },
  'a cosine to a tenth': {
    to: 'bard-lstm',
    change: scheduled('CosineAnnealingLR(@optimizer, { tMax: 230, etaMin: 0.0003 })'),
    causes: LOWER,
  },
  'cosines that start anew every sixty steps': {
    to: 'circle-stack',
    change: scheduled('CosineAnnealingWarmRestarts(@optimizer, { t0: 60 })'),
    causes: LOWER,
  },
  'twenty steps of warming up': {
    to: 'blob-detector',
    change: scheduled('LinearLR(@optimizer, { startFactor: 0.1, totalIters: 20 })'),
    causes: LOWER,
  },
  'one cycle up to four times the rate': {
    to: 'rents',
    change: scheduled('OneCycleLR(@optimizer, { maxLr: 0.03, totalSteps: 260 })'),
    causes: EITHER,
  },
  'one per cent less with every step': {
    to: 'echo-rnn',
    change: scheduled('ExponentialLR(@optimizer, { gamma: 0.99 })'),
    causes: LOWER,
  },
  'a third of the rate from step 150 on': {
    to: 'digit-array',
    change: scheduled('MultiStepLR(@optimizer, { milestones: [150], gamma: 0.33 })'),
    causes: LOWER,
  },
  'no steps down': { to: 'rows-gru', change: swap(/ *scheduler\.step\(\);\n/, '') },
  'at full speed at once': { to: 'mini-gpt', change: swap(/ *warmup\.step\(\);\n/, ''), causes: HIGHER },
  'a rate that waits for improvement': {
    to: 'moon-config',
    change: all(
      first('const patient = new optim.ReduceLROnPlateau(@optimizer, { factor: 0.5, patience: 60 });'),
      updated('patient.step(@loss.item());'),
    ),
    causes: LOWER,
  },
  'half the rate': { to: 'cnn-batchnorm', change: speed(0.5), causes: LOWER },
  'a quarter of the rate': { to: 'cnn-sequence', change: speed(0.25), causes: LOWER },
  'an eighth of the rate': { to: 'tiny-resnet', change: speed(0.125), causes: LOWER },
  'twice the rate': { to: 'digit-array', change: speed(2), causes: HIGHER },
  'three times the rate': { to: 'cnn-batchnorm', change: speed(3), causes: HIGHER },
  'five times the rate': { to: 'iris-sigmoid', change: speed(5), causes: HIGHER },
  'batches of a third': { to: 'circle-stack', change: batches(0.33), causes: HIGHER },
  'batches of a tenth': { to: 'echo-rnn', change: batches(0.1), causes: HIGHER },
  'twice the batch': { to: 'pixel-ae', change: batches(2), causes: LOWER },
  'six times the batch': { to: 'echo-rnn', change: batches(6), causes: LOWER },
  'all flats at once': {
    to: 'rents',
    change: all(swap(/batchSize: 40, shuffle: true/, 'batchSize: 640'), swap(/epoch < 16/, 'epoch < 260')),
    causes: LOWER,
  },
  'plain descent': {
    to: 'iris-sigmoid circle-stack',
    change: optimizedBy('SGD({ lr: 0.4 })'),
    causes: [...EITHER, 'loss-plateau'],
  },
  'descent with momentum': {
    to: 'pixel-ae',
    change: optimizedBy('SGD({ lr: 0.05, momentum: 0.9 })'),
    causes: [...EITHER, 'loss-plateau'],
  },
  'Adam for descent': {
    to: 'moon-config tiny-resnet',
    change: optimizedBy('Adam({ lr: 0.004 })'),
    causes: EITHER,
  },
  'RMSprop at a five-hundredth': {
    to: 'blob-detector',
    change: optimizedBy('RMSprop({ lr: 0.002 })'),
    causes: EITHER,
  },
  NAdam: { to: 'bard-lstm', change: optimizedBy('NAdam({ lr: 0.006 })'), causes: EITHER },
  'Adagrad at a fiftieth': { to: 'moon-config', change: optimizedBy('Adagrad({ lr: 0.02 })'), causes: EITHER },
  'Lion, slowly': {
    to: 'digit-normed',
    change: optimizedBy('Lion({ lr: 0.0006, weightDecay: 0.01 })'),
    causes: EITHER,
  },
  'Adamax at a hundredth': { to: 'echo-rnn', change: optimizedBy('Adamax({ lr: 0.01 })'), causes: EITHER },
  'Nesterov’s momentum': {
    to: 'tiny-resnet',
    change: swap(/(?<=lr: 0\.\d+, momentum: 0\.\d+)/, ', nesterov: true'),
  },
  'half the momentum': { to: 'cnn-sequence moon-config', change: swap(/(?<=momentum: )0\.9/, '0.45'), causes: LOWER },
  AMSGrad: { to: 'blob-detector', change: option('amsgrad: true') },
  'betas of 0.8 and 0.95': { to: 'stripes mini-gpt', change: option('betas: [0.8, 0.95]') },
  'a thousandth of decay': { to: 'cnn-sequence moon-config', change: option('weightDecay: 0.001') },
  'three times the rate for the last layer': {
    to: 'cnn-batchnorm stripes',
    change: swap(
      /new optim\.Adam\((\w+)\.parameters\(\), \{ lr: ([\d.]+) \}\)/,
      'new optim.Adam([{ params: $1.parameters().slice(0, -2) }, { params: $1.parameters().slice(-2), lr: 3 * $2 }], { lr: $2 })',
    ),
  },
  'decay for matrices alone': {
    to: 'digit-normed mini-gpt',
    change: swap(
      /new optim\.AdamW\((\w+)\.parameters\(\), \{ lr: ([\w.]+), weightDecay: ([\d.]+) \}\)/,
      'new optim.AdamW([{ params: $1.parameters().filter((p) => p.shape.length > 1) }, { params: $1.parameters().filter((p) => p.shape.length < 2), weightDecay: 0 }], { lr: $2, weightDecay: $3 })',
    ),
  },
  'the first layer frozen, as it was drawn': {
    to: 'cnn-sequence cnn-batchnorm',
    change: built('for (const p of @model.parameters().slice(0, 2)) p.requiresGrad_(false);'),
    causes: UNTRAINED,
  },
  'a frozen recurrence, left out of the optimizer': {
    to: 'rows-gru bard-lstm',
    change: all(
      eachParameter('if (/^(?:gru|lstm)/.test(name)) p.requiresGrad_(false);'),
      handed('@model.parameters().filter((p) => p.requiresGrad)'),
    ),
    causes: UNTRAINED,
  },
  'frozen tables of letters and places': {
    to: 'mini-gpt bard-lstm',
    change: eachParameter('if (/^(?:embedding|wte|wpe)/.test(name)) p.requiresGrad_(false);'),
    causes: UNTRAINED,
  },
  'a frozen backbone’s first kernels': {
    to: 'blob-detector',
    change: built('for (const p of detector.backbone[0].parameters()) p.requiresGrad_(false);'),
    causes: UNTRAINED,
  },
  'a backbone thawed after fifty steps': {
    to: 'cnn-sequence tiny-resnet',
    change: all(
      first('let taken = 0;'),
      clearing(
        '@optimizer.zeroGrad();',
        'if (taken === 0 || taken === 50) for (const p of @model.parameters().slice(0, 1)) p.requiresGrad_(taken === 50);',
        'taken++;',
      ),
    ),
  },
  'cleared at the end of each step': {
    to: 'moon-config digit-normed',
    change: all(clearing(), updated('@optimizer.zeroGrad();')),
  },
  'cleared through the model': { to: 'rents cnn-batchnorm', change: clearing('@model.zeroGrad();') },
  'cleared one by one': { to: 'echo-rnn', change: clearing('for (const p of @model.parameters()) p.grad = null;') },
  'a slow copy of the weights': {
    to: 'tiny-resnet rows-gru',
    change: all(
      first('const slow = @model.parameters().map((p) => p.detach().clone());'),
      updated('noGrad(() => @model.parameters().forEach((p, k) => slow[k].mul_(0.95).add_(p.mul(0.05))));'),
    ),
  },
  'a test every thirty steps': {
    to: 'digit-array cnn-sequence',
    change: all(
      first('let count = 0;'),
      updated(
        'if (++count % 30 === 0) {',
        '  @model.eval();',
        "  console.log('test', noGrad(() => F.crossEntropy(@model(testX), testY).item()));",
        '  @model.train();',
        '}',
      ),
    ),
  },
  'a test with gradients on': {
    to: 'rows-gru digit-normed',
    change: perEpoch("console.log(@model(testX).argmax(1).eq(testY).to('float32').mean().item());"),
  },
  'losses printed': { to: 'rents blob-detector', change: updated('console.log(@loss.item());') },
  'norms of gradients printed': {
    to: 'stripes echo-rnn',
    change: graded('console.log(@model.parameters().map((p) => p.grad.norm().item().toFixed(3)).join());'),
  },
  'losses kept in a list': {
    to: 'bard-lstm circle-stack',
    change: all(first('const history = [];'), updated('history.push(@loss.item());')),
  },
  'done when the loss is below a twentieth': {
    to: 'moon-config iris-sigmoid',
    change: updated('if (@loss.item() < 0.05) break;'),
  },
  'losses scaled by a thousand, gradients back': {
    to: 'cnn-sequence mini-gpt',
    change: all(costing('·.mul(1000)'), graded('for (const p of @model.parameters()) p.grad.div_(1000);')),
  },
  'noise on gradients': {
    to: 'stripes pixel-ae',
    change: all(
      graded('for (const p of @model.parameters()) p.grad.add_(randn(p.shape).mul(2e-4));'),
      importing('randn'),
    ),
  },
  'weights clamped to two': {
    to: 'iris-sigmoid rents',
    change: updated('noGrad(() => @model.parameters().forEach((p) => p.clamp_(-2, 2)));'),
  },
  'two thirds of the time': { to: 'cnn-batchnorm pixel-ae', change: duration(0.67), causes: LOWER },
  'twice as long': { to: 'digit-array iris-sigmoid', change: duration(2) },
  'the rest of an epoch dropped': {
    to: 'rows-gru cnn-batchnorm',
    change: swap(/(batchSize: \d+)/, '$1, dropLast: true'),
  },
  unshuffled: { to: 'digit-normed circle-stack', change: swap(/, shuffle: true/, '') },
  'G and D at one rate': { to: 'ellipse-gan', change: swap(/lr: 0\.003/, 'lr: 0.002'), causes: EITHER },
  'D twice a round': {
    to: 'ellipse-gan',
    change: swap(
      /( *)optimizerD\.step\(\);\n/,
      '$&$1optimizerD.zeroGrad();\n$1F.binaryCrossEntropyWithLogits(netD(sampleReal(batchSize)), ones([batchSize, 1])).add(F.binaryCrossEntropyWithLogits(netD(fake.detach()), zeros([batchSize, 1]))).backward();\n$1optimizerD.step();\n',
    ),
    causes: EITHER,
  },
  'D clipped': {
    to: 'ellipse-gan',
    change: swap(/( *)lossD\.backward\(\);\n/, '$&$1nn.utils.clipGradNorm_(netD.parameters(), 1);\n'),
  },
  'default betas for both': { to: 'ellipse-gan', change: swap(/, betas: \[0\.5, 0\.999\]/g, ''), causes: EITHER },
  'RMSprop for both': {
    to: 'ellipse-gan',
    change: swap(
      /optim\.Adam\((\w+)\.parameters\(\), \{ lr: (0\.\d+), .*?\}/g,
      'optim.RMSprop($1.parameters(), { lr: $2 }',
    ),
    causes: EITHER,
  },
  'batches of 160 for both': { to: 'ellipse-gan', change: swap(/batchSize = 64/, 'batchSize = 160') },
};
