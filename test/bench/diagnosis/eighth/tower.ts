import { all, type Change, either, swap } from '../change.ts';

/** Initializations of the hidden layers of a dense tower. */
const INITIALIZATIONS = {
  'normal 0.01': 'normal_(·, { std: 0.01 })',
  'normal 0.03': 'normal_(·, { std: 0.03 })',
  'normal 0.05': 'normal_(·, { std: 0.05 })',
  'normal 0.3': 'normal_(·, { std: 0.3 })',
  'normal 0.6': 'normal_(·, { std: 0.6 })',
  'normal 1.5': 'normal_(·, { std: 1.5 })',
  'uniform ±0.03': 'uniform_(·, { from: -0.03, to: 0.03 })',
  'uniform ±0.08': 'uniform_(·, { from: -0.08, to: 0.08 })',
  'uniform ±0.4': 'uniform_(·, { from: -0.4, to: 0.4 })',
  'uniform ±0.9': 'uniform_(·, { from: -0.9, to: 0.9 })',
  'uniform 0 to 0.5': 'uniform_(·, { from: 0, to: 0.5 })',
  'truncated normal 0.07': 'truncNormal_(·, { std: 0.07, a: -0.14, b: 0.14 })',
  'Glorot normal': 'xavierNormal_(·)',
  'Glorot uniform': 'xavierUniform_(·)',
  'Glorot of 5/3': 'xavierUniform_(·, { gain: 5 / 3 })',
  'He normal': "kaimingNormal_(·, { nonlinearity: 'relu' })",
  'He uniform': "kaimingUniform_(·, { nonlinearity: 'relu' })",
  'LeCun normal': "kaimingNormal_(·, { nonlinearity: 'linear' })",
  orthogonal: 'orthogonal_(·)',
  zeros: 'zeros_(·)',
  ones: 'ones_(·)',
  'all 0.03': 'constant_(·, 0.03)',
} as const;

export type Initialization = keyof typeof INITIALIZATIONS;

/** A tower of AutoTrainer's kind: so many hidden layers, one activation and one initialization for all of them. */
export const tower = (layers: number, module: string, initialization: Initialization): Change =>
  all(
    either(
      swap(/(?<=const hidden = )8(?=;)/, String(layers)),
      swap(/(?<=const depth = )12(?=;)/, String(layers)),
      swap(/(?<=const rungs = \[64, ).*(?=\];)/, Array.from({ length: layers }, () => 40).join(', ')),
    ),
    (text) =>
      text
        .replace(/new nn\.(?:ReLU|ELU)\(\)/, `new nn.${module}()`)
        .replace(/(?<=rung\(h\))\.relu\(\)/, `.${module.toLowerCase()}()`),
    swap(
      /nn\.init\.(?:kaiming|xavier)\w+\((\w[\w.]*\.weight)(?:, .*?)?\);/,
      `nn.init.${INITIALIZATIONS[initialization].replace('·', '$1')};`,
    ),
  );
