import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { propose } from '../../engine/repair/propose.ts';
import { copyFor } from '../../engine/repair/trial/copy.ts';
import { tryRemedies } from '../../engine/repair/trial/trial.ts';
import { folder, runFile, write } from '../host/scripts.ts';
import { copyOf } from './fixture.ts';
import { findingOf } from './remedy.ts';

const trialFolders = () =>
  fs.readdirSync(os.tmpdir()).filter((name) => name.startsWith(`gradlens-trial-${process.pid}-`));

/** Training processes that this process has started and that still are. */
const trainingChildren = () =>
  execFileSync('ps', ['-A', '-o', 'ppid=,stat=,args='], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.trim().startsWith(`${process.pid} `) && /engine[\\/]host[\\/]child/.test(line));

describe('trials', () => {
  test('moons-vanishing: a remedy is proven, and the controls cure nothing', async () => {
    const script = copyOf('moons-vanishing.ts');
    const { run } = await runFile(script, { steps: 100 });
    const finding = findingOf(run, 'vanishing-gradient');
    const progress: number[] = [];
    const proposals = await propose(finding, run);
    const tried = await tryRemedies(finding, run, proposals, {
      seeds: 3,
      onProgress: ({ done, total, running }) => {
        progress.push(done / total);
        expect(running.length).toBeLessThanOrEqual(Math.max(1, os.availableParallelism() - 1));
      },
    });
    expect(tried[0]).toMatchObject({ trial: { verdict: 'proven', cured: 3, seeds: 3, control: 0, random: 0 } });
    // as it is, the script doesn't learn: the test of the losses is the weaker one
    expect(tried[0].trial.p).toBeCloseTo(1 / 20, 9);
    expect(tried[0].trial.loss.remedy).toBeLessThan((tried[0].trial.loss.control as number) / 2);
    // what failed once can't be proven by two more seeds
    const failed = tried.filter(({ trial }) => trial.verdict === 'did-not-help');
    for (const { trial } of failed) expect(trial.seeds).toBeLessThan(3);
    expect(progress.at(-1)).toBe(1);
    expect(fs.readdirSync(path.dirname(script))).toEqual([path.basename(script)]);
    expect(trialFolders()).toEqual([]);
  });

  test('a cancelled trial leaves no process and no folder', async () => {
    const script = copyOf('moons-vanishing.ts');
    const { run } = await runFile(script, { steps: 60 });
    const finding = findingOf(run, 'vanishing-gradient');
    const stop = new AbortController();
    const reason = new Error('enough');
    let most = 0;
    const trial = tryRemedies(finding, run, await propose(finding, run), {
      processes: 2,
      signal: stop.signal,
      onProgress: ({ running }) => {
        most = Math.max(most, running.length);
        if (running.length === 2) setImmediate(() => stop.abort(reason));
      },
    });
    await expect(trial).rejects.toBe(reason);
    expect(most).toBe(2);
    expect(trainingChildren()).toEqual([]);
    expect(trialFolders()).toEqual([]);
  });

  test('a script whose copy fails even unchanged: untried, and why', async () => {
    const script = copyOf('moons-vanishing.ts');
    const once = path.join(folder(), 'once');
    const text = fs.readFileSync(script, 'utf8');
    fs.writeFileSync(
      script,
      `import fs from 'node:fs';\nif (fs.existsSync(${JSON.stringify(once)})) throw new Error('only once');\nfs.writeFileSync(${JSON.stringify(once)}, '');\n${text}`,
    );
    const { run } = await runFile(script, { steps: 60 });
    const finding = findingOf(run, 'vanishing-gradient');
    const tried = await tryRemedies(finding, run, await propose(finding, run), { seeds: 1 });
    for (const { trial } of tried) {
      expect(trial).toMatchObject({ verdict: 'untried', note: expect.stringContaining('only once') });
    }
  });
});

describe('a copy of the script’s folder', () => {
  test('has what the script reaches by ../ and what it is run in; writing stays in it', async () => {
    const project = folder();
    const script = write(
      { 'scripts/deep/a.ts': "read('../../data/x.csv')", 'data/x.csv': '1', 'scripts/deep/b.ts': '' },
      project,
    );
    const text = fs.readFileSync(script, 'utf8');
    const copy = await copyFor(script, path.dirname(script), new Map([[script, text]]), new Map([[script, 'changed']]));
    const own = path.dirname(copy.script);
    expect(fs.readFileSync(copy.script, 'utf8')).toBe('changed');
    expect(fs.readFileSync(path.join(own, '../../data/x.csv'), 'utf8')).toBe('1');
    expect(copy.cwd).toBe(own);
    fs.writeFileSync(path.join(own, '../../data/x.csv'), '2');
    fs.writeFileSync(path.join(own, 'b.ts'), 'written');
    fs.mkdirSync(path.join(own, 'out'));
    expect(fs.readFileSync(path.join(project, 'data/x.csv'), 'utf8')).toBe('1');
    expect(fs.readFileSync(path.join(project, 'scripts/deep/b.ts'), 'utf8')).toBe('');
    expect(fs.readFileSync(script, 'utf8')).toBe(text);
    expect(fs.readdirSync(path.dirname(script)).sort()).toEqual(['a.ts', 'b.ts']);
    await copy.remove();
    expect(fs.existsSync(own)).toBe(false);
  });
});
