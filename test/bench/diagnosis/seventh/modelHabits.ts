import { all, either, swap } from '../change.ts';
import type { Habits } from '../habits/habit.ts';
import { behindModel, bend, each, weights } from './wording.ts';

const FADES = ['saturated-activation', 'vanishing-gradient', 'learning-rate-low'];
const TINY = ['bad-initialization/small-weights', 'vanishing-gradient', 'learning-rate-low'];
/** Before every bend behind a layer, in a sequence. */
const beforeBends = (module: string) =>
  swap(/( *)(new nn\.Linear\(.*, (\d+)\),\n)(?= *new nn\.(?:ReLU|ELU|Tanh)\(\))/g, `$1$2$1new nn.${module}($3),\n`);

/** Odd but healthy models, of the seventh part. */
export const MODEL: Habits = {
  'leaky bends': { to: 'pinwheel', change: bend('LeakyReLU', 'leakyRelu') },
  'bends of ELU': { to: 'concrete', change: bend('ELU', 'elu') },
  'bends of GELU': { to: 'bar-detector', change: bend('GELU', 'gelu') },
  'bends of SiLU': { to: 'digits-denoise', change: bend('SiLU', 'silu') },
  'bends of Mish': { to: 'moon-pairs', change: bend('Mish', 'mish') },
  'bends of SELU': { to: 'iris-batches', change: bend('SELU', 'selu') },
  'bends of tanh': { to: 'digits-dropout', change: bend('Tanh', 'tanh') },
  'bends of ReLU': { to: 'play-attention', change: bend('ReLU', 'relu') },
  'bends of softsign': { to: 'moon-pairs', change: bend('Softsign', 'softsign'), causes: FADES },
  'sigmoids in a shallow network': { to: 'iris-batches', change: bend('Sigmoid', 'sigmoid'), causes: FADES },
  'one sigmoid in the middle': {
    to: 'digits-dropout',
    change: swap(/(new nn\.Linear\(128, 40\),\n *)new nn\.ReLU\(\)/, '$1new nn.Sigmoid()'),
    causes: FADES,
  },
  'slopes that are learned': { to: 'concrete', change: swap(/new nn\.ReLU\(\)/g, 'new nn.PReLU()') },
  'layer norms ahead of bends': { to: 'digits-denoise', change: beforeBends('LayerNorm') },
  'batch norms ahead of bends': { to: 'iris-batches', change: beforeBends('BatchNorm1d') },
  'group norms in blocks': {
    to: 'digits-residual',
    change: swap(/new nn\.BatchNorm2d\((\w+)\)/g, 'new nn.GroupNorm(5, $1)'),
  },
  'instance norms in blocks': {
    to: 'digits-residual',
    change: swap(/new nn\.BatchNorm2d\((\w+)\)/g, 'new nn.InstanceNorm2d($1)'),
  },
  'norms with nothing to learn': {
    to: 'digits-residual',
    change: swap(/(new nn\.BatchNorm2d\(\w+)\)/g, '$1, { affine: false })'),
  },
  'norms that remember a third': {
    to: 'digits-residual',
    change: swap(/(new nn\.BatchNorm2d\(\w+)\)/g, '$1, { momentum: 0.3 })'),
  },
  'second norms that begin at 0': {
    to: 'digits-residual',
    change: each('if (/bn2\\.weight$/.test(name)) nn.init.zeros_(p);'),
  },
  'root mean squares ahead of attention': {
    to: 'play-attention',
    change: swap(/new nn\.LayerNorm/g, 'new nn.RMSNorm'),
  },
  'a norm before the head': {
    to: 'play-attention',
    change: all(
      swap(/this\.head\(encoded\)/, 'this.head(this.last(encoded))'),
      swap(/( *)head = .*\n/, '$&$1last = new nn.LayerNorm(size);\n'),
    ),
  },
  'no dropout': { to: 'digits-dropout', change: swap(/ *new nn\.Dropout\(0\.15\),\n/g, '') },
  '28 % dropped': {
    to: 'digits-dropout',
    change: swap(/Dropout\(0\.15\)/g, 'Dropout(0.28)'),
    causes: ['loss-plateau', 'learning-rate-low'],
  },
  'a little dropped before the head': {
    to: 'digits-vgg bar-detector',
    change: either(
      swap(/this\.head\(code\)/, 'this.head(F.dropout(code, { p: 0.2, training: this.training }))'),
      swap(/(new nn\.Linear\(14 \* 5 \* 5, 40\),\n *new nn\.ReLU\(\),\n)/, '$1    new nn.Dropout(0.1),\n'),
    ),
  },
  'linear layers bare of biases': {
    to: 'digits-denoise',
    change: swap(/new nn\.Linear\((\w+), (\w+)\)/g, 'new nn.Linear($1, $2, { bias: false })'),
    causes: ['loss-plateau'],
  },
  'towers twice as wide': {
    to: 'pinwheel nested-rings',
    change: either(swap(/\[7, 26\]/, '[7, 52]'), swap(/Tower\(6, 22\)/, 'Tower(6, 44)')),
  },
  'hidden layers half as wide': {
    to: 'pinwheel concrete',
    change: either(
      swap(/\[7, 26\]/, '[7, 13]'),
      all(
        swap(/\b48\b/g, '24'),
        swap(/nn\.Linear\(24, 32\)/, 'nn.Linear(24, 16)'),
        swap(/nn\.Linear\(32, 1\)/, 'nn.Linear(16, 1)'),
      ),
    ),
    causes: ['loss-plateau', 'dead-units'],
  },
  'two hidden layers': {
    to: 'pinwheel nested-rings',
    change: either(swap(/\[7, 26\]/, '[2, 26]'), swap(/Tower\(6, 22\)/, 'Tower(2, 22)')),
  },
  'eleven hidden layers, well begun': {
    to: 'pinwheel nested-rings',
    change: either(swap(/\[7, 26\]/, '[11, 26]'), swap(/Tower\(6, 22\)/, 'Tower(11, 22)')),
    causes: ['vanishing-gradient', 'exploding-gradient', 'saturated-activation'],
  },
  'a tower with bridges': {
    to: 'nested-rings',
    change: swap(/h = layer\(h\)\.tanh\(\);/, 'h = layer(h).tanh().add(h.shape[1] > 2 ? h.mul(0.5) : 0);'),
  },
  'blocks without shortcuts': {
    to: 'digits-residual',
    change: swap(/\.add\(this\.shortcut\(x\)\)/, ''),
    causes: ['vanishing-gradient', 'learning-rate-low'],
  },
  'Kaiming for kernels': { to: 'digits-vgg', change: weights("nn.init.kaimingUniform_(p, { nonlinearity: 'relu' })") },
  'Xavier for all': { to: 'play-attention', change: weights('nn.init.xavierNormal_(p)') },
  'orthogonal rows': { to: 'decay-gru', change: weights('nn.init.orthogonal_(p)') },
  'a normal of three hundredths': {
    to: 'play-lstm',
    change: weights('nn.init.normal_(p, { std: 0.03 })'),
    causes: TINY,
  },
  'weights of a half': { to: 'digits-vgg', change: weights('noGrad(() => p.mul_(0.5))'), causes: TINY },
  'weights 1.8 times as large': {
    to: 'moon-pairs',
    change: weights('noGrad(() => p.mul_(1.8))'),
    causes: ['bad-initialization/large-weights', 'exploding-gradient/large-weights', 'wrong-loss-scale/large-logits'],
  },
  'biases that begin at 0': { to: 'decay-gru', change: each('if (/bias/.test(name)) nn.init.zeros_(p);') },
  'a head of a fiftieth': {
    to: 'digits-vgg',
    change: behindModel('noGrad(() => @model.parameters().at(-2).mul_(0.02));'),
  },
  'a head of nothing': {
    to: 'moon-pairs',
    change: behindModel('noGrad(() => @model.parameters().slice(-2).forEach((p) => p.zero_()));'),
  },
  'a last bias at the mean': {
    to: 'concrete',
    change: behindModel('noGrad(() => @model.parameters().at(-1).copy_(trainY.mean()));'),
  },
  'an LSTM where a GRU was': { to: 'decay-gru', change: swap(/new nn\.GRU\(/, 'new nn.LSTM(') },
  'a GRU where an LSTM was': { to: 'play-lstm', change: swap(/new nn\.LSTM\(/, 'new nn.GRU(') },
  'a plain recurrence in its place': {
    to: 'play-lstm',
    change: swap(/new nn\.(?:GRU|LSTM)\(/, 'new nn.RNN('),
    causes: ['exploding-gradient', 'learning-rate-high'],
  },
  'one recurrence on another': {
    to: 'play-lstm',
    change: swap(/(new nn\.(?:GRU|LSTM)\(.*?\{) /, '$1 numLayers: 2, '),
  },
  'both directions': {
    to: 'decay-gru',
    change: all(
      swap(/(new nn\.GRU\(.*?\{) /, '$1 bidirectional: true, '),
      swap(/nn\.Linear\(48, 1\)/, 'nn.Linear(96, 1)'),
    ),
  },
  'one head of attention': { to: 'play-attention', change: swap(/(?<=\[context, size, heads\] = \[10, 24, )3/, '1') },
  'a single block': { to: 'play-attention', change: swap(/new Block\(\), new Block\(\)/, 'new Block()') },
  'no places for letters': {
    to: 'play-attention',
    change: swap(/\.add\(this\.places\)/, ''),
    causes: ['loss-plateau'],
  },
  'a head that shares its table': {
    to: 'play-attention',
    change: behindModel(
      'nn.init.normal_(@model.letters.weight, { std: 0.1 });',
      '@model.head.weight = @model.letters.weight;',
    ),
  },
  'maxima for means': { to: 'digits-vgg', change: swap(/nn\.AvgPool2d/g, 'nn.MaxPool2d') },
  'no pooling, but strides': {
    to: 'digits-vgg',
    change: all(
      swap(/ *new nn\.AvgPool2d\(2\),\n/g, ''),
      swap(/(new nn\.Conv2d\(8, (?:8|20), 3, \{ )padding/g, '$1stride: 2, padding'),
    ),
  },
  'a layer that nobody calls': {
    to: 'bar-detector',
    change: swap(/\n\n {2}(?=forward)/, '\n  spare = new nn.Linear(5, 5);$&'),
  },
  'a temperature that is learned': {
    to: 'digits-vgg',
    change: all(
      swap(/return this\.head\(code\);/, 'return this.head(code).mul(this.temperature);'),
      swap(/\n\n {2}(?=forward)/, '\n  temperature = new nn.Parameter(ones([1]));$&'),
      swap(/ \} from 'gradlens'/, ", ones } from 'gradlens'"),
    ),
  },
  'lengths apart from directions': {
    to: 'digits-denoise',
    change: swap(/new nn\.Linear\((48, 32|56, 20)\)/, 'nn.utils.weightNorm(new nn.Linear($1))'),
  },
  'a code of eight': {
    to: 'digits-denoise',
    change: all(swap(/nn\.Linear\(56, 20\)/, 'nn.Linear(56, 8)'), swap(/nn\.Linear\(20, 56\)/, 'nn.Linear(8, 56)')),
    causes: ['loss-plateau'],
  },
  'pictures within a sigmoid': {
    to: 'digits-denoise',
    change: swap(/(new nn\.Linear\(56, 64\)),\n/, '$1,\n    new nn.Sigmoid(),\n'),
  },
  'what goes in is added to what comes out': {
    to: 'digits-denoise',
    change: swap(/return this\.decoder\(code\);/, 'return this.decoder(code).add(x);'),
  },
  'a maker that leaks': { to: 'wave-gan', change: swap(/new nn\.ReLU\(\)/g, 'new nn.LeakyReLU(0.1)') },
  'a maker of tanh': { to: 'wave-gan', change: swap(/new nn\.ReLU\(\)/g, 'new nn.Tanh()') },
  'a smaller critic': { to: 'wave-gan', change: all(swap(/\b44\b/g, '30'), swap(/\b28\b/g, '20')) },
  'a wider maker': { to: 'wave-gan', change: swap(/\b36\b/g, '60') },
  'more layers for boxes': {
    to: 'bar-detector',
    change: swap(
      /where = new nn\.Linear\(40, 4\)/,
      'where = new nn.Sequential(new nn.Linear(40, 20), new nn.ReLU(), new nn.Linear(20, 4))',
    ),
  },
  'boxes squashed': { to: 'bar-detector', change: swap(/\[this\.where\(seen\), /, '[this.where(seen).sigmoid(), ') },
};
