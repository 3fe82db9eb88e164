import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { listen } from '../../engine/host/link.ts';
import { noticesFolder, postNotice } from '../../engine/host/python/windowFile.ts';
import { readLog } from '../../engine/host/readLog.ts';
import type { Frame } from '../../engine/run/frame.ts';
import { interpreters, newLog, packages, runPython, scripts, watching } from './python.ts';

const withKernel = interpreters.filter(
  ({ path: python }) => spawnSync(python, ['-c', 'import ipykernel, jupyter_client']).status === 0,
);
if (withKernel.length === 0) test.skip('notebooks: no Python has both torch and ipykernel', () => {});

describe.each(withKernel)('torch $torch', (python) => {
  test('%load_ext gradlens in a real kernel', async () => {
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

  test('a kernel that no window has started finds its window', async () => {
    const home = fs.mkdtempSync(path.join(os.tmpdir(), 'gradlens-home-'));
    const link = await listen();
    onTestFinished(() => {
      link.close();
      fs.rmSync(home, { recursive: true, force: true });
    });
    const frames: Frame[] = [];
    let stepsBeforeTheEnd = 0;
    link.open((connection) => {
      connection.onFrames = (some) => frames.push(...some);
    });
    const environment = {
      GRADLENS_WINDOW_LINK: `127.0.0.1:${link.port}`,
      GRADLENS_WINDOW_TOKEN: link.token,
      GRADLENS_WINDOW_OPTIONS: JSON.stringify({ budget: 100 }),
    };
    const elsewhere = { ...environment, GRADLENS_WINDOW_TOKEN: 'of another window' };
    const notices = noticesFolder(home);
    postNotice({ folders: [scripts], environment }, notices);
    // opened later, but in another folder; and one that everybody can read
    postNotice({ folders: [home], environment: elsewhere }, notices, process.ppid);
    fs.writeFileSync(
      path.join(notices, 'open.json'),
      JSON.stringify({ pid: 1, folders: [scripts], environment: elsewhere }),
    );
    fs.chmodSync(path.join(notices, 'open.json'), 0o644);
    const { stdout, stderr } = await runPython(python, 'kernel.py', {
      env: { PYTHONPATH: packages, HOME: home, IPYTHONDIR: path.join(home, 'ipython') },
      onOutput: (text) => {
        if (text.includes('RuntimeError')) stepsBeforeTheEnd = frames.filter(({ kind }) => kind === 'step').length;
      },
    });
    expect(stdout.split('\n').filter(Boolean), stderr).toEqual(['trained', 'RuntimeError', 'still here']);
    // as it ran, not when the kernel was shut down
    expect(stepsBeforeTheEnd).toBeGreaterThan(0);
    expect(frames.filter(({ kind }) => kind === 'step')).toHaveLength(5);
    expect(frames[0]).toMatchObject({ kind: 'start', engine: 'torch' });
  });
});
