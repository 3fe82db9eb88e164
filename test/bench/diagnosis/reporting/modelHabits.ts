import { all, either, swap } from '../change.ts';
import type { Habits } from '../habits/habit.ts';
import { bent, eachMatrix, eachNamed, eachOne, lengthTimes, prepared, returned } from './wording.ts';

const FADES = ['saturated-activation', 'vanishing-gradient', 'learning-rate-low'];
const TINY = ['bad-initialization/small-weights', 'vanishing-gradient', 'learning-rate-low'];
const GROWS = [
  'bad-initialization/large-weights',
  'exploding-gradient',
  'saturated-activation',
  'wrong-loss-scale/large-logits',
];
const LESS = ['loss-plateau', 'learning-rate-low', 'dead-units'];

/** Odd but healthy models, of the reporting part. */
export const MODEL: Habits = {
  'tanh in all hidden layers': {
    to: 'stride-cnn',
    change: bent('Tanh', 'tanh'),
    causes: FADES,
  },
  'GELU in all hidden layers': { to: 'vgg-norms', change: bent('GELU', 'gelu') },
  'SiLU in all hidden layers': { to: 'fit-digits group-resnet', change: bent('SiLU', 'silu') },
  'ELU in all hidden layers': { to: 'conv-denoiser hoop-tower', change: bent('ELU', 'elu') },
  'leaky ReLU in all hidden layers': { to: 'shape-segmenter stride-cnn', change: bent('LeakyReLU', 'leakyRelu') },
  'Mish in all hidden layers': { to: 'crop-yield', change: bent('Mish', 'mish') },
  'softsign in all hidden layers': { to: 'iris-swish', change: bent('Softsign', 'softsign'), causes: FADES },
  'softplus in all hidden layers': { to: 'digit-vae', change: bent('Softplus', 'softplus'), causes: FADES },
  'two sigmoid layers that learn': { to: 'fit-digits loose-digits', change: bent('Sigmoid', 'sigmoid'), causes: FADES },
  'ReLU where SELU was': { to: 'blob-selu', change: bent('ReLU', 'relu'), causes: TINY },
  'straight, for what a line can tell': {
    to: 'loose-digits',
    change: swap(/\.relu\(\);/g, ';'),
    causes: ['loss-plateau'],
  },
  'four floors for ten': { to: 'hoop-tower', change: swap(/k < 10/, 'k < 4') },
  'eighteen floors by He': { to: 'hoop-tower', change: swap(/k < 10/, 'k < 18'), causes: [...GROWS, ...TINY] },
  'fourteen floors of SELU': { to: 'blob-selu', change: swap(/DEPTH = 8/, 'DEPTH = 14'), causes: [...GROWS, ...TINY] },
  'eight floors of tanh by Glorot': {
    to: 'hoop-tower',
    change: all(
      swap(/k < 10/, 'k < 8'),
      bent('Tanh', 'tanh'),
      swap(/kaimingNormal_\((.*?), .*?\)/, 'xavierNormal_($1, { gain: 1.5 })'),
    ),
    causes: [...FADES, ...TINY],
  },
  'orthogonal floors': {
    to: 'hoop-tower',
    change: swap(/kaimingNormal_\((.*?), \{.*?\}\)/, 'orthogonal_($1, { gain: 1.4 })'),
    causes: [...GROWS, ...TINY],
  },
  'the library’s own beginnings': {
    to: 'blob-selu film-ratings',
    change: either(swap(/ *for \(const layer of \[this\.entrance.*\n/, ''), swap(/ *for \(const table of .*\n/g, '')),
    causes: [...TINY, ...GROWS],
  },
  'floors one may pass by': {
    to: 'blob-selu',
    change: swap(/h = F\.selu\(layer\(h\)\)/, 'h = h.add(F.selu(layer(h)))'),
    causes: GROWS,
  },
  'layer norms for batch norms': {
    to: 'fit-digits',
    change: swap(/new nn\.BatchNorm1d\((\d+)\)/g, 'new nn.LayerNorm($1)'),
  },
  'instance norms for batch norms': {
    to: 'vgg-norms',
    change: swap(/new nn\.BatchNorm2d\(to\)/, 'new nn.InstanceNorm2d(to, { affine: true })'),
  },
  'batch norms for group norms': {
    to: 'group-resnet',
    change: swap(/new nn\.GroupNorm\(3, channels\)/g, 'new nn.BatchNorm2d(channels)'),
  },
  'group norms of one': { to: 'group-resnet', change: swap(/new nn\.GroupNorm\(3, /g, 'new nn.GroupNorm(1, ') },
  'norms behind the bend': {
    to: 'vgg-norms',
    change: swap(/new nn\.BatchNorm2d\(to\), new nn\.ReLU\(\)/, 'new nn.ReLU(), new nn.BatchNorm2d(to)'),
  },
  'batch norms for layer norms, of fields': {
    to: 'crop-yield',
    change: swap(/new nn\.LayerNorm\(to\)/, 'new nn.BatchNorm1d(to)'),
  },
  'fields without norms': {
    to: 'crop-yield',
    change: swap(/ new nn\.LayerNorm\(to\),/, ''),
    causes: ['learning-rate-low'],
  },
  'RMS norms where layer norms were': {
    to: 'bard-gru',
    change: swap(/nn\.LayerNorm/g, 'nn.RMSNorm'),
  },
  'batch norms where there were none': {
    to: 'shape-segmenter conv-denoiser',
    change: swap(/( *)(new nn\.Conv2d\(\d+, (\d+), 3, .*\),\n)(?= *new nn\.ReLU)/g, '$1$2$1new nn.BatchNorm2d($3),\n'),
  },
  'blocks that begin as nothing': {
    to: 'group-resnet',
    change: eachNamed(
      'if (/conv2\\.weight$|attention\\.outProj\\.weight$|mlp\\.2\\.weight$/.test(name)) nn.init.zeros_(p);',
    ),
  },
  'blocks without ways past them': {
    to: 'group-resnet',
    change: swap(/return x\.add\(z\);/, 'return z;'),
    causes: ['vanishing-gradient', 'learning-rate-low'],
  },
  'blocks halved on the way past': {
    to: 'group-resnet',
    change: swap(/return x\.add\(z\);/, 'return x.add(z).mul(0.7);'),
  },
  'norms last': { to: 'script-decoder', change: swap(/, normFirst: true/, ''), causes: ['learning-rate-high'] },
  'no norm after the body': {
    to: 'script-decoder',
    change: swap(/, \{ norm: new nn\.LayerNorm\(dim\) \}/, ''),
  },
  'six heads of six': { to: 'script-decoder', change: swap(/\(dim, 3, \{/, '(dim, 6, {') },
  'a body of one layer': { to: 'script-decoder', change: swap(/\(block, 2, /, '(block, 1, ') },
  'dropout in the body': { to: 'script-decoder', change: swap(/dropout: 0,/, 'dropout: 0.1,'), causes: LESS },
  'nobody knows the places': {
    to: 'script-decoder',
    change: swap(/\.add\(this\.positions\(arange\(window\)\)\)/, ''),
    causes: ['frozen-parameter', 'not-optimized'],
  },
  'one head': { to: 'patch-vit', change: swap(/new Attentive\(width, 4\)/g, 'new Attentive(width, 1)') },
  'the largest of all patches': {
    to: 'patch-vit',
    change: swap(/h\.mean\(1\)/, 'h.amax(1)'),
  },
  'a third dropped': {
    to: 'fit-digits stride-cnn walkers',
    change: either(
      swap(/Dropout\(0\.1\d*\)/, 'Dropout(0.33)'),
      swap(/z\.flatten\(1\)/, 'F.dropout(z.flatten(1), { p: 0.33, training: this.training })'),
    ),
    causes: LESS,
  },
  'half of the pooled dropped': {
    to: 'group-resnet',
    change: swap(/this\.fc\(pooled\)/, 'this.fc(F.dropout(pooled, { p: 0.5, training: this.training }))'),
    causes: LESS,
  },
  'nothing ever dropped': { to: 'fit-digits', change: swap(/Dropout\(0\.1\d*\)/, 'Dropout(0)') },
  'no biases': {
    to: 'fit-digits shape-segmenter',
    change: either(
      swap(/new nn\.Linear\((64, 64|64, 40|40, 10)\)/g, 'new nn.Linear($1, { bias: false })'),
      swap(/padding: (\d)/g, 'padding: $1, bias: false'),
    ),
    causes: ['loss-plateau'],
  },
  'twice as wide': {
    to: 'moon-loader blob-selu crop-yield',
    change: either(
      swap(/new MoonNet\(24\)/, 'new MoonNet(48)'),
      swap(/UNITS = 24/, 'UNITS = 48'),
      swap(/\[32, 32\]/, '[64, 64]'),
    ),
  },
  'half as wide': {
    to: 'moon-loader crop-yield bard-gru',
    change: either(
      swap(/new MoonNet\(24\)/, 'new MoonNet(12)'),
      swap(/\[32, 32\]/, '[16, 16]'),
      swap(/(?<!\d)56(?!\d)/g, '28'),
    ),
    causes: LESS,
  },
  'three hundred units for irises': {
    to: 'iris-swish',
    change: all(swap(/Linear\(4, 20\)/, 'Linear(4, 300)'), swap(/Linear\(20, 10\)/, 'Linear(300, 10)')),
    causes: ['learning-rate-high'],
  },
  'a code of sixteen': {
    to: 'digit-vae',
    change: all(swap(/Linear\(48, 8\)/g, 'Linear(48, 16)'), swap(/Linear\(8, 48\)/, 'Linear(16, 48)')),
  },
  'a code of five': {
    to: 'digit-vae',
    change: all(swap(/Linear\(48, 8\)/g, 'Linear(48, 5)'), swap(/Linear\(8, 48\)/, 'Linear(5, 48)')),
    causes: ['loss-plateau'],
  },
  'a spread by softplus': {
    to: 'digit-vae',
    change: swap(/logVar\.mul\(0\.5\)\.exp\(\)/, 'F.softplus(logVar)'),
  },
  'a sigmoid at the end of what is restored': {
    to: 'conv-denoiser',
    change: swap(/( *)new nn\.Conv2d\(12, 1, 3, \{ padding: 1 \}\),\n/, '$&$1new nn.Sigmoid(),\n'),
    causes: ['learning-rate-low'],
  },
  'enlarged by neighbours': {
    to: 'conv-denoiser',
    change: swap(
      /new nn\.ConvTranspose2d\(16, 12, 2, \{ stride: 2 \}\)/,
      "new nn.Upsample({ scaleFactor: 2, mode: 'nearest' }), new nn.Conv2d(16, 12, 3, { padding: 1 })",
    ),
  },
  'only the noise is guessed': {
    to: 'conv-denoiser',
    change: all(
      swap(/const restored = denoiser\(noisy\);/, 'const restored = noisy.sub(denoiser(noisy));'),
      swap(/F\.mseLoss\(denoiser\(testX\), testY\)/, 'F.mseLoss(testX.sub(denoiser(testX)), testY)'),
    ),
  },
  'Glorot everywhere': { to: 'bard-gru', change: eachMatrix('nn.init.xavierNormal_(p)') },
  'He everywhere': {
    to: 'stride-cnn',
    change: eachMatrix("nn.init.kaimingUniform_(p, { nonlinearity: 'relu' })"),
  },
  'orthogonal everywhere': { to: 'cell-rnn iris-swish', change: eachMatrix('nn.init.orthogonal_(p)') },
  'a truncated normal of 0.03': {
    to: 'script-decoder patch-vit',
    change: eachMatrix('nn.init.truncNormal_(p, { std: 0.03 })'),
    causes: TINY,
  },
  'weights of three fifths': {
    to: 'loose-digits crop-yield',
    change: eachMatrix('noGrad(() => p.mul_(0.6))'),
    causes: TINY,
  },
  'weights of twice the size': {
    to: 'iris-swish vgg-norms',
    change: eachMatrix('noGrad(() => p.mul_(2))'),
    causes: GROWS,
  },
  'biases that begin at 0': {
    to: 'walkers',
    change: eachNamed('if (/bias/i.test(name)) nn.init.zeros_(p);'),
  },
  'biases that begin at a tenth': {
    to: 'loose-digits',
    change: eachOne('if (p.shape.length === 1) noGrad(() => p.fill_(0.1));'),
  },
  'scores that begin at 0': {
    to: 'loose-digits',
    change: prepared('noGrad(() => ‹all›.at(-2).zero_());'),
  },
  'scores that begin small': {
    to: 'script-decoder',
    change: prepared('noGrad(() => ‹all›.at(-2).mul_(0.02));'),
  },
  'gates that let everything pass at first': {
    to: 'walkers',
    change: eachNamed('if (/biasIh/.test(name)) noGrad(() => p.slice(0, 32, 64).fill_(1));'),
  },
  'a state that begins as the one before': {
    to: 'cell-rnn',
    change: eachNamed('if (/weightHh/.test(name)) nn.init.eye_(p);'),
    causes: ['exploding-gradient', 'learning-rate-high'],
  },
  'a GRU’s cell': { to: 'cell-rnn', change: swap(/new nn\.RNNCell\(/, 'new nn.GRUCell(') },
  'a cell that bends by ReLU': {
    to: 'cell-rnn',
    change: swap(/RNNCell\(1, 28\)/, "RNNCell(1, 28, { nonlinearity: 'relu' })"),
    causes: ['exploding-gradient', 'learning-rate-high', 'dead-units'],
  },
  'states detached from those before': {
    to: 'cell-rnn',
    change: swap(/this\.cell\(x\.select\(1, t\), h\)/, 'this.cell(x.select(1, t), h?.detach())'),
    causes: ['frozen-parameter', 'loss-plateau'],
  },
  'an LSTM for the bard': {
    to: 'bard-gru',
    change: swap(/new nn\.GRU\(/, 'new nn.LSTM('),
    causes: ['learning-rate-low'],
  },
  'a GRU for walks': { to: 'walkers', change: swap(/new nn\.LSTM\(/, 'new nn.GRU(') },
  'two recurrent layers': {
    to: 'bard-gru',
    change: swap(/(new nn\.(?:GRU|LSTM)\(.*?\{) /, '$1 numLayers: 2, '),
    causes: ['learning-rate-low'],
  },
  'walked in both directions': {
    to: 'walkers',
    change: swap(/LSTM\(2, 32, \{/, 'LSTM(2, 16, { bidirectional: true,'),
  },
  'the mean of all steps': { to: 'walkers', change: swap(/hidden\.select\(1, STEPS - 1\)/, 'hidden.mean(1)') },
  'pools of averages': { to: 'vgg-norms', change: swap(/new nn\.MaxPool2d\(2\)/g, 'new nn.AvgPool2d(2)') },
  'no holes between taps': {
    to: 'shape-segmenter',
    change: swap(/padding: 2, dilation: 2/, 'padding: 1'),
    causes: ['loss-plateau'],
  },
  'scores a third by design': {
    to: 'blob-selu',
    change: returned('$1.div(3)'),
    causes: ['learning-rate-low'],
  },
  'a layer nobody calls': {
    to: 'group-resnet digit-vae',
    change: swap(/( *)((?:this\.)?)(?:last|fc|draw) = (new nn\.Linear\(.*?\));\n/, '$&$1$2spare = $3;\n'),
  },
  'weight norm in front': {
    to: 'stride-cnn moon-loader',
    change: either(
      swap(/c1 = (new nn\.Conv2d\(.*\));/, 'c1 = nn.utils.weightNorm($1);'),
      swap(/this\.inner = (new nn\.Linear\(2, width\));/, 'this.inner = nn.utils.weightNorm($1);'),
    ),
  },
  'factors of ten numbers': { to: 'film-ratings', change: swap(/new Factors\(4\)/, 'new Factors(10)') },
  'tables with a limit': {
    to: 'film-ratings',
    change: swap(/(new nn\.Embedding\((?:users|films), size)\)/g, '$1, { maxNorm: 6 })'),
  },
  'films without a fame': {
    to: 'film-ratings',
    change: swap(/\.add\(this\.filmBias\(f\)\.squeeze\(1\)\)/, ''),
    causes: ['frozen-parameter', 'not-optimized', 'loss-plateau'],
  },
  'matches by a dot product of tanh': {
    to: 'film-ratings',
    change: swap(/this\.user\(u\)\.mul/, 'this.user(u).tanh().mul(2).mul'),
  },
  'a forger within bounds': {
    to: 'arc-gan',
    change: swap(/new nn\.Linear\(36, 2\)\)/, 'new nn.Linear(36, 2), new nn.Hardtanh({ minVal: -1.6, maxVal: 1.6 }))'),
    causes: ['saturated-activation', 'dead-units'],
  },
  'a forger that leaks': { to: 'arc-gan', change: swap(/new nn\.ReLU\(\)/g, 'new nn.LeakyReLU(0.2)') },
  'an expert with layer norms': {
    to: 'arc-gan',
    change: all(
      swap(/( *)this\.think = .*\n/, '$&$1this.calm = new nn.LayerNorm(44);\n'),
      swap(/this\.think\(seen\)/, 'this.calm(this.think(seen))'),
    ),
  },
  'an expert that forgets a tenth': {
    to: 'arc-gan',
    change: swap(
      /const seen = (F\.leakyRelu\(.*\));/,
      'const seen = F.dropout($1, { p: 0.1, training: this.training });',
    ),
  },
  'noise of twelve numbers': { to: 'arc-gan', change: swap(/= \[5, 56/, '= [12, 56') },
  'sigmoids for moons, for longer': {
    to: 'moon-loader',
    change: all(bent('Sigmoid', 'sigmoid'), swap(/lr: 0\.01/, 'lr: 0.03'), lengthTimes(1.5)),
    causes: FADES,
  },
};
