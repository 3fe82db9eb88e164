import { all, importing, swap } from '../change.ts';
import type { Habits } from '../habits/habit.ts';
import {
  afterBackward,
  afterOptimizer,
  afterStep,
  batched,
  beforeOptimizer,
  charged,
  eachTensor,
  faster,
  holding,
  insteadOfStep,
  insteadOfZeroing,
  lasting,
  planned,
  setting,
  trainedBy,
} from './wording.ts';

const EVERY =
  'rose moon-matmul border-tower spiral-depth digit-trainer digits-bn iris-full projectile arm conv-gap identity-resnet pitch-rnn drama-lstm forecast-gru stage-transformer deep-ae lines-gan disc-unet';
const EITHER = ['learning-rate-low', 'learning-rate-high'];
const HIGHER = ['learning-rate-high', 'oscillating-loss', 'dead-units'];
const LOWER = ['learning-rate-low'];
const UNTRAINED = ['frozen-parameter', 'loss-plateau'];

/** Odd but healthy ways of training, of the tenth part. */
export const TRAINING: Habits = {
  'as it is': { to: EVERY, change: (text) => text },
  'an update for every other batch, averaged': {
    to: 'pitch-rnn forecast-gru',
    change: all(
      afterOptimizer('let turn = 0;'),
      charged('·.mul(0.5)'),
      insteadOfZeroing('if (turn % 2 === 0) %opt.zeroGrad();'),
      insteadOfStep('if (++turn % 2 === 0) %opt.step();'),
    ),
    causes: LOWER,
  },
  'an update for every four batches, summed': {
    to: 'arm',
    change: all(
      afterOptimizer('let turn = 0;'),
      insteadOfZeroing('if (turn % 4 === 0) %opt.zeroGrad();'),
      insteadOfStep('if (++turn % 4 === 0) %opt.step();'),
    ),
    causes: LOWER,
  },
  'a norm of five at most': {
    to: 'spiral-depth forecast-gru',
    change: afterBackward('nn.utils.clipGradNorm_(%model.parameters(), 5);'),
  },
  'a norm of a hundredth at most, under Adam': {
    to: 'digits-bn deep-ae',
    change: afterBackward('nn.utils.clipGradNorm_(%model.parameters(), 0.01);'),
    causes: LOWER,
  },
  'no gradient above a half': {
    to: 'identity-resnet disc-unet',
    change: afterBackward('nn.utils.clipGradValue_(%model.parameters(), 0.5);'),
  },
  'clipping left out': {
    to: 'drama-lstm stage-transformer',
    change: swap(/ *nn\.utils\.clipGradNorm_.*\n/, ''),
  },
  'a cosine down to a twentieth': {
    to: 'pitch-rnn',
    change: planned('CosineAnnealingLR(%opt, { tMax: 310, etaMin: 0.0003 })'),
    causes: LOWER,
  },
  'warm restarts every fifty updates': {
    to: 'digits-bn',
    change: planned('CosineAnnealingWarmRestarts(%opt, { t0: 50, etaMin: 0.0001 })'),
    causes: LOWER,
  },
  'warm restarts, each twice as long': {
    to: 'rose',
    change: planned('CosineAnnealingWarmRestarts(%opt, { t0: 30, tMult: 2 })'),
    causes: LOWER,
  },
  'thirty updates of warming up': {
    to: 'disc-unet identity-resnet',
    change: planned('LinearLR(%opt, { startFactor: 0.05, totalIters: 30 })'),
    causes: LOWER,
  },
  'a cycle of rates, up and down': {
    to: 'arm',
    change: planned('OneCycleLR(%opt, { maxLr: 0.015, totalSteps: 400 })'),
    causes: EITHER,
  },
  'rates in triangles of forty': {
    to: 'moon-matmul',
    change: planned('CyclicLR(%opt, { baseLr: 0.002, maxLr: 0.02, stepSizeUp: 40, cycleMomentum: false })'),
    causes: EITHER,
  },
  'a polynomial down to 0': {
    to: 'moon-matmul',
    change: planned('PolynomialLR(%opt, { totalIters: 420, power: 1 })'),
    causes: LOWER,
  },
  'half the rate after a hundred and twenty updates': {
    to: 'border-tower deep-ae',
    change: planned('MultiStepLR(%opt, { milestones: [120], gamma: 0.5 })'),
    causes: LOWER,
  },
  'the schedule left out': {
    to: 'drama-lstm stage-transformer',
    change: swap(/ *(?:cosine|decay|annealing|noam|cycle)\.step\(\);\n/, ''),
    causes: HIGHER,
  },
  'a rate that waits for the loss': {
    to: 'disc-unet',
    change: all(
      afterOptimizer('const patient = new optim.ReduceLROnPlateau(%opt, { factor: 0.6, patience: 40 });'),
      afterStep('patient.step(%loss.item());'),
    ),
    causes: LOWER,
  },
  'half as fast': { to: 'pitch-rnn disc-unet', change: faster(0.5), causes: LOWER },
  'a third as fast': { to: 'projectile spiral-depth', change: faster(0.33), causes: LOWER },
  'a sixth as fast': { to: 'rose', change: faster(0.17), causes: LOWER },
  'twice as fast': { to: 'drama-lstm spiral-depth', change: faster(2), causes: HIGHER },
  'four times as fast': { to: 'iris-full projectile', change: faster(4), causes: HIGHER },
  'a cycle twice as high': { to: 'conv-gap', change: swap(/maxLr: 0\.012/, 'maxLr: 0.024'), causes: HIGHER },
  'batches of a quarter': { to: 'border-tower disc-unet', change: batched(0.25), causes: HIGHER },
  'batches of an eighth': { to: 'projectile', change: batched(0.125), causes: HIGHER },
  'batches three times as big': { to: 'deep-ae digits-bn', change: batched(3), causes: LOWER },
  'batches eight times as big': { to: 'moon-matmul', change: batched(8), causes: LOWER },
  'all the data in each batch': {
    to: 'arm',
    change: (text) =>
      all(
        swap(/batchSize: (?:32|settings\.batchSize), shuffle: true/, 'batchSize: 960'),
        lasting(/ArmModel/.test(text) ? 20 : 14),
        (long) => long.replace(/ *decay\.step\(\);\n/, ''),
      )(text),
    causes: LOWER,
  },
  'descent without momentum': {
    to: 'iris-full moon-matmul',
    change: trainedBy('SGD({ lr: 0.3 })'),
    causes: [...EITHER, 'loss-plateau'],
  },
  'descent with a momentum of 0.9': {
    to: 'conv-gap digits-bn',
    change: (text) =>
      trainedBy('SGD({ lr: 0.08, momentum: 0.9 })')(
        text.replace(/ *cycle\.step\(\);\n/, '').replace(/const cycle.*\n/, ''),
      ),
    causes: [...EITHER, 'loss-plateau'],
  },
  'Adam where descent was': {
    to: 'rose identity-resnet',
    change: trainedBy('Adam({ lr: 0.005 })'),
    causes: EITHER,
  },
  'RMSprop at a thousandth': {
    to: 'pitch-rnn digit-trainer',
    change: trainedBy('RMSprop({ lr: 0.001 })'),
    causes: EITHER,
  },
  'NAdam at a two-hundredth': {
    to: 'forecast-gru',
    change: trainedBy('NAdam({ lr: 0.005 })'),
    causes: EITHER,
  },
  'RAdam at a hundredth': { to: 'moon-matmul', change: trainedBy('RAdam({ lr: 0.01 })'), causes: EITHER },
  'Adagrad at a twentieth': { to: 'rose', change: trainedBy('Adagrad({ lr: 0.05 })'), causes: EITHER },
  'Lion at a two-thousandth': {
    to: 'digit-trainer',
    change: trainedBy('Lion({ lr: 0.0005, weightDecay: 0.01 })'),
    causes: EITHER,
  },
  'Adamax at a fiftieth': { to: 'projectile', change: trainedBy('Adamax({ lr: 0.02 })'), causes: EITHER },
  'Adadelta, as it comes': { to: 'digit-trainer', change: trainedBy('Adadelta({ lr: 1 })'), causes: EITHER },
  'a momentum of only 0.6': {
    to: 'rose',
    change: swap(/(?<=momentum: )0\.9/, '0.6'),
    causes: LOWER,
  },
  'AMSGrad where Adam was': { to: 'deep-ae forecast-gru', change: setting('amsgrad: true') },
  'shorter memories for Adam': { to: 'disc-unet', change: setting('betas: [0.7, 0.9]') },
  'a weight decay of 0.0005': { to: 'rose spiral-depth', change: setting('weightDecay: 0.0005') },
  'no decay': { to: 'identity-resnet', change: swap(/, weightDecay: [\de.-]+/, '') },
  'a larger epsilon': { to: 'projectile', change: setting('eps: 1e-4') },
  'another rate for biases': {
    to: 'disc-unet pitch-rnn',
    change: swap(
      /new optim\.Adam\((\w+)\.parameters\(\), \{ lr: ([\d.]+) \}\)/,
      'new optim.Adam([{ params: $1.parameters().filter((p) => p.shape.length > 1) }, { params: $1.parameters().filter((p) => p.shape.length < 2), lr: 2 * $2 }], { lr: $2 })',
    ),
  },
  'decay spared for biases and norms': {
    to: 'forecast-gru',
    change: swap(
      /new optim\.AdamW\((\w+)\.parameters\(\), \{ lr: ([\w.]+), weightDecay: ([\d.]+) \}\)/,
      'new optim.AdamW([{ params: $1.parameters().filter((p) => p.shape.length > 1) }, { params: $1.parameters().filter((p) => p.shape.length < 2), weightDecay: 0 }], { lr: $2, weightDecay: $3 })',
    ),
  },
  'the first two tensors stay as drawn': {
    to: 'conv-gap rose',
    change: beforeOptimizer('for (const p of %model.parameters().slice(0, 2)) p.requiresGrad_(false);'),
    causes: UNTRAINED,
  },
  'a recurrence that stays as drawn, and isn’t optimized': {
    to: 'forecast-gru',
    change: all(
      eachTensor('if (/^(?:gru|lstm)/.test(name)) p.requiresGrad_(false);'),
      holding('%model.parameters().filter((p) => p.requiresGrad)'),
    ),
    causes: UNTRAINED,
  },
  'letters and places stay as drawn': {
    to: 'drama-lstm',
    change: eachTensor('if (/^(?:embed|tokens|places)/.test(name)) p.requiresGrad_(false);'),
    causes: UNTRAINED,
  },
  'a way down that stays as drawn': {
    to: 'disc-unet',
    change: beforeOptimizer(
      'for (const p of [...unet.down1.parameters(), ...unet.down2.parameters()]) p.requiresGrad_(false);',
    ),
    causes: UNTRAINED,
  },
  'first layers thawed after sixty updates': {
    to: 'identity-resnet projectile',
    change: all(
      afterOptimizer('let done = 0;'),
      insteadOfZeroing(
        '%opt.zeroGrad();',
        'if (done === 0 || done === 60) for (const p of %model.parameters().slice(0, 2)) p.requiresGrad_(done === 60);',
        'done++;',
      ),
    ),
  },
  'zeroGrad right after step': {
    to: 'conv-gap pitch-rnn',
    change: all(insteadOfZeroing(), afterStep('%opt.zeroGrad();')),
  },
  'zeroGrad called on the model': { to: 'arm', change: insteadOfZeroing('%model.zeroGrad();') },
  'gradients set to null by hand': {
    to: 'rose',
    change: insteadOfZeroing('for (const p of %model.parameters()) p.grad = null;'),
  },
  'an average of weights on the side': {
    to: 'stage-transformer',
    change: all(
      afterOptimizer('const average = %model.parameters().map((p) => p.detach().clone());'),
      afterStep('noGrad(() => %model.parameters().forEach((p, k) => average[k].mul_(0.98).add_(p.mul(0.02))));'),
    ),
  },
  'a test every twenty-five updates': {
    to: 'projectile forecast-gru',
    change: all(
      afterOptimizer('let at = 0;'),
      afterStep(
        'if (++at % 25 === 0) {',
        '  %model.eval();',
        "  console.log('test', noGrad(() => %model(testX).sub(testY).square().mean().item()));",
        '  %model.train();',
        '}',
      ),
    ),
  },
  'a test that builds a graph': {
    to: 'identity-resnet spiral-depth',
    change: all(
      afterOptimizer('let looked = 0;'),
      afterStep("if (looked++ % 20 === 0) console.log(%model(testX).argmax(1).eq(testY).to('float32').mean().item());"),
    ),
  },
  'every loss printed': { to: 'deep-ae', change: afterStep('console.log(%loss.item());') },
  'the norm of all gradients printed': {
    to: 'moon-matmul',
    change: afterBackward('console.log(nn.utils.clipGradNorm_(%model.parameters(), Infinity).item().toFixed(4));'),
  },
  'done when the loss is below a tenth': {
    to: 'moon-matmul iris-full',
    change: afterStep('if (%loss.item() < 0.1) break;'),
  },
  'losses times a hundred, gradients over a hundred': {
    to: 'conv-gap',
    change: all(charged('·.mul(100)'), afterBackward('for (const p of %model.parameters()) p.grad.div_(100);')),
  },
  'gradients with noise': {
    to: 'arm',
    change: all(
      afterBackward('for (const p of %model.parameters()) p.grad.add_(randn(p.shape).mul(1e-4));'),
      importing('randn'),
    ),
  },
  'weights clamped to one and a half': {
    to: 'conv-gap',
    change: afterStep('noGrad(() => %model.parameters().forEach((p) => p.clamp_(-1.5, 1.5)));'),
  },
  'three quarters of the time': { to: 'digits-bn deep-ae', change: lasting(0.75), causes: LOWER },
  'half of the time': { to: 'forecast-gru', change: lasting(0.5), causes: LOWER },
  'all of it twice as long': { to: 'iris-full digit-trainer', change: lasting(2) },
  'in the order of the data': { to: 'border-tower arm', change: swap(/, shuffle: true/, '') },
  'incomplete batches dropped': { to: 'deep-ae', change: swap(/(batchSize: \d+)/, '$1, dropLast: true') },
  'the same rate for both': { to: 'lines-gan', change: swap(/lr: 0\.004/, 'lr: 0.003'), causes: EITHER },
  'the discriminator clipped to one': {
    to: 'lines-gan',
    change: swap(/( *)dLoss\.backward\(\);\n/, '$&$1nn.utils.clipGradNorm_(discriminator.parameters(), 1);\n'),
  },
  'the usual betas for both': { to: 'lines-gan', change: swap(/, betas: \[0\.5, 0\.99\]/g, ''), causes: EITHER },
  'two updates of the discriminator': {
    to: 'lines-gan',
    change: swap(/( *)trainDiscriminator\(made\);\n/, '$&$&'),
    causes: EITHER,
  },
  'three times the batch for both': { to: 'lines-gan', change: batched(3) },
  'Adam for both, half as fast': { to: 'lines-gan', change: faster(0.5, true), causes: LOWER },
};
