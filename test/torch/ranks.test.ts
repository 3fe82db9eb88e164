import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { diagnose } from '../../engine/diagnose/diagnose.ts';
import { readLog } from '../../engine/host/readLog.ts';
import { freePort, interpreters, newLog, runAtOnce, scripts, watching } from './python.ts';

/**
 * Now and then torch 2.13 aborts where it takes its process group down, unwatched as well, and torchrun then ends the other
 * rank. That says nothing of the observer, so it's done again; what aborts three times in a row does so for another reason.
 */
async function unlessAborted<T extends { readonly stderr: string }>(attempt: () => Promise<T>): Promise<T> {
  let outcome = await attempt();
  for (let more = 2; more > 0 && outcome.stderr.includes('terminate called without an active exception'); more--) {
    outcome = await attempt();
  }
  return outcome;
}

describe.skipIf(interpreters.length === 0).each(interpreters)('torch $torch', (python) => {
  test('two ranks: a log each, and whose own gradient is far larger', async () => {
    const together = async (extra: Readonly<Record<string, string>>) => {
      const port = String(await freePort());
      const ranks = ['0', '1'].map((RANK) => {
        const env = { RANK, LOCAL_RANK: RANK, WORLD_SIZE: '2', MASTER_ADDR: '127.0.0.1', MASTER_PORT: port, ...extra };
        return runAtOnce(python, 'ranks.py', { env });
      });
      return Promise.all(ranks);
    };
    const log = newLog();
    const plain = await together({});
    const watched = await together(watching(log, 100));
    // torch 2.13 may abort when it takes its process group down, unwatched as well: what was computed counts
    const said = (ranks: typeof plain) => ranks.map(({ stdout }) => stdout);
    expect(said(watched)).toEqual(said(plain));
    expect(watched[0].stdout).toContain('fingerprint');
    const { run: first } = await readLog(log);
    const second = first.ranks.get(1)!;
    expect(first.start).toMatchObject({ rank: 0, worldSize: 2 });
    expect(second.start).toMatchObject({ rank: 1, worldSize: 2 });
    expect(first.parameters.map(({ name }) => name)).toEqual(['0.weight', '0.bias', '2.weight', '2.bias']);
    expect(first.layers.map(({ name }) => name).slice(0, 2)).toEqual(['model', '0']);
    for (const { id } of first.parameters) {
      const [a, b] = [first.latestParameter(id), second.latestParameter(id)];
      // averaged: the same on both
      expect(a('gradientNorm')).toBeCloseTo(b('gradientNorm'), 5);
      expect(a('localGradientNorm')).not.toBeCloseTo(b('localGradientNorm'), 5);
    }
    const own = (run: typeof first) => run.latestParameter(0)('localGradientNorm');
    expect(own(second)).toBeGreaterThan(5 * own(first));
  });

  // Debian's torch 1.13 has a torchrun that doesn't start
  test.skipIf(python.torch.startsWith('1.'))('torchrun, and parameters in shards', async () => {
    const torchrun = async (env?: Readonly<Record<string, string>>) => {
      const port = `--master_port=${await freePort()}`;
      const before = ['-m', 'torch.distributed.run', '--nproc_per_node=2', port];
      const { stdout, ...outcome } = await runAtOnce(python, 'sharded.py', { env, before });
      return { ...outcome, lines: stdout.match(/rank.*?;/g)?.sort() };
    };
    const plain = await unlessAborted(torchrun);
    let folder = '';
    const watched = await unlessAborted(() => {
      folder = `${newLog()}.folder/`;
      return torchrun(watching(folder, 100));
    });
    expect(watched).toEqual(plain);
    expect(plain.code).toBe(0);
    expect(plain.lines).toHaveLength(6); // three manners on two ranks
    const logs = fs.readdirSync(folder).sort();
    expect(logs.map((name) => name.slice(name.indexOf('.')))).toEqual(['.rank0.gradlens', '.rank1.gradlens']);
    const { run } = await readLog(path.join(folder, logs[0]));
    expect(run.start).toMatchObject({ rank: 0, worldSize: 2, script: path.join(scripts, 'sharded.py') });
    expect([run.stepCount, run.end?.ended]).toEqual([24, 'completed']);
    expect(run.notes.map(({ topic }) => topic)).toEqual(['unmeasured']);
    expect(run.firstLoss).toBeGreaterThan(0);
    expect(diagnose(run).map(({ id, evidence }) => `${id}: ${evidence}`)).toEqual([]);
  });
});
