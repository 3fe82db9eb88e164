import { all, type Change, either, swap } from '../change.ts';
import type { Fault, Faults } from '../faults/fault.ts';
import { FADES, LARGE, SMALL } from '../faults/right.ts';

/** So many dense layers, an activation and an initialization for all of them. */
const dense = (layers: number, module: string, init: string): Change =>
  all(
    either(swap(/const layers = \d+/, `const layers = ${layers}`), swap(/new Tower\(\d+\)/, `new Tower(${layers})`)),
    either(
      swap(/new nn\.ReLU\(\)/, `new nn.${module}()`),
      swap(/\.tanh\(\)/g, `.${module.toLowerCase()}()`),
      (text) => text,
    ),
    either(
      swap(/nn\.init\.kaimingNormal_\((dense\.weight), .*\)/, `nn.init.${init.replace('·', '$1')}`),
      swap(/nn\.init\.xavierNormal_\((layer\.weight)\)/, `nn.init.${init.replace('·', '$1')}`),
    ),
  );

const FADING = ['vanishing-gradient', ...FADES];
const NORMAL = 'normal_(·, { std: 0.05 })';
const WIDE = 'normal_(·, { std: 0.9 })';
const TRUNCATED = 'truncNormal_(·, { std: 0.02 })';
const UNIFORM = 'uniform_(·, { from: -0.1, to: 0.1 })';
const GLOROT = 'xavierUniform_(·)';
const LECUN = 'normal_(·, { std: 1 / 6 })';

/** AutoTrainer's shapes: program, layers, activation, initialization, what is right. */
const SHAPES: readonly (readonly [string, number, string, string, string, readonly string[]])[] = [
  ['ring-tower', 6, 'ReLU', 'normal', NORMAL, SMALL],
  ['ring-tower', 15, 'ReLU', 'truncated normal', TRUNCATED, SMALL],
  ['ring-tower', 21, 'ReLU', 'LeCun', LECUN, ['vanishing-gradient', ...SMALL]],
  ['ring-tower', 10, 'ReLU', 'wide normal', WIDE, LARGE],
  ['ring-tower', 5, 'Sigmoid', 'Glorot', GLOROT, FADING],
  ['ring-tower', 11, 'Sigmoid', 'normal', NORMAL, [...FADING, ...SMALL]],
  ['ring-tower', 8, 'Tanh', 'uniform', UNIFORM, [...FADING, ...SMALL]],
  ['ring-tower', 13, 'Tanh', 'truncated normal', TRUNCATED, [...FADING, ...SMALL]],
  ['ring-tower', 7, 'Tanh', 'ones', 'ones_(·)', ['bad-initialization/symmetry']],
  ['ring-tower', 4, 'ReLU', 'constant', 'constant_(·, 0.1)', ['bad-initialization/symmetry', ...LARGE]],
  ['digit-tower', 4, 'Sigmoid', 'Glorot', GLOROT, FADING],
  ['digit-tower', 9, 'Sigmoid', 'LeCun', LECUN, FADING],
  ['digit-tower', 7, 'ReLU', 'truncated normal', TRUNCATED, SMALL],
  ['digit-tower', 14, 'ReLU', 'uniform', UNIFORM, ['vanishing-gradient', ...SMALL]],
  ['digit-tower', 10, 'Tanh', 'normal', NORMAL, [...FADING, ...SMALL]],
  ['digit-tower', 18, 'Tanh', 'truncated normal', TRUNCATED, [...FADING, ...SMALL]],
  ['digit-tower', 5, 'Tanh', 'wide normal', WIDE, LARGE],
  ['digit-tower', 8, 'ReLU', 'wide normal', WIDE, LARGE],
  ['digit-tower', 3, 'Sigmoid', 'zeros', 'zeros_(·)', ['bad-initialization/symmetry']],
  ['digit-tower', 12, 'Tanh', 'constant', 'constant_(·, 0.1)', ['bad-initialization/symmetry']],
];

export const DENSE: Faults = Object.fromEntries(
  SHAPES.map(([to, layers, module, name, init, causes]): [string, Fault] => [
    `${layers} × ${module.toLowerCase()}, ${name}`,
    {
      to,
      change: dense(layers, module, init),
      causes,
      lines: new RegExp(`nn\\.(?:Linear|init|${module})|\\.${module.toLowerCase()}\\(\\)`),
      repairable: true,
    },
  ]),
);
