import { afterBackward, all, either, swap } from '../change.ts';
import type { Faults } from '../faults/fault.ts';
import { OPTIMIZER, STEP } from '../faults/right.ts';

const noZeroGrad = swap(/ *optimizer\.zeroGrad\(\);\n/, '');
const held = (part: string) => swap(/(new optim\.\w+\(model\.parameters\(\))/, `$1.${part}`);
const LAYERS = /new optim\.|new nn\.|new Attending/;

/** Faults of the training loop, of the fourth set. */
export const LOOP: Faults = {
  'gradients of all steps together': {
    to: 'siamese tracker quantiles attending survival experts counts distilled membrane',
    change: noZeroGrad,
    causes: ['missing-zero-grad'],
    lines: STEP,
    repairable: true,
  },
  'zeroed between backward and update': {
    to: 'bag orbit tasks squares',
    change: all(noZeroGrad, afterBackward('optimizer.zeroGrad();')),
    causes: ['not-optimized/zeroed-before-update'],
    lines: STEP,
    repairable: true,
  },
  'the first two parameters for the optimizer': {
    to: 'quantiles siamese counts squares survival',
    change: held('slice(0, 2)'),
    causes: ['not-optimized/missing-from-optimizer'],
    lines: LAYERS,
    repairable: true,
  },
  'the last two parameters for the optimizer': {
    to: 'hyper orbit bag experts',
    change: held('slice(-2)'),
    causes: ['not-optimized/missing-from-optimizer'],
    lines: LAYERS,
    repairable: true,
  },
  'the first four parameters not for the optimizer': {
    to: 'tracker ahead grades distilled attending',
    change: held('slice(4)'),
    causes: ['not-optimized/missing-from-optimizer'],
    lines: LAYERS,
    repairable: true,
  },
  'cut off in the middle': {
    to: 'tracker ahead bag tasks hyper squares grades distilled',
    change: either(
      swap(/this\.output\((state|states|h)\)/, 'this.output($1.detach())'),
      swap(/const h = this\.(body|code)\((\w+)\)/, 'const h = this.$1($2).detach()'),
      swap(/this\.code\(code\)/, 'this.code(code).detach()'),
      swap(/this\.worth\(this\.body\(x\)\)/, 'this.worth(this.body(x).detach())'),
    ),
    causes: ['frozen-parameter/detached'],
    lines: /detach|new nn\./,
  },
  'never an update': {
    to: 'squares membrane ahead',
    change: swap(/ *optimizer\.step\(\);\n/, ''),
    causes: ['not-optimized'],
    lines: /new optim\.|loss\.backward/,
  },
  'the optimizer of a first attempt': {
    to: 'tasks hyper bag distilled tracker',
    change: all(
      swap(/const model = (new \w+\(\);)/, 'const attempt = $1\nconst model = $1'),
      swap(/(new optim\.\w+\()model/, '$1attempt'),
    ),
    causes: ['not-optimized'],
    lines: OPTIMIZER,
    repairable: true,
  },
  'a loss of numbers': {
    to: 'experts orbit squares',
    change: swap(
      /F\.mseLoss\(model\(x\), y\)/,
      'F.mseLoss(model(x).detach(), y).add(model.parameters()[1].sum().mul(0))',
    ),
    causes: ['frozen-parameter', 'not-optimized'],
    lines: null,
  },
};
