import { afterBackward, afterModel, all, either, everyParameter, swap } from '../change.ts';
import type { Faults } from '../faults/fault.ts';
import { held, OPT, STEP, withoutStep, withoutZeroing } from './wording.ts';

const LEFT_OUT = /new optim\.|new nn\.|new (?:ResidualBlock|PreActBlock)\(|buildModel|Array\.from/;

/** Faults of the training loop, of the sixth part. */
export const LOOP: Faults = {
  'gradients never cleared': {
    to: 'conv-ae gpt',
    change: withoutZeroing,
    causes: ['missing-zero-grad'],
    lines: STEP,
    repairable: true,
  },
  'cleared once an epoch': {
    to: 'sine-lstm',
    change: all(withoutZeroing, swap(/( *)for \(const \[.*\] of loader\) \{\n/, '$1optimizer.zeroGrad();\n$&')),
    causes: ['missing-zero-grad'],
    lines: STEP,
  },
  'cleared between backward and step': {
    to: 'energy rows-rnn',
    change: all(withoutZeroing, afterBackward('optimizer.zeroGrad();')),
    causes: ['not-optimized/zeroed-before-update'],
    lines: STEP,
    repairable: true,
  },
  'step before backward': {
    to: 'xor char-gru',
    change: all(withoutStep, swap(/( *)loss\.backward\(\);\n/, '$1optimizer.step();\n$&')),
    causes: ['not-optimized'],
    lines: STEP,
  },
  'no call of step': {
    to: 'rows-attention conv-bn',
    change: withoutStep,
    causes: ['not-optimized'],
    lines: /new optim\.|loss\.backward/,
  },
  'only the head in the optimizer': {
    to: 'char-gru',
    change: either(
      ...['decoder', 'head', 'fc'].map((name) =>
        all((text) => (text.includes(`  ${name} = new nn`) ? text : null), held(`model.${name}.parameters()`)),
      ),
    ),
    causes: ['not-optimized/missing-from-optimizer'],
    lines: LEFT_OUT,
    repairable: true,
  },
  'only biases in the optimizer': {
    to: 'energy iris-split',
    change: held('model.parameters().filter((p) => p.shape.length === 1)'),
    causes: ['not-optimized/missing-from-optimizer'],
    lines: LEFT_OUT,
    repairable: true,
  },
  'a part that no optimizer has': {
    to: 'compress spot-detector',
    change: either(
      swap(/(new optim\.Adam\()model(\.parameters\(\).*)(?<=[\s\S]*const encoder[\s\S]*)/, '$1encoder$2'),
      swap(/(new optim\.Adam\()model(\.parameters\(\).*)(?<=[\s\S]*features = [\s\S]*)/, '$1model.features$2'),
      held('model.parameters().slice(4)'),
    ),
    causes: ['not-optimized/missing-from-optimizer'],
    lines: LEFT_OUT,
    repairable: true,
  },
  'modules in a plain array': {
    to: 'blob-tower gpt',
    change: either(
      swap(/new nn\.ModuleList\((Array\.from\(.*\))\);/, '$1;'),
      swap(/new nn\.ModuleList\(\n( *Array\.from[\s\S]*?\n {4}\)),\n {2}\);/, '$1;'),
    ),
    causes: ['not-optimized/missing-from-optimizer'],
    lines: LEFT_OUT,
    repairable: true,
  },
  'an optimizer of copies': {
    to: 'xor rows-attention',
    change: held('model.parameters().map((p) => p.detach().clone().requiresGrad_(true))'),
    causes: ['not-optimized'],
    lines: OPT,
  },
  'detached in the middle': {
    to: 'conv-ae',
    change: either(
      swap(/this\.(fc3|fc2|hidden2)\(x\)/, 'this.$1(x.detach())'),
      swap(/this\.decode\(code\)/, 'this.decode(code.detach())'),
    ),
    causes: ['frozen-parameter/detached'],
    lines: /detach|new nn\./,
  },
  'states detached before the head': {
    to: 'rows-rnn',
    change: either(
      swap(/(states|out)\.select\(1, /, '$1.detach().select(1, '),
      swap(/this\.decoder\(hidden\)/, 'this.decoder(hidden.detach())'),
      swap(/x\.mean\(1\)\);/, 'x.mean(1).detach());'),
    ),
    causes: ['frozen-parameter/detached'],
    lines: /detach|new nn\./,
  },
  'the beginning outside of recording': {
    to: 'spot-detector gpt',
    change: either(
      swap(/this\.features\(x\)/, 'noGrad(() => this.features(x))'),
      swap(/this\.wte\(x\)\.add\(this\.wpe\(arange\(config\.blockSize\)\)\)/, 'noGrad(() => $&)'),
      swap(/F\.relu\(this\.conv2\(x\)\)/, 'noGrad(() => F.relu(this.conv2(x)))'),
    ),
    causes: ['frozen-parameter'],
    lines: /noGrad|new nn\./,
  },
  'all weights frozen': {
    to: 'tabular-resnet conv-bn',
    change: everyParameter('if (p.shape.length > 1) p.requiresGrad_(false);'),
    causes: ['frozen-parameter', 'loss-plateau'],
    lines: /requiresGrad|new nn\.|const loss|namedParameters/,
  },
  'hidden layers frozen at small weights': {
    to: 'moon-tower blob-tower',
    change: afterModel(
      'for (const p of model.parameters().slice(0, -2)) noGrad(() => p.mul_(0.1)).requiresGrad_(false);',
    ),
    causes: ['frozen-parameter', 'loss-plateau', 'bad-initialization/small-weights'],
    lines: null,
  },
  'the discriminator without a step': {
    to: 'curve-gan',
    change: swap(/ *optimizerD\.step\(\);\n/, ''),
    causes: ['not-optimized'],
    lines: /discriminator = |optimizerD|lossD\.backward|new nn\.Linear\((?:2|40|20), /,
  },
  'fake samples detached for both': {
    to: 'curve-gan',
    change: swap(/discriminator\(fake\), ones/, 'discriminator(fake.detach()), ones'),
    causes: ['frozen-parameter/detached', 'not-optimized'],
    lines: /fake\.detach\(\)\), ones|generator = |new nn\.Linear\((?:4|32), |optimizerG/,
  },
  'neither of both cleared': {
    to: 'curve-gan',
    change: swap(/ *optimizer[GD]\.zeroGrad\(\);\n/g, ''),
    causes: ['missing-zero-grad'],
    lines: /backward|optimizer[GD]\.step/,
    repairable: true,
  },
  'cleared too late for the generator': {
    to: 'curve-gan',
    change: all(
      swap(/ *optimizerG\.zeroGrad\(\);\n/, ''),
      swap(/( *)lossG\.backward\(\);\n/, '$&$1optimizerG.zeroGrad();\n'),
    ),
    causes: ['not-optimized/zeroed-before-update'],
    lines: /lossG\.backward|optimizerG/,
    repairable: true,
  },
};
