import { afterModel, all, type Change, deep, either, everyParameter, plainInitialization, swap } from '../change.ts';
import type { Habits } from '../habits/habit.ts';

const lastWeight = (body: string): Change => afterModel(`noGrad(() => model.parameters().at(-2).${body});`);
const MODULE = /new nn\.(?:GELU|ReLU|Tanh)\(\)/g;
const behindHidden = (made: string): Change =>
  swap(/(new nn\.Linear\(\d+, (\d+)\),\n)(?= *new nn\.(?:GELU|ReLU|Tanh))/g, `$1  new nn.${made}($2),\n`);

/** Odd but healthy models, of the second set. */
export const MODEL: Habits = {
  Mish: { to: 'circles spirals', change: swap(MODULE, 'new nn.Mish()') },
  Hardswish: { to: 'spirals segmenter', change: swap(MODULE, 'new nn.Hardswish()') },
  PReLU: { to: 'spirals segmenter', change: swap(MODULE, 'new nn.PReLU()') },
  Softsign: {
    to: 'friedman lenet',
    change: either(
      swap(MODULE, 'new nn.Softsign()'),
      swap(/(this\.conv1\(x\)|this\.conv2\(h\)|this\.hidden\(h\.flatten\(1\)\))\.tanh\(\)/g, 'F.softsign($1)'),
    ),
  },
  'sigmoids, two layers of them': {
    to: 'circles friedman',
    change: swap(MODULE, 'new nn.Sigmoid()'),
    causes: ['saturated-activation', 'vanishing-gradient', 'learning-rate-low'],
  },
  'normalized by layers': { to: 'circles friedman spirals', change: behindHidden('LayerNorm') },
  'normalized by batches': { to: 'spirals friedman', change: behindHidden('BatchNorm1d') },
  'normalized by squares': { to: 'spirals', change: behindHidden('RMSNorm') },
  'a third dropped': {
    to: 'spirals friedman',
    change: swap(/(new nn\.(?:ReLU|Tanh)\(\),\n)/g, '$1  new nn.Dropout(0.3),\n'),
    causes: ['loss-plateau'],
  },
  'no biases': {
    to: 'circles friedman vae',
    change: swap(/new nn\.Linear\((\d+), (\d+)\)/g, 'new nn.Linear($1, $2, { bias: false })'),
  },
  'twice as wide': {
    to: 'circles lenet gru vae',
    change: either(
      all(swap(/nn\.GRU\(1, 24/, 'nn.GRU(1, 48'), swap(/nn\.Linear\(24, 4/, 'nn.Linear(48, 4')),
      swap(/\b24\b/g, '48'),
      swap(/\b40\b/g, '80'),
    ),
  },
  'half as wide': { to: 'friedman spirals vae', change: either(swap(/\b40\b/g, '20'), swap(/\b(?:64|48)\b/g, '24')) },
  'a last layer of a hundredth': { to: 'circles lenet gru segmenter vit', change: lastWeight('mul_(0.01)') },
  'a last layer of nothing': { to: 'spirals factors bottleneck', change: lastWeight('fill_(0)') },
  'orthogonal weights': {
    to: 'spirals lenet friedman',
    change: everyParameter('if (p.shape.length === 2) nn.init.orthogonal_(p);'),
  },
  'a deviation of 0.02, as GPT': {
    to: 'vit spirals friedman',
    change: everyParameter('if (p.shape.length === 2) nn.init.normal_(p, { std: 0.02 });'),
    causes: ['bad-initialization/small-weights'],
  },
  'weights by half': {
    to: 'circles segmenter gru',
    change: everyParameter('if (p.shape.length > 1) noGrad(() => p.mul_(0.5));'),
  },
  'weights by three': {
    to: 'circles spirals lenet factors',
    change: everyParameter('if (p.shape.length > 1) noGrad(() => p.mul_(3));'),
    causes: ['bad-initialization/large-weights'],
  },
  'a layer never used': {
    to: 'lenet vae factors',
    change: swap(/\n {2}forward\(/, '\n  spare = new nn.Linear(7, 7);\n$&'),
  },
  'deeper by half, residual': {
    to: 'deep-tanh',
    change: deep(12, swap(/h = layer\(h\)\.tanh\(\)/, 'h = h.add(layer(h).tanh().mul(0.4))')),
  },
  'deep, each layer normalized': {
    to: 'deep-tanh',
    change: deep(
      12,
      plainInitialization,
      swap(/new nn\.Linear\(20, 20\)\)/, 'new nn.Sequential(new nn.Linear(20, 20), new nn.LayerNorm(20)))'),
    ),
  },
  'four layers, as they come': { to: 'deep-tanh', change: deep(2, plainInitialization) },
  'sixteen ReLU layers by He': {
    to: 'deep-tanh',
    change: deep(
      14,
      plainInitialization,
      swap(/\.tanh\(\)/g, '.relu()'),
      everyParameter("if (/weight/.test(name)) nn.init.kaimingNormal_(p, { nonlinearity: 'relu' });"),
    ),
  },
  'the largest instead of the mean': { to: 'lenet', change: swap(/F\.avgPool2d/, 'F.maxPool2d') },
  'groups instead of batches': {
    to: 'bottleneck',
    change: swap(/new nn\.BatchNorm2d\((\w+)\)/g, 'new nn.GroupNorm(4, $1)'),
  },
  'an LSTM for the GRU': { to: 'gru', change: swap(/nn\.GRU/, 'nn.LSTM') },
  'a GRU for the LSTM': { to: 'accumulator', change: swap(/nn\.LSTM/, 'nn.GRU') },
  'all states and their mean': { to: 'gru', change: swap(/states\.select\(1, -1\)/, 'states.mean(1)') },
  'another block': { to: 'vit bottleneck', change: swap(/new Block\((?:16, 16)?\), /, '$&$&') },
  'without positions': { to: 'vit', change: swap(/\.add\(this\.position\)/, '') },
  'normalized behind, not before': {
    to: 'vit',
    change: all(
      swap(/const n = this\.norm1\(x\);\n/, 'const n = x;\n'),
      swap(/const h = x\.add\((this\.attention\(.*\))\);/, 'const h = this.norm1(x.add($1));'),
      swap(/return h\.add\(this\.mlp\(this\.norm2\(h\)\)\);/, 'return this.norm2(h.add(this.mlp(h)));'),
    ),
  },
  'squashed at the end': {
    to: 'vae',
    change: swap(/this\.decode2\((.*)\), mean,/, 'this.decode2($1).sigmoid(), mean,'),
  },
  'a code of three numbers': { to: 'vae', change: swap(/\b8\b/g, '4') },
  'a deeper discriminator': {
    to: 'ring-gan',
    change: swap(/( *)new nn\.Linear\(32, 1\),/, '$1new nn.Linear(32, 32),\n$1new nn.SiLU(),\n$&'),
  },
  'a wider ring': { to: 'ring-gan', change: swap(/\b32\b/g, '64') },
  'a deeper segmenter': {
    to: 'segmenter',
    change: swap(/( *)new nn\.Conv2d\(12, 1, /, '$1new nn.Conv2d(12, 12, 3, { padding: 1 }),\n$1new nn.ReLU(),\n$&'),
  },
  'dilated by two': {
    to: 'segmenter',
    change: swap(/(new nn\.Conv2d\(10, 12, 3, \{ )padding: 1/, '$1padding: 2, dilation: 2'),
  },
  'multiplied, not joined': {
    to: 'factors',
    change: all(
      swap(/cat\(\[p, t, p\.mul\(t\)\], 1\)/, 'p.mul(t)'),
      swap(/new nn\.Linear\(36, 48\)/, 'new nn.Linear(12, 48)'),
      swap(/import \{ cat, /, 'import { '),
    ),
  },
};
