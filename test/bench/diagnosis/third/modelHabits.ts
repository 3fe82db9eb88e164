import { afterModel, all, type Change, either, everyParameter, swap } from '../change.ts';
import type { Habits } from '../habits/habit.ts';

const lastWeight = (body: string): Change => afterModel(`noGrad(() => model.parameters().at(-2).${body});`);
const MODULE = /new nn\.(?:ELU|ReLU|Tanh|GELU|LeakyReLU)\((?:0\.1)?\)/g;
const FUNCTION = /F\.(?:silu|relu)\(/g;
const bend = (module: string, name: string): Change =>
  either(swap(MODULE, `new nn.${module}()`), swap(FUNCTION, `F.${name}(`));

/** Odd but healthy models, of the third set. */
export const MODEL: Habits = {
  'Mish everywhere': { to: 'gridworld diffusion denoiser', change: bend('Mish', 'mish') },
  'SELU everywhere': { to: 'ranker graph two-heads', change: bend('SELU', 'selu') },
  'ReLU6 everywhere': { to: 'sets phrases denoiser', change: bend('ReLU6', 'relu6') },
  'softplus everywhere': { to: 'equation ranker sets', change: bend('Softplus', 'softplus') },
  'hard tanh everywhere': { to: 'mixture policy', change: bend('Hardtanh', 'hardtanh') },
  'sigmoids in one layer': {
    to: 'sets ranker two-heads',
    change: swap(/new nn\.(?:ELU|ReLU|GELU)\(\)/, 'new nn.Sigmoid()'),
    causes: ['saturated-activation', 'vanishing-gradient', 'learning-rate-low'],
  },
  'normalized by layers, here and there': {
    to: 'ranker two-heads gridworld sets',
    change: swap(/(new nn\.Linear\(\d+, (\d+)\)),(\s*)(?=new nn\.(?:ELU|ReLU|GELU))/g, '$1,$3new nn.LayerNorm($2),$3'),
  },
  'a fifth dropped': {
    to: 'gridworld two-heads epochs ranker',
    change: swap(/(new nn\.(?:ReLU|ELU)\(\))/g, '$1, new nn.Dropout(0.2)'),
    causes: ['loss-plateau', 'learning-rate-low'],
  },
  'without biases': {
    to: 'two-heads policy graph gridworld',
    change: swap(/new nn\.Linear\((\w+), (\w+)\)/g, 'new nn.Linear($1, $2, { bias: false })'),
  },
  'twice the width': {
    to: 'graph field two-heads chars',
    change: either(swap(/\b24\b/g, '48'), swap(/\b40\b/g, '80'), swap(/\b48\b/g, '96'), swap(/\b32\b(?!\))/g, '64')),
  },
  'half the width': {
    to: 'diffusion chars reverser',
    change: either(swap(/\b64\b/g, '32'), swap(/\b48\b/g, '24')),
    causes: ['learning-rate-low'],
  },
  'a last layer of a fiftieth': { to: 'chars phrases epochs denoiser sets', change: lastWeight('mul_(0.02)') },
  'a last layer of zeros': { to: 'reverser diffusion graph field', change: lastWeight('fill_(0)') },
  'orthogonal matrices': {
    to: 'sets reverser ranker',
    change: everyParameter('if (p.shape.length === 2) nn.init.orthogonal_(p);'),
  },
  'He’s weights': {
    to: 'gridworld denoiser diffusion epochs',
    change: everyParameter("if (p.shape.length > 1) nn.init.kaimingNormal_(p, { nonlinearity: 'relu' });"),
  },
  'Glorot’s weights': {
    to: 'policy mixture equation forecaster',
    change: everyParameter('if (p.shape.length > 1) nn.init.xavierUniform_(p);'),
  },
  'a deviation of 0.02 for all': {
    to: 'chars sets phrases',
    change: everyParameter('if (p.shape.length > 1) nn.init.normal_(p, { std: 0.02 });'),
    causes: ['bad-initialization/small-weights'],
  },
  'twice the weights': {
    to: 'ranker chars graph forecaster',
    change: everyParameter('if (p.shape.length > 1) noGrad(() => p.mul_(2));'),
    causes: ['bad-initialization/large-weights'],
  },
  'half the weights': {
    to: 'diffusion two-heads phrases',
    change: everyParameter('if (p.shape.length > 1) noGrad(() => p.mul_(0.5));'),
  },
  'something never used': {
    to: 'denoiser policy phrases sets',
    change: either(
      swap(/ {4}this\.outer = /, '    this.spare = new nn.Linear(5, 5);\n$&'),
      swap(/\n {2}forward\(/, '\n  spare = new nn.Linear(5, 5);\n$&'),
    ),
  },
  'the greatest instead of the mean': {
    to: 'sets',
    change: swap(/this\.each\(x\)\.mean\(1\)/, 'this.each(x).amax(1)'),
  },
  'a sum instead of the mean': { to: 'sets', change: swap(/this\.each\(x\)\.mean\(1\)/, 'this.each(x).sum(1)') },
  'LSTMs for GRUs': { to: 'reverser', change: swap(/nn\.GRU/g, 'nn.LSTM') },
  'a GRU for characters': { to: 'chars', change: swap(/nn\.LSTM/, 'nn.GRU') },
  'two layers of LSTM': {
    to: 'chars',
    change: swap(/new nn\.LSTM\(16, 48, \{/, '$& numLayers: 2,'),
    causes: ['learning-rate-low'],
  },
  'one recurrence for both': {
    to: 'reverser',
    change: swap(/decoder = new nn\.GRU\(16, 48, \{ batchFirst: true \}\)/, 'decoder = this.encoder'),
  },
  'more bells': { to: 'mixture', change: swap(/new nn\.Linear\(32, 3\)/g, 'new nn.Linear(32, 8)') },
  'a layer more': {
    to: 'ranker gridworld equation policy',
    change: swap(/new nn\.Linear\((\d+), (\d+)\),\s*new nn\.(\w+)\(\)/, '$&, new nn.Linear($2, $2), new nn.$3()'),
  },
  'four residual layers more': {
    to: 'diffusion',
    change: swap(
      /\[new nn\.Linear\(64, 64\), new nn\.Linear\(64, 64\)\]/,
      'Array.from({ length: 6 }, () => new nn.Linear(64, 64))',
    ),
  },
  'groups for batches': {
    to: 'epochs',
    change: swap(/new nn\.BatchNorm1d\(outputs\)/, 'new nn.GroupNorm(4, outputs)'),
  },
  'no normalization, as shallow as it is': { to: 'epochs', change: swap(/new nn\.BatchNorm1d\(outputs\), /, '') },
  'stretched, not transposed': {
    to: 'denoiser',
    change: swap(
      /new nn\.ConvTranspose2d\(16, 10, 2, \{ stride: 2 \}\)/,
      'new nn.Sequential(new nn.Upsample({ scaleFactor: 2 }), new nn.Conv2d(16, 10, 1))',
    ),
  },
  'added, not joined': {
    to: 'denoiser',
    change: all(
      swap(/cat\(\[outer, this\.up\(inner\)\], 1\)/, 'outer.add(this.up(inner))'),
      swap(/new nn\.Conv2d\(20, 10/, 'new nn.Conv2d(10, 10'),
    ),
  },
  'higher frequencies': { to: 'field', change: swap(/\(2, 40, 4, true\)/, '(2, 40, 8, true)') },
  'tanh for sines': {
    to: 'field',
    change: swap(/\.sin\(\);\n {2}\}\n\}/, '.tanh();\n  }\n}'),
    causes: ['learning-rate-low', 'loss-plateau'],
  },
  'the gate alone': {
    to: 'forecaster',
    change: swap(
      /this\.filter\(padded\)\.tanh\(\)\.mul\(this\.gate\(padded\)\.sigmoid\(\)\)/,
      'this.gate(padded).sigmoid().mul(this.filter(padded))',
    ),
  },
};
