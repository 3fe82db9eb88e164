import path from 'node:path';
import { expect, test } from 'vitest';
import { diagnose } from '../../engine/diagnose/diagnose.ts';
import { propose } from '../../engine/repair/propose.ts';
import { onCopies } from '../../engine/repair/trial/runner.ts';
import { describeTorch } from '../host/pythons.ts';
import { run, write } from '../host/scripts.ts';
import { faults } from './pythonFaults.ts';
import { findingOf, remedied } from './remedy.ts';
import { shapes } from './shapes.ts';
import { singles } from './singles.ts';

const REMEDIES = ['normalization', 'residual', 'activation', 'initialization', 'clip', 'learning-rate', 'warm-up'];
const python = Object.entries(shapes).filter(([, { file }]) => file.endsWith('.py'));

describeTorch('remedies of Python scripts', ({ path: interpreter }) => {
  const train = async (text: string) => (await run({ 'train.py': text }, { python: { interpreter, budget: 100 } })).run;

  test.each(python)('%s: runs with every remedy at once', { timeout: 120_000 }, async (_name, { file, text }) => {
    let after = text;
    let edits = 0;
    for (const id of REMEDIES) {
      const outcome = await remedied(id, file, after);
      after = outcome.after;
      edits += outcome.edit ? 1 : 0;
    }
    expect(edits).toBeGreaterThanOrEqual(4);
    const trained = await train(after);
    expect(trained.error, after).toBeNull();
    expect(trained.stepCount).toBe(30);
  });

  const alone = Object.entries(singles).filter(([, { file }]) => file.endsWith('.py'));

  test.each(alone)('%s: what one remedy writes runs', { timeout: 120_000 }, async (_name, { remedy, file, text }) => {
    const { after } = await remedied(remedy, file, text);
    expect(after).not.toBe(text);
    const trained = await train(after);
    expect(trained.error, after).toBeNull();
    expect(trained.stepCount).toBe(30);
    expect(trained.history.last?.loss).toBeLessThan(trained.firstLoss);
  });

  const cures = Object.entries(faults).flatMap(([name, fault]) =>
    fault.remedies.map((remedy) => [name, remedy, fault] as const),
  );
  test.each(cures)('%s: cured by %s', { timeout: 120_000 }, async (_name, remedy, { finding, text }) => {
    const before = await train(text);
    const proposals = await propose(findingOf(before, finding), before);
    const proposal = proposals.find(({ id }) => id === remedy);
    const [{ after }] = [...(proposal?.edit?.texts.values() ?? [{ after: '' }])];
    expect(after, proposal?.reason ?? `no ${remedy} among ${proposals.map(({ id }) => id)}`).not.toBe('');
    const cured = await train(after);
    expect(cured.error, after).toBeNull();
    expect(diagnose(cured).map(({ id, evidence }) => `${id}: ${evidence}`)).toEqual([]);
  });

  test('the runs of a trial compute with one thread each, whatever torch would take', async () => {
    const script = write({ 'train.py': 'import torch\nraise RuntimeError(f"{torch.get_num_threads()} threads")\n' });
    const copies = onCopies(script, path.dirname(script), new Map(), { python: { interpreter } });
    const { signal } = new AbortController();
    const { error } = await copies.run({ texts: new Map(), seed: 1, steps: 1, until: null, signal });
    await copies.close();
    expect(error?.message).toBe('1 threads');
  });
});
