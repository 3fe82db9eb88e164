import { all, either, importing, lossOf, swap } from '../change.ts';
import type { Habits } from '../habits/habit.ts';
import { answer, input, lossIs, target } from './wording.ts';

/** Options for the loss, a module or a function. */
const withOption = (given: string) =>
  either(
    swap(/(new nn\.\w+Loss)\(\)/, `$1({ ${given} })`),
    swap(/(const loss = F\.\w+\(\w+, \w+)\)/, `$1, { ${given} })`),
  );
/** Another loss, a module or a function. */
const lossNamed = (module: string, method: string) =>
  either(swap(/new nn\.\w+Loss\(/, `new nn.${module}(`), swap(/(?<=const loss = )F\.\w+\(/, `F.${method}(`));
const SOFT = "F.oneHot($2, $1.shape[1]).to('float32')";

/** Odd but healthy losses, labels and data, of the sixth part. */
export const OBJECTIVE: Habits = {
  'a sum over the batch, under Adam': {
    to: 'conv-ae',
    change: withOption("reduction: 'sum'"),
  },
  'a sum divided by the batch': {
    to: 'digits-relu blob-tower',
    change: swap(/(const loss = F\.\w+\((\w+), \w+)\)/, "$1, { reduction: 'sum' }).div($2.shape[0])"),
  },
  'each sample, and then the mean': {
    to: 'resnet-v2',
    change: swap(/(const loss = F\.\w+\(\w+, \w+)\)/, "$1, { reduction: 'none' }).mean()"),
  },
  'labels smoothed': {
    to: 'conv-bn',
    change: withOption('labelSmoothing: 0.08'),
  },
  'some classes weigh twice': {
    to: 'digits-conv resnet-v2',
    change: all(withOption('weight: tensor([2, 1, 1, 1, 2, 1, 1, 1, 2, 1])'), importing('tensor')),
  },
  'positives weigh more': {
    to: 'two-moons',
    change: all(withOption('posWeight: tensor([1.5])'), importing('tensor')),
  },
  'thirty times the loss, under Adam': { to: 'tabular-resnet', change: lossOf('·.mul(30)') },
  'a thirtieth of the loss, under Adam': { to: 'char-gru', change: lossOf('·.div(30)') },
  'a constant of five in the loss': { to: 'xor', change: lossOf('·.add(5)') },
  'a constant less in the loss': { to: 'gpt two-moons', change: lossOf('·.sub(1.5)') },
  'squares of weights in the loss': {
    to: 'two-moons',
    change: lossOf('·.add(model.parameters().map((p) => p.square().sum()).reduce((a, b) => a.add(b)).mul(3e-4))'),
  },
  'sizes of weights in the loss': {
    to: 'iris-split digits-conv',
    change: lossOf('·.add(model.parameters().map((p) => p.abs().sum()).reduce((a, b) => a.add(b)).mul(1e-4))'),
  },
  'certainty costs': {
    to: 'digits-conv rows-rnn',
    change: all(
      swap(
        /(?<=const loss = )([\w.]+)\((\w+), (\w+)\);/,
        '$1($2, $3).add($2.softmax(1).mul($2.logSoftmax(1)).sum(1).mean().mul(0.05));',
      ),
    ),
  },
  'absolute differences for squares': {
    to: 'sine-lstm',
    change: lossNamed('L1Loss', 'l1Loss'),
    causes: ['learning-rate-low'],
  },
  'Huber’s with a bend of three tenths': {
    to: 'energy tabular-resnet',
    change: swap(/new nn\.MSELoss\(\)/, 'new nn.HuberLoss({ delta: 0.3 })'),
  },
  'a smooth L1': { to: 'sine-lstm', change: lossNamed('SmoothL1Loss', 'smoothL1Loss') },
  'the logarithm of a cosh': {
    to: 'energy tabular-resnet',
    change: lossIs('$1.sub($2).abs().add($1.sub($2).abs().mul(-2).exp().log1p()).sub(Math.log(2)).mean()'),
  },
  'roots of mean squares': { to: 'energy sine-lstm', change: lossOf('·.add(1e-6).sqrt()') },
  'squared differences of pictures': { to: 'conv-ae moon-tower', change: lossNamed('MSELoss', 'mseLoss') },
  'squared differences to one-hot rows': {
    to: 'blob-tower',
    change: all(lossIs(`$1.sub(${SOFT}).square().mean()`), importing('F')),
    causes: ['learning-rate-low'],
  },
  'squared differences of probabilities': {
    to: 'xor rows-attention',
    change: all(lossIs(`$1.softmax(1).sub(${SOFT}).square().sum(1).mean()`), importing('F')),
    causes: ['learning-rate-low'],
  },
  'one-hot rows for classes': {
    to: 'conv-bn',
    change: all(lossIs(`F.crossEntropy($1, ${SOFT})`), importing('F')),
  },
  'each class for itself': {
    to: 'digits-norm blob-tower',
    change: all(lossIs(`F.binaryCrossEntropyWithLogits($1, ${SOFT})`), importing('F')),
    causes: ['learning-rate-low'],
  },
  'a hinge over classes': {
    to: 'iris-split resnet-v2',
    change: lossNamed('MultiMarginLoss', 'multiMarginLoss'),
    causes: ['learning-rate-low'],
  },
  'a likelihood of log softmax': {
    to: 'gpt',
    change: all(lossIs('F.nllLoss($1.logSoftmax(1), $2)'), importing('F')),
  },
  'log softmax under cross entropy': {
    to: 'char-gru',
    change: answer('$1.logSoftmax(1)'),
  },
  'cross entropy of log probabilities': { to: 'digits-relu', change: swap(/F\.nllLoss/, 'F.crossEntropy') },
  'cross entropy by hand': {
    to: 'blob-tower resnet-v2',
    change: lossIs('$1.logSoftmax(1).gather(1, $2.unsqueeze(1)).mean().neg()'),
  },
  'a divergence from one-hot rows': {
    to: 'digits-conv iris-split',
    change: all(lossIs(`F.klDiv($1.logSoftmax(1), ${SOFT}, { reduction: 'batchmean' })`), importing('F')),
  },
  'a loss of logits for one of probabilities': {
    to: 'moon-tower conv-ae',
    change: either(
      all(
        swap(/, new nn\.Sigmoid\(\)/, ''),
        swap(/nn\.BCELoss/, 'nn.BCEWithLogitsLoss'),
        swap(/model\(test\.x\)/, 'model(test.x).sigmoid()'),
      ),
      all(
        swap(/\.sigmoid\(\);/, ';'),
        swap(/F\.binaryCrossEntropy\(/, 'F.binaryCrossEntropyWithLogits('),
        swap(/model\(held\)/, 'model(held).sigmoid()'),
      ),
    ),
  },
  'a soft margin': {
    to: 'two-moons',
    change: all(lossNamed('SoftMarginLoss', 'softMarginLoss'), target('$1.mul(2).sub(1)')),
  },
  'classes that are easy count less': {
    to: 'digits-conv resnet-v2',
    change: all(
      lossIs(
        "[F.crossEntropy($1, $2, { reduction: 'none' })].map((each) => each.mul(each.neg().exp().neg().add(1).pow(1.5)).mean())[0]",
      ),
      importing('F'),
    ),
  },
  'the hardest half of a batch': {
    to: 'rows-rnn digits-norm',
    change: all(
      lossIs("F.crossEntropy($1, $2, { reduction: 'none' }).topk(Math.ceil($2.shape[0] / 2)).values.mean()"),
      importing('F'),
    ),
  },
  'one label of eight drawn anew': {
    to: 'resnet-v2',
    change: all(
      target('rand($1.shape).lt(0.125).where(randint(0, 10, $1.shape), $1)'),
      importing('rand'),
      importing('randint'),
    ),
  },
  'a tenth of noise on the inputs': {
    to: 'xor',
    change: all(input('$1.add(randn($1.shape).mul(0.1))'), importing('randn')),
  },
  'noise to be taken away': {
    to: 'compress conv-ae',
    change: all(input('$1.add(randn($1.shape).mul(0.15))'), importing('randn')),
  },
  'inputs hidden here and there': {
    to: 'compress digits-relu',
    change: all(input("$1.mul(rand($1.shape).gt(0.15).to('float32'))"), importing('rand')),
  },
  'pictures moved by a pixel': {
    to: 'digits-conv resnet-v2',
    change: all(input('$1.roll(randint(0, 2, [1]).item(), 3)'), importing('randint')),
    causes: ['learning-rate-low'],
  },
  'two pictures mixed': {
    to: 'conv-bn rows-attention',
    change: all(
      swap(
        /const (\w+) = model\((\w+)\);\n( *)const loss = ([\w.]+)\(\1, (\w+)\);/,
        'const $1 = model($2.mul(0.8).add($2.flip(0).mul(0.2)));\n$3const loss = $4($1, $5).mul(0.8).add($4($1, $5.flip(0)).mul(0.2));',
      ),
    ),
  },
  'pixels as they are': {
    to: 'digits-norm',
    change: swap(/\.div\(16\)(?:\.sub\(0\.3\)\.div\(0\.38\))?/, ''),
    causes: ['unscaled-input'],
  },
  'pixels within a hundredth': {
    to: 'digits-relu rows-rnn',
    change: either(swap(/\.sub\(8\)\.div\(8\)/, '.sub(8).div(800)'), swap(/\.div\(16\)/, '.div(1600)')),
    causes: ['learning-rate-low', 'bad-initialization/small-weights', 'vanishing-gradient'],
  },
  'flowers as they were measured': {
    to: 'iris-split',
    change: swap(/X\.sub\(X\.mean\(0\)\)\.div\(X\.std\(0\)\)/, 'X'),
    causes: ['unscaled-input'],
  },
  'targets times five': {
    to: 'energy sine-lstm',
    change: all(target('$1.mul(5)'), swap(/model\(testX\)/, 'model(testX).div(5)')),
    causes: ['learning-rate-low', 'learning-rate-high'],
  },
  'targets of a tenth': {
    to: 'tabular-resnet',
    change: all(target('$1.mul(0.1)'), swap(/model\(testX\)/, 'model(testX).mul(10)')),
    causes: ['learning-rate-low'],
  },
  'targets around six': {
    to: 'tabular-resnet energy',
    change: all(target('$1.add(6)'), swap(/model\(testX\)/, 'model(testX).sub(6)')),
    causes: ['learning-rate-low'],
  },
  'targets with noise': {
    to: 'sine-lstm',
    change: all(target('$1.add(randn($1.shape).mul(0.3))'), importing('randn')),
  },
  'sharper answers': { to: 'rows-attention', change: answer('$1.mul(2)') },
  'logits kept within eight': { to: 'xor', change: answer('$1.div(8).tanh().mul(8)') },
  'a second look at the batch': {
    to: 'digits-relu',
    change: swap(
      /const (\w+) = model\((\w+)\);\n( *)const loss = ([\w.]+)\(\1, (\w+)\);/,
      'const $1 = model($2);\n$3const again = model($2.mul(0.95));\n$3const loss = $4($1, $5).add($4(again, $5)).div(2);',
    ),
  },
  'what is detached on purpose': {
    to: 'digits-conv compress',
    change: swap(
      /(?<=const loss = )([\w.]+)\((\w+), (\w+)\);/,
      '$1($2, $3).add($2.detach().mean().mul(0.01)).add($2.sub($2.detach()).abs().mean());',
    ),
  },
  'real ones labelled nine tenths': {
    to: 'curve-gan',
    change: swap(/(discriminator\(sampleReal\(batchSize\)\), ones\(\[batchSize, 1\]\))/, '$1.mul(0.9)'),
  },
  'squares for a GAN': { to: 'curve-gan', change: swap(/nn\.BCELoss/, 'nn.MSELoss') },
  'logits for a GAN': {
    to: 'curve-gan',
    change: all(swap(/\.sigmoid\(\);/, ';'), swap(/nn\.BCELoss/, 'nn.BCEWithLogitsLoss')),
  },
  'noise on what a discriminator sees': {
    to: 'curve-gan',
    change: swap(
      /discriminator\(sampleReal\(batchSize\)\)/,
      'discriminator(sampleReal(batchSize).add(randn([batchSize, 2]).mul(0.05)))',
    ),
  },
  'boxes a quarter as important': { to: 'spot-detector', change: swap(/boxLoss\.mul\(20\)/, 'boxLoss.mul(5)') },
  'boxes later than objects': {
    to: 'spot-detector',
    change: swap(/boxLoss\.mul\(20\)/, 'boxLoss.mul(epoch < 5 ? 0 : 20)'),
  },
};
