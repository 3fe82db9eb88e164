import { all, type Change, either, swap } from '../change.ts';
import type { Fault, Faults } from '../faults/fault.ts';
import { FADES, LARGE, SMALL } from '../faults/right.ts';

/** So many hidden layers, an activation and an initialization for all of them. */
const tower = (layers: number, module: string, init: string): Change =>
  all(
    either(
      swap(/buildModel\(\d+, /, `buildModel(${layers}, `),
      swap(/\{ length: 5 \}/, `{ length: ${layers - 1} }`),
      (text) => text,
    ),
    either(
      swap(/new nn\.ReLU\(\)/, `new nn.${module}()`),
      swap(/\.tanh\(\)/g, `.${module.toLowerCase()}()`),
      (text) => text,
    ),
    swap(/nn\.init\.\w+_\((l\w+\.weight)(?:, .*?)?\);/, `nn.init.${init.replace('·', '$1')};`),
  );

const FADING = ['vanishing-gradient', ...FADES];
const SAME = ['bad-initialization/symmetry'];

/** Initializations, as one writes them down. */
const INITIALIZATIONS = {
  'narrow normal': 'normal_(·, { std: 0.03 })',
  'unit normal': 'normal_(·, { std: 1 })',
  'narrow uniform': 'uniform_(·, { from: -0.07, to: 0.07 })',
  'wide uniform': 'uniform_(·, { from: -1.5, to: 1.5 })',
  'truncated normal': 'truncNormal_(·, { std: 0.05 })',
  'Glorot normal': 'xavierNormal_(·)',
  'Glorot uniform': 'xavierUniform_(·)',
  'LeCun uniform': 'uniform_(·, { from: -0.31, to: 0.31 })',
  zeros: 'zeros_(·)',
  ones: 'ones_(·)',
  'a constant of a fiftieth': 'constant_(·, 0.02)',
} as const;

/** AutoTrainer's shapes: program, layers, activation, initialization, what is right. */
const SHAPES: readonly (readonly [string, number, string, keyof typeof INITIALIZATIONS, readonly string[]])[] = [
  ['moon-tower', 5, 'ReLU', 'narrow normal', SMALL],
  ['moon-tower', 12, 'ReLU', 'narrow uniform', ['vanishing-gradient', ...SMALL]],
  ['moon-tower', 23, 'ReLU', 'LeCun uniform', ['vanishing-gradient', ...SMALL]],
  ['moon-tower', 7, 'ReLU', 'unit normal', LARGE],
  ['moon-tower', 16, 'ReLU', 'wide uniform', [...LARGE, 'non-finite']],
  ['moon-tower', 6, 'Sigmoid', 'Glorot normal', FADING],
  ['moon-tower', 14, 'Sigmoid', 'Glorot uniform', FADING],
  ['moon-tower', 9, 'Tanh', 'narrow normal', [...FADING, ...SMALL]],
  ['moon-tower', 20, 'Tanh', 'truncated normal', [...FADING, ...SMALL]],
  ['moon-tower', 6, 'ReLU', 'ones', [...SAME, ...LARGE]],
  ['moon-tower', 11, 'Tanh', 'a constant of a fiftieth', SAME],
  ['blob-tower', 5, 'Sigmoid', 'LeCun uniform', FADING],
  ['blob-tower', 8, 'Sigmoid', 'unit normal', [...FADING, ...LARGE]],
  ['blob-tower', 17, 'Sigmoid', 'Glorot normal', FADING],
  ['blob-tower', 9, 'Tanh', 'narrow uniform', [...FADING, ...SMALL]],
  ['blob-tower', 22, 'Tanh', 'narrow normal', [...FADING, ...SMALL]],
  ['blob-tower', 6, 'Tanh', 'wide uniform', LARGE],
  ['blob-tower', 13, 'Tanh', 'unit normal', LARGE],
  ['blob-tower', 7, 'ReLU', 'truncated normal', SMALL],
  ['blob-tower', 19, 'ReLU', 'narrow normal', ['vanishing-gradient', ...SMALL]],
  ['blob-tower', 5, 'Tanh', 'ones', SAME],
  ['blob-tower', 8, 'ReLU', 'zeros', SAME],
];

export const DENSE: Faults = Object.fromEntries(
  SHAPES.map(([to, layers, module, name, causes]): [string, Fault] => [
    `${layers} hidden of ${module.toLowerCase()}, ${name}`,
    {
      to,
      change: tower(layers, module, INITIALIZATIONS[name]),
      causes,
      lines: new RegExp(`nn\\.(?:Linear|init|ModuleList|${module})|buildModel|\\.${module.toLowerCase()}\\(\\)`),
      repairable: true,
    },
  ]),
);
