import { type Change, deep, everyParameter, plainInitialization, swap } from '../change.ts';
import type { Fault, Faults } from './fault.ts';
import { FADES, INIT, LARGE, SMALL } from './right.ts';

/** AutoTrainer's: an activation and an initialization for every one of so many dense layers. */
const dense = (depth: number, name: string, init: string): Change =>
  deep(
    depth,
    plainInitialization,
    name === 'relu' ? (text) => text : swap(/\.relu\(\)/g, `.${name}()`),
    init ? everyParameter(`if (name.endsWith('weight')) nn.init.${init};`) : (text) => text,
  );

const DEPTHS = [5, 8, 12, 16, 20, 24];
/** Keras' initializations as AutoTrainer sets them: VarianceScaling is LeCun's. */
const INITIALIZATIONS: { readonly [name: string]: string } = {
  'variance scaling': 'normal_(p, { std: p.shape[1] ** -0.5 })',
  'random uniform': 'uniform_(p, { from: -0.05, to: 0.05 })',
  constant: 'constant_(p, 0.05)',
  ones: 'ones_(p)',
};
const SAME = 'bad-initialization/symmetry';
const RIGHT: { readonly [initialization: string]: { readonly [activation: string]: readonly string[] } } = {
  'variance scaling': {
    exp: ['non-finite', 'learning-rate-high', ...LARGE],
    sigmoid: FADES,
    tanh: ['vanishing-gradient', ...FADES],
    relu: ['vanishing-gradient', ...SMALL],
  },
  'random uniform': {
    exp: ['vanishing-gradient', ...SMALL],
    sigmoid: [...FADES, ...SMALL],
    tanh: SMALL,
    relu: SMALL,
  },
  constant: { exp: [SAME, 'non-finite', ...LARGE], sigmoid: [SAME], tanh: [SAME], relu: [SAME] },
  ones: { exp: [SAME, 'non-finite', ...LARGE], sigmoid: [SAME], tanh: [SAME], relu: [SAME, ...LARGE] },
};

/** Every activation with every initialization, at two depths each. */
const grid: Faults = Object.fromEntries(
  ['exp', 'sigmoid', 'tanh', 'relu'].flatMap((activation, i) =>
    Object.entries(INITIALIZATIONS).flatMap(([initialization, init], j) =>
      [0, 3].map((further): [string, Fault] => {
        const depth = DEPTHS[(i + 2 * j + further) % DEPTHS.length];
        const fault: Fault = {
          to: 'deep-mlp',
          change: dense(depth, activation, init),
          causes: RIGHT[initialization][activation],
          lines: new RegExp(`\\.${activation}\\(\\)|${INIT.source}`),
          repairable: activation !== 'exp',
        };
        return [`${depth} dense, ${activation}, ${initialization}`, fault];
      }),
    ),
  ),
);

/** Dense networks, five to 24 layers deep. */
export const DENSE: Faults = {
  ...grid,
  'deep sigmoids': {
    to: 'deep-mlp',
    change: dense(8, 'sigmoid', ''),
    causes: FADES,
    lines: /sigmoid|new nn\.Linear|ModuleList/,
    repairable: true,
  },
  '5 dense layers, sigmoid, uniform': {
    to: 'deep-mlp',
    change: dense(5, 'sigmoid', 'uniform_(p, { from: -0.05, to: 0.05 })'),
    causes: [...FADES, ...SMALL],
    lines: INIT,
    repairable: true,
  },
  '16 dense layers, sigmoid, Glorot': {
    to: 'deep-mlp',
    change: dense(16, 'sigmoid', 'xavierUniform_(p)'),
    causes: FADES,
    lines: /sigmoid|new nn\.Linear|ModuleList/,
    repairable: true,
  },
  '20 dense layers, tanh, uniform': {
    to: 'deep-mlp',
    change: dense(20, 'tanh', 'uniform_(p, { from: -0.05, to: 0.05 })'),
    causes: SMALL,
    lines: INIT,
    repairable: true,
  },
  '10 dense layers, tanh, ones': {
    to: 'deep-mlp',
    change: dense(10, 'tanh', 'ones_(p)'),
    causes: ['bad-initialization/symmetry'],
    lines: INIT,
    repairable: true,
  },
  '16 dense layers, relu, uniform': {
    to: 'deep-mlp',
    change: dense(16, 'relu', 'uniform_(p, { from: -0.05, to: 0.05 })'),
    causes: SMALL,
    lines: INIT,
    repairable: true,
  },
  '24 dense layers, relu, as they come': {
    to: 'deep-mlp',
    change: dense(24, 'relu', ''),
    causes: [...SMALL, 'vanishing-gradient'],
    lines: INIT,
    repairable: true,
  },
  '5 dense layers, exponential': {
    to: 'deep-mlp',
    change: dense(5, 'exp', ''),
    causes: ['non-finite', 'exploding-gradient', 'learning-rate-high'],
    lines: /exp\(\)|new nn\.Linear|ModuleList/,
  },
  '12 dense layers, relu, variance scaling by 4': {
    to: 'deep-mlp',
    change: dense(12, 'relu', "kaimingNormal_(p, { nonlinearity: 'relu' }), noGrad(() => p.mul_(4))"),
    causes: LARGE,
    lines: INIT,
    repairable: true,
  },
};
