import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { readLog } from '../../engine/host/readLog.ts';
import type { Run } from '../../engine/run/run.ts';
import { interpreters, newLog, runPython, type Watched, watch, watching } from './python.ts';

/** What is seen in corners of torch. Everything else about them is the same for all: they train as unwatched. */
const corners: { readonly [corner: string]: (watched: Watched, torch: string) => void } = {
  // of the first that differentiates, whichever that is
  threads: ({ run }) => expect([run.stepCount, run.parameters.length]).toEqual([20, 4]),
  later: ({ run }) => expect([run.stepCount, run.parameters.length, run.optimizers.size]).toEqual([20, 4, 1]),
  // the parent's steps alone
  forked: ({ run }) => expect(run.stepCount).toBe(11),
  functional: ({ run }) => expect(run.stepCount).toBe(6),
  meta: ({ run }) => expect([run.stepCount, run.parameters.length]).toEqual([6, 4]),
  half: ({ run }) => {
    const low = run.parameters.find(({ dtype }) => dtype === 'float16');
    expect(low).toMatchObject({ name: 'low' });
    expect(run.latestParameter(low?.id ?? 0)('gradientNorm')).toBeGreaterThan(0);
  },
  data_parallel: ({ run }) => expect(run.parameters.map(({ name }) => name)).toContain('0.weight'),
  inductor: ({ run }, torch) => {
    expect(run.stepCount).toBe(4);
    expect(run.notes.map(({ topic }) => topic)).toEqual(torch.startsWith('1.') ? [] : ['compiled']);
  },
  wandering: ({ run }) => {
    expect(run.stepCount).toBe(12);
    expect(run.start?.script).toMatch(/corners\.py$/);
  },
  progress: ({ run }) => expect(run.stepCount).toBe(10),
  closed: ({ run }) => expect(run.stepCount).toBe(6),
  hooks: ({ run }) => expect(run.stepCount).toBe(12),
  anomaly: ({ run }) => expect(run.stepCount).toBe(6),
  // the sum of both tasks' losses
  multiple: ({ run }) => expect(run.firstLoss).toBeGreaterThan(0),
};
const compiler = ['gcc', 'cc', 'clang'].some((name) =>
  (process.env.PATH ?? '').split(path.delimiter).some((folder) => fs.existsSync(path.join(folder, name))),
);
if (!compiler) console.warn('SKIPPED: torch.compile with its own backend; there is no C++ compiler.');

describe.skipIf(interpreters.length === 0).each(interpreters)('torch $torch', (python) => {
  const names = Object.keys(corners).filter((name) => name !== 'inductor' || compiler);

  test.concurrent.each(names)('%s', async (corner) => {
    const how = { args: [corner], forked: true };
    const plain = await runPython(python, 'corners.py', how);
    const watched = await watch(python, 'corners.py', { ...how, budget: 100 });
    const { stdout, stderr, code, signal, run } = watched;
    expect({ stdout, stderr, code, signal }).toEqual(plain);
    expect(stdout).toMatch(/^fingerprint/m);
    expect(run.notes.filter(({ topic }) => topic === 'observer')).toEqual([]);
    expect(run.end).toMatchObject({ ended: 'completed' });
    corners[corner](watched, python.torch);
  });

  test.concurrent('a spawned child that trains has a log of its own', async () => {
    const folder = `${newLog()}.folder/`;
    const plain = await runPython(python, 'corners.py', { args: ['spawned'] });
    const env = watching(folder, 100);
    fs.mkdirSync(folder);
    expect(await runPython(python, 'corners.py', { args: ['spawned'], env })).toEqual(plain);
    const runs: Run[] = [];
    for (const name of fs.readdirSync(folder)) runs.push((await readLog(path.join(folder, name))).run);
    expect(runs.filter(({ stepCount }) => stepCount === 6)).toHaveLength(1);
  });
});
