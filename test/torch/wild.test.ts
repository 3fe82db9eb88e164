import fs from 'node:fs';
import { describe, expect, test } from 'vitest';
import { diagnose } from '../../engine/diagnose/diagnose.ts';
import type { Run } from '../../engine/run/run.ts';
import { interpreters, runPython, watch } from './python.ts';

interface Kind {
  /** How the script is started, in `scripts/wild`. */
  readonly command: string;
  /** Of each layer with parameters, in order: its name, and what its site points at in the script's text. */
  readonly layers: { readonly [name: string]: string };
  readonly steps: number;
  /** What the script itself says of the loss of its last step; what is printed of several losses is compared with none. */
  readonly loss: RegExp | null;
}

/** The shapes of scripts that people write (those of pytorch/examples, nanoGPT), none of which knows that it's watched. */
const kinds: readonly Kind[] = [
  {
    command: 'mnist.py --epochs 2',
    layers: { conv1: 'nn.Conv2d(1, 8', conv2: 'nn.Conv2d(8, 16', fc1: 'nn.Linear(64, 32)', fc2: 'nn.Linear(32, 10)' },
    steps: 40,
    loss: /loss (\S+)\n/g,
  },
  {
    command: 'vae.py',
    layers: {
      fc1: 'nn.Linear(64, 40)',
      fc21: 'nn.Linear(40, 8)',
      fc22: 'nn.Linear(40, 8)',
      fc3: 'nn.Linear(8, 40)',
      fc4: 'nn.Linear(40, 64)',
    },
    steps: 40,
    loss: /loss (\S+)\n/g,
  },
  {
    command: 'dcgan.py',
    layers: {
      'netD.main.0': 'nn.Conv2d(1,',
      'netD.main.2': 'nn.Conv2d(opt.ndf, opt.ndf * 2',
      'netD.main.3': 'nn.BatchNorm2d(opt.ndf * 2)',
      'netD.main.5': 'nn.Conv2d(opt.ndf * 2, 1',
      'netG.main.0': 'nn.ConvTranspose2d(opt.nz',
      'netG.main.1': 'nn.BatchNorm2d(opt.ngf * 2)',
      'netG.main.3': 'nn.ConvTranspose2d(opt.ngf * 2',
      'netG.main.4': 'nn.BatchNorm2d(opt.ngf)',
      'netG.main.6': 'nn.ConvTranspose2d(opt.ngf, 1',
    },
    steps: 40,
    loss: /loss_G: (\S+)\n/g,
  },
  {
    command: 'sines.py',
    layers: { lstm1: 'nn.LSTMCell(1, 12)', lstm2: 'nn.LSTMCell(12, 12)', linear: 'nn.Linear(12, 1)' },
    steps: 5,
    loss: null, // of several evaluations a step
  },
  {
    command: 'reinforce.py',
    layers: { affine1: 'nn.Linear(4, 64)', action_head: 'nn.Linear(64, 2)' },
    steps: 25,
    loss: /loss (\S+)\t/g,
  },
  {
    command: 'reinforce.py --critic',
    layers: { affine1: 'nn.Linear(4, 64)', action_head: 'nn.Linear(64, 2)', value_head: 'nn.Linear(64, 1)' },
    steps: 25,
    loss: /loss (\S+)\t/g,
  },
  {
    command: 'gpt.py',
    layers: {
      'transformer.wte': 'nn.Embedding(config.vocab_size',
      'transformer.wpe': 'nn.Embedding(config.block_size',
      ...Object.fromEntries(
        [0, 1].flatMap((i) =>
          Object.entries({
            ln_1: 'LayerNorm(config.n_embd',
            'attn.c_attn': 'nn.Linear(config.n_embd, 3 *',
            'attn.c_proj': 'nn.Linear(config.n_embd, config.n_embd',
            ln_2: 'LayerNorm(config.n_embd',
            'mlp.c_fc': 'nn.Linear(config.n_embd, 4 *',
            'mlp.c_proj': 'nn.Linear(4 *',
          }).map(([name, text]) => [`transformer.h.${i}.${name}`, text]),
        ),
      ),
      'transformer.ln_f': 'LayerNorm(config.n_embd',
    },
    steps: 25,
    loss: null, // of the last of several micro-batches
  },
  {
    command: '-m words.train --tied',
    layers: {
      encoder: 'nn.Embedding(ntoken, ninp)',
      rnn: 'getattr(nn, "LSTM")(ninp',
      decoder: 'nn.Linear(nhid, ntoken)',
    },
    steps: 36,
    loss: /loss (\S+) /g,
  },
];

/** What is written at the site of each layer that has parameters, as far as it's expected to be there. */
function placesOf(run: Run, expected: Kind['layers']): { [name: string]: string } {
  const owners = new Set(run.parameters.map(({ layer }) => layer));
  const named = run.layers.filter(({ id }) => owners.has(id));
  return Object.fromEntries(
    named.map(({ name, site }) => {
      const line = (site && run.sources.get(site.file)?.split('\n')[site.line - 1]) ?? '';
      const text = expected[name] ?? '';
      // before Python 3.11 only the line is known
      const at = site?.column === 1 ? line.indexOf(text) : (site?.column ?? 0) - 1;
      return [name, at < 0 ? line : line.slice(at, at + text.length)];
    }),
  );
}

describe.skipIf(interpreters.length === 0).each(interpreters)('torch $torch', (python) => {
  test.concurrent.each(kinds)('$command', async ({ command, layers, steps, loss }) => {
    const [first, ...rest] = command.split(' ');
    const isModule = first === '-m';
    const [script, ...args] = isModule ? rest : [first, ...rest];
    const how = { folder: 'wild', args, before: isModule ? [first] : [], forked: !isModule };
    const plain = await runPython(python, script, how);
    const { run, log, ...outcome } = await watch(python, script, { ...how, budget: 100 });
    expect(outcome).toEqual(plain);
    expect(outcome).toMatchObject({ stderr: '', code: 0 });
    expect(outcome.stdout).toMatch(/^weights [0-9a-f]{64}/m);
    expect(run.end).toMatchObject({ ended: 'completed', exitCode: 0 });
    expect([run.notes, run.error, run.nonFinite]).toEqual([[], null, null]);
    expect(run.stepCount).toBe(steps);
    expect(placesOf(run, layers)).toEqual(layers);
    // by an optimizer or by hand, through `.data` as well
    expect(run.parameters.filter(({ id }) => !(run.latestParameter(id)('updateNorm') > 0))).toEqual([]);
    if (loss) {
      const said = [...outcome.stdout.matchAll(loss)].map(([, number]) => Number(number));
      const digits = String(said.at(-1)).split('.')[1]?.length ?? 0;
      expect(run.history.last?.loss).toBeCloseTo(said.at(-1) as number, digits - 1);
    }
    expect(diagnose(run).map(({ id, evidence }) => `${id}: ${evidence}`)).toEqual([]);
    expect(fs.statSync(log).size).toBeGreaterThan(10_000);
  });
});
