import { all, either, importing, lossOf, swap } from '../change.ts';
import type { Habits } from '../habits/habit.ts';

/** Odd but healthy losses, labels and data, of the third set. */
export const OBJECTIVE: Habits = {
  'sums, under Adam': {
    to: 'chars sets diffusion phrases',
    change: swap(/(const loss = F\.\w+\(.*)\);/, "$1, { reduction: 'sum' });"),
  },
  'smoothed by a tenth': {
    to: 'sets reverser chars by-hand',
    change: swap(/(const loss = F\.crossEntropy\(.*)\);/, '$1, { labelSmoothing: 0.1 });'),
  },
  'a thousand times the loss': { to: 'forecaster mixture equation policy', change: lossOf('·.mul(1000)') },
  'a thousandth of the loss': { to: 'denoiser ranker graph', change: lossOf('·.mul(0.001)') },
  'five more': { to: 'field sets gridworld', change: lossOf('·.add(5)') },
  'a penalty of squares': {
    to: 'ranker diffusion two-heads',
    change: lossOf('·.add(model.parameters().map((p) => p.square().sum()).reduce((a, b) => a.add(b)).mul(1e-4))'),
  },
  'absolute errors': { to: 'denoiser field gridworld', change: swap(/F\.mseLoss/, 'F.l1Loss') },
  'smooth absolute errors': { to: 'forecaster gridworld diffusion', change: swap(/F\.mseLoss/, 'F.smoothL1Loss') },
  'inputs shaken a little': {
    to: 'sets denoiser forecaster two-heads',
    change: all(
      either(
        swap(/(const loss = F\.\w+\(model\()x\)/, '$1x.add(randn(x.shape).mul(0.1)))'),
        swap(/const told = model\(x\)/, 'const told = model(x.add(randn(x.shape).mul(0.1)))'),
      ),
      importing('randn'),
    ),
  },
  'squares instead of entropies': {
    to: 'sets graph by-hand',
    change: either(
      swap(/F\.crossEntropy\((model\(x\)|answers\(x\)), y\)/, "F.mseLoss($1, F.oneHot(y, 3).to('float32'))"),
      swap(
        /F\.crossEntropy\((.*), group\.indexSelect\(0, known\)\)/,
        "F.mseLoss($1, F.oneHot(group.indexSelect(0, known), groups).to('float32'))",
      ),
    ),
  },
  'pixels from 0 to 16': {
    to: 'epochs two-heads',
    change: swap(/\.div\((?:16|8)\)(?:\.sub\(1\))?/, ''),
    causes: ['unscaled-input', 'learning-rate-high', 'dead-units'],
  },
  'targets five times as large': {
    to: 'field forecaster diffusion',
    change: all(swap(/model\(x\), y\)/, 'model(x), y.mul(5))'), swap(/model\((heldX?)\)/, 'model($1).div(5)')),
    causes: ['learning-rate-low'],
  },
  'the logarithm oneself': {
    to: 'sets chars by-hand reverser',
    change: swap(
      /F\.crossEntropy\(((?:model|answers)\(x\)(?:\.flatten\(0, 1\))?), /,
      'F.nllLoss(F.logSoftmax($1, 1), ',
    ),
  },
  'errors by class as heavy as one likes': {
    to: 'sets by-hand',
    change: all(
      swap(/(const loss = F\.crossEntropy\(.*)\);/, '$1, { weight: tensor([1, 2, 1.5]) });'),
      importing('tensor'),
    ),
  },
  'a hinge of pairs': {
    to: 'ranker',
    change: swap(
      /const loss = .*;/,
      'const loss = model(a).sub(model(b)).mul(first.mul(-2).add(1)).add(1).relu().mean();',
    ),
  },
  'a hinge of phrases': {
    to: 'phrases',
    change: swap(/const loss = .*;/, 'const loss = model(x).mul(y.mul(-2).add(1)).add(1).relu().mean();'),
  },
  'a policy that should stay curious': {
    to: 'policy',
    change: lossOf('·.add(logarithms.exp().mul(logarithms).sum(1).mean().mul(0.05))'),
  },
  'rewards without their mean': { to: 'policy', change: swap(/reward\.sub\(reward\.mean\(\)\)/, 'reward') },
  'a start that weighs more': { to: 'equation', change: swap(/mul\(5\)\)/, 'mul(20))') },
  'an equation of sums': {
    to: 'equation',
    change: swap(/residual\.square\(\)\.mean\(\)/, 'residual.square().sum().div(16)'),
  },
  'ink that weighs more': {
    to: 'two-heads',
    change: swap(/\.add\(F\.mseLoss\(told\.ink, z\)\)/, '.add(F.mseLoss(told.ink, z).mul(3))'),
  },
};
