import { afterBackward, all, either, swap } from '../change.ts';
import type { Faults } from '../faults/fault.ts';
import { held, OPT, STEP, withoutZeroing } from './wording.ts';

const LEFT_OUT = /new optim\.|new nn\.|new (?:Layer|Attend|ResidualBlock)\(/;

/** Faults of the training loop, of the fifth part. */
export const LOOP: Faults = {
  'zeroGrad forgotten': {
    to: 'verse-lstm majority boxes',
    change: withoutZeroing,
    causes: ['missing-zero-grad'],
    lines: STEP,
    repairable: true,
  },
  'zeroGrad behind backward': {
    to: 'iris-table shortcuts redraw',
    change: all(withoutZeroing, afterBackward('opt.zeroGrad();')),
    causes: ['not-optimized/zeroed-before-update'],
    lines: STEP,
    repairable: true,
  },
  'step forgotten': {
    to: 'iris-table squeeze vgg',
    change: swap(/ *opt\.step\(\);\n/, ''),
    causes: ['not-optimized'],
    lines: /new optim\.|loss\.backward/,
  },
  'an optimizer for the last layer': {
    to: 'verse-lstm verse-transformer shortcuts',
    change: either(
      ...['fc2', 'head', 'leave', 'fc'].map((name) =>
        all((text) => (text.includes(`  ${name} = new`) ? text : null), held(`net.${name}.parameters()`)),
      ),
    ),
    causes: ['not-optimized/missing-from-optimizer'],
    lines: LEFT_OUT,
    repairable: true,
  },
  'an optimizer without the first layer': {
    to: 'half-moons ring-tower redraw',
    change: held('net.parameters().slice(2)'),
    causes: ['not-optimized/missing-from-optimizer'],
    lines: LEFT_OUT,
    repairable: true,
  },
  'layers in an array': {
    to: 'digit-tower',
    change: all(
      swap(/dense = new nn\.ModuleList\(\)/, 'dense = []'),
      swap(/this\.dense\.append\(/, 'this.dense.push('),
    ),
    causes: ['not-optimized/missing-from-optimizer'],
    lines: /dense|new nn\.Linear\(40, 40\)|new optim/,
    repairable: true,
  },
  'an optimizer of an earlier network': {
    to: 'little-cnn crescents verse-lstm',
    change: all(swap(/const net = (new \w+\(\);)/, 'const earlier = $1\nconst net = $1'), held('earlier.parameters()')),
    causes: ['not-optimized'],
    lines: OPT,
    repairable: true,
  },
  'features detached': {
    to: 'boxes squeeze shortcuts',
    change: either(
      swap(/this\.fc1\(out\.flatten\(1\)\)/, 'this.fc1(out.flatten(1).detach())'),
      swap(/this\.fc\(out\.flatten\(1\)\)/, 'this.fc(out.flatten(1).detach())'),
      swap(/this\.decoder\(code\)/, 'this.decoder(code.detach())'),
      swap(/this\.(fc|head)\((out[^()]*(?:\.(?:select|mean)\([^()]*\))?)\)/, 'this.$1($2.detach())'),
    ),
    causes: ['frozen-parameter/detached'],
    lines: /detach|new nn\.|new ResidualBlock/,
  },
  'features outside of recording': {
    to: 'shortcuts verse-transformer majority',
    change: either(
      swap(/this\.bn\(this\.conv\(x\)\)\.relu\(\)/, 'noGrad(() => this.bn(this.conv(x)).relu())'),
      swap(/this\.tokens\(x\)\.add\(this\.places\(arange\(block\)\)\)/, 'noGrad(() => $&)'),
      swap(/this\.encoder\(this\.embed\(x\)\.add\(this\.positions\)\)/, 'noGrad(() => $&)'),
    ),
    causes: ['frozen-parameter'],
    lines: /noGrad|new nn\./,
  },
  'all but the last layer frozen': {
    to: 'half-moons majority curve-fit',
    change: swap(
      /\nconst opt = /,
      '\nfor (const p of net.parameters().slice(0, -2)) p.requiresGrad_(false);\nconst opt = ',
    ),
    causes: ['loss-plateau', 'frozen-parameter'],
    lines: /requiresGrad|const loss/,
  },
  'a loss without a graph': {
    to: 'prices digits-dense',
    change: swap(
      /const loss = criterion\(net\(xb\), yb\)/,
      'const loss = criterion(net(xb).detach(), yb).add(net.parameters()[1].mean().mul(0))',
    ),
    causes: ['frozen-parameter', 'not-optimized'],
    lines: null,
  },
  'the generator’s samples detached': {
    to: 'moon-gan',
    change: swap(/D\(fake\), ones/, 'D(fake.detach()), ones'),
    causes: ['frozen-parameter/detached', 'not-optimized'],
    lines: /fake\.detach\(\)\), ones|const G = |new nn\.Linear\((?:3|32), |optG/,
  },
  'the generator without a step': {
    to: 'moon-gan',
    change: swap(/ *optG\.step\(\);\n/, ''),
    causes: ['not-optimized'],
    lines: /const G = |optG|errG\.backward|new nn\.Linear\((?:3|32), /,
  },
  'both optimizers of the discriminator': {
    to: 'moon-gan',
    change: swap(/(optG = new optim\.Adam\()G/, '$1D'),
    causes: ['not-optimized'],
    lines: /const G = |optG|new nn\.Linear\((?:3|32), /,
  },
  'gradients of the discriminator kept': {
    to: 'moon-gan',
    change: swap(/ *optD\.zeroGrad\(\);\n/, ''),
    causes: ['missing-zero-grad'],
    lines: /backward|opt[GD]\.(?:step|zeroGrad)/,
    repairable: true,
  },
};
