import { all, either, swap } from '../change.ts';
import type { Habits } from '../habits/habit.ts';
import { afterNet, bend, each } from './wording.ts';

/** After every layer with an activation in a sequence. */
const behind = (module: string) =>
  swap(/(new nn\.Linear\(\d+, (\d+)\),\n)(?= *new nn\.(?:ReLU|Tanh)\(\))/g, `$1  new nn.${module}($2),\n`);

/** Odd but healthy models, of the fifth part. */
export const MODEL: Habits = {
  'leaky everywhere': { to: 'crescents little-cnn squeeze', change: bend('LeakyReLU', 'leakyRelu') },
  'GELU everywhere': { to: 'boxes iris-table shortcuts', change: bend('GELU', 'gelu') },
  'SiLU everywhere': { to: 'half-moons ring-tower little-cnn', change: bend('SiLU', 'silu') },
  'ELU everywhere': { to: 'digits-dense curve-fit redraw', change: bend('ELU', 'elu') },
  'tanh everywhere': { to: 'crescents iris-table boxes', change: bend('Tanh', 'tanh'), causes: ['learning-rate-low'] },
  'ReLU everywhere': { to: 'half-moons digit-tower curve-fit', change: bend('ReLU', 'relu') },
  'ReLU6 everywhere': { to: 'vgg digits-dense', change: bend('ReLU6', 'relu6') },
  'softsign everywhere': { to: 'half-moons curve-fit', change: bend('Softsign', 'softsign') },
  'a sigmoid first': {
    to: 'digits-dense iris-table half-moons',
    change: swap(/new nn\.(?:ReLU|Tanh)\(\)/, 'new nn.Sigmoid()'),
    causes: ['saturated-activation', 'vanishing-gradient', 'learning-rate-low'],
  },
  'layer norms in between': { to: 'half-moons iris-table digits-dense', change: behind('LayerNorm') },
  'batch norms in between': { to: 'iris-table digits-dense prices', change: behind('BatchNorm1d') },
  'a batch norm for pictures': {
    to: 'little-cnn',
    change: all(
      swap(/this\.conv1\(x\)\.relu/, 'this.bn(this.conv1(x)).relu'),
      swap(/\n\n {2}forward/, '\n  bn = new nn.BatchNorm2d(10);$&'),
    ),
  },
  'group norms for batch norms': { to: 'vgg', change: swap(/new nn\.BatchNorm2d\(to\)/, 'new nn.GroupNorm(4, to)') },
  'group norms for batch norms, in blocks': {
    to: 'shortcuts',
    change: swap(/new nn\.BatchNorm2d\((\w+)\)/g, 'new nn.GroupNorm(4, $1)'),
  },
  'without shortcuts': {
    to: 'shortcuts',
    change: swap(/return out\.add\(this\.shortcut\(x\)\)\.relu\(\);/, 'return out.relu();'),
  },
  'three tenths dropped': {
    to: 'prices iris-table half-moons',
    change: swap(/(new nn\.(?:ReLU|Tanh)\(\)),\n/g, '$1,\n  new nn.Dropout(0.3),\n'),
    causes: ['loss-plateau', 'learning-rate-low'],
  },
  'nothing dropped': { to: 'digits-dense', change: swap(/ *new nn\.Dropout\(0\.2\),\n/g, '') },
  'half dropped': {
    to: 'digits-dense',
    change: swap(/Dropout\(0\.2\)/g, 'Dropout(0.5)'),
    causes: ['loss-plateau', 'learning-rate-low'],
  },
  'without biases': {
    to: 'crescents majority verse-lstm',
    change: swap(/new nn\.Linear\((\w+), (\w+)\)/g, 'new nn.Linear($1, $2, { bias: false })'),
    causes: ['loss-plateau'],
  },
  'one and a half times as wide': {
    to: 'crescents boxes verse-lstm',
    change: either(swap(/\b40\b(?!\))/g, '60'), swap(/\b48\b/g, '72'), swap(/\b28\b/g, '42')),
  },
  'a layer more': {
    to: 'half-moons iris-table curve-fit',
    change: swap(
      /new nn\.Linear\((\d+), (\d+)\),\n *new nn\.(\w+)\(\),\n/,
      '$&  new nn.Linear($2, $2),\n  new nn.$3(),\n',
    ),
  },
  'fewer layers': {
    to: 'ring-tower digit-tower',
    change: either(swap(/const layers = 9/, 'const layers = 3'), swap(/new Tower\(6\)/, 'new Tower(2)')),
  },
  'He for weights': {
    to: 'crescents verse-transformer redraw',
    change: each("if (p.shape.length > 1) nn.init.kaimingUniform_(p, { nonlinearity: 'relu' });"),
  },
  'Glorot for weights': {
    to: 'half-moons squeeze iris-table',
    change: each('if (p.shape.length > 1) nn.init.xavierNormal_(p);'),
  },
  'orthogonal for weights': {
    to: 'tide-rnn prices digit-tower',
    change: each('if (p.shape.length === 2) nn.init.orthogonal_(p);'),
  },
  'a normal of 0.02': {
    to: 'verse-transformer verse-lstm crescents',
    change: each('if (p.shape.length > 1) nn.init.normal_(p, { std: 0.02 });'),
    causes: ['bad-initialization/small-weights', 'vanishing-gradient/small-weights', 'learning-rate-low'],
  },
  'weights three times their size': {
    to: 'crescents curve-fit boxes',
    change: each('if (p.shape.length > 1) noGrad(() => p.mul_(3));'),
    causes: [
      'bad-initialization/large-weights',
      'exploding-gradient/large-weights',
      'saturated-activation/large-preactivations',
    ],
  },
  'answers begin at 0': {
    to: 'majority tide-rnn shortcuts',
    change: afterNet('noGrad(() => net.parameters().slice(-2).forEach((p) => p.zero_()));'),
  },
  'the bias begins at the mean': {
    to: 'prices curve-fit',
    change: afterNet('noGrad(() => net.parameters().at(-1).fill_(0.05));'),
  },
  'a gate that stays open': {
    to: 'verse-lstm',
    change: each('if (/bias_?ih/i.test(name)) noGrad(() => p.slice(0, 48, 96).fill_(1));'),
  },
  'a GRU in its place': {
    to: 'verse-lstm tide-rnn',
    change: swap(/new nn\.(?:LSTM|RNN)\(/, 'new nn.GRU('),
  },
  'an LSTM in its place': { to: 'tide-rnn', change: swap(/new nn\.RNN\(/, 'new nn.LSTM(') },
  'two layers of memory': {
    to: 'verse-lstm tide-rnn',
    change: swap(/(new nn\.(?:LSTM|RNN)\(.*?)\{ /, '$1{ numLayers: 2, '),
  },
  'both ways': {
    to: 'tide-rnn',
    change: all(
      swap(/\{ batchFirst: true \}/, '{ batchFirst: true, bidirectional: true }'),
      swap(/Linear\(28, 1\)/, 'Linear(56, 1)'),
    ),
  },
  'norms before attention': {
    to: 'majority',
    change: swap(/dropout: 0,/, 'dropout: 0, normFirst: true,'),
  },
  'some dropped in attention': { to: 'majority', change: swap(/dropout: 0,/, 'dropout: 0.1,') },
  'embeddings tied': {
    to: 'verse-transformer',
    change: swap(/\nconst opt = /, '\nnet.fc.weight = net.tokens.weight;\nconst opt = '),
  },
  'averages for maxima': { to: 'little-cnn boxes', change: swap(/F\.maxPool2d/g, 'F.avgPool2d') },
  'a layer nobody calls': {
    to: 'crescents verse-lstm boxes',
    change: swap(/\n\n {2}forward/, '\n  unused = new nn.Linear(8, 8);$&'),
  },
  'a code of four': {
    to: 'squeeze',
    change: all(swap(/nn\.Linear\(40, 16\)/, 'nn.Linear(40, 4)'), swap(/nn\.Linear\(16, 40\)/, 'nn.Linear(4, 40)')),
    causes: ['loss-plateau'],
  },
  'a generator of tanh': { to: 'moon-gan', change: swap(/new nn\.ReLU\(\)/g, 'new nn.Tanh()') },
  'a discriminator of ReLU': { to: 'moon-gan', change: swap(/new nn\.LeakyReLU\(0\.2\)/g, 'new nn.ReLU()') },
  'spectral norms': {
    to: 'moon-gan',
    change: all(swap(/(?<=const D = [\s\S]*)new nn\.Linear\(32, 32\)/, 'nn.utils.spectralNorm(new nn.Linear(32, 32))')),
  },
};
