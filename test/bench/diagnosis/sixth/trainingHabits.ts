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
import type { Habits } from '../habits/habit.ts';
import { adamOption, descentOption, held, option, quietly, withoutZeroing } from './wording.ts';

const EVERY =
  'two-moons xor moon-tower blob-tower iris-split digits-relu digits-norm digits-conv conv-bn resnet-v2 rows-rnn char-gru sine-lstm gpt rows-attention compress conv-ae curve-gan spot-detector energy tabular-resnet';

/** Batches so many times as large: of loaders, of slices, of what functions draw. */
const batches =
  (times: number): Change =>
  (text) => {
    const scaled = (_: string, before: string, size: string) => before + Math.round(Number(size) * times);
    const changed = text
      .replace(/(batchSize: )(\d+)/, scaled)
      .replace(/(step \* )(\d+)/, scaled)
      .replace(/(from \+ )(\d+)/g, scaled)
      .replace(/(getBatch\()(\d+)(?=\);\n {2})/, scaled)
      .replace(/(randperm\(1350\)\.slice\(0, 0, )(\d+)/, scaled)
      .replace(/(of batches\()(\d+)/, scaled);
    return changed === text ? null : changed;
  };

/** So many times as many epochs or steps. */
const longer =
  (times: number): Change =>
  (text) => {
    const scaled = (_: string, before: string, count: string) => before + Math.round(Number(count) * times);
    return text.replace(/(\nfor \(let (?:step|epoch) = 0; \w+ < )(\d+)/, scaled).replace(/(\nfit\()(\d+)/, scaled);
  };

/** Odd but healthy ways of training, of the sixth part. */
export const TRAINING: Habits = {
  'as it is': { to: EVERY, change: (text) => text },
  'gradients of four batches summed up': {
    to: 'sine-lstm',
    change: all(
      beforeLoop('let count = 0;'),
      withoutZeroing,
      lossOf('·.div(4)'),
      swap(
        /( *)optimizer\.step\(\);\n/,
        '$1if (++count % 4 === 0) {\n$1  optimizer.step();\n$1  optimizer.zeroGrad();\n$1}\n',
      ),
    ),
    causes: ['learning-rate-low'],
  },
  'gradients of two halves': {
    to: 'resnet-v2',
    change: swap(
      /( *)const (\w+) = model\((\w+)\);\n *const loss = ([\w.]+)\(\2, (\w+)\);\n *loss\.backward\(\);\n/,
      '$1const parts = $3.chunk(2).map((part, i) => [part, $5.chunk(2)[i]]);\n$1for (const [part, its] of parts) {\n$1  const loss = $4(model(part), its).div(2);\n$1  loss.backward();\n$1}\n',
    ),
  },
  'clipped by a norm of two': {
    to: 'char-gru',
    change: afterBackward('nn.utils.clipGradNorm_(model.parameters(), 2);'),
  },
  'clipped by a hundredth, under Adam': {
    to: 'spot-detector',
    change: afterBackward('nn.utils.clipGradNorm_(model.parameters(), 0.01);'),
    causes: ['learning-rate-low'],
  },
  'values clipped at a half': {
    to: 'energy',
    change: afterBackward('nn.utils.clipGradValue_(model.parameters(), 0.5);'),
  },
  'no clipping': {
    to: 'rows-rnn gpt',
    change: swap(/ *nn\.utils\.clipGradNorm_.*\n/, ''),
  },
  'restarts every forty steps': {
    to: 'blob-tower',
    change: schedule('CosineAnnealingWarmRestarts(optimizer, { t0: 40 })'),
    causes: ['learning-rate-low'],
  },
  'a cosine over the training': {
    to: 'conv-ae',
    change: schedule('CosineAnnealingLR(optimizer, { tMax: 220 })'),
    causes: ['learning-rate-low'],
  },
  'one cycle up and down': {
    to: 'xor',
    change: schedule('OneCycleLR(optimizer, { maxLr: 0.03, totalSteps: 320 })'),
    causes: ['learning-rate-high', 'learning-rate-low'],
  },
  'a triangle of rates': {
    to: 'blob-tower conv-bn',
    change: schedule('CyclicLR(optimizer, { baseLr: 0.01, maxLr: 0.08, stepSizeUp: 30 })'),
    causes: ['learning-rate-high', 'learning-rate-low'],
  },
  'twenty-five steps of warming up': {
    to: 'moon-tower',
    change: schedule('LinearLR(optimizer, { startFactor: 0.02, totalIters: 25 })'),
  },
  'a third after 120 steps': {
    to: 'rows-rnn',
    change: schedule('MultiStepLR(optimizer, { milestones: [120, 170], gamma: 0.33 })'),
  },
  'one percent less at a step': {
    to: 'conv-ae',
    change: schedule('ExponentialLR(optimizer, { gamma: 0.99 })'),
    causes: ['learning-rate-low'],
  },
  'a rate by its own function': {
    to: 'gpt',
    change: schedule('LambdaLR(optimizer, (step) => Math.min((step + 1) / 20, 1 / Math.sqrt((step + 1) / 20)))'),
    causes: ['learning-rate-low'],
  },
  'without its schedule': {
    to: 'digits-relu',
    change: swap(/ *scheduler\.step\(\);\n/, ''),
  },
  'lowered on a plateau of the loss': {
    to: 'compress',
    change: all(
      beforeLoop('const plateau = new optim.ReduceLROnPlateau(optimizer, { factor: 0.6, patience: 30 });'),
      afterUpdate('plateau.step(loss.item());'),
    ),
    causes: ['learning-rate-low'],
  },
  'seven tenths of the rate': {
    to: 'digits-norm',
    change: rate(0.7),
    causes: ['learning-rate-low'],
  },
  '33 % of the rate': {
    to: 'moon-tower',
    change: rate(0.33),
    causes: ['learning-rate-low'],
  },
  'an eighth of the rate': {
    to: 'digits-conv',
    change: rate(0.125),
    causes: ['learning-rate-low'],
  },
  'seven quarters of the rate': {
    to: 'spot-detector',
    change: rate(1.75),
    causes: ['learning-rate-high', 'oscillating-loss'],
  },
  'two and a half times the rate': {
    to: 'digits-norm',
    change: rate(2.5),
    causes: ['learning-rate-high', 'oscillating-loss'],
  },
  'a rate four times as high': {
    to: 'energy',
    change: rate(4),
    causes: ['learning-rate-high', 'oscillating-loss'],
  },
  'batches of a third': {
    to: 'tabular-resnet',
    change: batches(0.3334),
    causes: ['learning-rate-high'],
  },
  'a batch of eight': {
    to: 'two-moons energy',
    change: swap(/batchSize: \d+/, 'batchSize: 8'),
  },
  'one and a half times the batch': { to: 'char-gru', change: batches(1.5) },
  'five times the batch': {
    to: 'compress',
    change: either(batches(5), swap(/i \+ 40|i \+= 40/g, '$&0')),
    causes: ['learning-rate-low'],
  },
  'momentum for Adam': {
    to: 'rows-attention',
    change: optimizer('SGD({ lr: 0.08, momentum: 0.9 })'),
    causes: ['learning-rate-low', 'learning-rate-high', 'loss-plateau'],
  },
  'Adam for momentum': {
    to: 'digits-relu',
    change: optimizer('Adam({ lr: 0.004 })'),
    causes: ['learning-rate-low'],
  },
  'RMSprop for the optimizer': {
    to: 'spot-detector',
    change: optimizer('RMSprop({ lr: 0.003 })'),
    causes: ['learning-rate-low', 'learning-rate-high'],
  },
  'AdamW for Adam, a tenth of decay': {
    to: 'moon-tower',
    change: optimizer('AdamW({ lr: 0.004, weightDecay: 0.1 })'),
  },
  'RAdam for Adam': {
    to: 'digits-conv',
    change: optimizer('RAdam({ lr: 0.01 })'),
    causes: ['learning-rate-low'],
  },
  'Adamax for Adam': { to: 'rows-rnn', change: optimizer('Adamax({ lr: 0.015 })') },
  'NAdam in its place': { to: 'char-gru', change: optimizer('NAdam({ lr: 0.004 })') },
  'Adagrad in its place': {
    to: 'rows-attention',
    change: optimizer('Adagrad({ lr: 0.03 })'),
    causes: ['learning-rate-low'],
  },
  'Adadelta in its place': {
    to: 'digits-norm',
    change: optimizer('Adadelta({ lr: 1 })'),
    causes: ['learning-rate-low'],
  },
  'signs of gradients': {
    to: 'two-moons',
    change: optimizer('Lion({ lr: 0.0015 })'),
    causes: ['learning-rate-low', 'learning-rate-high'],
  },
  'Nesterov ahead': { to: 'conv-bn', change: descentOption('nesterov: true') },
  'less momentum, and a faster rate': {
    to: 'blob-tower',
    change: all(swap(/momentum: 0\.9/, 'momentum: 0.5'), rate(3)),
    causes: ['learning-rate-low'],
  },
  'the greatest of squares kept': { to: 'conv-ae', change: adamOption('amsgrad: true') },
  'quicker averages of squares': {
    to: 'iris-split',
    change: adamOption('betas: [0.9, 0.95]'),
  },
  'an epsilon of a thousandth': {
    to: 'moon-tower',
    change: adamOption('eps: 1e-3'),
    causes: ['learning-rate-low'],
  },
  'a decay of a two-thousandth': {
    to: 'energy',
    change: option('weightDecay: 5e-4'),
  },
  'no decay for biases': {
    to: 'digits-norm',
    change: swap(
      /new optim\.AdamW\(model\.parameters\(\), \{(.*?)\}\)/,
      'new optim.AdamW([{ params: model.parameters().filter((p) => p.shape.length > 1) }, { params: model.parameters().filter((p) => p.shape.length === 1), weightDecay: 0 }], {$1})',
    ),
  },
  'the beginning frozen': {
    to: 'gpt',
    change: everyParameter('if (/^(?:0|fc1|wte|embed)\\./.test(name)) p.requiresGrad_(false);'),
  },
  'all but two layers frozen': {
    to: 'spot-detector',
    change: everyParameter('if (/^(?:fc1|fc2|features\\.[03])\\./.test(name)) p.requiresGrad_(false);'),
    causes: ['loss-plateau', 'frozen-parameter'],
  },
  'frozen at first, and free later': {
    to: 'digits-conv',
    change: all(
      beforeLoop('let update = 0;'),
      beforeZeroing('for (const p of model.parameters().slice(0, 2)) p.requiresGrad_(update > 40);', 'update++;'),
    ),
  },
  'what is trained, given by a filter': {
    to: 'char-gru',
    change: all(
      quietly('model.parameters()[0].requiresGrad_(false)'),
      held('model.parameters().filter((p) => p.requiresGrad)'),
    ),
  },
  'a slower beginning of the network': {
    to: 'rows-rnn',
    change: swap(
      /new optim\.(\w+)\(model\.parameters\(\), \{ lr: ([\d.]+)(.*?) \}\)/,
      'new optim.$1([{ params: model.parameters().slice(0, -2), lr: $2 / 4 }, { params: model.parameters().slice(-2) }], { lr: $2$3 })',
    ),
    causes: ['learning-rate-low'],
  },
  'cleared at the end of a step': {
    to: 'two-moons',
    change: all(withoutZeroing, afterUpdate('optimizer.zeroGrad();')),
  },
  'cleared by the model': {
    to: 'sine-lstm',
    change: swap(/optimizer\.zeroGrad\(\)/, 'model.zeroGrad()'),
  },
  'gradients set to null': {
    to: 'iris-split',
    change: swap(/optimizer\.zeroGrad\(\)/, 'for (const p of model.parameters()) p.grad = null'),
  },
  'cleared twice': { to: 'gpt', change: swap(/( *)optimizer\.zeroGrad\(\);\n/, '$&$&') },
  'a moving average of the weights': {
    to: 'digits-norm',
    change: all(
      beforeLoop('const shadow = model.parameters().map((p) => p.detach().clone());'),
      afterUpdate('noGrad(() => model.parameters().forEach((p, i) => shadow[i].mul_(0.98).add_(p, { alpha: 0.02 })));'),
    ),
  },
  'looks ahead': {
    to: 'moon-tower',
    change: all(
      beforeLoop('const slow = model.parameters().map((p) => p.detach().clone());', 'let update = 0;'),
      afterUpdate(
        'if (++update % 6 === 0) noGrad(() => model.parameters().forEach((p, i) => p.copy_(slow[i].lerp_(p, 0.6))));',
      ),
    ),
  },
  'tested every twenty steps': {
    to: 'conv-bn',
    change: afterUpdate(
      'if (step % 20 === 19) {',
      '  model.eval();',
      `  console.log(step, noGrad(() => model(inputs)).std().item());`,
      '  model.train();',
      '}',
    ),
  },
  'gradients told on the way': {
    to: 'conv-ae',
    change: all(
      beforeLoop('let update = 0;'),
      afterBackward(
        "if (++update % 20 === 0) console.log(model.parameters().map((p) => p.grad.norm().item().toExponential(1)).join(' '));",
      ),
    ),
  },
  'stops at a small loss': {
    to: 'moon-tower',
    change: afterUpdate('if (loss.item() < 0.03) break;'),
  },
  'scaled up for half precision': {
    to: 'gpt',
    change: all(lossOf('·.mul(4096)'), afterBackward('for (const p of model.parameters()) p.grad.div_(4096);')),
  },
  'noise that cools down': {
    to: 'blob-tower',
    change: all(
      beforeLoop('let update = 0;'),
      afterBackward(
        'update++;',
        'for (const p of model.parameters()) p.grad.add_(randn(p.shape).mul(0.02 / (1 + update)));',
      ),
      importing('randn'),
    ),
  },
  'gradients brought to the middle': {
    to: 'compress',
    change: afterBackward(
      'for (const p of model.parameters()) if (p.shape.length > 1) p.grad.sub_(p.grad.mean(1, { keepdim: true }));',
    ),
  },
  'weights kept within three': {
    to: 'energy',
    change: afterUpdate('noGrad(() => model.parameters().forEach((p) => p.clamp_(-3, 3)));'),
  },
  'two thirds of the training': { to: 'rows-rnn', change: longer(0.67) },
  'two and a half times the training': { to: 'xor', change: longer(2.5) },
  'a discriminator that steps twice': {
    to: 'curve-gan',
    change: swap(
      /( {2}optimizerD\.step\(\);\n)/,
      '$1  optimizerD.zeroGrad();\n  criterion(discriminator(sampleReal(batchSize)), ones([batchSize, 1])).add(criterion(discriminator(fake.detach()), zeros([batchSize, 1]))).backward();\n  optimizerD.step();\n',
    ),
  },
  'as fast on both sides': { to: 'curve-gan', change: swap(/(?<=optimizerD = .*lr: )0\.004/, '0.002') },
  'momentum of nine tenths on both sides': {
    to: 'curve-gan',
    change: swap(/betas: \[0\.5, 0\.99\]/g, 'betas: [0.9, 0.999]'),
  },
  'half the samples of a GAN': { to: 'curve-gan', change: swap(/batchSize = 80/, 'batchSize = 40') },
};
