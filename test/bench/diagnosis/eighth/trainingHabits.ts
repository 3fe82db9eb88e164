import { all, type Change, importing, rate, swap } from '../change.ts';
import type { Habits } from '../habits/habit.ts';
import {
  also,
  batchTimes,
  beforehand,
  begin,
  given,
  ofLoss,
  parameters,
  planned,
  replacing,
  timeTimes,
  trainedBy,
  updated,
  updating,
  withGradients,
  zeroing,
} from './wording.ts';

const EVERY =
  'moons-silu checkerboard clouds digit-ladder handwriting flowers mileage digits-pool preact columns-lstm sonnet-rnn waveforms scribe digits-code corners-gan cell-detector';
const EITHER = ['learning-rate-low', 'learning-rate-high'];
const HIGHER = ['learning-rate-high', 'oscillating-loss', 'dead-units'];
const LOWER = ['learning-rate-low'];
/** Where both are stepped, whatever else there is between. */
const judged = (line: string): Change => swap(/( *)judgeLoss\.backward\(\);\n/, `$&$1${line}\n`);

/** Odd but healthy ways of training. */
export const TRAINING: Habits = {
  'as it is': { to: EVERY, change: (text) => text },
  'two batches for one update': {
    to: 'sonnet-rnn',
    change: all(
      beforehand('let batch = 0;'),
      ofLoss('·.div(2)'),
      zeroing('if (batch % 2 === 0) @optimizer.zeroGrad();'),
      updating('if (++batch % 2 === 0) @optimizer.step();'),
    ),
    causes: LOWER,
  },
  'four batches to an update, added up': {
    to: 'digits-pool',
    change: all(
      beforehand('let batch = 0;'),
      zeroing('if (batch % 4 === 0) @optimizer.zeroGrad();'),
      updating('if (++batch % 4 === 0) @optimizer.step();'),
    ),
    causes: LOWER,
  },
  'a norm of a half at most': {
    to: 'digit-ladder',
    change: withGradients('nn.utils.clipGradNorm_(@model.parameters(), 0.5);'),
    causes: LOWER,
  },
  'a norm of a hundredth at most, where Adam scales': {
    to: 'moons-silu',
    change: withGradients('nn.utils.clipGradNorm_(@model.parameters(), 0.01);'),
    causes: LOWER,
  },
  'gradients within a tenth': {
    to: 'scribe',
    change: withGradients('nn.utils.clipGradValue_(@model.parameters(), 0.1);'),
    causes: LOWER,
  },
  'no clipping of the letters': { to: 'sonnet-rnn', change: swap(/ *nn\.utils\.clipGradNorm_.*\n/, '') },
  'warm restarts every forty steps': {
    to: 'columns-lstm',
    change: planned('CosineAnnealingWarmRestarts(@optimizer, { t0: 40 })'),
    causes: LOWER,
  },
  'the first half of a cosine': {
    to: 'preact',
    change: planned('CosineAnnealingLR(@optimizer, { tMax: 210, etaMin: 0.0004 })'),
    causes: LOWER,
  },
  'one cycle of three times the rate': {
    to: 'mileage',
    change: planned('OneCycleLR(@optimizer, { maxLr: 0.18, totalSteps: 460 })'),
    causes: EITHER,
  },
  'a rate that swings': {
    to: 'digit-ladder',
    change: planned('CyclicLR(@optimizer, { baseLr: 0.01, maxLr: 0.08, stepSizeUp: 20 })'),
    causes: EITHER,
  },
  'fifteen steps of warming up': {
    to: 'digits-code',
    change: planned('LinearLR(@optimizer, { startFactor: 0.05, totalIters: 15 })'),
    causes: LOWER,
  },
  'a half after every seventy steps': {
    to: 'clouds',
    change: planned('StepLR(@optimizer, { stepSize: 70, gamma: 0.5 })'),
    causes: LOWER,
  },
  'a hundredth less at every step': {
    to: 'flowers',
    change: planned('ExponentialLR(@optimizer, { gamma: 0.99 })'),
    causes: LOWER,
  },
  'no warming up': { to: 'scribe', change: swap(/ *warmup\.step\(\);\n/, '') },
  'a smaller rate when nothing improves': {
    to: 'checkerboard',
    change: all(
      beforehand('const watcher = new optim.ReduceLROnPlateau(@optimizer, { factor: 0.6, patience: 50 });'),
      updated('watcher.step(loss.item());'),
    ),
    causes: LOWER,
  },
  '64 % of the rate': { to: 'cell-detector', change: rate(0.64), causes: LOWER },
  '30 % of the rate': { to: 'digits-pool', change: rate(0.3), causes: LOWER },
  '14 % of the rate': { to: 'moons-silu', change: rate(0.14), causes: LOWER },
  '2.2 times the rate': { to: 'preact', change: rate(2.2), causes: HIGHER },
  'three and a half times the rate': { to: 'flowers', change: rate(3.5), causes: HIGHER },
  'seven times the rate': { to: 'clouds', change: rate(7), causes: HIGHER },
  '28 % of the batch': { to: 'handwriting', change: batchTimes(0.28), causes: HIGHER },
  'two and a half times the batch': {
    to: 'scribe',
    change: batchTimes(2.5),
    causes: LOWER,
  },
  'eight times the batch': { to: 'clouds', change: batchTimes(8), causes: LOWER },
  'everything in one batch': {
    to: 'checkerboard',
    change: all(swap(/batchSize: \d+, shuffle: true/, 'batchSize: 900'), swap(/epoch < \d+/, 'epoch < 260')),
    causes: LOWER,
  },
  'descent with momentum where Adam was': {
    to: 'moons-silu',
    change: trainedBy('SGD({ lr: 0.08, momentum: 0.9 })'),
    causes: [...EITHER, 'loss-plateau'],
  },
  'bare descent where momentum was': {
    to: 'digit-ladder',
    change: trainedBy('SGD({ lr: 0.3 })'),
    causes: EITHER,
  },
  'Adam where something else was': {
    to: 'clouds',
    change: trainedBy('Adam({ lr: 0.004 })'),
    causes: EITHER,
  },
  'AdamW with a decay of a tenth': {
    to: 'columns-lstm',
    change: trainedBy('AdamW({ lr: 0.005, weightDecay: 0.1 })'),
    causes: EITHER,
  },
  'RMSprop where Adam was': {
    to: 'flowers',
    change: trainedBy('RMSprop({ lr: 0.003 })'),
    causes: EITHER,
  },
  'RAdam where Adam was': { to: 'waveforms', change: trainedBy('RAdam({ lr: 0.012 })'), causes: EITHER },
  'Adamax where RMSprop was': { to: 'clouds', change: trainedBy('Adamax({ lr: 0.008 })'), causes: EITHER },
  'Adagrad of three hundredths': {
    to: 'flowers',
    change: trainedBy('Adagrad({ lr: 0.03 })'),
    causes: EITHER,
  },
  'Lion at a twentieth of Adam’s rate': {
    to: 'preact',
    change: trainedBy('Lion({ lr: 0.0003 })'),
    causes: EITHER,
  },
  'with Nesterov': { to: 'digit-ladder', change: also('nesterov: true') },
  'a momentum of six tenths': {
    to: 'digit-ladder',
    change: swap(/momentum: 0\.\d+/, 'momentum: 0.6'),
    causes: LOWER,
  },
  'amsgrad, too': { to: 'checkerboard', change: also('amsgrad: true'), causes: LOWER },
  'a shorter memory of squares': { to: 'moons-silu', change: also('betas: [0.9, 0.97]') },
  'an epsilon of 0.0006': { to: 'digits-pool', change: also('eps: 6e-4'), causes: LOWER },
  'a decay of three ten-thousandths': {
    to: 'clouds',
    change: also('weightDecay: 3e-4'),
  },
  'no decay at all': {
    to: 'handwriting',
    change: swap(/, weightDecay: [\de.-]+/, ''),
  },
  'no decay of biases': {
    to: 'handwriting',
    change: swap(
      /new optim\.AdamW\((\w+)\.parameters\(\), \{ lr: ([\d.]+), weightDecay: ([\d.]+) \}\)/,
      'new optim.AdamW([{ params: $1.parameters().filter((p) => p.shape.length > 1), weightDecay: $3 }, { params: $1.parameters().filter((p) => p.shape.length < 2), weightDecay: 0 }], { lr: $2 })',
    ),
  },
  'a body at 40 % of the rate': {
    to: 'digits-pool',
    change: swap(
      /new optim\.Adam\((\w+)\.parameters\(\), \{ lr: ([\d.]+) \}\)/,
      'new optim.Adam([{ params: $1.parameters().slice(0, -2), lr: 0.4 * $2 }, { params: $1.parameters().slice(-2) }], { lr: $2 })',
    ),
    causes: LOWER,
  },
  'first kernels frozen as drawn': {
    to: 'cell-detector',
    change: begin('@model.parameters()[0].requiresGrad_(false);'),
    causes: ['frozen-parameter', 'loss-plateau'],
  },
  'a recurrence frozen as drawn': {
    to: 'columns-lstm',
    change: parameters('if (/^(?:gru|lstm)/.test(name)) p.requiresGrad_(false);'),
    causes: ['frozen-parameter', 'loss-plateau'],
  },
  'embeddings frozen and left out': {
    to: 'sonnet-rnn',
    change: all(
      parameters('if (/^(?:embed|token|place)/.test(name)) p.requiresGrad_(false);'),
      given('@model.parameters().filter((p) => p.requiresGrad)'),
    ),
    causes: ['frozen-parameter', 'loss-plateau'],
  },
  'an encoder frozen as drawn': {
    to: 'digits-code',
    change: parameters('if (/^encode/.test(name)) p.requiresGrad_(false);'),
    causes: ['frozen-parameter', 'loss-plateau'],
  },
  'the head alone for thirty steps': {
    to: 'digits-pool',
    change: all(
      beforehand('let done = 0;'),
      zeroing(
        '@optimizer.zeroGrad();',
        'if (done === 0 || done === 30) for (const p of @model.parameters().slice(0, -2)) p.requiresGrad_(done === 30);',
        'done++;',
      ),
    ),
  },
  'zeroGrad after step': {
    to: 'preact',
    change: all(zeroing(), updated('@optimizer.zeroGrad();')),
  },
  'zeroGrad of the model': { to: 'handwriting', change: zeroing('@model.zeroGrad();') },
  'grad = null by hand': {
    to: 'flowers',
    change: zeroing('@model.parameters().forEach((p) => {', '  p.grad = null;', '});'),
  },
  'a moving average of weights, on the side': {
    to: 'digits-code',
    change: all(
      beforehand('const shadow = @model.parameters().map((p) => p.detach().clone());'),
      updated('noGrad(() => @model.parameters().forEach((p, i) => shadow[i].mul_(0.97).add_(p.mul(0.03))));'),
    ),
  },
  'looks at the test data now and then': {
    to: 'clouds',
    change: all(
      beforehand('let counted = 0;'),
      updated(
        'if (counted++ % 40 === 0) {',
        '  @model.eval();',
        '  console.log(noGrad(() => F.crossEntropy(@model(testX), testY).item()));',
        '  @model.train();',
        '}',
      ),
    ),
  },
  'the loss printed at every step': {
    to: 'sonnet-rnn',
    change: updated("console.log('loss', loss.item().toFixed(4));"),
  },
  'the largest gradient printed': {
    to: 'checkerboard',
    change: withGradients('console.log(Math.max(...@model.parameters().map((p) => p.grad.abs().max().item())));'),
  },
  'enough once the loss is small': {
    to: 'flowers',
    change: updated('if (loss.item() < 0.04) break;'),
  },
  'scaled by 4096 and back': {
    to: 'scribe',
    change: all(ofLoss('·.mul(4096)'), withGradients('for (const p of @model.parameters()) p.grad.mul_(1 / 4096);')),
  },
  'a little noise for gradients': {
    to: 'handwriting',
    change: all(
      withGradients('for (const p of @model.parameters()) p.grad.add_(randn(p.shape).mul(0.0005));'),
      importing('randn'),
    ),
  },
  'weights kept within one and a half': {
    to: 'flowers',
    change: updated('noGrad(() => @model.parameters().forEach((p) => p.clamp_(-1.5, 1.5)));'),
  },
  'stops where a loss isn’t finite': {
    to: 'waveforms',
    change: swap(/( *)loss\.backward\(\);\n/, '$1if (!Number.isFinite(loss.item())) break;\n$&'),
  },
  'six tenths of the time': { to: 'digits-code', change: timeTimes(0.6), causes: LOWER },
  'twice the time': { to: 'checkerboard', change: timeTimes(2) },
  'three times the time': { to: 'flowers', change: timeTimes(3) },
  'a loader that leaves out the rest': {
    to: 'cell-detector',
    change: swap(/(batchSize: \d+)/, '$1, dropLast: true'),
  },
  'batches in order': { to: 'columns-lstm', change: swap(/, shuffle: true/, '') },
  'the judge as slow as the forger': { to: 'corners-gan', change: swap(/lr: 0\.004/, 'lr: 0.002'), causes: EITHER },
  'two steps of the forger': {
    to: 'corners-gan',
    change: swap(
      /( *)forgerOptimizer\.step\(\);\n/,
      '$&$1forgerOptimizer.zeroGrad();\n$1bce(judge(forger(randn([batch, noise]))), ones([batch, 1])).backward();\n$1forgerOptimizer.step();\n',
    ),
  },
  'a judge clipped to a norm of a half': {
    to: 'corners-gan',
    change: judged('nn.utils.clipGradNorm_(judge.parameters(), 0.5);'),
  },
  'the judge’s loss printed': {
    to: 'corners-gan',
    change: judged("if (step % 20 === 0) console.log('judge', judgeLoss.item());"),
  },
  'betas as they come': { to: 'corners-gan', change: swap(/, betas: \[0\.5, 0\.99\]/g, ''), causes: EITHER },
  'RMSprop for forger and judge': {
    to: 'corners-gan',
    change: swap(
      /optim\.Adam\((\w+)\.parameters\(\), \{ lr: (0\.\d+), .*?\}/g,
      'optim.RMSprop($1.parameters(), { lr: $2 }',
    ),
    causes: EITHER,
  },
  'a decay of squares by itself': {
    to: 'columns-lstm',
    change: updated('noGrad(() => @model.parameters().forEach((p) => p.mul_(0.9998)));'),
  },
  'one optimizer for body, one for head': {
    to: 'digits-code',
    change: all(
      replacing(
        '\nconst @optimizer = new optim\\.(\\w+)\\(@model\\.parameters\\(\\), (\\{.*\\})\\);',
        '\nconst @optimizer = new optim.$1(@model.parameters().slice(0, -2), $2);\nconst forHead = new optim.$1(@model.parameters().slice(-2), $2);',
      ),
      zeroing('@optimizer.zeroGrad();', 'forHead.zeroGrad();'),
      updated('forHead.step();'),
    ),
  },
  'validation left out': {
    to: 'handwriting',
    change: swap(/ {2}network\.eval\(\);\n {2}const told = .*\n.*\n/, ''),
  },
};
