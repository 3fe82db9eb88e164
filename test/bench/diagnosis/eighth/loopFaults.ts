import { all, either, swap } from '../change.ts';
import type { Faults } from '../faults/fault.ts';
import {
  beforehand,
  begin,
  everyEpoch,
  given,
  OPTIMIZED,
  replacing,
  UPDATE,
  updating,
  withGradients,
  zeroing,
} from './wording.ts';

const MISSING = /new optim\.|new nn\.|new (?:Dense|Unit|Ladder|Forger|Judge)\(|\.map\(/;
const CUT = /detach|noGrad\(\(\) => (?:this|\w+\(xb\))|new nn\.|requiresGrad/;

/** Faults of the training loop. */
export const LOOP: Faults = {
  'zeroGrad nowhere': {
    to: 'checkerboard mileage digits-pool',
    change: zeroing(),
    causes: ['missing-zero-grad'],
    lines: UPDATE,
    repairable: true,
  },
  'zeroGrad at the beginning of an epoch': {
    to: 'columns-lstm',
    change: all(zeroing(), everyEpoch('@optimizer.zeroGrad();')),
    causes: ['missing-zero-grad'],
    lines: UPDATE,
  },
  'zeroGrad on the model of somebody else': {
    to: 'scribe',
    change: zeroing('new Scribe().zeroGrad();'),
    causes: ['missing-zero-grad'],
    lines: UPDATE,
  },
  'zeroGrad between backward and step': {
    to: 'flowers',
    change: all(zeroing(), withGradients('@optimizer.zeroGrad();')),
    causes: ['not-optimized/zeroed-before-update'],
    lines: UPDATE,
    repairable: true,
  },
  'step ahead of backward': {
    to: 'checkerboard',
    change: all(updating(), replacing('( *)loss\\.backward', '$1@optimizer.step();\n$&')),
    causes: ['not-optimized'],
    lines: UPDATE,
  },
  'no step': {
    to: 'cell-detector',
    change: updating(),
    causes: ['not-optimized'],
    lines: /new optim\.|\.backward\(\)|zeroGrad/,
  },
  'an optimizer for a fresh model': {
    to: 'moons-silu sonnet-rnn digits-pool',
    change: either(
      swap(/Adam\(classifier\./, 'Adam(new MoonClassifier().'),
      swap(/RMSprop\(charRnn\./, 'RMSprop(new CharRnn().'),
      swap(/Adam\(convnet\./, 'Adam(new ConvNet().'),
    ),
    causes: ['not-optimized'],
    lines: OPTIMIZED,
  },
  'the optimizer knows the head alone': {
    to: 'columns-lstm cell-detector digits-code',
    change: either(
      swap(/\(reader\.parameters/, '(reader.out.parameters'),
      swap(/\(detector\.parameters/, '(detector.head.parameters'),
      swap(/\(autoencoder\.parameters/, '(autoencoder.decode2.parameters'),
    ),
    causes: ['not-optimized/missing-from-optimizer'],
    lines: MISSING,
    repairable: true,
  },
  'the optimizer knows the first layer alone': {
    to: 'mileage',
    change: given('@model.parameters().slice(0, 2)'),
    causes: ['not-optimized/missing-from-optimizer'],
    lines: MISSING,
    repairable: true,
  },
  'rungs in a plain array': {
    to: 'digit-ladder',
    change: swap(/new nn\.ModuleList\((rungs.*)\);/, '$1;'),
    causes: ['not-optimized/missing-from-optimizer'],
    lines: MISSING,
    repairable: true,
  },
  'a recurrence hidden in an array': {
    to: 'waveforms',
    change: all(swap(/gru = (new nn\.GRU\(.*\));/, 'parts = [$1];'), swap(/this\.gru\(x\)/, 'this.parts[0](x)')),
    causes: ['not-optimized/missing-from-optimizer'],
    lines: MISSING,
    repairable: true,
  },
  'features detached from the head': {
    to: 'digits-pool columns-lstm waveforms cell-detector',
    change: either(
      swap(/high\.flatten\(1\)/, 'high.detach().flatten(1)'),
      swap(/states\.select\(1, 7\)/, '$&.detach()'),
      swap(/states\.mean\(1\)/, '$&.detach()'),
      swap(/this\.features\(x\)/, '$&.detach()'),
    ),
    causes: ['frozen-parameter/detached'],
    lines: CUT,
  },
  'answers without recording': {
    to: 'clouds',
    change: replacing('(?<=const out = )(@model\\(\\w+\\))', 'noGrad(() => $1).requiresGrad_(true)'),
    causes: ['frozen-parameter', 'not-optimized'],
    lines: /noGrad|new nn\.|new optim|new Dense|const loss/,
  },
  'an encoder under noGrad': {
    to: 'digits-code',
    change: swap(/this\.encode2\(F\.leakyRelu\(this\.encode1\(x\)\)\)/, 'noGrad(() => $&)'),
    causes: ['frozen-parameter'],
    lines: CUT,
  },
  'a first layer frozen at 0': {
    to: 'flowers',
    change: begin('nn.init.zeros_(@model.parameters()[0]).requiresGrad_(false);'),
    causes: ['frozen-parameter', 'loss-plateau', 'bad-initialization'],
    lines: null,
  },
  'everything but the first layer frozen': {
    to: 'digit-ladder',
    change: begin('for (const p of @model.parameters().slice(1)) p.requiresGrad_(false);'),
    causes: ['frozen-parameter', 'loss-plateau'],
    lines: null,
  },
  'weights loaded anew at every epoch': {
    to: 'mileage',
    change: all(
      beforehand('const saved = @model.parameters().map((p) => p.detach().clone());'),
      everyEpoch('noGrad(() => @model.parameters().forEach((p, i) => p.copy_(saved[i])));'),
    ),
    causes: ['not-optimized', 'learning-rate-low', 'loss-plateau'],
    lines: null,
  },
  'the judge’s parameters for the forger’s optimizer': {
    to: 'corners-gan',
    change: swap(/Adam\(forger\.parameters/, 'Adam(judge.parameters'),
    causes: ['not-optimized'],
    lines: /forger = |forgerOptimizer|forgerLoss|new nn\.Linear\((?:noise|32), /,
  },
  'a forger’s gradients never cleared': {
    to: 'corners-gan',
    change: swap(/ *forgerOptimizer\.zeroGrad\(\);\n/, ''),
    causes: ['missing-zero-grad'],
    lines: /backward|forgerOptimizer/,
    repairable: true,
  },
  'a forger that isn’t stepped': {
    to: 'corners-gan',
    change: swap(/ *forgerOptimizer\.step\(\);\n/, ''),
    causes: ['not-optimized'],
    lines: /forger = |forgerOptimizer|forgerLoss|new nn\.Linear\((?:noise|32), /,
  },
  'forgeries made under noGrad': {
    to: 'corners-gan',
    change: swap(/const forged = (forger\(.*\));/, 'const forged = noGrad(() => $1);'),
    causes: ['frozen-parameter', 'not-optimized'],
    lines: /noGrad\(\(\) => forger\(randn\(\[batch|forger = |new nn\.Linear\((?:noise|32), |forgerOptimizer/,
  },
};
