import { activation, all, beforeModel, either, importing, swap } from '../change.ts';
import type { Faults } from './fault.ts';
import { FADES, NOTHING_LEARNED } from './right.ts';

/** Faults of the network itself: activations, depth, normalization. */
export const NETWORK: Faults = {
  'sigmoids instead of ReLU': {
    to: 'plain-cnn',
    change: activation('sigmoid', 'Sigmoid'),
    causes: FADES,
    lines: /sigmoid|new nn\.Conv2d/,
    repairable: true,
  },
  'batches of two under batch normalization': {
    to: 'digits-cnn resnet',
    change: swap(/start \+ 32/g, 'start + 2'),
    causes: ['small-batch-norm'],
    lines: /BatchNorm/,
    repairable: true,
  },
  'a ReLU on what may be negative': {
    to: 'regression rnn',
    change: either(
      swap(/(new nn\.Linear\(48, 1\),\n)/, '$1  new nn.ReLU(),\n'),
      swap(/this\.readout\(h\)/, 'this.readout(h).relu()'),
    ),
    causes: ['dead-units', 'loss-plateau'],
    lines: /ReLU|relu|readout|const loss|48, 1/,
  },
  'nearly all dropped': {
    to: 'digits-mlp moons',
    change: swap(/(new nn\.ReLU\(\),\n)/g, '$1  new nn.Dropout(0.97),\n'),
    causes: NOTHING_LEARNED,
    lines: null,
  },
  'a wrong backward of one’s own': {
    to: 'regression digits-mlp',
    change: all(
      beforeModel(
        'class Softplus extends autograd.Function {',
        '  static forward(context, x) {',
        '    context.saveForBackward(x);',
        '    return x.exp().add(1).log();',
        '  }',
        '  static backward(context, gradient) {',
        '    const [x] = context.savedTensors;',
        '    return gradient.mul(x.sigmoid()).neg();',
        '  }',
        '}',
        'class Plus extends nn.Module {',
        '  forward(x) {',
        '    return Softplus.apply(x);',
        '  }',
        '}',
      ),
      swap(/new nn\.ReLU\(\)/, 'new Plus()'),
      importing('autograd'),
    ),
    causes: ['gradient-check-failed'],
    lines: /Softplus/,
  },
  'no activations': {
    to: 'moons regression iris plain-cnn',
    change: either(swap(/ {2}new nn\.ReLU\(\),\n/g, ''), swap(/\.(?:tanh|relu)\(\)/g, '')),
    causes: ['loss-plateau/linear-model'],
    lines: null,
  },
  'a sigmoid on what isn’t within 0 and 1': {
    to: 'regression rnn',
    change: either(
      swap(/(new nn\.Linear\(48, 1\),\n)/, '$1  new nn.Sigmoid(),\n'),
      swap(/this\.readout\(h\)/, 'this.readout(h).sigmoid()'),
    ),
    causes: ['saturated-activation', 'loss-plateau', 'vanishing-gradient/saturating-activation'],
    lines: /Sigmoid|sigmoid|readout|const loss|48, 1/,
  },
  'a softmax between layers': {
    to: 'digits-mlp moons regression',
    change: swap(/new nn\.ReLU\(\)/g, 'new nn.Softmax(1)'),
    causes: ['vanishing-gradient', ...FADES],
    lines: /Softmax|new nn\.Linear/,
    repairable: true,
  },
  'normalization removed': {
    to: 'resnet digits-cnn',
    change: either(
      all(
        swap(/this\.norm1\((this\.conv1\(x\))\)/, '$1'),
        swap(/this\.norm2\((this\.conv2\(h\))\)/, '$1'),
        swap(/ {2}norm\d = .*\n/g, ''),
      ),
      swap(/ {2}new nn\.BatchNorm2d\(\d+\),\n/g, ''),
    ),
    causes: ['exploding-gradient', 'learning-rate-high', 'vanishing-gradient'],
    lines: null,
    repairable: true,
  },
  'normalization at the very end': {
    to: 'moons digits-mlp digits-cnn',
    change: swap(/(new nn\.Linear\([^)]*, (10?)\),\n)/, '$1  new nn.BatchNorm1d($2),\n'),
    causes: ['loss-plateau', 'small-batch-norm'],
    lines: null,
  },
};
