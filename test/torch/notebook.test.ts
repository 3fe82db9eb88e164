import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { readLog } from '../../engine/host/readLog.ts';
import { interpreters, newLog, packages, runPython, watching } from './python.ts';

const withKernel = interpreters.filter(
  ({ path }) => spawnSync(path, ['-c', 'import ipykernel, jupyter_client']).status === 0,
);
if (withKernel.length === 0) test.skip('notebooks: no Python has both torch and ipykernel', () => {});

describe.each(withKernel)('torch $torch', (python) => {
  test('%load_ext gradlens in a real kernel', { timeout: 120_000 }, async () => {
    const log = newLog();
    const { GRADLENS: _, ...environment } = watching(log, 100);
    const env = { ...environment, PYTHONPATH: packages };
    const { stdout, stderr } = await runPython(python, 'kernel.py', { env });
    expect(stdout.split('\n').filter(Boolean), stderr).toEqual(['trained', 'RuntimeError', 'still here']);
    const { run } = await readLog(log);
    expect(run.stepCount).toBe(5);
    expect(run.parameters.map(({ name }) => name)).toEqual(['0.weight', '0.bias', '2.weight', '2.bias']);
    expect(run.layers[0]).toMatchObject({ name: 'net', site: { line: 4 } });
    // the text of the cell that made it is part of the run
    expect(run.sources.get(run.layers[0].site?.file ?? '')).toContain('nn.Sequential(');
    expect(run.error).toBeNull(); // a cell that fails is no end
  });
});
