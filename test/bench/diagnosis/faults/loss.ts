import { afterBackward, afterUpdate, all, either, importing, lossOf, swap } from '../change.ts';
import type { Faults } from './fault.ts';
import { HIGH, LOSS, LOW, NOTHING_LEARNED } from './right.ts';

/** Faults of losses, labels and data. */
export const LOSSES_AND_DATA: Faults = {
  'softmax twice': {
    to: 'iris digits-cnn plain-cnn lstm words',
    change: swap(/F\.crossEntropy\(model\(x\), y\)/, 'F.crossEntropy(model(x).softmax(1), y)'),
    causes: ['double-softmax'],
    lines: LOSS,
    repairable: true,
  },
  'a softmax module before cross entropy': {
    to: 'digits-mlp digits-cnn',
    change: swap(/(new nn\.Linear\([^)]*10\),\n)/, '$1  new nn.Softmax(1),\n'),
    causes: ['double-softmax'],
    lines: /new nn\.Softmax/,
    repairable: true,
  },
  'sigmoid twice': {
    to: 'moons deep-mlp',
    change: swap(
      /F\.binaryCrossEntropyWithLogits\(model\(x\), y\)/,
      'F.binaryCrossEntropyWithLogits(model(x).sigmoid(), y)',
    ),
    causes: ['double-softmax'],
    lines: LOSS,
    repairable: true,
  },
  'data that aren’t scaled': {
    to: 'iris regression moons digits-mlp lstm',
    change: either(
      swap(/raw\.sub\(raw\.mean\(0\)\)\.div\(raw\.std\(0\)\)/, 'raw.mul(300)'),
      all(
        swap(
          /randn\(\[512, 8\]\);\nconst targets = truth\(inputs\)/,
          'randn([512, 8]).mul(200).add(500);\nconst targets = truth(inputs.sub(500).div(200))',
        ),
        swap(/model\(held\)/, 'model(held.mul(200).add(500))'),
      ),
      all(
        swap(
          /manualSeed\(1\);\n(const \{ x, y \}.*\n)(const held.*\n)/,
          'manualSeed(1);\n$1$2for (const one of [x, held.x]) one.mul_(300).add_(1000);\n',
        ),
      ),
      swap(/\.div\(16\)/, '.mul(200)'),
    ),
    causes: ['unscaled-input'],
    lines: /new nn\.(?:Linear\((?:4, 24|8, 48|2, 32|64, 64|64, 48)|LSTM)|mul/,
    repairable: true,
  },
  'labels that belong to others': {
    to: 'digits-cnn words moons',
    change: either(
      all(
        swap(
          /loss = F\.crossEntropy\(model\(x\), y\)/,
          'loss = F.crossEntropy(model(x), y.indexSelect(0, randperm(y.shape[0])))',
        ),
        importing('randperm'),
      ),
      all(swap(/Logits\(model\(x\), y\)/, 'Logits(model(x), y.indexSelect(0, randperm(256)))'), importing('randperm')),
    ),
    causes: NOTHING_LEARNED,
    lines: LOSS,
  },
  'targets of another shape': {
    to: 'regression',
    change: swap(/F\.mseLoss\(model\(x\), y\)/, 'model(x).sub(y.squeeze(1)).square().mean()'),
    causes: ['wrong-loss-scale/broadcast'],
    lines: LOSS,
  },
  'a loss of the wrong sign': {
    to: 'moons digits-mlp autoencoder',
    change: lossOf('·.neg()'),
    causes: ['wrong-loss-scale/wrong-sign'],
    lines: /const loss|loss\.backward/,
  },
  'a logarithm of what may be 0': {
    to: 'moons deep-mlp',
    change: swap(
      /F\.binaryCrossEntropyWithLogits\(model\(x\), y\)/,
      'y.mul(model(x).mul(60).sigmoid().log()).add(y.neg().add(1).mul(model(x).mul(60).sigmoid().neg().add(1).log())).mean().neg()',
    ),
    causes: ['non-finite/forward-overflow', 'non-finite/backward-overflow'],
    lines: LOSS,
    repairable: true,
  },
  'division by a deviation of 0': {
    to: 'digits-mlp autoencoder',
    change: swap(
      /table\.slice\(1, 0, 64\)\.div\(16\);/,
      'table.slice(1, 0, 64).sub(table.slice(1, 0, 64).mean(0)).div(table.slice(1, 0, 64).std(0));',
    ),
    causes: ['non-finite'],
    lines: /const images|new nn\.Linear\(64/,
  },
  'a square root at 0': {
    to: 'autoencoder regression',
    change: lossOf('·.mul(0).add(model(x).sub(model(x)).square().sum().sqrt())'),
    causes: ['non-finite/backward-overflow'],
    lines: LOSS,
  },
  'learned by heart': {
    to: 'digits-mlp',
    change: all(
      swap(/\(step \* 64\) % 1280/, '0'),
      swap(/start \+ 64/g, 'start + 30'),
      afterUpdate('if (step % 10 === 0) noGrad(() => F.crossEntropy(model(heldX), heldY));'),
    ),
    causes: ['overfitting'],
    lines: null,
  },
  'too much noise for so few steps': {
    to: 'words',
    change: all(
      afterBackward('for (const p of model.parameters()) p.grad.add_(randn(p.shape).mul(10));'),
      importing('randn'),
    ),
    causes: [],
    lines: null,
  },
  'no softmax before the negative log-likelihood': {
    to: 'iris digits-mlp plain-cnn words lstm',
    change: swap(/F\.crossEntropy\(model\(x\), y\)/, 'F.nllLoss(model(x), y)'),
    causes: ['wrong-loss-scale/missing-softmax'],
    lines: LOSS,
  },
  'no logarithm before the negative log-likelihood': {
    to: 'digits-mlp lstm digits-cnn',
    change: swap(/F\.crossEntropy\(model\(x\), y\)/, 'F.nllLoss(model(x).softmax(1), y)'),
    causes: ['wrong-loss-scale/missing-logarithm'],
    lines: LOSS,
  },
  'a softmax over the batch': {
    to: 'iris digits-cnn lstm words',
    change: swap(/F\.crossEntropy\(model\(x\), y\)/, 'F.nllLoss(model(x).logSoftmax(0), y)'),
    causes: ['wrong-loss-scale', 'loss-plateau'],
    lines: LOSS,
  },
  'targets a thousand times as large': {
    to: 'regression',
    change: all(swap(/return (z\.sin.*);/, 'return $1.mul(1000);')),
    causes: ['learning-rate-high', 'exploding-gradient', 'non-finite'],
    lines: null,
  },
  'a summed loss, and the rate of a mean': {
    to: 'moons regression',
    change: swap(/(const loss = F\.\w+\(model\(x\), y)\)/, "$1, { reduction: 'sum' })"),
    causes: [...HIGH, 'exploding-gradient', 'non-finite', 'dead-units/dead-relu'],
    lines: null,
  },
  'a loss of a hundred-thousandth': {
    to: 'moons regression resnet',
    change: lossOf('·.mul(1e-5)'),
    causes: LOW,
    lines: /new optim|const loss/,
  },
  'inputs that tell nothing': {
    to: 'digits-mlp digits-cnn moons',
    change: all(swap(/(const loss = F\.\w+\(model\()x\)/, '$1randn(x.shape))'), importing('randn')),
    causes: NOTHING_LEARNED,
    lines: LOSS,
  },
};
