import { afterBackward, all, everyParameter, swap } from '../change.ts';
import type { Faults } from '../faults/fault.ts';
import { NOTHING_LEARNED, OPTIMIZER, STEP } from '../faults/right.ts';

const noZeroGrad = swap(/ *optimizer\.zeroGrad\(\);\n/, '');

/** Faults of the training loop, of the second set. */
export const LOOP: Faults = {
  'gradients that pile up': {
    to: 'circles friedman lenet gru vit factors',
    change: noZeroGrad,
    causes: ['missing-zero-grad'],
    lines: STEP,
    repairable: true,
  },
  'gradients thrown away before their update': {
    to: 'bottleneck accumulator',
    change: all(noZeroGrad, afterBackward('optimizer.zeroGrad();')),
    causes: ['not-optimized/zeroed-before-update'],
    lines: STEP,
    repairable: true,
  },
  'the last layer left out of the optimizer, and small': {
    to: 'friedman gru',
    change: all(
      swap(/(new optim\.\w+\(model\.parameters\(\))/, '$1.slice(0, -2)'),
      everyParameter('if (/^(?:4|output)\\./.test(name)) noGrad(() => p.mul_(0.001));'),
    ),
    causes: ['not-optimized/missing-from-optimizer'],
    lines: /new optim\.|new nn\.Linear\(40, 1\)|output =/,
  },
  'two layers left out of the optimizer': {
    to: 'spirals lenet segmenter',
    change: swap(/(new optim\.\w+\(model\.parameters\(\))/, '$1.slice(4)'),
    causes: ['not-optimized/missing-from-optimizer'],
    lines: /new optim\.|new nn\.Linear\((?:2, 64|64, 48)|new nn\.Conv2d/,
    repairable: true,
  },
  'a head cut off from its body': {
    to: 'vit gru lenet bottleneck accumulator',
    change: swap(
      /(this\.(?:output|head)\()(h|states\.select\(1, -1\)|this\.norm\(h\)\.mean\(1\)|h\.relu\(\)\.mean\(\[2, 3\]\))\)/,
      '$1$2.detach())',
    ),
    causes: ['frozen-parameter/detached'],
    lines: /detach|(?:gru|lstm|conv1|conv2|hidden|stem|embed|position|blocks|norm) =/,
  },
  'no update of the segmenter': {
    to: 'segmenter',
    change: swap(/ *optimizer\.step\(\);\n/, ''),
    causes: ['not-optimized'],
    lines: /new optim\.|loss\.backward/,
  },
  'the discriminator without updates': {
    to: 'ring-gan',
    change: swap(/ *optimizerD\.step\(\);\n/, ''),
    causes: ['not-optimized'],
    lines: /new optim\.|backward/,
  },
  'all frozen but a bias': {
    to: 'circles lenet',
    change: everyParameter('if (!/^(?:4|output)\\.bias/.test(name)) p.requiresGrad_(false);'),
    causes: [...NOTHING_LEARNED, 'frozen-parameter'],
    lines: null,
  },
  'an optimizer that holds a copy': {
    to: 'factors vit',
    change: all(
      swap(/const model = (new \w+\(\);)/, 'const copy = $1\nconst model = $1'),
      swap(/(new optim\.\w+\()model/, '$1copy'),
    ),
    causes: ['not-optimized'],
    lines: OPTIMIZER,
    repairable: true,
  },
};
