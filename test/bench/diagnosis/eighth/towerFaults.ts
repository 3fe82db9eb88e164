import type { Fault, Faults } from '../faults/fault.ts';
import { FADES, LARGE, SMALL } from '../faults/right.ts';
import { type Initialization, tower } from './tower.ts';

const FADING = ['vanishing-gradient', ...FADES];
const TINY = ['vanishing-gradient', ...SMALL];
const SAME = ['bad-initialization/symmetry'];
const HUGE = [...LARGE, 'exploding-gradient', 'non-finite'];

/** AutoTrainer's shapes: program, layers, activation, initialization, what is right. */
const SHAPES: readonly (readonly [string, number, string, Initialization, readonly string[]])[] = [
  ['checkerboard', 5, 'ReLU', 'normal 0.01', TINY],
  ['checkerboard', 7, 'ReLU', 'normal 0.03', TINY],
  ['checkerboard', 11, 'ReLU', 'uniform ±0.08', TINY],
  ['checkerboard', 20, 'ReLU', 'normal 0.05', TINY],
  ['checkerboard', 14, 'ReLU', 'uniform ±0.9', HUGE],
  ['checkerboard', 6, 'Sigmoid', 'Glorot uniform', FADING],
  ['checkerboard', 13, 'Sigmoid', 'He normal', FADING],
  ['checkerboard', 9, 'Tanh', 'normal 1.5', [...LARGE, ...FADES]],
  ['checkerboard', 17, 'Tanh', 'uniform ±0.03', [...FADING, ...SMALL]],
  ['checkerboard', 6, 'ReLU', 'zeros', SAME],
  ['clouds', 9, 'Sigmoid', 'Glorot normal', FADING],
  ['clouds', 18, 'Sigmoid', 'normal 0.6', [...FADING, ...LARGE]],
  ['clouds', 10, 'ReLU', 'normal 0.03', TINY],
  ['clouds', 16, 'ReLU', 'truncated normal 0.07', TINY],
  ['clouds', 22, 'ELU', 'normal 0.05', TINY],
  ['clouds', 13, 'ELU', 'normal 0.6', HUGE],
  ['clouds', 8, 'ReLU', 'normal 1.5', HUGE],
  ['clouds', 7, 'Tanh', 'ones', [...SAME, ...LARGE, ...FADES]],
  ['clouds', 24, 'Softsign', 'uniform ±0.08', [...FADING, ...SMALL]],
  ['digit-ladder', 8, 'Sigmoid', 'Glorot uniform', FADING],
  ['digit-ladder', 5, 'Sigmoid', 'normal 0.05', [...FADING, ...SMALL]],
  ['digit-ladder', 15, 'Sigmoid', 'uniform ±0.4', FADING],
  ['digit-ladder', 7, 'ReLU', 'normal 0.03', TINY],
  ['digit-ladder', 10, 'ReLU', 'normal 0.6', HUGE],
  ['digit-ladder', 12, 'Tanh', 'normal 0.03', [...FADING, ...SMALL]],
  ['digit-ladder', 6, 'ReLU', 'uniform 0 to 0.5', ['bad-initialization', ...HUGE]],
  ['digit-ladder', 9, 'ReLU', 'all 0.03', SAME],
  ['digit-ladder', 19, 'ReLU', 'Glorot uniform', ['vanishing-gradient', 'learning-rate-low', ...SMALL]],
];

export const TOWERS: Faults = Object.fromEntries(
  SHAPES.map(([to, layers, module, initialization, causes]): [string, Fault] => [
    `${layers} × ${module}, ${initialization}`,
    {
      to,
      change: tower(layers, module, initialization),
      causes,
      lines: new RegExp(
        `nn\\.(?:Linear|init|ModuleList|${module})|new (?:Dense|Ladder)\\(|\\.${module.toLowerCase()}\\(\\)`,
      ),
      repairable: true,
    },
  ]),
);
