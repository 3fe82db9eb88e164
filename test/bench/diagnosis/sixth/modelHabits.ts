import { afterModel, all, either, everyParameter, swap } from '../change.ts';
import type { Habits } from '../habits/habit.ts';
import { bend, quietly } from './wording.ts';

const weights = (body: string) => everyParameter(`if (p.shape.length > 1) ${body};`);
/** Before every ReLU behind a layer, in a sequence. */
const between = (module: string) =>
  swap(/(new nn\.Linear\([^()]*, (\d+)\),\n)(?= *new nn\.ReLU\(\))/g, `$1  new nn.${module}($2),\n`);

/** Odd but healthy models, of the sixth part. */
export const MODEL: Habits = {
  'slopes below 0': { to: 'two-moons', change: bend('LeakyReLU', 'leakyRelu') },
  'ELU for the bend': { to: 'moon-tower', change: bend('ELU', 'elu') },
  'GELU for the bend': { to: 'conv-bn', change: bend('GELU', 'gelu') },
  'SiLU for the bend': { to: 'xor', change: bend('SiLU', 'silu') },
  'Softplus for the bend': {
    to: 'iris-split',
    change: bend('Softplus', 'softplus'),
    causes: ['learning-rate-low', 'vanishing-gradient'],
  },
  'tanh for the bend': { to: 'spot-detector', change: bend('Tanh', 'tanh') },
  'ReLU for the bend': { to: 'energy', change: bend('ReLU', 'relu') },
  'a sigmoid for shallow bends': {
    to: 'two-moons',
    change: bend('Sigmoid', 'sigmoid'),
    causes: ['saturated-activation', 'vanishing-gradient', 'learning-rate-low'],
  },
  'a sigmoid for the last bend': {
    to: 'digits-relu',
    change: either(
      swap(/F\.relu\((this\.fc3\(x\))\)/, 'F.sigmoid($1)'),
      swap(/(this\.fc2\(x\))\.relu\(\)/, '$1.sigmoid()'),
      swap(/return this\.last\(x\)/, 'return this.last(x.sigmoid())'),
    ),
    causes: ['saturated-activation', 'vanishing-gradient', 'learning-rate-low'],
  },
  'a slope that is learned': { to: 'two-moons compress', change: swap(/new nn\.ReLU\(\)/g, 'new nn.PReLU()') },
  'hard swish': { to: 'conv-bn moon-tower', change: swap(/new nn\.ReLU\(\)/g, 'new nn.Hardswish()') },
  'layer norms before the bends': { to: 'two-moons compress', change: between('LayerNorm') },
  'batch norms before the bends': { to: 'two-moons compress', change: between('BatchNorm1d') },
  'layer norms for batch norms': { to: 'digits-norm', change: swap(/nn\.BatchNorm1d\(to\)/, 'nn.LayerNorm(to)') },
  'group norms of two': {
    to: 'conv-bn resnet-v2',
    change: swap(/new nn\.BatchNorm2d\((\w+)\)/g, 'new nn.GroupNorm(2, $1)'),
  },
  'norms behind the bends': {
    to: 'digits-norm conv-bn',
    change: swap(/(new nn\.BatchNorm[12]d\(\w+\)),(\s*)(new nn\.ReLU\(\))/g, '$3,$2$1'),
  },
  'norms without scale and shift': {
    to: 'conv-bn digits-norm',
    change: swap(/(new nn\.BatchNorm[12]d\(\w+)\)/g, '$1, { affine: false })'),
  },
  'norms that forget slowly': {
    to: 'conv-bn resnet-v2',
    change: swap(/(new nn\.BatchNorm2d\(\w+)\)/g, '$1, { momentum: 0.05 })'),
  },
  'root mean squares for layer norms': {
    to: 'tabular-resnet gpt',
    change: swap(/new nn\.LayerNorm/g, 'new nn.RMSNorm'),
  },
  'no norm at the end': {
    to: 'tabular-resnet gpt',
    change: either(swap(/ *new nn\.LayerNorm\(24\),\n/, ''), swap(/this\.norm\(x\)/, 'x')),
  },
  'dropout of a fifth': {
    to: 'conv-bn',
    change: swap(/(new nn\.ReLU\(\)),\n/g, '$1,\n  new nn.Dropout(0.2),\n'),
    causes: ['loss-plateau', 'learning-rate-low'],
  },
  'two fifths dropped before the head': {
    to: 'rows-rnn',
    change: either(
      swap(/this\.fc4\(x\)/, 'this.fc4(F.dropout(x, { p: 0.4, training: this.training }))'),
      swap(/this\.fc\(x\.flatten\(1\)\)/, 'this.fc(F.dropout(x.flatten(1), { p: 0.4, training: this.training }))'),
      all(
        swap(/this\.fc\((states\.select\(1, 7\))\)/, 'this.fc(this.drop($1))'),
        swap(/\n\n {2}forward/, '\n  drop = new nn.Dropout(0.4);$&'),
      ),
    ),
    causes: ['loss-plateau', 'learning-rate-low'],
  },
  'nothing dropped at all': {
    to: 'digits-norm rows-attention',
    change: either(swap(/, new nn\.Dropout\(0\.1\)/, ''), swap(/dropout: 0\.05/g, 'dropout: 0')),
  },
  'layers without biases': {
    to: 'compress',
    change: either(
      swap(/new nn\.Conv2d\((.*?), \{ /g, 'new nn.Conv2d($1, { bias: false, '),
      swap(/new nn\.Linear\((\w+), (\w+)\)/g, 'new nn.Linear($1, $2, { bias: false })'),
    ),
    causes: ['loss-plateau'],
  },
  'doubled widths': {
    to: 'iris-split',
    change: either(
      swap(/\b24\b/g, '48'),
      all(swap(/\b16\b/g, '32'), swap(/\b12\b/g, '24')),
      swap(/\b40\b(?!\), *labels)/g, '80'),
    ),
  },
  'halved widths': {
    to: 'xor',
    change: either(swap(/\b24\b/g, '12'), swap(/\b16\b/g, '8'), swap(/\b48\b/g, '24')),
    causes: ['loss-plateau'],
  },
  'one hidden layer less': {
    to: 'iris-split',
    change: either(
      swap(/ *new nn\.Linear\(24, 24\),\n *new nn\.ReLU\(\),\n/, ''),
      all(
        swap(/ *x = F\.relu\(this\.fc2\(x\)\);\n/, ''),
        swap(/nn\.Linear\(64, 32\)/, 'nn.Linear(96, 32)'),
        swap(/ *fc2 = .*\n/, ''),
      ),
      all(
        swap(/ *x = this\.fc2\(x\)\.relu\(\);\n/, ''),
        swap(/nn\.Linear\(12, 3\)/, 'nn.Linear(16, 3)'),
        swap(/ *fc2 = .*\n/, ''),
      ),
    ),
  },
  'a shallower tower': {
    to: 'moon-tower blob-tower',
    change: either(swap(/buildModel\(8, /, 'buildModel(3, '), swap(/\{ length: 5 \}/, '{ length: 2 }')),
  },
  'a deeper tower, as well begun': {
    to: 'moon-tower blob-tower',
    change: either(swap(/buildModel\(8, /, 'buildModel(12, '), swap(/\{ length: 5 \}/, '{ length: 8 }')),
  },
  'a tower with shortcuts': {
    to: 'blob-tower',
    change: swap(/x = layer\(x\)\.tanh\(\);/, 'x = x.add(layer(x).tanh().mul(0.5));'),
  },
  'no shortcuts': {
    to: 'resnet-v2 tabular-resnet',
    change: either(
      swap(/return x\.add\(out\);/, 'return out;'),
      swap(/return x\.add\((this\.fc2\(.*\))\);/, 'return $1;'),
    ),
    causes: ['vanishing-gradient', 'learning-rate-low'],
  },
  'branches that begin at nothing': {
    to: 'resnet-v2 tabular-resnet',
    change: everyParameter('if (/(?:conv2|fc2)\\.weight$/.test(name)) nn.init.zeros_(p);'),
  },
  'He’s normal': { to: 'digits-relu', change: weights("nn.init.kaimingNormal_(p, { nonlinearity: 'relu' })") },
  'Glorot’s uniform': { to: 'rows-attention', change: weights('nn.init.xavierUniform_(p)') },
  'weights made orthogonal': { to: 'char-gru', change: weights('nn.init.orthogonal_(p)') },
  'a truncated normal of a fiftieth': {
    to: 'rows-attention',
    change: weights('nn.init.truncNormal_(p, { std: 0.02 })'),
    causes: ['bad-initialization/small-weights', 'vanishing-gradient/small-weights', 'learning-rate-low'],
  },
  'weights of 40 %': {
    to: 'energy',
    change: weights('noGrad(() => p.mul_(0.4))'),
    causes: ['bad-initialization/small-weights', 'vanishing-gradient/small-weights', 'learning-rate-low'],
  },
  'weights of 250 %': {
    to: 'digits-conv',
    change: weights('noGrad(() => p.mul_(2.5))'),
    causes: ['bad-initialization/large-weights', 'exploding-gradient/large-weights', 'wrong-loss-scale/large-logits'],
  },
  'biases of a tenth': {
    to: 'xor',
    change: everyParameter('if (p.shape.length === 1 && /bias/.test(name)) nn.init.constant_(p, 0.1);'),
  },
  'a last layer at a hundredth': {
    to: 'resnet-v2',
    change: quietly('model.parameters().at(-2).mul_(0.01)'),
  },
  'a last layer that begins at 0': {
    to: 'tabular-resnet',
    change: quietly('model.parameters().slice(-2).forEach((p) => p.zero_())'),
  },
  'a last bias at the mean of the targets': {
    to: 'energy tabular-resnet',
    change: quietly('model.parameters().at(-1).copy_(trainY.mean())'),
  },
  'a forget gate of one': {
    to: 'sine-lstm',
    change: everyParameter('if (/bias_?ih/i.test(name)) noGrad(() => p.slice(0, 20, 40).fill_(1));'),
  },
  'an LSTM for it': { to: 'char-gru rows-rnn', change: swap(/new nn\.(?:GRU|RNN)\(/, 'new nn.LSTM(') },
  'a GRU for it': { to: 'sine-lstm rows-rnn', change: swap(/new nn\.(?:LSTM|RNN)\(/, 'new nn.GRU(') },
  'a plain recurrence for it': { to: 'char-gru', change: swap(/new nn\.GRU\(/, 'new nn.RNN(') },
  'two layers of recurrence': {
    to: 'sine-lstm',
    change: swap(/(new nn\.(?:LSTM|RNN|GRU)\(.*?)\{ /, '$1{ numLayers: 2, '),
  },
  'all states averaged': {
    to: 'rows-rnn sine-lstm',
    change: swap(/(states|out)\.select\(1, \w+(?: - 1)?\)/, '$1.mean(1)'),
  },
  'a table of many rows, few of them used': {
    to: 'char-gru',
    change: all(
      swap(/new nn\.Embedding\(vocabSize, 20\)/, 'new nn.Embedding(4000, 20)'),
      swap(/this\.embedding\(x\)/, 'this.embedding(x.mul(97).remainder(4000))'),
    ),
  },
  'one table for both ends': {
    to: 'gpt',
    change: all(
      afterModel('model.head.weight = model.wte.weight;', 'nn.init.normal_(model.wte.weight, { std: 0.08 });'),
    ),
  },
  'norms behind attention': { to: 'gpt', change: swap(/normFirst: true/, 'normFirst: false') },
  'norms ahead of attention': {
    to: 'rows-attention',
    change: swap(/batchFirst: true/g, 'batchFirst: true, normFirst: true'),
  },
  'no places': {
    to: 'rows-attention gpt',
    change: swap(/\.add\(this\.(?:position|wpe\(.*?\)\))\)/, ''),
    causes: ['loss-plateau'],
  },
  'one block alone': {
    to: 'rows-attention gpt',
    change: either(swap(/this\.layer2\((this\.layer1\(x\))\)/, '$1'), swap(/layers: 2/, 'layers: 1')),
  },
  'means for maxima': {
    to: 'conv-ae',
    change: either(swap(/nn\.MaxPool2d/g, 'nn.AvgPool2d'), swap(/F\.maxPool2d/g, 'F.avgPool2d')),
  },
  'the mean of each map': {
    to: 'digits-conv',
    change: all(swap(/x\.flatten\(1\)/, 'x.mean([2, 3])'), swap(/24 \* 2 \* 2/, '24')),
  },
  'layers that nobody uses': {
    to: 'rows-attention',
    change: swap(/\n\n {2}(?=forward|encode)/, '\n  extra = new nn.Linear(6, 6);$&'),
  },
  'a scale that is learned': {
    to: 'iris-split digits-conv',
    change: all(
      swap(/return (this\.(?:out|fc)\(.*\));/, 'return $1.mul(this.scale);'),
      swap(/\n\n {2}forward/, '\n  scale = new nn.Parameter(ones([1]));$&'),
      swap(/ \} from 'gradlens'/, ", ones } from 'gradlens'"),
    ),
  },
  'weights apart from their lengths': {
    to: 'two-moons compress',
    change: swap(/new nn\.Linear\((24, 24|64, 48)\)/, 'nn.utils.weightNorm(new nn.Linear($1))'),
  },
  'a code of five': {
    to: 'compress',
    change: all(swap(/nn\.Linear\(48, 16\)/, 'nn.Linear(48, 5)'), swap(/nn\.Linear\(16, 48\)/, 'nn.Linear(5, 48)')),
    causes: ['loss-plateau'],
  },
  'a sigmoid on pictures': {
    to: 'compress',
    change: swap(/(new nn\.Linear\(48, 64\)),\n/, '$1,\n  new nn.Sigmoid(),\n'),
  },
  'a leak below 0 for the generator': { to: 'curve-gan', change: swap(/\.relu\(\)/g, '.leakyRelu(0.2)') },
  'a narrower discriminator': { to: 'curve-gan', change: all(swap(/\b40\b/g, '24'), swap(/\b20\b/g, '12')) },
  'a wider generator': { to: 'curve-gan', change: swap(/\b32\b/g, '64') },
  'tanh for the discriminator': { to: 'curve-gan', change: swap(/\.leakyRelu\(0\.1\)/g, '.tanh()') },
  'one branch for boxes': {
    to: 'spot-detector',
    change: all(
      swap(
        /boxHead = new nn\.Linear\(48, 3\)/,
        'boxHead = new nn.Sequential(new nn.Linear(48, 16), new nn.ReLU(), new nn.Linear(16, 3))',
      ),
    ),
  },
  'boxes within a sigmoid': {
    to: 'spot-detector',
    change: swap(/\[this\.boxHead\(shared\), /, '[this.boxHead(shared).sigmoid(), '),
  },
};
