import { afterBackward, all, either, everyParameter, swap } from '../change.ts';
import type { Faults } from './fault.ts';
import { NOTHING_LEARNED, OPTIMIZER, STEP } from './right.ts';

const noZeroGrad = swap(/ *optimizer\.zeroGrad\(\);\n/, '');

/** Faults of the training loop: what is zeroed, updated, held by the optimizer, reached by the gradient. */
export const LOOP: Faults = {
  'no zeroGrad': {
    to: 'moons digits-mlp resnet lstm autoencoder words',
    change: noZeroGrad,
    causes: ['missing-zero-grad'],
    lines: STEP,
    repairable: true,
  },
  'no zeroGrad, of the discriminator': {
    to: 'gan',
    change: swap(/ *optimizerD\.zeroGrad\(\);\n/, ''),
    causes: ['missing-zero-grad'],
    lines: STEP,
    repairable: true,
  },
  'zeroed before the update': {
    to: 'iris digits-cnn transformer regression',
    change: all(noZeroGrad, afterBackward('optimizer.zeroGrad();')),
    causes: ['not-optimized/zeroed-before-update'],
    lines: STEP,
    repairable: true,
  },
  'no update': {
    to: 'moons lstm',
    change: swap(/ *optimizer\.step\(\);\n/, ''),
    causes: ['not-optimized'],
    lines: /new optim\.|loss\.backward/,
  },
  'the first layer left out of the optimizer': {
    to: 'digits-mlp regression words',
    change: swap(/(new optim\.\w+\(model\.parameters\(\))/, '$1.slice(2)'),
    causes: ['not-optimized/missing-from-optimizer'],
    lines: /new optim\.|new nn\.Linear\((?:64, 64|8, 48)|embedding =|hidden =|conv1 =/,
    repairable: true,
  },
  'all but the last bias left out of the optimizer': {
    to: 'moons autoencoder',
    change: swap(/(new optim\.\w+\(model\.parameters\(\))/, '$1.slice(-1)'),
    causes: ['not-optimized/missing-from-optimizer'],
    lines: /new optim\.|new nn\.Linear/,
    repairable: true,
  },
  'layers in a plain list': {
    to: 'deep-mlp',
    change: swap(/new nn\.ModuleList\((.*)\);/, '$1;'),
    causes: ['not-optimized/missing-from-optimizer'],
    lines: /hidden =|new optim\./,
    repairable: true,
  },
  'the generator not optimized': {
    to: 'gan',
    change: swap(/(optimizerG = new optim\.Adam\()generator/, '$1discriminator'),
    causes: ['not-optimized'],
    lines: /generator = |new optim|new nn\.Linear\(4, 24/,
  },
  'the generator detached': {
    to: 'gan',
    change: swap(/discriminator\(fake\), ones/, 'discriminator(fake.detach()), ones'),
    causes: ['frozen-parameter/detached', 'not-optimized'],
    lines: /fake\.detach\(\)\), ones|generator = |new nn\.Linear\(4, 24|optimizerG/,
  },
  'a branch detached': {
    to: 'plain-cnn iris autoencoder detector lstm',
    change: either(
      swap(/this\.conv4\(h\)/, 'this.conv4(h.detach())'),
      swap(/this\.hidden\(h\)/, 'this.hidden(h.detach())'),
      swap(/this\.decode1\(code\)/, 'this.decode1(code.detach())'),
      swap(/this\.hidden\(h\.flatten\(1\)\)/, 'this.hidden(h.flatten(1).detach())'),
      swap(/this\.recurrent\(h\)/, 'this.recurrent(h.detach())'),
      swap(/states\.select\(1, -1\)/, 'states.select(1, -1).detach()'),
    ),
    causes: ['frozen-parameter/detached'],
    lines: /detach|conv1 =|conv2 =|conv3 =|input =|encode1 =|encode2 =|embed =|lstm =/,
  },
  'the first layer outside of recording': {
    to: 'resnet',
    change: swap(/this\.stem\(x\)/, 'noGrad(() => this.stem(x))'),
    causes: ['frozen-parameter'],
    lines: /noGrad|stem =/,
  },
  'the model frozen by mistake': {
    to: 'moons',
    change: everyParameter('if (!/^(?:4|8)\\.bias/.test(name)) p.requiresGrad_(false);'),
    causes: [...NOTHING_LEARNED, 'frozen-parameter'],
    lines: /requiresGrad/,
  },
  'the optimizer of another model': {
    to: 'iris autoencoder deep-mlp plain-cnn',
    change: all(
      swap(/const model = (new \w+\(\);)/, 'const first = $1\nconst model = $1'),
      swap(/(new optim\.\w+\()model/, '$1first'),
    ),
    causes: ['not-optimized'],
    lines: OPTIMIZER,
    repairable: true,
  },
};
