import { all, either, swap } from '../change.ts';
import type { Habits } from '../habits/habit.ts';
import { bent, built, duration, eachParameter, eachWeight, returning } from './wording.ts';

const FADES = ['saturated-activation', 'vanishing-gradient', 'learning-rate-low'];
const TINY = ['bad-initialization/small-weights', 'vanishing-gradient', 'learning-rate-low'];
const GROWS = [
  'bad-initialization/large-weights',
  'exploding-gradient',
  'saturated-activation',
  'wrong-loss-scale/large-logits',
];
const LESS = ['loss-plateau', 'learning-rate-low', 'dead-units'];

/** Odd but healthy models, of the ninth part. */
export const MODEL: Habits = {
  'tanh between layers': { to: 'cnn-sequence', change: bent('Tanh', 'tanh'), causes: FADES },
  'GELU between layers': { to: 'cnn-batchnorm', change: bent('GELU', 'gelu') },
  'SiLU between layers': { to: 'digit-array', change: bent('SiLU', 'silu') },
  'ELU between layers': { to: 'circle-stack', change: bent('ELU', 'elu') },
  'leaky ReLU between layers': {
    to: 'blob-detector',
    change: bent('LeakyReLU', 'leakyRelu'),
  },
  'softsign between layers': { to: 'moon-config', change: bent('Softsign', 'softsign'), causes: FADES },
  'softplus between layers': { to: 'rents', change: bent('Softplus', 'softplus'), causes: FADES },
  'sigmoids that train': {
    to: 'cnn-batchnorm',
    change: bent('Sigmoid', 'sigmoid'),
    causes: FADES,
  },
  'sigmoids for moons, at a rate that suits them': {
    to: 'moon-config',
    change: all(bent('Sigmoid', 'sigmoid'), swap(/rate: 0\.\d+/, 'rate: 1.5'), duration(2)),
    causes: FADES,
  },
  'six floors of tanh by Glorot': {
    to: 'stripes',
    change: all(
      swap(/depth = 9/, 'depth = 6'),
      bent('Tanh', 'tanh'),
      swap(/kaimingUniform_\((.*?), .*?\)/, 'xavierUniform_($1)'),
    ),
    causes: [...FADES, ...TINY],
  },
  'sixteen floors of ReLU by He': {
    to: 'stripes',
    change: swap(/depth = 9/, 'depth = 16'),
    causes: [...GROWS, ...TINY],
  },
  'floors begun orthogonally': {
    to: 'circle-stack',
    change: swap(/nn\.init\.(?:kaiming|xavier)Uniform_\((.*?), \{.*?\}\)/, 'nn.init.orthogonal_($1, { gain: 1.3 })'),
    causes: [...GROWS, ...TINY],
  },
  'four blocks of tanh': { to: 'circle-stack', change: swap(/blocks = 11/, 'blocks = 4') },
  'eighteen blocks of tanh': { to: 'circle-stack', change: swap(/blocks = 11/, 'blocks = 18'), causes: FADES },
  'PyTorch’s own beginnings': {
    to: 'cnn-sequence circle-stack',
    change: either(swap(/for \(const layer of cnn\)\n.*\n/, ''), swap(/ *nn\.init\..*\n/g, '')),
    causes: TINY,
  },
  'floors with a way past': {
    to: 'stripes',
    change: swap(/h = F\.relu\(floor\(h\)\)/, 'h = h.add(F.relu(floor(h)))'),
    causes: GROWS,
  },
  'batch norms for layer norms': {
    to: 'digit-normed',
    change: swap(/new nn\.LayerNorm\(n\)/, 'new nn.BatchNorm1d(n)'),
  },
  'RMS norms for layer norms': { to: 'mini-gpt', change: swap(/nn\.LayerNorm/g, 'nn.RMSNorm') },
  'norms after the bend': {
    to: 'digit-normed',
    change: swap(/this\.act\(this\.norm\((.*)\)\);/, 'this.norm(this.act($1));'),
  },
  'group norms for batch norms': {
    to: 'tiny-resnet',
    change: swap(/new nn\.BatchNorm2d\((\w+)\)/g, 'new nn.GroupNorm(4, $1)'),
  },
  'batch norms left out of a shallow net': {
    to: 'cnn-batchnorm',
    change: swap(/this\.bn[12]\((this\.conv[12]\(\w\))\)/g, '$1'),
    causes: ['learning-rate-low', 'not-optimized', 'frozen-parameter'],
  },
  'batch norms in the detector': {
    to: 'blob-detector',
    change: swap(/( *)(new nn\.Conv2d\(\d+, (\d+), 3, .*\),\n)(?= *new nn\.ReLU)/g, '$1$2$1new nn.BatchNorm2d($3),\n'),
  },
  'last norms of blocks begin at 0': {
    to: 'tiny-resnet',
    change: eachParameter('if (/bnB\\.weight$/.test(name)) nn.init.zeros_(p);'),
  },
  'blocks without skips': {
    to: 'tiny-resnet',
    change: swap(/z\.add\(this\.skip\(x\)\)/, 'z'),
    causes: ['vanishing-gradient', 'learning-rate-low', 'not-optimized', 'frozen-parameter'],
  },
  'no norm before the head': {
    to: 'mini-gpt',
    change: swap(/this\.lnF\(h\)/, 'h'),
    causes: ['frozen-parameter', 'not-optimized'],
  },
  'eight heads of four': { to: 'mini-gpt', change: swap(/heads: 4/, 'heads: 8') },
  'one layer of attention': { to: 'mini-gpt', change: swap(/layers: 2/, 'layers: 1') },
  'no places': {
    to: 'mini-gpt',
    change: swap(/\.add\(this\.wpe\(arange\(cfg\.block\)\)\)/, ''),
    causes: ['frozen-parameter', 'not-optimized'],
  },
  'norms after attention': {
    to: 'mini-gpt',
    change: all(
      swap(/x\.add\(this\.attn\(this\.norm1\(x\)\)\)/, 'this.norm1(x.add(this.attn(x)))'),
      swap(/h\.add\(this\.mlp\(this\.norm2\(h\)\)\)/, 'this.norm2(h.add(this.mlp(h)))'),
    ),
  },
  'three in ten dropped': {
    to: 'digit-array pixel-ae',
    change: either(
      swap(/Dropout\(0\.1\)/, 'Dropout(0.3)'),
      swap(/new nn\.ReLU\(\), new nn\.Linear\(40, 12\)/, 'new nn.ReLU(), new nn.Dropout(0.3), new nn.Linear(40, 12)'),
    ),
    causes: LESS,
  },
  'half of the features dropped': {
    to: 'rows-gru cnn-batchnorm',
    change: either(
      swap(/out\.select\(1, 7\)/, 'F.dropout(out.select(1, 7), { p: 0.5, training: this.training })'),
      swap(/y\.flatten\(1\)/, 'F.dropout(y.flatten(1), { p: 0.5, training: this.training })'),
    ),
    causes: LESS,
  },
  'nothing dropped': { to: 'digit-array', change: swap(/ new nn\.Dropout\(0\.1\),/, '') },
  'layers without biases': {
    to: 'digit-array',
    change: swap(/new nn\.Linear\(([^()]+(?:\[i\])?[^()]*)\)/g, 'new nn.Linear($1, { bias: false })'),
    causes: ['loss-plateau'],
  },
  'double width': {
    to: 'moon-config stripes rents',
    change: either(
      swap(/hidden: 20/, 'hidden: 40'),
      swap(/width = 28/, 'width = 56'),
      swap(/RentModel\(6, 36\)/, 'RentModel(6, 72)'),
    ),
  },
  'half the width': {
    to: 'moon-config stripes rents',
    change: either(
      swap(/hidden: 20/, 'hidden: 10'),
      swap(/width = 28/, 'width = 14'),
      swap(/RentModel\(6, 36\)/, 'RentModel(6, 18)'),
    ),
    causes: LESS,
  },
  'five hundred sigmoids in one layer': {
    to: 'iris-sigmoid',
    change: all(swap(/Linear\(4, 16\)/, 'Linear(4, 500)'), swap(/Linear\(16, 3\)/, 'Linear(500, 3)')),
    causes: ['learning-rate-high'],
  },
  'a code of twenty': {
    to: 'pixel-ae',
    change: all(swap(/Linear\(40, 12\)/, 'Linear(40, 20)'), swap(/Linear\(12, 40\)/, 'Linear(20, 40)')),
  },
  'a code within tanh': {
    to: 'pixel-ae',
    change: swap(/new nn\.Linear\(40, 12\)\)/, 'new nn.Linear(40, 12), new nn.Tanh())'),
  },
  'Glorot for every weight': { to: 'bard-lstm', change: eachWeight('nn.init.xavierUniform_(p)') },
  'He for every weight': {
    to: 'blob-detector',
    change: eachWeight("nn.init.kaimingUniform_(p, { nonlinearity: 'relu' })"),
  },
  'orthogonal for every weight': { to: 'echo-rnn', change: eachWeight('nn.init.orthogonal_(p)') },
  'a normal of two hundredths': {
    to: 'mini-gpt',
    change: eachWeight('nn.init.normal_(p, { std: 0.02 })'),
    causes: TINY,
  },
  'weights halved': { to: 'iris-sigmoid', change: eachWeight('noGrad(() => p.mul_(0.5))'), causes: TINY },
  'weights doubled': { to: 'rents', change: eachWeight('noGrad(() => p.mul_(2))'), causes: GROWS },
  'biases of 0': {
    to: 'bard-lstm',
    change: eachParameter('if (p.shape.length === 1 && /bias/.test(name)) nn.init.zeros_(p);'),
  },
  'a last layer of zeros': {
    to: 'digit-array',
    change: built('nn.init.zeros_(@model.parameters().at(-2));'),
  },
  'a last layer of a hundredth': {
    to: 'tiny-resnet',
    change: built('noGrad(() => @model.parameters().at(-2).mul_(0.01));'),
  },
  'gates that begin open': {
    to: 'bard-lstm',
    change: eachParameter('if (/bias_?ih/i.test(name)) noGrad(() => p.slice(0, 48, 96).fill_(2));'),
  },
  'GRU for LSTM and RNN': { to: 'echo-rnn', change: swap(/new nn\.(?:LSTM|RNN)\(/, 'new nn.GRU(') },
  'RNN for GRU': {
    to: 'rows-gru',
    change: swap(/new nn\.GRU\(/, 'new nn.RNN('),
    causes: ['learning-rate-high', 'exploding-gradient', 'oscillating-loss'],
  },
  'a second recurrent layer': {
    to: 'echo-rnn',
    change: swap(/(new nn\.(?:GRU|RNN)\(.*?\{) /, '$1 numLayers: 2, '),
  },
  'read from both sides': { to: 'rows-gru', change: swap(/\(8, 40, \{/, '(8, 20, { bidirectional: true,') },
  'all states averaged': { to: 'rows-gru', change: swap(/out\.select\(1, 7\)/, 'out.mean(1)') },
  'pools of means': { to: 'cnn-batchnorm', change: swap(/F\.maxPool2d/g, 'F.avgPool2d') },
  'scores halved by design': { to: 'stripes', change: returning('$1.mul(0.5)') },
  'an unused layer': {
    to: 'rents',
    change: swap(/( *)this\.l3 = .*\n/, '$&$1this.l4 = new nn.Linear(units, units);\n'),
  },
  'an unused head': { to: 'blob-detector', change: swap(/( *)kindHead = .*\n/, '$&$1spare = new nn.Linear(40, 3);\n') },
  'weight norm on the stem': {
    to: 'digit-normed',
    change: swap(/stem = (new nn\.Linear\(64, 48\))/, 'stem = nn.utils.weightNorm($1)'),
  },
  'biases that begin as the pixels’ means': {
    to: 'pixel-ae',
    change: swap(/\nconst optimizer = /, '\nnoGrad(() => autoencoder.parameters().at(-1).copy_(trainX.mean(0)));$&'),
  },
  'leaky ReLU for G': { to: 'ellipse-gan', change: swap(/new nn\.ReLU\(\)/g, 'new nn.LeakyReLU(0.1)') },
  'tanh at the end of G': {
    to: 'ellipse-gan',
    change: all(
      swap(/( *)new nn\.Linear\(40, 2\),\n/, '$&$1new nn.Tanh(),\n'),
      swap(/netG\(randn\(\[batchSize, latent\]\)\)/, '$&.mul(2)'),
      swap(/noGrad\(\(\) => netG\(randn\(\[300, latent\]\)\)\)/, '$&.mul(2)'),
    ),
  },
  'dropout in D': {
    to: 'ellipse-gan',
    change: swap(/( *)new nn\.LeakyReLU\(0\.2\),\n/g, '$&$1new nn.Dropout(0.15),\n'),
  },
  'layer norms in D': {
    to: 'ellipse-gan',
    change: swap(/( *)new nn\.LeakyReLU\(0\.2\),\n/g, '$1new nn.LayerNorm(40),\n$&'),
  },
  'noise of eight numbers': { to: 'ellipse-gan', change: swap(/latent = 4/, 'latent = 8') },
  'boxes within 0 and 1': {
    to: 'blob-detector',
    change: swap(/this\.boxHead\(shared\)/, '$&.sigmoid()'),
    causes: ['learning-rate-low'],
  },
};
