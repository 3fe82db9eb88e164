import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { readLog } from '../../engine/host/readLog.ts';
import { Run } from '../../engine/run/run.ts';
import { folder, run, runFile, write } from './scripts.ts';

/** Prints every loss, to the last bit. Uses all that a probe could disturb: seeds, dropout, shuffling. */
const TRAINING = `import { data, manualSeed, nn, optim, randn } from 'gradlens';
manualSeed(11);
const [x, y] = [randn([64, 4]), randn([64, 1])];
const loader = new data.DataLoader(new data.TensorDataset(x, y), { batchSize: 16, shuffle: true });
const model = new nn.Sequential(
  new nn.Linear(4, 16),
  new nn.Tanh(),
  new nn.Dropout(0.3),
  new nn.Linear(16, 1),
);
const optimizer = new optim.Adam(model.parameters(), { lr: 0.01 });
for (let epoch = 0; epoch < 20; epoch++) {
  for (const [a, b] of loader) {
    optimizer.zeroGrad();
    const loss = new nn.MSELoss()(model(a), b);
    loss.backward();
    optimizer.step();
    console.log(loss.item());
  }
}
`;

describe('steps', () => {
  test('stops after as many as asked', async () => {
    const { run: run_, losses } = await run(TRAINING, { steps: 5 });
    expect(losses).toHaveLength(5);
    expect(run_.end).toMatchObject({ ended: 'stopped', message: 'Stopped after 5 steps, as asked.' });
    expect(run_.stepCount).toBe(5);
  });

  test('more than there are: completed', async () => {
    const { run: run_ } = await run(TRAINING, { steps: 100 });
    expect(run_.end?.ended).toBe('completed');
    expect(run_.stepCount).toBe(80);
  });

  test('exactly as many as there are', async () => {
    const { run: run_ } = await run(TRAINING, { steps: 80 });
    expect(run_.stepCount).toBe(80);
  });
});

describe('seed', () => {
  test('overrides the script’s own', async () => {
    const script = write(TRAINING);
    const own = await runFile(script, { steps: 3 });
    const [a, b] = [await runFile(script, { steps: 3, seed: 5 }), await runFile(script, { steps: 3, seed: 5 })];
    expect(a.losses).toEqual(b.losses);
    expect(a.losses).not.toEqual(own.losses);
    expect((await runFile(script, { steps: 3, seed: 11 })).losses).toEqual(own.losses);
  });

  test('of 0', async () => {
    const script = write(TRAINING);
    const [own, zero] = [await runFile(script, { steps: 2 }), await runFile(script, { steps: 2, seed: 0 })];
    expect(zero.losses).not.toEqual(own.losses);
  });
});

/** Node's loader for `gradlens`, without a probe. */
const PLAIN = (api: string) => `import module from 'node:module';
module.registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'gradlens' ? { url: ${JSON.stringify(api)}, shortCircuit: true } : next(specifier, context),
});
`;

describe('observing changes nothing', () => {
  test('losses are the same to the last bit without a probe', async () => {
    const script = write({ 'script.ts': TRAINING });
    const watched = await runFile(script);
    const hooks = path.join(path.dirname(script), 'plain.mjs');
    fs.writeFileSync(hooks, PLAIN(pathToFileURL(path.join(import.meta.dirname, '../../engine/host/api.ts')).href));
    const { stdout } = spawnSync(process.execPath, ['--import', pathToFileURL(hooks).href, script], {
      encoding: 'utf8',
    });
    expect(stdout.trim().split('\n')).toHaveLength(80);
    expect(watched.output).toBe(stdout);
  });

  // The sampler goes by the clock: one that only runs between steps makes measuring free, one that never runs then makes
  // it ruinous.
  test.each([
    ['all steps', '/decide/.test(new Error().stack) ? (clock += 1000) : clock', (n: number) => n === 80],
    ['next to none', '/decide/.test(new Error().stack) ? clock : (clock += 1000)', (n: number) => n < 10],
  ])('nor do activations, sampled at %s', async (_what, clock, meant) => {
    const plain = await run(TRAINING);
    const slow = `let clock = performance.now();\nperformance.now = () => ${clock};\n${TRAINING}`;
    const sampled = await run(slow, { budget: 5 });
    expect(sampled.output).toBe(plain.output);
    const measured = sampled.all('step').filter(({ operations }) => operations.ids.length > 0).length;
    expect(measured).toSatisfy(meant);
  });
});

describe('the log', () => {
  test('replayed, it is the run that was watched', async () => {
    const log = path.join(folder(), 'a.gradlens');
    const watched = await run(TRAINING, { log });
    const { run: replayed, fault } = await readLog(log);
    expect(fault).toBeNull();
    const again = new Run();
    for (const frame of watched.frames) again.apply(frame);
    for (const other of [replayed, again]) {
      const live = watched.run;
      expect(other.start).toEqual(live.start);
      expect(other.sources).toEqual(live.sources);
      expect(other.layers).toEqual(live.layers);
      expect(other.parameters).toEqual(live.parameters);
      expect(other.operations).toEqual(live.operations);
      expect(other.history.steps).toEqual(live.history.steps);
      expect(other.end).toEqual(live.end);
      expect([other.stepCount, other.firstLoss, other.bestLoss, other.seconds]).toEqual([
        live.stepCount,
        live.firstLoss,
        live.bestLoss,
        live.seconds,
      ]);
      for (const { id } of live.parameters) {
        expect(other.latestParameter(id)('updateNorm')).toBe(live.latestParameter(id)('updateNorm'));
      }
    }
  });

  test('of a run that was stopped in an endless loop', async () => {
    const { start } = await import('./scripts.ts');
    const log = path.join(folder(), 'a.gradlens');
    const watched = await start("console.log('in');\nfor (;;);\n", { log });
    await watched.until(({ kind }) => kind === 'output');
    await watched.live.stop();
    const { run: replayed, fault } = await readLog(log);
    expect(fault).toBeNull();
    expect(replayed.end).toEqual(watched.run.end);
  });
});
