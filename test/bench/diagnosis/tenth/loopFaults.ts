import { all, either, swap } from '../change.ts';
import type { Faults } from '../faults/fault.ts';
import { LOW } from '../faults/right.ts';
import {
  afterBackward,
  afterOptimizer,
  afterStep,
  beforeOptimizer,
  holding,
  insteadOfStep,
  insteadOfZeroing,
  lasting,
  OPTIMIZED,
  UPDATE,
} from './wording.ts';

const LEFT_OUT = /new optim\.|new nn\.|\blayer\(|new (?:Layer|Residual)\(/;
const CUT = /detach|noGrad\(\(\) => this|new nn\.|requiresGrad/;
const GENERATOR = /gLoss|gOpt|generator = |Linear\((?:Z|32), |class Generator/;

/** Faults of the training loop, of the tenth part. */
export const LOOP: Faults = {
  'zeroGrad is never called': {
    to: 'arm conv-gap',
    change: insteadOfZeroing(),
    causes: ['missing-zero-grad'],
    lines: UPDATE,
    repairable: true,
  },
  'zeroGrad at every thirtieth step': {
    to: 'deep-ae',
    change: all(afterOptimizer('let calls = 0;'), insteadOfZeroing('if (calls++ % 30 === 0) %opt.zeroGrad();')),
    causes: ['missing-zero-grad'],
    lines: UPDATE,
  },
  'zeroGrad in between backward and step': {
    to: 'forecast-gru',
    change: all(insteadOfZeroing(), afterBackward('%opt.zeroGrad();')),
    causes: ['not-optimized/zeroed-before-update'],
    lines: UPDATE,
    repairable: true,
  },
  'no step at all': {
    to: 'moon-matmul',
    change: insteadOfStep(),
    causes: ['not-optimized'],
    lines: /new optim\.|\.backward\(\)|zeroGrad/,
  },
  'the optimizer of another instance': {
    to: 'deep-ae moon-matmul',
    change: (text) => {
      const made = /const \w+ = (new (?:Skyscraper|ArmModel|Autoencoder|UNet|ByHand|CharModel)\(.*\));/.exec(text);
      return made && holding(`${made[1]}.parameters()`)(text);
    },
    causes: ['not-optimized'],
    lines: OPTIMIZED,
  },
  'the optimizer has the last layer alone': {
    to: 'projectile',
    change: holding('%model.parameters().slice(-2)'),
    causes: ['not-optimized/missing-from-optimizer'],
    lines: LEFT_OUT,
    repairable: true,
  },
  'the recurrence is left out of the optimizer': {
    to: 'pitch-rnn drama-lstm forecast-gru',
    change: either(
      swap(/rnn\.parameters\(\), \{ lr/, 'rnn.fc.parameters(), { lr'),
      swap(/lm\.parameters\(\), \{ lr/, 'lm.out.parameters(), { lr'),
      swap(/forecaster\.parameters\(\), \{ lr/, 'forecaster.head.parameters(), { lr'),
    ),
    causes: ['not-optimized/missing-from-optimizer'],
    lines: LEFT_OUT,
    repairable: true,
  },
  'half of the network is left out of the optimizer': {
    to: 'deep-ae disc-unet spiral-depth',
    change: either(
      swap(/Adam\(ae\.parameters\(\)/, 'Adam(ae.decoder.parameters()'),
      swap(/Adam\(unet\.parameters\(\)/, 'Adam([...unet.up2.parameters(), ...unet.last.parameters()]'),
      swap(/SGD\(deep\.parameters\(\)/, 'SGD(deep.parameters().slice(8)'),
    ),
    causes: ['not-optimized/missing-from-optimizer'],
    lines: LEFT_OUT,
    repairable: true,
  },
  'layers in a list that nobody registers': {
    to: 'border-tower stage-transformer',
    change: either(
      all(
        swap(/this\.stories = new nn\.Sequential\(\.\.\.stories\);/, 'this.stories = stories;'),
        swap(/this\.stories\(x\)/, 'this.stories.reduce((h, story) => story(h), x)'),
      ),
      all(swap(/new nn\.ModuleList\(\)/, '[]'), swap(/this\.layers\.append/, 'this.layers.push')),
    ),
    causes: ['not-optimized/missing-from-optimizer'],
    lines: LEFT_OUT,
    repairable: true,
  },
  'the head’s input detached': {
    to: 'border-tower digit-trainer iris-full arm pitch-rnn drama-lstm forecast-gru deep-ae stage-transformer disc-unet',
    change: either(
      swap(/this\.top\(this\.stories\(x\)\)/, 'this.top(this.stories(x).detach())'),
      swap(/this\.relu\(this\.second\(h\)\)/, '$&.detach()'),
      swap(/this\.output\(two\)/, 'this.output(two.detach())'),
      swap(/this\.place\(h\)/, 'this.place(h.detach())'),
      swap(/states\.select\(1, LENGTH - 1\)/, '$&.detach()'),
      swap(/this\.drop\(states\)/, '$&.detach()'),
      swap(/last\.squeeze\(0\)/, '$&.detach()'),
      swap(/this\.decoder\(code\)/, 'this.decoder(code.detach())'),
      swap(/this\.norm\(h\)/, '$&.detach()'),
      swap(/this\.up2\(joined\)/, 'this.up2(joined.detach())'),
    ),
    causes: ['frozen-parameter/detached'],
    lines: CUT,
  },
  'a part of the network without a graph': {
    to: 'digit-trainer identity-resnet disc-unet stage-transformer',
    change: either(
      swap(/const h = (this\.relu\(this\.hidden\(x\)\));/, 'const h = noGrad(() => $1);'),
      swap(/x\.add\(this\.f\(x\)\)/, 'noGrad(() => x.add(this.f(x)))'),
      swap(/const coarse = (.*);/, 'const coarse = noGrad(() => $1);'),
      swap(/h = layer\(h\);/, 'h = noGrad(() => layer(h));'),
    ),
    causes: ['frozen-parameter'],
    lines: /noGrad\(\(\) => (?:this|x\.|layer|F\.)|new nn\.|new (?:Layer|Residual)\(/,
  },
  'frozen all but the last layer': {
    to: 'disc-unet',
    change: beforeOptimizer('for (const p of %model.parameters().slice(0, -2)) p.requiresGrad_(false);'),
    causes: ['frozen-parameter', 'loss-plateau'],
    lines: null,
  },
  'weights restored after each update': {
    to: 'conv-gap',
    change: all(
      beforeOptimizer('const before = %model.parameters().map((p) => p.detach().clone());'),
      afterStep('noGrad(() => %model.parameters().forEach((p, n) => p.copy_(before[n])));'),
    ),
    causes: ['not-optimized', 'learning-rate-low', 'loss-plateau'],
    lines: null,
  },
  'one batch of every epoch': {
    to: 'deep-ae conv-gap',
    change: afterStep('break;'),
    causes: [...LOW, 'loss-plateau'],
    lines: null,
  },
  'a twenty-fifth of the updates': {
    to: 'rose pitch-rnn',
    change: lasting(0.04),
    causes: [...LOW, 'loss-plateau'],
    lines: null,
  },
  'the generator never steps': {
    to: 'lines-gan',
    change: swap(/ *gOpt\.step\(\);\n/, ''),
    causes: ['not-optimized'],
    lines: GENERATOR,
  },
  'the generator’s optimizer has the discriminator': {
    to: 'lines-gan',
    change: swap(/Adam\(generator\.parameters/, 'Adam(discriminator.parameters'),
    causes: ['not-optimized'],
    lines: GENERATOR,
  },
  'the generator’s gradients are never emptied': {
    to: 'lines-gan',
    change: swap(/ *gOpt\.zeroGrad\(\);\n/, ''),
    causes: ['missing-zero-grad'],
    lines: /backward|gOpt/,
    repairable: true,
  },
  'the discriminator’s gradients are never emptied': {
    to: 'lines-gan',
    change: swap(/ *dOpt\.zeroGrad\(\);\n/, ''),
    causes: ['missing-zero-grad'],
    lines: /backward|dOpt/,
    repairable: true,
  },
  'the generator is judged detached': {
    to: 'lines-gan',
    change: swap(/(?<=gLoss = adversarial\(discriminator\(made)/, '.detach()'),
    causes: ['frozen-parameter', 'not-optimized'],
    lines: /detach|gOpt|generator = |Linear\((?:Z|32), /,
  },
};
