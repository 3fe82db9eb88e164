import { afterBackward, all, either, swap } from '../change.ts';
import type { Faults } from '../faults/fault.ts';
import { OPTIMIZER, STEP } from '../faults/right.ts';

const noZeroGrad = swap(/ *optimizer\.zeroGrad\(\);\n/, '');

/** Faults of the training loop, of the third set. */
export const LOOP: Faults = {
  'old gradients that nobody takes away': {
    to: 'denoiser chars sets epochs by-hand diffusion graph policy equation',
    change: noZeroGrad,
    causes: ['missing-zero-grad'],
    lines: STEP,
    repairable: true,
  },
  'new gradients taken away': {
    to: 'mixture reverser epochs',
    change: all(noZeroGrad, afterBackward('optimizer.zeroGrad();')),
    causes: ['not-optimized/zeroed-before-update'],
    lines: STEP,
    repairable: true,
  },
  'all but the first layers left out of the optimizer': {
    to: 'phrases field two-heads',
    change: swap(/(new optim\.\w+\(model\.parameters\(\))/, '$1.slice(0, 2)'),
    causes: ['not-optimized/missing-from-optimizer'],
    lines: /new optim\.|new nn\.(?:Linear|Conv1d)|new Sine/,
    repairable: true,
  },
  'an optimizer for the last weights only': {
    to: 'denoiser forecaster chars sets',
    change: swap(/(new optim\.\w+\(model\.parameters\(\))/, '$1.slice(-2)'),
    causes: ['not-optimized/missing-from-optimizer'],
    lines: /new optim\.|new nn\.|new Causal/,
    repairable: true,
  },
  'what comes before is cut off': {
    to: 'reverser policy two-heads phrases graph chars diffusion',
    change: either(
      swap(/this\.decoder\(places, last\)/, 'this.decoder(places, last.detach())'),
      swap(/this\.head\(this\.body\(x\)\)/, 'this.head(this.body(x).detach())'),
      swap(/const h = this\.trunk\(x\)/, 'const h = this.trunk(x).detach()'),
      swap(/this\.hidden\(found\.amax\(2\)\)/, 'this.hidden(found.amax(2).detach())'),
      swap(/this\.second\(h\)/, 'this.second(h.detach())'),
      swap(/this\.output\(states\)/, 'this.output(states.detach())'),
      swap(/this\.output\(h\)/, 'this.output(h.detach())'),
    ),
    causes: ['frozen-parameter/detached'],
    lines: /detach|new nn\.|(?:embedding|encoder|body|trunk|conv|first|lstm|input|middle) =/,
  },
  'no update at all': {
    to: 'sets forecaster by-hand',
    change: swap(/ *optimizer\.step\(\);\n/, ''),
    causes: ['not-optimized'],
    lines: /new optim\.|loss\.backward/,
  },
  'the optimizer of a twin': {
    to: 'policy two-heads mixture graph',
    change: all(
      swap(/const model = (new \w+\(\);)/, 'const twin = $1\nconst model = $1'),
      swap(/(new optim\.\w+\()model/, '$1twin'),
    ),
    causes: ['not-optimized'],
    lines: OPTIMIZER,
    repairable: true,
  },
  'the optimizer of the target network': {
    to: 'gridworld',
    change: swap(/(new optim\.\w+\()model/, '$1target'),
    causes: ['not-optimized'],
    lines: OPTIMIZER,
    repairable: true,
  },
  'the number of a loss instead of a loss': {
    to: 'denoiser field',
    change: swap(
      /F\.mseLoss\(model\(x\), y\)/,
      'F.mseLoss(model(x).detach(), y).add(model.parameters()[1].sum().mul(0))',
    ),
    causes: ['frozen-parameter', 'not-optimized'],
    lines: null,
  },
};
