import { all, either, swap } from '../change.ts';
import type { Faults } from '../faults/fault.ts';
import { behindModel, clearing, each, held, named, OPT, onBackward, onStep, STEP, stepping } from './wording.ts';

const LEFT_OUT = /new optim\.|new nn\.|new (?:Block|Tower)\(|Array\.from/;
const CUT = /detach|noGrad\(\(\) => this|new nn\.|requiresGrad/;

/** Faults of the training loop, of the seventh part. */
export const LOOP: Faults = {
  'gradients that add up for ever': {
    to: 'moon-pairs',
    change: clearing(),
    causes: ['missing-zero-grad'],
    lines: STEP,
    repairable: true,
  },
  'cleared at the first step alone': {
    to: 'digits-residual',
    change: clearing('if (step === 0) @optimizer.zeroGrad();'),
    causes: ['missing-zero-grad'],
    lines: STEP,
  },
  'cleared every twelfth step': {
    to: 'digits-denoise',
    change: clearing('if (step % 12 === 0) @optimizer.zeroGrad();'),
    causes: ['missing-zero-grad'],
    lines: STEP,
  },
  'cleared as soon as computed': {
    to: 'nested-rings',
    change: all(clearing(), onBackward('@optimizer.zeroGrad();')),
    causes: ['not-optimized/zeroed-before-update'],
    lines: STEP,
    repairable: true,
  },
  'updates ahead of gradients': {
    to: 'bar-detector',
    change: all(
      stepping(),
      named((fill) => swap(new RegExp(fill('( *)@loss\\.backward')), fill('$1@optimizer.step();\n$&'))),
    ),
    causes: ['not-optimized'],
    lines: STEP,
  },
  'updates left out': {
    to: 'digits-dropout',
    change: stepping(),
    causes: ['not-optimized'],
    lines: /new optim\.|\.backward\(\)|zeroGrad/,
  },
  'the last layer alone is optimized': {
    to: 'play-lstm',
    change: held('@model.head.parameters()'),
    causes: ['not-optimized/missing-from-optimizer'],
    lines: LEFT_OUT,
    repairable: true,
  },
  'half of the parameters are optimized': {
    to: 'concrete',
    change: held('@model.parameters().slice(0, 3)'),
    causes: ['not-optimized/missing-from-optimizer'],
    lines: LEFT_OUT,
    repairable: true,
  },
  'an optimizer of another network': {
    to: 'nested-rings digits-vgg',
    change: either(
      swap(/(?<=new optim\.\w+\()tower\./, 'new Tower(6, 22).'),
      swap(/(?<=new optim\.\w+\()vgg\./, 'new Vgg().'),
    ),
    causes: ['not-optimized'],
    lines: OPT,
  },
  'layers that nobody registers': {
    to: 'nested-rings play-attention',
    change: either(
      swap(/new nn\.ModuleList\((Array\.from\(.*\))\);/, '$1;'),
      all(
        swap(/new nn\.Sequential\(new Block\(\), new Block\(\)\)/, '[new Block(), new Block()]'),
        swap(/this\.blocks\(embedded\)/, 'this.blocks.reduce((h, block) => block(h), embedded)'),
      ),
    ),
    causes: ['not-optimized/missing-from-optimizer'],
    lines: LEFT_OUT,
    repairable: true,
  },
  'a code that is detached': {
    to: 'digits-denoise',
    change: swap(/(this\.(?:decoder|head)\(code)\)/, '$1.detach())'),
    causes: ['frozen-parameter/detached'],
    lines: CUT,
  },
  'features without recording': {
    to: 'digits-vgg bar-detector',
    change: either(
      swap(/this\.block2\(this\.block1\(image\)\)/, 'noGrad(() => $&)'),
      swap(/this\.backbone\(x\)/, 'noGrad(() => $&)'),
    ),
    causes: ['frozen-parameter'],
    lines: CUT,
  },
  'a recurrence that gets no gradient': {
    to: 'decay-gru',
    change: swap(/this\.(answer|head)\((summary|states)\)/, 'this.$1($2.detach())'),
    causes: ['frozen-parameter/detached'],
    lines: CUT,
  },
  'a loss of detached answers': {
    to: 'moon-pairs',
    change: swap(/(?<=const (?:loss|cost) = [\w.]+\()(\w+)(?=, )/, '$1.detach().requiresGrad_(true)'),
    causes: ['frozen-parameter/detached', 'not-optimized'],
    lines: /detach|new nn\.|new optim|BasicBlock\(|const (?:loss|cost)/,
  },
  'a backbone frozen as drawn, and tiny': {
    to: 'concrete',
    change: behindModel(
      'for (const p of @model.parameters().slice(0, 4)) noGrad(() => p.mul_(0.05)).requiresGrad_(false);',
    ),
    causes: ['frozen-parameter', 'loss-plateau', 'bad-initialization/small-weights'],
    lines: null,
  },
  'only biases require gradients': {
    to: 'concrete',
    change: each('p.requiresGrad_(p.shape.length === 1);'),
    causes: ['frozen-parameter', 'loss-plateau'],
    lines: /requiresGrad|namedParameters|new nn\.|const loss/,
  },
  'updates taken back': {
    to: 'iris-batches',
    change: all(
      onBackward('const before = @model.parameters().map((p) => p.detach().clone());'),
      onStep('noGrad(() => @model.parameters().forEach((p, i) => p.copy_(before[i])));'),
    ),
    causes: ['not-optimized', 'learning-rate-low', 'loss-plateau'],
    lines: null,
  },
  'a maker that makes no step': {
    to: 'wave-gan',
    change: swap(/ *makerOpt\.step\(\);\n/, ''),
    causes: ['not-optimized'],
    lines: /maker = |makerOpt|makerLoss|new nn\.Linear\((?:3|36), /,
  },
  'a critic that is never cleared': {
    to: 'wave-gan',
    change: swap(/ *criticOpt\.zeroGrad\(\);\n/, ''),
    causes: ['missing-zero-grad'],
    lines: /backward|criticOpt/,
    repairable: true,
  },
  'made points detached for the maker': {
    to: 'wave-gan',
    change: swap(/critic\(made\), ones/, 'critic(made.detach()), ones'),
    causes: ['frozen-parameter/detached', 'not-optimized'],
    lines: /made\.detach\(\)\), ones|maker = |new nn\.Linear\((?:3|36), |makerOpt/,
  },
};
