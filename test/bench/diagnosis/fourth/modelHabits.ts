import { afterModel, type Change, either, everyParameter, swap } from '../change.ts';
import type { Habits } from '../habits/habit.ts';

const lastWeight = (body: string): Change => afterModel(`noGrad(() => model.parameters().at(-2).${body});`);
const MODULE = /new nn\.(?:ELU|ReLU|Tanh|GELU|SiLU)\(\)/g;
const bend = (module: string, method: string): Change =>
  either(swap(MODULE, `new nn.${module}()`), swap(/\.relu\(\)/g, `.${method}()`));

/** Odd but healthy models, of the fourth set. */
export const MODEL: Habits = {
  'Mish for all': { to: 'siamese counts experts', change: bend('Mish', 'silu') },
  'SELU for all': { to: 'quantiles survival attending', change: bend('SELU', 'elu') },
  'tanh for all': { to: 'tasks siamese distilled hyper', change: bend('Tanh', 'tanh') },
  'leaky for all': { to: 'orbit grades squares bag', change: bend('LeakyReLU', 'leakyRelu') },
  'softplus for all': {
    to: 'counts membrane experts',
    change: bend('Softplus', 'softplus'),
    causes: ['learning-rate-low'],
  },
  'hard swish for all': { to: 'survival quantiles', change: bend('Hardswish', 'silu') },
  'one layer of sigmoids': {
    to: 'siamese quantiles survival tasks counts',
    change: swap(/new nn\.(?:ReLU|GELU|SiLU)\(\)/, 'new nn.Sigmoid()'),
    causes: ['saturated-activation', 'vanishing-gradient', 'learning-rate-low'],
  },
  'layers normalized': {
    to: 'siamese quantiles tasks counts survival',
    change: swap(/(new nn\.Linear\(\d+, (\d+)\)),(\s*)(?=new nn\.(?:ReLU|GELU|SiLU))/g, '$1,$3new nn.LayerNorm($2),$3'),
  },
  'batches normalized': {
    to: 'quantiles tasks counts siamese',
    change: swap(/(new nn\.Linear\(\d+, (\d+)\)),(\s*)(?=new nn\.(?:ReLU|GELU))/g, '$1,$3new nn.BatchNorm1d($2),$3'),
  },
  'a tenth dropped': {
    to: 'siamese tasks counts survival',
    change: swap(/(new nn\.(?:ReLU|GELU|SiLU)\(\))/g, '$1, new nn.Dropout(0.1)'),
    causes: ['loss-plateau', 'learning-rate-low'],
  },
  'no biases': {
    to: 'orbit bag hyper distilled',
    change: swap(/new nn\.Linear\((\w+), (\w+)\)/g, 'new nn.Linear($1, $2, { bias: false })'),
  },
  'twice as wide': {
    to: 'bag tracker grades counts survival',
    change: either(swap(/\b24\b/g, '48'), swap(/\b40\b/g, '80'), swap(/\b32\b/g, '64')),
  },
  'half as wide': {
    to: 'ahead orbit quantiles hyper',
    change: either(swap(/\b40\b/g, '20'), swap(/\b32\b/g, '16')),
    causes: ['learning-rate-low'],
  },
  'last weights of a thirtieth': { to: 'bag counts distilled tracker siamese', change: lastWeight('mul_(0.03)') },
  'last weights of 0': { to: 'orbit squares quantiles survival', change: lastWeight('fill_(0)') },
  'orthogonal weights': {
    to: 'ahead grades hyper membrane',
    change: everyParameter('if (p.shape.length === 2) nn.init.orthogonal_(p);'),
  },
  'weights after He': {
    to: 'siamese squares experts tasks',
    change: everyParameter("if (p.shape.length > 1) nn.init.kaimingNormal_(p, { nonlinearity: 'relu' });"),
  },
  'weights after Glorot': {
    to: 'grades orbit membrane attending',
    change: everyParameter('if (p.shape.length > 1) nn.init.xavierUniform_(p);'),
  },
  'a deviation of 0.03': {
    to: 'bag counts survival distilled',
    change: everyParameter('if (p.shape.length > 1) nn.init.normal_(p, { std: 0.03 });'),
    causes: ['bad-initialization/small-weights'],
  },
  'weights of twice the size': {
    to: 'quantiles counts ahead bag',
    change: everyParameter('if (p.shape.length > 1) noGrad(() => p.mul_(2));'),
    causes: ['bad-initialization/large-weights'],
  },
  'weights of half the size': {
    to: 'experts tasks siamese tracker',
    change: everyParameter('if (p.shape.length > 1) noGrad(() => p.mul_(0.5));'),
  },
  'spare weights': {
    to: 'bag tracker hyper tasks',
    change: swap(/\n {2}forward\(/, '\n  spare = new nn.Linear(4, 4);\n$&'),
  },
  'one layer more': {
    to: 'siamese quantiles grades counts',
    change: swap(/new nn\.Linear\((\d+), (\d+)\),\s*new nn\.(\w+)\(\)/, '$&, new nn.Linear($2, $2), new nn.$3()'),
  },
  'an LSTM for the RNN': { to: 'ahead', change: swap(/new nn\.RNN\(/, 'new nn.LSTM(') },
  'two recurrent layers': { to: 'ahead', change: swap(/new nn\.RNN\(1, 32, \{/, '$& numLayers: 2,') },
  'the greatest word': { to: 'bag', change: swap(/mode: 'mean'/, "mode: 'max'") },
  'a sum of words': { to: 'bag', change: swap(/mode: 'mean'/, "mode: 'sum'") },
  'eight experts': {
    to: 'experts',
    change: (text) => text.replace('new nn.Linear(24, 4)', 'new nn.Linear(24, 8)').replace('length: 4', 'length: 8'),
  },
  'strides for the pool': {
    to: 'squares',
    change: (text) =>
      text
        .replace('F.maxPool2d(this.conv1(x).relu(), 2)', 'this.conv1(x).relu()')
        .replace('new nn.Conv2d(1, 8, 3, { padding: 1 })', 'new nn.Conv2d(1, 8, 3, { padding: 1, stride: 2 })'),
  },
};
