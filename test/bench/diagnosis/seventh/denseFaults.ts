import { all, type Change, either, swap } from '../change.ts';
import type { Fault, Faults } from '../faults/fault.ts';
import { FADES, LARGE, SMALL } from '../faults/right.ts';

/** So many hidden layers, an activation and an initialization for all of them. */
const tower = (layers: number, module: string, init: string): Change =>
  all(
    either(swap(/(?<=\[depth, width\] = \[)7/, String(layers)), swap(/(?<= = new Tower\()6/, String(layers))),
    either(
      swap(/new nn\.ReLU\(\)/, `new nn.${module}()`),
      swap(/(?<=layer\(h\))\.tanh\(\)/, `.${module.toLowerCase()}()`),
      (text) => text,
    ),
    swap(/nn\.init\.(?:kaiming|xavier)\w+\((layer\.weight)(?:, .*?)?\);/, `nn.init.${init.replace('·', '$1')};`),
  );

const FADING = ['vanishing-gradient', ...FADES];
const SAME = ['bad-initialization/symmetry'];

/** Initializations, as one writes them down. */
const INITIALIZATIONS = {
  'normal of a fiftieth': 'normal_(·, { std: 0.02 })',
  'normal of one': 'normal_(·, { std: 1 })',
  'normal of eight tenths': 'normal_(·, { std: 0.8 })',
  'uniform of a twentieth': 'uniform_(·, { from: -0.05, to: 0.05 })',
  'uniform of one': 'uniform_(·, { from: -1, to: 1 })',
  'truncated at a tenth': 'truncNormal_(·, { std: 0.05, a: -0.1, b: 0.1 })',
  'Xavier normal': 'xavierNormal_(·)',
  'Xavier uniform': 'xavierUniform_(·)',
  'Kaiming uniform': "kaimingUniform_(·, { nonlinearity: 'relu' })",
  'all 0': 'zeros_(·)',
  'all 1': 'ones_(·)',
  'all a tenth': 'constant_(·, 0.1)',
} as const;

/** AutoTrainer's shapes: program, layers, activation, initialization, what is right. */
const SHAPES: readonly (readonly [string, number, string, keyof typeof INITIALIZATIONS, readonly string[]])[] = [
  ['pinwheel', 6, 'ReLU', 'normal of a fiftieth', SMALL],
  ['pinwheel', 10, 'ReLU', 'uniform of a twentieth', ['vanishing-gradient', ...SMALL]],
  ['pinwheel', 18, 'ReLU', 'truncated at a tenth', ['vanishing-gradient', ...SMALL]],
  ['pinwheel', 9, 'ReLU', 'normal of eight tenths', LARGE],
  ['pinwheel', 13, 'ReLU', 'uniform of one', [...LARGE, 'non-finite']],
  ['pinwheel', 8, 'Sigmoid', 'Xavier uniform', FADING],
  ['pinwheel', 15, 'Sigmoid', 'Kaiming uniform', FADING],
  ['pinwheel', 11, 'Tanh', 'normal of a fiftieth', [...FADING, ...SMALL]],
  ['pinwheel', 24, 'Tanh', 'truncated at a tenth', [...FADING, ...SMALL]],
  ['pinwheel', 5, 'ReLU', 'all 0', SAME],
  ['pinwheel', 9, 'ReLU', 'all a tenth', SAME],
  ['nested-rings', 7, 'Sigmoid', 'Xavier normal', FADING],
  ['nested-rings', 12, 'Sigmoid', 'normal of one', [...FADING, ...LARGE]],
  ['nested-rings', 21, 'Sigmoid', 'Xavier uniform', FADING],
  ['nested-rings', 10, 'Tanh', 'normal of one', LARGE],
  ['nested-rings', 16, 'Tanh', 'uniform of one', LARGE],
  ['nested-rings', 15, 'Tanh', 'uniform of a twentieth', [...FADING, ...SMALL]],
  ['nested-rings', 8, 'Tanh', 'all 1', [...SAME, ...LARGE]],
  ['nested-rings', 10, 'ReLU', 'normal of a fiftieth', ['vanishing-gradient', ...SMALL]],
  ['nested-rings', 12, 'ReLU', 'uniform of a twentieth', ['vanishing-gradient', ...SMALL]],
];

export const DENSE: Faults = Object.fromEntries(
  SHAPES.map(([to, layers, module, name, causes]): [string, Fault] => [
    `${layers} layers of ${module.toLowerCase()}, ${name}`,
    {
      to,
      change: tower(layers, module, INITIALIZATIONS[name]),
      causes,
      lines: new RegExp(
        `nn\\.(?:Linear|init|ModuleList|${module})|hiddenLayer|new Tower|\\.${module.toLowerCase()}\\(\\)`,
      ),
      repairable: true,
    },
  ]),
);
