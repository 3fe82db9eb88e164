import { all, either, importing, swap } from '../change.ts';
import type { Habit, Habits } from '../habits/habit.ts';
import { type Initialization, tower } from './tower.ts';
import { begin, bends, matrices, parameters } from './wording.ts';

const FADES = ['saturated-activation', 'vanishing-gradient', 'learning-rate-low'];
const TINY = ['bad-initialization/small-weights', 'vanishing-gradient', 'learning-rate-low'];
const GROWS = [
  'bad-initialization/large-weights',
  'exploding-gradient',
  'saturated-activation',
  'wrong-loss-scale/large-logits',
];

/** Towers that train, or nearly: program, layers, activation, initialization. */
const SOUND: readonly (readonly [string, number, string, Initialization])[] = [
  ['checkerboard', 12, 'ReLU', 'He normal'],
  ['checkerboard', 5, 'ReLU', 'orthogonal'],
  ['checkerboard', 6, 'Tanh', 'Glorot of 5/3'],
  ['checkerboard', 7, 'SELU', 'LeCun normal'],
  ['clouds', 20, 'ELU', 'LeCun normal'],
  ['clouds', 14, 'ReLU', 'He uniform'],
  ['clouds', 9, 'Tanh', 'Glorot normal'],
  ['clouds', 11, 'LeakyReLU', 'He normal'],
  ['clouds', 5, 'Sigmoid', 'Glorot normal'],
  ['digit-ladder', 9, 'ReLU', 'He uniform'],
  ['digit-ladder', 7, 'Tanh', 'Glorot uniform'],
  ['digit-ladder', 5, 'ReLU', 'normal 0.3'],
  ['digit-ladder', 6, 'SiLU', 'He uniform'],
  ['digit-ladder', 8, 'ReLU', 'orthogonal'],
];

/** Odd but healthy models. */
export const MODEL: Habits = {
  ...Object.fromEntries(
    SOUND.map(([to, layers, module, initialization]): [string, Habit] => [
      `${layers} × ${module}, ${initialization}`,
      { to, change: tower(layers, module, initialization), causes: [...FADES, ...TINY, ...GROWS] },
    ]),
  ),
  'ReLU for the bends': { to: 'handwriting', change: bends('ReLU', 'relu') },
  'GELU for the bends': { to: 'digits-pool', change: bends('GELU', 'gelu') },
  'tanh for the bends': { to: 'waveforms', change: bends('Tanh', 'tanh') },
  'softplus for the bends': { to: 'moons-silu', change: bends('Softplus', 'softplus'), causes: FADES },
  'ELU for the bends': { to: 'preact', change: bends('ELU', 'elu') },
  'hardswish for the bends': { to: 'handwriting', change: bends('Hardswish', 'hardswish') },
  'Mish for the bends': { to: 'checkerboard', change: bends('Mish', 'mish') },
  'sigmoids in few layers': { to: 'flowers', change: bends('Sigmoid', 'sigmoid'), causes: FADES },
  'sigmoids between batch norms': { to: 'handwriting', change: bends('Sigmoid', 'sigmoid'), causes: FADES },
  'layer norms in place of batch norms': { to: 'handwriting', change: swap(/nn\.BatchNorm1d/g, 'nn.LayerNorm') },
  'batch norms behind bends': {
    to: 'handwriting',
    change: swap(/( *new nn\.BatchNorm1d\(\d+\),\n)( *new nn\.GELU\(\),\n)/g, '$2$1'),
  },
  'batch norms in place of group norms': {
    to: 'preact',
    change: swap(/nn\.GroupNorm\(4, (\w+)\)/g, 'nn.BatchNorm2d($1)'),
  },
  'one group in group norms': { to: 'preact', change: swap(/nn\.GroupNorm\(4/g, 'nn.GroupNorm(1') },
  'batch norms between convolutions': {
    to: 'cell-detector',
    change: swap(/( *)(new nn\.Conv2d\(\w+, (\d+), 3.*\n)(?= *new nn\.LeakyReLU)/g, '$1$2$1new nn.BatchNorm2d($3),\n'),
  },
  'units that begin as identities': {
    to: 'preact',
    change: parameters('if (/body\\.5\\.weight$/.test(name)) nn.init.zeros_(p);'),
  },
  'units without a way past': {
    to: 'preact',
    change: swap(/return x\.add\(this\.body\(x\)\);/, 'return this.body(x);'),
    causes: ['vanishing-gradient', 'learning-rate-low'],
  },
  'five units': { to: 'preact', change: swap(/( *)new Unit\(12\),\n/, '$&$&$&') },
  'norms moved ahead of attention': {
    to: 'scribe',
    change: all(
      swap(
        /this\.norm1\(embedded\.add\(this\.attention\(embedded\)\)\)/,
        'embedded.add(this.attention(this.norm1(embedded)))',
      ),
      swap(/this\.norm2\(attended\.add\(this\.feed\(attended\)\)\)/, 'attended.add(this.feed(this.norm2(attended)))'),
    ),
  },
  'eight heads': { to: 'scribe', change: swap(/\[8, 32, 2\]/, '[8, 32, 8]') },
  'letters without places': { to: 'scribe', change: swap(/\.add\(this\.place\(arange\(window\)\)\)/, '') },
  'attention without scaling': { to: 'scribe', change: swap(/\.div\(Math\.sqrt\(size \/ heads\)\)/, '') },
  'attention that sees the past alone': {
    to: 'scribe',
    change: all(
      swap(/\.softmax\(3\)/, '.maskedFill(ones([window, window]).triu(1).gt(0), -Infinity).softmax(3)'),
      importing('ones'),
    ),
  },
  'a quarter dropped': {
    to: 'handwriting digits-pool',
    change: either(
      swap(/( *)new nn\.GELU\(\),\n/g, '$&$1new nn.Dropout(0.25),\n'),
      swap(/high\.flatten\(1\)/, 'F.dropout(high.flatten(1), { p: 0.25, training: this.training })'),
    ),
    causes: ['loss-plateau', 'learning-rate-low'],
  },
  'nothing dropped by the reader': { to: 'columns-lstm', change: swap(/this\.drop\(last\)/, 'last') },
  'four tenths dropped': {
    to: 'columns-lstm',
    change: swap(/Dropout\(0\.1\)/, 'Dropout(0.4)'),
    causes: ['loss-plateau', 'learning-rate-low'],
  },
  'no biases in linear layers': {
    to: 'flowers',
    change: swap(/new nn\.Linear\((\w+), (\w+)\)/g, 'new nn.Linear($1, $2, { bias: false })'),
    causes: ['loss-plateau'],
  },
  'twice as many units': {
    to: 'checkerboard clouds flowers',
    change: either(
      swap(/units = 32/, 'units = 64'),
      swap(/width = 20/, 'width = 40'),
      all(swap(/\(4, 12\)/, '(4, 24)'), swap(/\(12, 8\)/, '(24, 16)'), swap(/\(8, 3\)/, '(16, 3)')),
    ),
  },
  'half as many units': {
    to: 'checkerboard clouds digits-code',
    change: either(
      swap(/units = 32/, 'units = 16'),
      swap(/width = 20/, 'width = 10'),
      swap(/\(64, 48, 14\)/, '(64, 24, 14)'),
    ),
    causes: ['loss-plateau', 'dead-units'],
  },
  'three layers will do': {
    to: 'checkerboard clouds',
    change: either(swap(/hidden = 8/, 'hidden = 3'), swap(/depth = 12/, 'depth = 3')),
  },
  'Glorot everywhere': { to: 'scribe', change: matrices('nn.init.xavierUniform_(p)') },
  'He everywhere': {
    to: 'cell-detector',
    change: matrices("nn.init.kaimingNormal_(p, { nonlinearity: 'relu' })"),
  },
  'orthogonal everywhere': { to: 'sonnet-rnn', change: matrices('nn.init.orthogonal_(p)') },
  'a normal of four hundredths': {
    to: 'waveforms',
    change: matrices('nn.init.normal_(p, { std: 0.04 })'),
    causes: TINY,
  },
  'a third of the weights’ size': {
    to: 'digits-code',
    change: matrices('noGrad(() => p.mul_(0.33))'),
    causes: TINY,
  },
  'one and a half times the weights’ size': {
    to: 'columns-lstm',
    change: matrices('noGrad(() => p.mul_(1.5))'),
    causes: GROWS,
  },
  'no bias in the beginning': {
    to: 'waveforms',
    change: parameters('if (p.shape.length === 1 && /bias/.test(name)) nn.init.zeros_(p);'),
  },
  'a head of zeros': {
    to: 'sonnet-rnn',
    change: begin('nn.init.zeros_(@model.parameters().at(-2));'),
  },
  'forget gates that begin open': {
    to: 'columns-lstm',
    change: parameters('if (/bias_?ih/i.test(name)) noGrad(() => p.slice(0, 40, 80).fill_(1));'),
  },
  'a GRU in the LSTM’s place': { to: 'columns-lstm', change: swap(/new nn\.LSTM\(/, 'new nn.GRU(') },
  'an LSTM in the RNN’s place': {
    to: 'sonnet-rnn',
    change: swap(/new nn\.RNN\(/, 'new nn.LSTM('),
    causes: ['learning-rate-low'],
  },
  'an LSTM in the GRU’s place': { to: 'waveforms', change: swap(/new nn\.GRU\(/, 'new nn.LSTM(') },
  'a recurrence of ReLUs': {
    to: 'sonnet-rnn',
    change: swap(/new nn\.RNN\(20, 56, \{/, "new nn.RNN(20, 56, { nonlinearity: 'relu',"),
    causes: ['exploding-gradient', 'learning-rate-high', 'dead-units'],
  },
  'two recurrences': {
    to: 'waveforms',
    change: swap(/(new nn\.(?:GRU|LSTM)\(.*?\{) /, '$1 numLayers: 2, '),
  },
  'from both ends': {
    to: 'columns-lstm',
    change: swap(/\(8, 40, \{/, '(8, 20, { bidirectional: true,'),
  },
  'the last state for the mean': { to: 'waveforms', change: swap(/states\.mean\(1\)/, 'states.select(1, 19)') },
  'the mean of states for the last': { to: 'columns-lstm', change: swap(/states\.select\(1, 7\)/, 'states.mean(1)') },
  'means where maxima were': { to: 'digits-pool', change: swap(/F\.maxPool2d/g, 'F.avgPool2d') },
  'a mean over all places': {
    to: 'digits-pool',
    change: all(swap(/high\.flatten\(1\)/, 'high.mean([2, 3])'), swap(/18 \* 2 \* 2/, '18')),
    causes: ['loss-plateau', 'learning-rate-low'],
  },
  'strides for pools': {
    to: 'cell-detector',
    change: all(
      swap(/ *new nn\.MaxPool2d\(2\),\n/g, ''),
      swap(/(new nn\.Conv2d\((?:1, 10|10, 20), 3, \{ )padding/g, '$1stride: 2, padding'),
    ),
  },
  'a layer in vain': {
    to: 'digits-pool',
    change: swap(
      /\n\n {2}(?=forward\(x\) \{\n(?: {4}const (?:low|\[states\])))/,
      '\n  unused = new nn.Linear(3, 3);$&',
    ),
  },
  'no way past for inputs': {
    to: 'mileage',
    change: all(
      swap(/cat\(\[h, x\], 1\)/, 'h'),
      swap(/nn\.Linear\(27, 1\)/, 'nn.Linear(20, 1)'),
      swap(/\{ cat, /, '{ '),
    ),
  },
  'lengths and directions in front': {
    to: 'digits-code',
    change: swap(/this\.encode1 = (new nn\.Linear\(\w+, \w+\));/, 'this.encode1 = nn.utils.weightNorm($1);'),
  },
  'a code of seven': { to: 'digits-code', change: swap(/\(64, 48, 14\)/, '(64, 48, 7)'), causes: ['loss-plateau'] },
  'a code of thirty within tanh': {
    to: 'digits-code',
    change: all(swap(/\(64, 48, 14\)/, '(64, 48, 30)'), swap(/(this\.encode2\(.*\));/, '$1.tanh();')),
  },
  'ReLUs for the forger': { to: 'corners-gan', change: swap(/new nn\.LeakyReLU\(0\.1\)/g, 'new nn.ReLU()') },
  'a forger with batch norms': {
    to: 'corners-gan',
    change: swap(/( *)new nn\.LeakyReLU\(0\.1\),\n/g, '$1new nn.BatchNorm1d(32),\n$&'),
  },
  'a forger of twice the width': { to: 'corners-gan', change: swap(/\b32\b/g, '64') },
  'a judge half as wide': {
    to: 'corners-gan',
    change: all(
      swap(/\b48\b/g, '24'),
      swap(/nn\.Linear\(24, 24\)/, 'nn.Linear(24, 12)'),
      swap(/nn\.Linear\(24, 1\)/, 'nn.Linear(12, 1)'),
    ),
  },
  'a judge that drops a fifth': {
    to: 'corners-gan',
    change: swap(/( *)new nn\.LeakyReLU\(0\.2\),\n/g, '$&$1new nn.Dropout(0.2),\n'),
  },
  'a forger of two numbers': { to: 'corners-gan', change: swap(/\[60, 5\]/, '[60, 2]') },
};
