import fs from 'node:fs';
import path from 'node:path';
import { CLEAN, linesOf, type Variant } from './cases.ts';
import { all, type Change, either, swap } from './change.ts';
import { FAULTS, type Fault } from './faults.ts';
import { HABITS, type Habit } from './habits.ts';

/**
 * The same programs and changes in Python, for real PyTorch: of each change what counts as right is the embedded one's
 * own, only the lines are found in the Python text.
 */

const SCRIPTS = path.join(import.meta.dirname, 'twins');

interface Twin {
  readonly to: string;
  readonly change: Change;
  /** Lines that count as right; those of the embedded twin's fault are in another language. */
  readonly lines?: RegExp;
}

const OPTIMIZER = /torch\.optim\./;
const STEP = /\.backward\(\)|\.step\(\)|\.zero_grad\(\)/;
const LOSS = /loss = /;
const INIT = /nn\.(?:Linear|Conv2d|LSTM|ModuleList)\(|parameters\(\)|nn\.init/;
const LAYERS = /nn\.(?:Linear|Conv2d|LSTM|ModuleList)\(|torch\.optim\.|sigmoid|ReLU|relu/;

const afterModel = (...lines: string[]): Change => swap(/\noptimizer = /, `\n${lines.join('\n')}\noptimizer = `);
const everyParameter = (...body: string[]): Change =>
  afterModel('for name, p in model.named_parameters():', ...body.map((line) => `    ${line}`));
const afterBackward = (...lines: string[]): Change =>
  swap(/( *)loss\.backward\(\)\n/, `$&${lines.map((line) => `$1${line}\n`).join('')}`);
const afterUpdate = (...lines: string[]): Change =>
  swap(/( *)optimizer\.step\(\)\n/, `$&${lines.map((line) => `$1${line}\n`).join('')}`);
const beforeLoop = (...lines: string[]): Change => swap(/\nfor step in/, `\n${lines.join('\n')}$&`);
const rate =
  (factor: number): Change =>
  (text) =>
    swap(/\blr=[\d.]+/, `lr=${Number((Number(/\blr=([\d.]+)/.exec(text)?.[1]) * factor).toPrecision(4))}`)(text);
const noZeroGrad = swap(/ *optimizer\.zero_grad\(\)\n/, '');
const plainInitialization = swap(/ {8}for layer in [\s\S]*?zeros_\(layer\.bias\)\n/, '');
const deep = (depth: number, ...changes: Change[]): Change =>
  all((text) => text.replace(/depth = \d+/, `depth = ${depth}`), ...changes);
const schedule = (made: string): Change =>
  all(beforeLoop(`schedule = torch.optim.lr_scheduler.${made}`), afterUpdate('schedule.step()'));

/** By the names of the embedded twins' changes. */
const TWINS: { readonly [change: string]: Twin } = {
  [CLEAN]: {
    to: 'moons iris regression digits-mlp digits-cnn plain-cnn deep-mlp lstm',
    change: (text) => text,
  },
  'a summed loss': { to: 'digits-mlp', change: swap(/(F\.cross_entropy\(model\(x\), y)\)/, '$1, reduction="sum")') },
  'a frozen first layer': {
    to: 'digits-mlp',
    change: everyParameter('if name.startswith("0."):', '    p.requires_grad_(False)'),
  },
  'clipped gradients': { to: 'lstm', change: afterBackward('nn.utils.clip_grad_norm_(model.parameters(), 1.0)') },
  'a warm-up': {
    to: 'digits-cnn',
    change: schedule('LinearLR(optimizer, start_factor=0.01, total_iters=50)'),
  },
  'warm restarts': { to: 'moons', change: schedule('CosineAnnealingWarmRestarts(optimizer, T_0=50)') },
  'a last layer of zeros': {
    to: 'moons',
    change: afterModel('with torch.no_grad():', '    list(model.parameters())[-2].zero_()'),
  },
  dropout: { to: 'regression', change: swap(/(nn\.ReLU\(\),\n)/g, '$1    nn.Dropout(0.2),\n') },
  tanh: { to: 'moons', change: swap(/nn\.ReLU\(\)/g, 'nn.Tanh()') },
  'layer normalization': {
    to: 'digits-mlp',
    change: swap(/(nn\.Linear\(\d+, (\d+)\),\n)(?= *nn\.ReLU)/g, '$1    nn.LayerNorm($2),\n'),
  },
  'deep and residual': {
    to: 'deep-mlp',
    change: deep(16, swap(/h = torch\.relu\(layer\(h\)\)/, 'h = h + 0.3 * torch.relu(layer(h))')),
  },
  'a GRU': { to: 'lstm', change: swap(/nn\.LSTM/, 'nn.GRU') },
  'no zeroGrad': { to: 'moons digits-mlp lstm', change: noZeroGrad, lines: STEP },
  'zeroed before the update': {
    to: 'iris regression',
    change: all(noZeroGrad, afterBackward('optimizer.zero_grad()')),
    lines: STEP,
  },
  'the first layer left out of the optimizer': {
    to: 'digits-mlp',
    change: swap(/model\.parameters\(\), lr/, 'list(model.parameters())[2:], lr'),
    lines: LAYERS,
  },
  'layers in a plain list': {
    to: 'deep-mlp',
    change: swap(/nn\.ModuleList\((.*)\)\n/, '$1\n'),
    lines: LAYERS,
  },
  'softmax twice': {
    to: 'iris digits-cnn',
    change: swap(/F\.cross_entropy\(model\(x\), y\)/, 'F.cross_entropy(model(x).softmax(1), y)'),
    lines: LOSS,
  },
  'a branch detached': {
    to: 'plain-cnn iris',
    change: either(
      swap(/self\.conv4\(h\)/, 'self.conv4(h.detach())'),
      swap(/self\.hidden\(h\)/, 'self.hidden(h.detach())'),
    ),
    lines: /detach|conv[123] =|self\.input =/,
  },
  'constant weights': { to: 'moons digits-mlp', change: everyParameter('nn.init.constant_(p, 0.05)'), lines: INIT },
  'all zeros': { to: 'digits-cnn', change: everyParameter('nn.init.zeros_(p)'), lines: INIT },
  'weights too large': {
    to: 'plain-cnn regression',
    change: everyParameter('if name.endswith("weight"):', '    nn.init.normal_(p, std=3)'),
    lines: INIT,
  },
  'weights too small': {
    to: 'digits-mlp',
    change: everyParameter('if name.endswith("weight"):', '    nn.init.normal_(p, std=0.0005)'),
    lines: INIT,
  },
  'a rate far too low': { to: 'moons digits-cnn', change: rate(1e-5), lines: OPTIMIZER },
  'a rate far too high': { to: 'digits-mlp moons', change: rate(300), lines: OPTIMIZER },
  'deep sigmoids': {
    to: 'deep-mlp',
    change: deep(8, plainInitialization, swap(/torch\.relu/g, 'torch.sigmoid')),
    lines: LAYERS,
  },
  'data that aren’t scaled': { to: 'iris', change: swap(/\(raw - raw.*/, 'raw * 300'), lines: INIT },
  'a logarithm of what may be 0': {
    to: 'moons',
    change: swap(
      /F\.binary_cross_entropy_with_logits\(model\(x\), y\)/,
      '-(y * (60 * model(x)).sigmoid().log() + (1 - y) * (1 - (60 * model(x)).sigmoid()).log()).mean()',
    ),
    lines: LOSS,
  },
  'batches of two under batch normalization': {
    to: 'digits-cnn',
    change: swap(/start \+ 32/g, 'start + 2'),
    lines: /BatchNorm/,
  },
};

/** All twins. @throws if a change has nothing to change, or no embedded twin. */
export function twins(): Variant[] {
  return Object.entries(TWINS).flatMap(([change, twin]) =>
    twin.to.split(' ').map((program): Variant => {
      const embedded: Partial<Fault & Habit> | undefined = FAULTS[change] ?? HABITS[change];
      const clean = fs.readFileSync(path.join(SCRIPTS, `${program}.py`), 'utf8');
      const script = twin.change(clean);
      if (!embedded || script === null || (script === clean && change !== CLEAN))
        throw new Error(`${change} changes nothing in ${program}, or has no embedded twin.`);
      return {
        part: 'tune',
        program,
        change,
        injected: change in FAULTS,
        script,
        causes: embedded.causes ?? [],
        lines: twin.lines ? linesOf(script, twin.lines) : null,
        repairable: embedded.repairable ?? false,
      };
    }),
  );
}
