import { all, either, swap } from '../change.ts';
import type { Habits } from '../habits/habit.ts';
import { beforeOptimizer, bending, eachMatrix, eachTensor, faster, lasting, returned } from './wording.ts';

const FADES = ['saturated-activation', 'vanishing-gradient', 'learning-rate-low'];
const TINY = ['bad-initialization/small-weights', 'vanishing-gradient', 'learning-rate-low'];
const GROWS = [
  'bad-initialization/large-weights',
  'exploding-gradient',
  'saturated-activation',
  'wrong-loss-scale/large-logits',
];
const LESS = ['loss-plateau', 'learning-rate-low', 'dead-units'];

/** Odd but healthy models, of the tenth part. */
export const MODEL: Habits = {
  'tanh for every bend': {
    to: 'rose disc-unet',
    change: bending('Tanh', 'tanh'),
    causes: FADES,
  },
  'GELU for every bend': { to: 'digit-trainer projectile', change: bending('GELU', 'gelu') },
  'SiLU for every bend': { to: 'rose disc-unet', change: bending('SiLU', 'silu') },
  'ELU for every bend': { to: 'spiral-depth conv-gap', change: bending('ELU', 'elu') },
  'leaky ReLU for every bend': { to: 'border-tower', change: bending('LeakyReLU', 'leakyRelu') },
  'ReLU for every bend': { to: 'moon-matmul digits-bn', change: bending('ReLU', 'relu') },
  'Mish for every bend': { to: 'digits-bn', change: bending('Mish', 'mish') },
  'softsign for every bend': { to: 'iris-full', change: bending('Softsign', 'softsign'), causes: FADES },
  'softplus for every bend': { to: 'projectile', change: bending('Softplus', 'softplus'), causes: FADES },
  'sigmoids that do their work': {
    to: 'iris-full digit-trainer',
    change: bending('Sigmoid', 'sigmoid'),
    causes: FADES,
  },
  'sigmoids for petals, faster and longer': {
    to: 'rose',
    change: all(bending('Sigmoid', 'sigmoid'), faster(5), lasting(4)),
    causes: [...FADES, 'learning-rate-high'],
  },
  'six stories': { to: 'border-tower', change: swap(/layers: 13/, 'layers: 6') },
  'twenty-two stories by He': {
    to: 'border-tower',
    change: swap(/layers: 13/, 'layers: 22'),
    causes: [...GROWS, ...TINY],
  },
  'twelve layers of tanh by Glorot': {
    to: 'spiral-depth',
    change: swap(/Array\(7\)/, 'Array(12)'),
    causes: [...FADES, ...TINY],
  },
  'four layers of tanh': { to: 'spiral-depth', change: swap(/Array\(7\)/, 'Array(4)') },
  'thirteen stories of tanh by Glorot': {
    to: 'border-tower',
    change: all(
      bending('Tanh', 'tanh'),
      swap(/kaimingNormal_\(story\.weight, \{.*?\}\)/, 'xavierNormal_(story.weight, { gain: 1.5 })'),
    ),
    causes: [...FADES, ...TINY],
  },
  'stories begun orthogonally': {
    to: 'border-tower',
    change: swap(/kaimingNormal_\(story\.weight, \{.*?\}\)/, 'orthogonal_(story.weight, { gain: 1.4 })'),
    causes: [...GROWS, ...TINY],
  },
  'layers as PyTorch draws them': {
    to: 'arm pitch-rnn',
    change: swap(/ *(?:for \(const (?:part|l) of .*)?nn\.init\..*\n/, ''),
    causes: TINY,
  },
  'batch norms on every story': {
    to: 'border-tower',
    change: swap(/stories\.push\(story, /, 'stories.push(story, new nn.BatchNorm1d(units), '),
  },
  'layer norms instead of batch norms': {
    to: 'digits-bn',
    change: swap(/new nn\.BatchNorm1d\(b\)/, 'new nn.LayerNorm(b)'),
  },
  'group norms instead of batch norms': {
    to: 'identity-resnet',
    change: swap(/new nn\.BatchNorm2d\((\w+)\)/g, 'new nn.GroupNorm(3, $1)'),
  },
  'RMS norms instead of layer norms': { to: 'stage-transformer', change: swap(/nn\.LayerNorm/g, 'nn.RMSNorm') },
  'the bend before the norm': {
    to: 'digits-bn',
    change: swap(/new nn\.BatchNorm1d\(b\), new nn\.SiLU\(\)/, 'new nn.SiLU(), new nn.BatchNorm1d(b)'),
  },
  'batch norms left out of the dense net': {
    to: 'digits-bn',
    change: swap(/ new nn\.BatchNorm1d\(b\),/, ''),
    causes: ['learning-rate-low', 'learning-rate-high', ...TINY],
  },
  'a batch norm after each convolution': {
    to: 'conv-gap',
    change: swap(/( *)(new nn\.Conv2d\(\d+, (\d+), .*\),\n)/g, '$1$2$1new nn.BatchNorm2d($3),\n'),
  },
  'last norms that begin at 0': {
    to: 'identity-resnet',
    change: eachTensor('if (/f\\.4\\.weight$/.test(name)) nn.init.zeros_(p);'),
  },
  'no way past the blocks': {
    to: 'identity-resnet',
    change: swap(/x\.add\(this\.f\(x\)\)/, 'this.f(x)'),
    causes: ['vanishing-gradient', 'learning-rate-low'],
  },
  'three blocks': { to: 'identity-resnet', change: swap(/( *)new Residual\(12\),\n/, '$&$&') },
  'no norm ahead of the projection': {
    to: 'stage-transformer',
    change: swap(/this\.norm\(h\)/, 'h'),
    causes: ['frozen-parameter', 'not-optimized'],
  },
  'eight heads of four each': { to: 'stage-transformer', change: swap(/\[12, 32, 2, 2\]/, '[12, 32, 8, 2]') },
  'a single layer of attention': { to: 'stage-transformer', change: swap(/\[12, 32, 2, 2\]/, '[12, 32, 2, 1]') },
  'nothing said of places': {
    to: 'stage-transformer',
    change: swap(/\.add\(this\.places\)/, ''),
    causes: ['frozen-parameter', 'not-optimized'],
  },
  'normed after attention, as at first': {
    to: 'stage-transformer',
    change: all(
      swap(
        /x\.add\(this\.proj\(attend\(this\.qkv\(this\.lnA\(x\)\)\)\)\)/,
        'this.lnA(x.add(this.proj(attend(this.qkv(x)))))',
      ),
      swap(/return y\.add\((.*)this\.lnB\(y\)(.*)\);/, 'return this.lnB(y.add($1y$2));'),
    ),
  },
  'the table of letters as projection': {
    to: 'stage-transformer',
    change: swap(/( *)this\.project = .*\n/, '$&$1this.project.weight = this.tokens.weight;\n'),
    causes: GROWS,
  },
  'a dropout of a quarter': {
    to: 'digits-bn drama-lstm digit-trainer',
    change: either(
      swap(/Dropout\(0\.1?\d\)/, 'Dropout(0.25)'),
      swap(/this\.relu = new nn\.ReLU\(\);/, 'this.relu = new nn.Sequential(new nn.ReLU(), new nn.Dropout(0.25));'),
    ),
    causes: LESS,
  },
  'half of everything dropped': {
    to: 'digits-bn conv-gap',
    change: either(
      swap(/Dropout\(0\.15\)/, 'Dropout(0.5)'),
      swap(/( *)new nn\.Flatten\(\),\n/, '$&$1new nn.Dropout(0.5),\n'),
    ),
    causes: LESS,
  },
  'dropout left out': {
    to: 'digits-bn drama-lstm',
    change: either(swap(/, new nn\.Dropout\(0\.15\)/, ''), swap(/this\.drop\(states\)/, 'states')),
  },
  'biases left out': {
    to: 'digit-trainer projectile',
    change: swap(/new nn\.Linear\(([^()]+)\)/g, 'new nn.Linear($1, { bias: false })'),
    causes: ['loss-plateau'],
  },
  'layers twice as wide': {
    to: 'projectile border-tower arm pitch-rnn',
    change: either(
      swap(/width: 32/, 'width: 64'),
      swap(/units: 26/, 'units: 52'),
      swap(/PitchRNN\(32\)/, 'PitchRNN(64)'),
      swap(/(?<=[( ])40(?=[,)])/g, '80'),
    ),
  },
  'layers half as wide': {
    to: 'projectile border-tower arm pitch-rnn',
    change: either(
      swap(/width: 32/, 'width: 16'),
      swap(/units: 26/, 'units: 13'),
      swap(/PitchRNN\(32\)/, 'PitchRNN(16)'),
      swap(/(?<=[( ])40(?=[,)])/g, '20'),
    ),
    causes: LESS,
  },
  'four hundred units': {
    to: 'moon-matmul',
    change: all(
      swap(/\[2, 30\]\)\.mul\(0\.8\)/, '[2, 400]).mul(0.8)'),
      swap(/\[30\]/, '[400]'),
      swap(/\[30, 1\]\)\.mul\(0\.25\)/, '[400, 1]).mul(0.07)'),
    ),
    causes: ['learning-rate-high'],
  },
  'a code of twenty-four': {
    to: 'deep-ae',
    change: all(swap(/Linear\(32, 10\)/, 'Linear(32, 24)'), swap(/Linear\(10, 32\)/, 'Linear(24, 32)')),
  },
  'a code that tanh bounds': { to: 'deep-ae', change: swap(/this\.encoder\(x\);/, 'this.encoder(x).tanh();') },
  'Glorot’s normal for every matrix': {
    to: 'drama-lstm digit-trainer',
    change: eachMatrix('nn.init.xavierNormal_(p)'),
  },
  'He’s normal for every matrix': {
    to: 'rose',
    change: eachMatrix("nn.init.kaimingNormal_(p, { nonlinearity: 'relu' })"),
  },
  'orthogonal matrices all over': { to: 'spiral-depth', change: eachMatrix('nn.init.orthogonal_(p)') },
  'normal numbers of a twentieth': {
    to: 'digit-trainer stage-transformer',
    change: eachMatrix('nn.init.normal_(p, { std: 0.05 })'),
    causes: TINY,
  },
  'matrices at half of their size': {
    to: 'arm deep-ae',
    change: eachMatrix('noGrad(() => p.mul_(0.5))'),
    causes: TINY,
  },
  'matrices at one and a half of their size': {
    to: 'iris-full',
    change: eachMatrix('noGrad(() => p.mul_(1.5))'),
    causes: GROWS,
  },
  'biases begun at 0': {
    to: 'rose',
    change: eachTensor('if (/bias$/.test(name) && p.shape.length === 1) nn.init.zeros_(p);'),
  },
  'biases begun at a tenth': {
    to: 'digit-trainer',
    change: eachTensor('if (/bias$/.test(name) && p.shape.length === 1) nn.init.constant_(p, 0.1);'),
  },
  'a head begun at 0': {
    to: 'conv-gap projectile',
    change: beforeOptimizer('nn.init.zeros_(%model.parameters().at(-2));'),
  },
  'a head begun at a twentieth': {
    to: 'digit-trainer',
    change: beforeOptimizer('noGrad(() => %model.parameters().at(-2).mul_(0.05));'),
  },
  'forget gates begun open': {
    to: 'drama-lstm',
    change: eachTensor('if (/bias_?ih/i.test(name)) noGrad(() => p.slice(0, 56, 112).fill_(1));'),
  },
  'LSTM for RNN': { to: 'pitch-rnn', change: all(swap(/new nn\.RNN\(/, 'new nn.LSTM('), swap(/ *nn\.init\..*\n/, '')) },
  'GRU for LSTM': { to: 'drama-lstm', change: swap(/new nn\.LSTM\(/, 'new nn.GRU(') },
  'a plain RNN for GRU': {
    to: 'forecast-gru',
    change: swap(/new nn\.GRU\(/, 'new nn.RNN('),
    causes: ['learning-rate-high', 'exploding-gradient', 'oscillating-loss'],
  },
  'an LSTM on an LSTM': { to: 'drama-lstm', change: swap(/layers: 1/, 'layers: 2'), causes: TINY },
  'states averaged over time': { to: 'pitch-rnn', change: swap(/states\.select\(1, LENGTH - 1\)/, 'states.mean(1)') },
  'means for maxima in pools': {
    to: 'conv-gap disc-unet',
    change: either(swap(/new nn\.MaxPool2d\(2\)/, 'new nn.AvgPool2d(2)'), swap(/F\.maxPool2d/, 'F.avgPool2d')),
  },
  'scores of a third by design': { to: 'drama-lstm', change: returned('$1.div(3)') },
  'a layer that is never called': {
    to: 'digit-trainer iris-full',
    change: either(
      swap(/( *)this\.second = .*\n/, '$&$1this.spare = new nn.Linear(hidden, hidden);\n'),
      swap(/( *)middle = .*\n/, '$&$1spare = new nn.Linear(12, 12);\n'),
    ),
  },
  'weight norm on the first layer': {
    to: 'digit-trainer',
    change: swap(/(this\.hidden = )(new nn\.Linear\(.*?\));/, '$1nn.utils.weightNorm($2);'),
  },
  'biases begun as the mean picture’s logits': {
    to: 'deep-ae',
    change: beforeOptimizer(
      'const mean = trainX.mean(0).clamp(0.01, 0.99);',
      'noGrad(() => ae.parameters().at(-1).copy_(mean.div(mean.neg().add(1)).log()));',
    ),
  },
  'no shortcut from fine to fine': {
    to: 'disc-unet',
    change: swap(/cat\(\[fine, this\.up1\(coarse\)\], 1\)/, 'cat([fine.mul(0), this.up1(coarse)], 1)'),
    causes: LESS,
  },
  'upsampling by nearest pixels': {
    to: 'disc-unet',
    change: all(
      swap(/up1 = new nn\.ConvTranspose2d\(12, 6, 2, \{ stride: 2 \}\)/, 'up1 = new nn.Conv2d(12, 6, 1)'),
      swap(/this\.up1\(coarse\)/, 'this.up1(F.interpolate(coarse, { scaleFactor: 2 }))'),
    ),
  },
  'ReLU in the generator': { to: 'lines-gan', change: swap(/new nn\.LeakyReLU\(0\.1\)/g, 'new nn.ReLU()') },
  'tanh in both': { to: 'lines-gan', change: swap(/new nn\.LeakyReLU\(0\.\d\)/g, 'new nn.Tanh()'), causes: FADES },
  'dropout in the discriminator': {
    to: 'lines-gan',
    change: swap(/( *)new nn\.LeakyReLU\(0\.2\),\n/g, '$&$1new nn.Dropout(0.1),\n'),
  },
  'a generator within two': {
    to: 'lines-gan',
    change: swap(/return this\.main\(z\);/, 'return this.main(z).div(2).tanh().mul(2);'),
  },
  'noise of ten numbers': { to: 'lines-gan', change: swap(/const Z = 3;/, 'const Z = 10;') },
  'spectral norms in the discriminator': {
    to: 'lines-gan',
    change: swap(/(new nn\.Linear\((?:2|48), (?:48|1)\))/g, 'nn.utils.spectralNorm($1)'),
    causes: ['learning-rate-low'],
  },
};
