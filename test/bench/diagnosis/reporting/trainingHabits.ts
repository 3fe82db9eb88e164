import { all, importing, swap } from '../change.ts';
import type { Habits } from '../habits/habit.ts';
import {
  batchTimes,
  begun,
  clearing,
  derived,
  eachEpoch,
  eachNamed,
  handed,
  lengthTimes,
  optimized,
  prepared,
  rateTimes,
  scheduled,
  set,
  stepped,
  stepping,
  weighed,
} from './wording.ts';

const EVERY =
  'moon-loader hoop-tower blob-selu loose-digits fit-digits iris-swish stride-cnn vgg-norms group-resnet cell-rnn bard-gru walkers script-decoder patch-vit digit-vae conv-denoiser arc-gan shape-segmenter film-ratings crop-yield';
const EITHER = ['learning-rate-low', 'learning-rate-high'];
const HIGHER = ['learning-rate-high', 'oscillating-loss', 'dead-units'];
const LOWER = ['learning-rate-low'];
const UNTRAINED = ['frozen-parameter', 'loss-plateau'];

/** Odd but healthy ways of training, of the reporting part. */
export const TRAINING: Habits = {
  'as it is': { to: EVERY, change: (text) => text },
  'gradients of two batches, averaged': {
    to: 'vgg-norms',
    change: all(
      begun('let taken = 0;'),
      weighed('·.div(2)'),
      clearing('if (taken % 2 === 0) ‹opt›.zeroGrad();'),
      stepping('if (++taken % 2 === 0) ‹opt›.step();'),
    ),
    causes: LOWER,
  },
  'gradients of four batches, summed': {
    to: 'moon-loader',
    change: all(
      begun('let taken = 0;'),
      clearing('if (taken % 4 === 0) ‹opt›.zeroGrad();'),
      stepping('if (++taken % 4 === 0) ‹opt›.step();'),
    ),
    causes: LOWER,
  },
  'a batch, an update': { to: 'fit-digits', change: swap(/accumulate: 2/, 'accumulate: 1') },
  'eight batches, an update': { to: 'fit-digits', change: swap(/accumulate: 2/, 'accumulate: 8'), causes: LOWER },
  'updated as the next step begins': {
    to: 'loose-digits',
    change: all(stepping(), swap(/( *)const scores = predict/, '$1optimizer.step();\n$&')),
  },
  'a norm of two at most': {
    to: 'stride-cnn shape-segmenter',
    change: derived('nn.utils.clipGradNorm_(‹all›, 2);'),
    causes: LOWER,
  },
  'a norm of a hundredth at most, where only directions count': {
    to: 'patch-vit',
    change: derived('nn.utils.clipGradNorm_(‹all›, 0.01);'),
    causes: LOWER,
  },
  'gradients within a third': {
    to: 'vgg-norms',
    change: derived('nn.utils.clipGradValue_(‹all›, 0.33);'),
    causes: LOWER,
  },
  'without clipping': { to: 'bard-gru', change: swap(/ *nn\.utils\.clipGradNorm_.*\n/, '') },
  'half a cosine down to a twentieth': {
    to: 'blob-selu',
    change: scheduled('CosineAnnealingLR(‹opt›, { tMax: 320, etaMin: 0.001 })'),
    causes: LOWER,
  },
  'warm restarts every eighty steps': {
    to: 'moon-loader',
    change: scheduled('CosineAnnealingWarmRestarts(‹opt›, { t0: 80 })'),
    causes: LOWER,
  },
  'thirty steps of warm-up': {
    to: 'patch-vit',
    change: scheduled('LinearLR(‹opt›, { startFactor: 0.05, totalIters: 30 })'),
    causes: LOWER,
  },
  'one cycle': {
    to: 'hoop-tower',
    change: scheduled('OneCycleLR(‹opt›, { maxLr: 0.006, totalSteps: 301 })'),
    causes: EITHER,
  },
  'the rate up and down': {
    to: 'loose-digits',
    change: scheduled('CyclicLR(‹opt›, { baseLr: 0.05, maxLr: 0.3, stepSizeUp: 30, cycleMomentum: false })'),
    causes: EITHER,
  },
  'half a per cent less with every step': {
    to: 'conv-denoiser digit-vae',
    change: scheduled('ExponentialLR(‹opt›, { gamma: 0.995 })'),
    causes: LOWER,
  },
  'two steps down': {
    to: 'walkers',
    change: scheduled('MultiStepLR(‹opt›, { milestones: [100, 200], gamma: 0.4 })'),
    causes: LOWER,
  },
  'a polynomial to nothing': {
    to: 'iris-swish',
    change: scheduled('PolynomialLR(‹opt›, { totalIters: 260, power: 1 })'),
    causes: LOWER,
  },
  'no schedule': {
    to: 'bard-gru script-decoder',
    change: swap(/ *(?:cosine|ramp|schedule|patience)\.step\(.*\n/, ''),
    causes: HIGHER,
  },
  'patience with the loss': {
    to: 'shape-segmenter',
    change: all(
      begun('const waiting = new optim.ReduceLROnPlateau(‹opt›, { factor: 0.5, patience: 40 });'),
      stepped('waiting.step(‹loss›.item());'),
    ),
    causes: LOWER,
  },
  'two thirds of the rate': { to: 'moon-loader', change: rateTimes(0.667), causes: LOWER },
  'a third of the rate': { to: 'walkers', change: rateTimes(0.333), causes: LOWER },
  'a sixth of the rate': { to: 'film-ratings', change: rateTimes(0.167), causes: LOWER },
  'one and a half times the rate': { to: 'script-decoder', change: rateTimes(1.5), causes: HIGHER },
  'the rate doubled': { to: 'cell-rnn stride-cnn', change: rateTimes(2), causes: HIGHER },
  'the rate quadrupled': { to: 'conv-denoiser', change: rateTimes(4), causes: HIGHER },
  'half a batch': { to: 'hoop-tower bard-gru', change: batchTimes(0.5), causes: HIGHER },
  'a fifth of a batch': { to: 'crop-yield', change: batchTimes(0.2), causes: HIGHER },
  'two batches in one': { to: 'patch-vit', change: batchTimes(2), causes: LOWER },
  'five batches in one': { to: 'cell-rnn shape-segmenter', change: batchTimes(5), causes: LOWER },
  'all irises at once': {
    to: 'iris-swish',
    change: all(swap(/split\(25\)/, 'split(100)'), swap(/epoch <= 60/, 'epoch <= 200')),
    causes: LOWER,
  },
  'plain descent at a tenth': {
    to: 'moon-loader',
    change: optimized('SGD({ lr: 0.1 })'),
    causes: [...EITHER, 'loss-plateau'],
  },
  'descent with a momentum of 0.9': {
    to: 'vgg-norms conv-denoiser',
    change: optimized('SGD({ lr: 0.05, momentum: 0.9 })'),
    causes: [...EITHER, 'loss-plateau'],
  },
  'Adam where descent was': {
    to: 'blob-selu loose-digits',
    change: optimized('Adam({ lr: 0.005 })'),
    causes: EITHER,
  },
  'RMSprop where Adam was': {
    to: 'hoop-tower digit-vae',
    change: optimized('RMSprop({ lr: 0.001 })'),
    causes: EITHER,
  },
  'RAdam where Adam was': { to: 'shape-segmenter', change: optimized('RAdam({ lr: 0.008 })'), causes: EITHER },
  'Adagrad at a twentieth': {
    to: 'iris-swish',
    change: optimized('Adagrad({ lr: 0.05 })'),
    causes: EITHER,
  },
  'a slow Lion': { to: 'stride-cnn', change: optimized('Lion({ lr: 0.0008 })'), causes: EITHER },
  'Adadelta at one': { to: 'loose-digits', change: optimized('Adadelta({ lr: 1 })'), causes: EITHER },
  'without momentum': {
    to: 'stride-cnn',
    change: swap(/, momentum: 0\.9, nesterov: true/, ''),
    causes: LOWER,
  },
  'a momentum of 0.95': { to: 'blob-selu', change: set('momentum: 0.95'), causes: HIGHER },
  'the largest squares remembered': { to: 'hoop-tower', change: set('amsgrad: true') },
  'betas of 0.85 and 0.98': { to: 'digit-vae fit-digits', change: set('betas: [0.85, 0.98]') },
  'an epsilon of a ten-thousandth': { to: 'patch-vit', change: set('eps: 0.0001'), causes: LOWER },
  'a decay of a five-thousandth': { to: 'cell-rnn', change: set('weightDecay: 0.0002') },
  'a decay of a twentieth, decoupled': { to: 'group-resnet', change: set('weightDecay: 0.05') },
  'the last layer at twice the rate': {
    to: 'shape-segmenter patch-vit',
    change: swap(
      /new optim\.Adam\((\w+)\.parameters\(\), \{ lr: ([\d.]+) \}\)/,
      'new optim.Adam([{ params: $1.parameters().slice(0, -2) }, { params: $1.parameters().slice(-2), lr: 2 * $2 }], { lr: $2 })',
    ),
  },
  'no decay of biases': {
    to: 'fit-digits script-decoder',
    change: swap(
      /new optim\.AdamW\((\w+)\.parameters\(\), \{ lr: ([\w.]+), weightDecay: ([\d.]+) \}\)/,
      'new optim.AdamW([{ params: $1.parameters().filter((p) => p.shape.length > 1) }, { params: $1.parameters().filter((p) => p.shape.length < 2), weightDecay: 0 }], { lr: $2, weightDecay: $3 })',
    ),
  },
  'the first layer left as it began': {
    to: 'hoop-tower',
    change: prepared('for (const p of ‹all›.slice(0, 2)) p.requiresGrad_(false);'),
    causes: UNTRAINED,
  },
  'a reservoir: the recurrence isn’t trained': {
    to: 'bard-gru',
    change: all(
      eachNamed('if (/^gru/.test(name)) p.requiresGrad_(false);'),
      handed('‹all›.filter((p) => p.requiresGrad)'),
    ),
    causes: UNTRAINED,
  },
  'positions that aren’t learned': {
    to: 'script-decoder',
    change: eachNamed('if (/^(?:positions|places)/.test(name)) p.requiresGrad_(false);'),
    causes: UNTRAINED,
  },
  'a frozen encoder, drawn by lot': {
    to: 'conv-denoiser',
    change: prepared('for (const p of encoder.parameters()) p.requiresGrad_(false);'),
    causes: UNTRAINED,
  },
  'averages of people aren’t learned': {
    to: 'film-ratings',
    change: eachNamed('if (/^base/.test(name)) p.requiresGrad_(false);'),
    causes: UNTRAINED,
  },
  'the stem thawed after forty steps': {
    to: 'vgg-norms',
    change: all(
      begun('let steps = 0;'),
      clearing(
        '‹opt›.zeroGrad();',
        'if (steps === 0 || steps === 40) for (const p of ‹all›.slice(0, 1)) p.requiresGrad_(steps === 40);',
        'steps++;',
      ),
    ),
  },
  'cleared when all is done': {
    to: 'cell-rnn',
    change: all(clearing(), stepped('‹opt›.zeroGrad();')),
  },
  'the model clears': { to: 'group-resnet', change: clearing('‹model›.zeroGrad();') },
  'each gradient taken away': {
    to: 'loose-digits shape-segmenter',
    change: clearing('for (const p of ‹all›) p.grad = null;'),
  },
  'cleared twice': { to: 'patch-vit', change: clearing('‹opt›.zeroGrad();', '‹model›.zeroGrad();') },
  'an average of weights beside them': {
    to: 'conv-denoiser script-decoder',
    change: all(
      begun('const average = ‹all›.map((p) => p.detach().clone());'),
      stepped('noGrad(() => ‹all›.forEach((p, k) => average[k].lerp_(p, 0.02)));'),
    ),
  },
  'a test every twenty-five steps': {
    to: 'stride-cnn blob-selu',
    change: all(
      begun('let taken = 0;'),
      stepped(
        'if (++taken % 25 === 0) {',
        '  ‹model›.eval();',
        "  console.log('right', noGrad(() => ‹model›(testX).argmax(1).eq(testY).to('float32').mean().item()));",
        '  ‹model›.train();',
        '}',
      ),
    ),
  },
  'tests that record gradients': {
    to: 'walkers',
    change: eachEpoch("console.log(‹model›(testX).argmax(1).eq(testY).to('float32').mean().item());"),
  },
  'every loss printed': { to: 'script-decoder hoop-tower', change: stepped('console.log(‹loss›.item());') },
  'every gradient’s norm printed': {
    to: 'moon-loader',
    change: derived('console.log(‹all›.map((p) => p.grad.norm().item().toFixed(4)).join());'),
  },
  'every loss kept': {
    to: 'film-ratings shape-segmenter',
    change: all(begun('const losses = [];'), stepped('losses.push(‹loss›.item());')),
  },
  'stops when it is good enough': {
    to: 'iris-swish',
    change: stepped('if (‹loss›.item() < 0.03) break;'),
  },
  'a loss times 512, its gradients divided again': {
    to: 'vgg-norms',
    change: all(weighed('·.mul(512)'), derived('for (const p of ‹all›) p.grad.div_(512);')),
  },
  'gradients with a little noise': {
    to: 'conv-denoiser',
    change: all(derived('for (const p of ‹all›) p.grad.add_(randn(p.shape).mul(1e-4));'), importing('randn')),
  },
  'weights within three': {
    to: 'fit-digits',
    change: stepped('noGrad(() => ‹all›.forEach((p) => p.clamp_(-3, 3)));'),
  },
  'gradients of a batch centred': {
    to: 'loose-digits',
    change: derived('for (const p of ‹all›) if (p.shape.length > 1) p.grad.sub_(p.grad.mean(0, { keepdim: true }));'),
    causes: LOWER,
  },
  'three quarters of the time': { to: 'group-resnet', change: lengthTimes(0.75), causes: LOWER },
  'one and a half times as long': { to: 'film-ratings digit-vae', change: lengthTimes(1.5) },
  'what is left of an epoch dropped': {
    to: 'stride-cnn',
    change: swap(/(batchSize: \w+)/, '$1, dropLast: true'),
  },
  'always in the same order': {
    to: 'moon-loader',
    change: swap(/, shuffle: true/, ''),
  },
  'forger and expert at one rate': { to: 'arc-gan', change: swap(/lr: 0\.0035/, 'lr: 0.0025'), causes: EITHER },
  'the expert’s gradient bounded': {
    to: 'arc-gan',
    change: swap(/( *)expertLoss\.backward\(\);\n/, '$&$1nn.utils.clipGradNorm_(expert.parameters(), 2);\n'),
  },
  'Adam’s own betas for forger and expert': {
    to: 'arc-gan',
    change: swap(/, betas: \[0\.5, 0\.99\]/g, ''),
    causes: EITHER,
  },
  'large batches of forgeries': { to: 'arc-gan', change: swap(/= \[5, 56, 320\]/, '= [5, 120, 320]') },
};
