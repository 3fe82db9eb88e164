import { describe, expect, test } from 'vitest';
import { diagnose } from '../../engine/diagnose/diagnose.ts';
import type { LossFrame } from '../../engine/run/frame.ts';
import type { Run } from '../../engine/run/run.ts';
import type { ActivationStatistic, ParameterStatistic } from '../../engine/run/statistics.ts';
import { LOSS_CALLS, toldOf } from '../probe/lossCalls.ts';
import { BESIDE, DIFFERENCE, NOTHING, PAIRS, SUM, told, WRITTEN } from '../probe/writtenLossCalls.ts';
import { interpreters, runPython, type Watched, watch } from './python.ts';

const parameter = (run: Run, name: string, statistic: ParameterStatistic) =>
  run.latestParameter(run.parameters.findIndex((p) => p.name === name))(statistic);
const layer = (run: Run, name: string, statistic: ActivationStatistic) =>
  run.latestLayer(run.layers.findIndex((l) => l.name === name))(statistic);
const names = (of: readonly { readonly name: string }[]) => of.map(({ name }) => name);
const printed = ({ stdout }: Watched, what: string) => Number(new RegExp(`^${what} (\\S+)`, 'm').exec(stdout)?.[1]);
const isModern = (torch: string) => !torch.startsWith('1.');

/** Two frames tell the same of a loss: its kind and its numbers. */
function expectAlike(told: LossFrame, expected: LossFrame, index: number) {
  const kind = ({ loss, classes, rows, written, pairs }: LossFrame) => ({ loss, classes, rows, written, pairs });
  expect({ index, ...kind(told) }).toEqual({ index, ...kind(expected) });
  for (const of of ['value', 'baseline', 'least', 'min', 'max', 'leastTarget', 'greatestTarget'] as const) {
    const [a, b] = [told[of] ?? null, expected[of] ?? null];
    if (a === null || b === null) expect([index, of, a]).toEqual([index, of, b]);
    else expect(a, `${of} of ${index}`).toBeCloseTo(b, 5);
  }
}

/** Kinds of training, and what must be seen of each. All measure every step; none may be changed by it. */
const kinds: { readonly [script: string]: (watched: Watched, torch: string) => void } = {
  'accumulation.py': (watched) => {
    const { run } = watched;
    expect(run.stepCount).toBe(12); // four backward passes each
    // tied weights have one name, the frozen layer has no gradient
    expect(names(run.parameters)).toEqual(['embed.weight', 'norm.weight', 'norm.bias']);
    const before = run.parameters.map((p) => run.latestParameter(p.id)('gradientNormBefore'));
    expect(Math.hypot(...before)).toBeCloseTo(printed(watched, 'norm'), 4);
    const after = run.parameters.map((p) => run.latestParameter(p.id)('gradientNorm'));
    expect(Math.hypot(...after)).toBeCloseTo(0.1, 4);
    expect(run.layers.map(({ name }) => name)).toEqual(['net', 'embed', 'frozen', 'norm', 'head']);
  },
  'gan.py': ({ run }) => {
    expect(run.stepCount).toBe(60); // the discriminator's and the generator's in turns
    for (const name of ['D.0.weight', 'G.2.bias']) {
      expect(run.stepsOf(run.parameters.findIndex((p) => p.name === name))).toBe(30);
      expect(parameter(run, name, 'updateNorm')).toBeGreaterThan(0);
    }
    expect(layer(run, 'G.2', 'gain')).toBeGreaterThan(0);
  },
  'closures.py': (watched) => {
    const { run } = watched;
    expect(run.stepCount).toBe(10);
    expect(run.history.last?.loss).toBeCloseTo(printed(watched, 'loss'), 12);
    expect(parameter(run, '0.weight', 'updateNorm')).toBeCloseTo(0.01 * parameter(run, '0.weight', 'gradientNorm'), 9);
  },
  'checkpointing.py': ({ run }) => {
    const blocks = [0, 1, 2].map((i) => `blocks.${i}.0`);
    for (const name of blocks) expect(layer(run, name, 'norm')).toBeGreaterThan(0);
    expect(run.layers.map(({ name }) => name).filter((name) => blocks.includes(name))).toEqual(blocks);
    expect(run.stepCount).toBe(20);
    expect(run.parameters.find(({ name }) => name === 'x')).toMatchObject({ layer: null, site: { line: 27 } });
  },
  'inplace.py': ({ run }) => {
    // of the ReLU that is applied twice, and of the layers whose outputs were overwritten
    expect(layer(run, '2.relu', 'gain')).toBeLessThan(1);
    expect(layer(run, '2.bn1', 'gradientNorm')).not.toBe(layer(run, '2.relu', 'gradientNorm'));
    expect(run.layers[1]).toMatchObject({ name: '0', type: 'Conv2d', parent: 0 });
  },
  'copies.py': ({ run }) => {
    expect(names(run.parameters).filter((name) => !name.startsWith('net.'))).toEqual([]); // nothing of the EMA copy
    expect(names(run.parameters)).toContain('net.encoder.layers.1.self_attn.out_proj.weight');
    expect(names(run.parameters)).toContain('net.scripted.0.weight');
    expect(run.layers.find(({ name }) => name === 'net.encoder.layers.1')?.site).toMatchObject({ line: 46 });
    expect(names(run.layers).filter((name) => /metric|other/.test(name))).toEqual(['net.metric', 'net.other']);
    const rnn = run.layers.findIndex(({ name }) => name === 'net.rnn');
    for (const step of run.history.steps) expect(run.layerAt(step, rnn)('gain')).toBeGreaterThan(0);
  },
  'sparse.py': (watched) => {
    const { run } = watched;
    expect(run.stepCount).toBe(10); // two optimizers after one backward pass are one step
    expect(parameter(run, 'embed.weight', 'gradientZeroShare')).toBeCloseTo(1 - 3 / 50, 6);
    expect(parameter(run, 'embed.weight', 'gradientNorm')).toBeCloseTo(printed(watched, 'gradient'), 5);
    expect(parameter(run, 'head.bias', 'updateNorm')).toBeGreaterThan(0);
  },
  'by_hand.py': ({ run }) => {
    expect(run.parameters).toMatchObject([
      { name: 'w1', site: { line: 6, column: 6 } },
      { name: 'b1', site: { line: 7 } },
      { name: 'w2', site: { line: 8 } },
    ]);
    expect(run.stepCount).toBe(15);
    expect(parameter(run, 'w1', 'updateNorm')).toBeCloseTo(0.05 * parameter(run, 'w1', 'gradientNorm'), 6);
    expect(run.operations.some(({ operation, site }) => operation === 'tanh' && site?.line === 13)).toBe(true);
  },
  'scaled.py': (watched, torch) => {
    const { run } = watched;
    expect(run.stepCount).toBe(10); // the skipped one, too
    expect(run.firstLoss).toBeCloseTo(printed(watched, 'loss'), 6);
    if (!isModern(torch)) return; // its GradScaler is for CUDA only
    expect(run.notes.map(({ topic }) => topic)).toEqual(['scaled-loss']);
    expect(run.stepsOf(0)).toBe(9);
    const ratio = parameter(run, '0.weight', 'gradientNormBefore') / parameter(run, '0.weight', 'gradientNorm');
    expect(ratio).toBeCloseTo(512, -1);
  },
  'half.py': ({ run }) => {
    expect(run.parameters).toMatchObject([
      { dtype: 'bfloat16' },
      { dtype: 'bfloat16' },
      { dtype: 'float64' },
      { dtype: 'float64' },
      { name: 'phase', dtype: 'complex64' },
    ]);
    expect(parameter(run, 'low.weight', 'gradientNorm')).toBeGreaterThan(0);
    expect(parameter(run, 'phase', 'gradientNorm')).toBeNaN(); // complex numbers aren't measured
  },
  'calls.py': ({ run }, torch) => {
    const told = new Set(run.losses.map(({ loss }) => loss));
    for (const loss of ['crossEntropy', 'nllLoss', 'huberLoss', 'binaryCrossEntropy']) expect(told).toContain(loss);
    const evaluations = run.evaluations.filter(({ loss }) => loss === 'crossEntropy');
    // what was given with gradients and never differentiated is evaluation, too
    expect(evaluations.map(({ rows, classes }) => [rows, classes])).toEqual([
      [32, 3],
      [32, 3],
      [32, 3],
    ]);
    expect(run.losses.find(({ loss }) => loss === 'crossEntropy')?.value).toBeCloseTo(run.firstLoss, 5);
    expect(run.gradientChecks).toEqual([]);
    expect(run.notes.map(({ topic }) => topic)).toEqual(isModern(torch) ? ['compiled'] : []);
  },
  'losses.py': ({ run }) => {
    const embedded = LOSS_CALLS.map(([, , loss]) => toldOf(loss).frame);
    const told = [...run.losses, ...run.laterLosses];
    expect(told).toHaveLength(embedded.length);
    for (const [i, { loss, value, baseline, least, rows, classes, ...targets }] of told.entries()) {
      // smooth_l1_loss keeps its name without the smooth part
      const { loss: name, ...numbers } = embedded[i];
      expect(loss.replace('smoothL1', 'l1'), LOSS_CALLS[i][1]).toBe(name.replace('smoothL1', 'l1'));
      expect([rows, classes]).toEqual([numbers.rows, numbers.classes]);
      expect([targets.leastTarget, targets.greatestTarget]).toEqual([numbers.leastTarget, numbers.greatestTarget]);
      expect(value).toBeCloseTo(numbers.value as number, 5);
      expect(baseline).toBeCloseTo(numbers.baseline as number, 5);
      expect(least).toBeCloseTo(numbers.least as number, 5);
    }
  },
  'written_losses.py': ({ run }) => {
    const losses = [...WRITTEN, ...PAIRS].map(([, loss]) => loss);
    const embedded = [...losses, DIFFERENCE, SUM, BESIDE, ...NOTHING.map(([, loss]) => loss)].flatMap(told);
    expect(run.losses.slice(0, embedded.length)).toHaveLength(embedded.length);
    for (const [i, expected] of embedded.entries()) expectAlike(run.losses[i], expected, i);
    // The others stand beside what the library makes of them.
    const others = run.losses.slice(embedded.length);
    expect(others).toHaveLength(18);
    for (let i = 0; i < others.length; i += 2) expectAlike(others[i], { ...others[i + 1], written: true }, i);
  },
  'subtracting.py': ({ run, stdout }) => {
    expect(stdout).toContain('as it was True');
    expect(run.notes).toEqual([]);
    // In the first eight steps; of several terms those that are known.
    const told = run.losses.map(({ step, loss, written }) => [step, loss, written]);
    expect(told).toEqual(Array.from({ length: 16 }, (_, i) => [Math.floor(i / 2), 'mseLoss', true]));
  },
  'forgotten_minus.py': ({ run }) => {
    expect(run.losses).toHaveLength(8);
    expect(run.laterLosses.map(({ step }) => step).slice(0, 3)).toEqual([12, 13, 19]);
    for (const told of [...run.losses, ...run.laterLosses]) {
      expect(told).toMatchObject({ loss: 'binaryCrossEntropy', written: true, operation: 'log', rows: 200 });
      expect(run.layers[told.layer as number].name).toBe('2');
      expect(told.site).toMatchObject({ line: 19, column: 12 });
      expect(told.baseline).toBeCloseTo(Math.LN2, 5);
    }
    expect(run.losses[0].value).toBeCloseTo(-run.firstLoss, 5);
    const finding = { id: 'wrong-loss-scale', cause: 'wrong-sign', site: expect.objectContaining({ line: 19 }) };
    expect(diagnose(run)).toContainEqual(expect.objectContaining(finding));
  },
  'compiled.py': ({ run }, torch) => {
    expect(run.stepsOf(0)).toBe(8);
    if (!isModern(torch)) return;
    expect(run.notes.map(({ topic }) => topic)).toEqual(['compiled']);
    expect(layer(run, '0', 'norm')).toBeNaN();
  },
};

const COMPILING = new Set(['calls.py', 'compiled.py']);

describe.skipIf(interpreters.length === 0).each(interpreters)('torch $torch', (python) => {
  const scripts = Object.keys(kinds);
  test.concurrent.each(scripts)('%s trains the same to the last bit, and is seen', async (script) => {
    const plain = await runPython(python, script, { forked: true });
    // what torch imports to compile is imported while it's watched
    const watched = await watch(python, script, { budget: 100, forked: !COMPILING.has(script) });
    const { stdout, stderr, code, signal } = watched;
    expect({ stdout, stderr, code, signal }).toEqual(plain);
    expect([stderr, code]).toEqual(['', 0]);
    expect(stdout).toContain('fingerprint');
    expect(watched.run.end).toMatchObject({ ended: 'completed' });
    kinds[script](watched, python.torch);
  });

  test.concurrent.each(['fork', 'spawn'])('loader workers by %s', async (kind) => {
    const expected = await runPython(python, 'loaders.py', { args: [kind] });
    const watched = await watch(python, 'loaders.py', { args: [kind], budget: 100 });
    expect([watched.stdout, watched.stderr, watched.code]).toEqual([expected.stdout, expected.stderr, 0]);
    expect(watched.stdout).toContain('fingerprint');
    expect(watched.run).toMatchObject({ stepCount: 4, end: { ended: 'completed' } });
  });
});
