import {
  activation,
  afterModel,
  all,
  type Change,
  deep,
  either,
  everyParameter,
  importing,
  lossOf,
  plainInitialization,
  rate,
  swap,
} from '../change.ts';
import type { Habits } from './habit.ts';

const lastWeight = (body: string): Change => afterModel(`noGrad(() => model.parameters().at(-2).${body});`);

/** Odd but healthy models. */
export const MODEL: Habits = {
  'a tiny last layer': { to: 'iris digits-mlp plain-cnn detector', change: lastWeight('mul_(0.001)') },
  'a last layer of zeros': { to: 'moons resnet regression', change: lastWeight('fill_(0)') },
  dropout: {
    to: 'digits-mlp regression',
    change: swap(/(new nn\.ReLU\(\),\n)/g, '$1  new nn.Dropout(0.2),\n'),
  },
  'shallow sigmoids': {
    to: 'digits-mlp moons autoencoder',
    change: all(activation('sigmoid', 'Sigmoid'), either(swap(/SGD\((.*)lr: 0\.1/, 'SGD($1lr: 1'), rate(3))),
  },
  tanh: { to: 'moons digits-cnn', change: activation('tanh', 'Tanh') },
  GELU: { to: 'moons', change: activation('gelu', 'GELU') },
  ELU: { to: 'moons digits-cnn', change: activation('elu', 'ELU') },
  'leaky ReLU': { to: 'digits-cnn', change: activation('relu', 'LeakyReLU') },
  'layer normalization': {
    to: 'digits-mlp moons',
    change: swap(/(new nn\.Linear\(\d+, (\d+)\),\n)(?= *new nn\.ReLU)/g, '$1  new nn.LayerNorm($2),\n'),
  },
  'a table of sparse rows': {
    to: 'words',
    change: all(
      swap(/new nn\.Embedding\(alphabet\.length, 12\)/, 'new nn.Embedding(3000, 12)'),
      swap(/this\.embedding\(tokens\)/, 'this.embedding(tokens.mul(71).remainder(3000))'),
    ),
  },
  'deeper, He’s initialization': { to: 'deep-mlp', change: deep(16) },
  'deep tanh, Glorot’s initialization': {
    to: 'deep-mlp',
    change: deep(
      8,
      plainInitialization,
      swap(/\.relu\(\)/g, '.tanh()'),
      everyParameter("if (name.endsWith('weight')) nn.init.xavierNormal_(p, { gain: 1.4 });"),
    ),
  },
  'deep and orthogonal': {
    to: 'deep-mlp',
    change: deep(
      12,
      plainInitialization,
      swap(/\.relu\(\)/g, '.tanh()'),
      everyParameter("if (name.endsWith('weight')) nn.init.orthogonal_(p);"),
    ),
  },
  'deep and residual': {
    to: 'deep-mlp',
    change: deep(16, swap(/h = layer\(h\)\.relu\(\)/, 'h = h.add(layer(h).relu().mul(0.3))')),
  },
  'deep with normalization': {
    to: 'deep-mlp',
    change: deep(
      10,
      plainInitialization,
      swap(/new nn\.Linear\(24, 24\)\)/, 'new nn.Sequential(new nn.Linear(24, 24), new nn.LayerNorm(24)))'),
    ),
  },
  'five dense layers, as they come': { to: 'deep-mlp', change: deep(3, plainInitialization) },
  'a wider GAN': { to: 'gan', change: swap(/\b24\b/g, '64') },
  'gated by a sigmoid': {
    to: 'digits-mlp',
    change: all(
      swap(/new nn\.ReLU\(\),\n {2}new nn\.Linear\(64, 32\)/, 'new nn.SiLU(),\n  new nn.Linear(64, 32)'),
      swap(/new nn\.ReLU\(\)/, 'new nn.SiLU()'),
    ),
  },
  'a GRU': { to: 'lstm', change: swap(/nn\.LSTM/, 'nn.GRU') },
  'a plain RNN': { to: 'lstm', change: swap(/nn\.LSTM/, 'nn.RNN') },
  'weights that are shared': {
    to: 'autoencoder',
    change: swap(
      /this\.decode2\(this\.decode1\(code\)\.relu\(\)\)/,
      'this.decode2(F.linear(code, this.encode2.weight.t()).relu().add(this.decode1(code).mul(0.1)))',
    ),
  },

  'without biases': {
    to: 'moons digits-mlp iris regression autoencoder',
    change: swap(/new nn\.Linear\((\d+), (\d+)\)/g, 'new nn.Linear($1, $2, { bias: false })'),
  },
  'group normalization': {
    to: 'digits-cnn resnet',
    change: swap(/new nn\.BatchNorm2d\((\d+)\)/g, 'new nn.GroupNorm(4, $1)'),
  },
  'instance normalization': {
    to: 'digits-cnn',
    change: swap(/new nn\.BatchNorm2d\((\d+)\)/g, 'new nn.InstanceNorm2d($1)'),
  },
  'average pooling': { to: 'digits-cnn', change: swap(/MaxPool2d/, 'AvgPool2d') },
  'two layers of LSTM': { to: 'lstm', change: swap(/\{ batchFirst: true \}/, '{ batchFirst: true, numLayers: 2 }') },
  'the mean of all states': { to: 'lstm', change: swap(/states\.select\(1, -1\)/, 'states.mean(1)') },
  'normalization behind the blocks': {
    to: 'transformer',
    change: all(
      swap(/const n = this\.norm1\(x\);\n/, 'const n = x;\n'),
      swap(/const h = x\.add\((this\.attention\(.*\))\);/, 'const h = this.norm1(x.add($1));'),
      swap(/return h\.add\(this\.mlp\(this\.norm2\(h\)\)\);/, 'return this.norm2(h.add(this.mlp(h)));'),
    ),
  },
  'one block': { to: 'transformer', change: swap(/new Block\(\), new Block\(\)/, 'new Block()') },
  'tied embeddings': {
    to: 'transformer',
    change: all(
      swap(/ {2}head = .*\n/, ''),
      swap(/this\.head\(this\.norm\(this\.blocks\(h\)\)\)/, 'F.linear(this.norm(this.blocks(h)), this.token.weight)'),
      everyParameter("if (name === 'token.weight') nn.init.normal_(p, { std: 0.1 });"),
    ),
  },
  'blocks left out at random': {
    to: 'resnet',
    change: all(
      swap(/( *)const h = this\.norm1/, '$1if (this.training && rand([1]).item() < 0.2) return x;\n$&'),
      importing('rand'),
    ),
  },
  'branches that begin at zero': {
    to: 'resnet',
    change: everyParameter('if (/norm2\\.weight/.test(name)) nn.init.zeros_(p);'),
  },
  'without shortcuts': { to: 'resnet', change: swap(/x\.add\((this\.norm2\(this\.conv2\(h\)\))\)/, '$1') },
  wider: {
    to: 'moons regression iris',
    change: either(swap(/\b32\b/g, '128'), swap(/\b48\b/g, '160'), swap(/\b24\b/g, '96')),
  },
  narrower: {
    to: 'moons iris autoencoder',
    change: either(swap(/\b32\b/g, '12'), swap(/\b24\b/g, '8'), swap(/\b48\b/g, '32')),
  },
  'SELU, LeCun’s initialization': {
    to: 'deep-mlp',
    change: deep(
      8,
      plainInitialization,
      swap(/(this\.input\(x\)|layer\(h\))\.relu\(\)/g, 'F.selu($1)'),
      everyParameter("if (name.endsWith('weight')) nn.init.normal_(p, { std: p.shape[1] ** -0.5 });"),
    ),
  },
  'a layer that’s never used': {
    to: 'iris autoencoder plain-cnn detector',
    change: swap(/\n {2}forward\(/, '\n  spare = new nn.Linear(24, 24);\n$&'),
  },
  ReLU6: { to: 'digits-mlp digits-cnn', change: activation('clamp', 'ReLU6') },
  SiLU: { to: 'plain-cnn deep-mlp', change: activation('silu', 'SiLU') },
  Softplus: { to: 'digits-mlp', change: activation('softplus', 'Softplus') },
  'a sigmoid at the end': { to: 'autoencoder', change: swap(/(return this\.decode2\(.*\));/, '$1.sigmoid();') },
  'a sigmoid on the gates of the features': {
    to: 'iris',
    change: swap(
      /const h = this\.input\(x\)\.tanh\(\);/,
      'const g = this.input(x);\n    const h = g.tanh().mul(g.sigmoid());',
    ),
  },
  'dropout on the states': {
    to: 'lstm',
    change: swap(
      /this\.output\(states\.select\(1, -1\)\)/,
      'this.output(F.dropout(states.select(1, -1), { p: 0.3, training: this.training }))',
    ),
  },
  'a deeper generator': {
    to: 'gan',
    change: swap(/( *)new nn\.Linear\(24, 2\),/, '$1new nn.Linear(24, 24),\n$1new nn.ReLU(),\n$&'),
  },
  'sigmoids within a residual network': { to: 'resnet', change: swap(/\.relu\(\)/g, '.sigmoid()') },
  'a scalar that is learned': {
    to: 'iris',
    change: all(
      swap(/( *)output = new nn\.Linear\(24, 3\);/, '$&\n$1temperature = new nn.Parameter(tensor([1]));'),
      swap(/return (this\.output\(.*\));/, 'return $1.mul(this.temperature);'),
      importing('tensor'),
    ),
  },
  'two inputs of one layer': {
    to: 'digits-mlp',
    change: lossOf('·.add(F.crossEntropy(model(x.mul(0.9)), y)).div(2)'),
  },
};
