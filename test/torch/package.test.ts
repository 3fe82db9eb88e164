import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { diagnose } from '../../engine/diagnose/diagnose.ts';
import { examples, interpreters, newLog, packages, runPython, watch } from './python.ts';

describe.skipIf(interpreters.length === 0).each(interpreters)('torch $torch', (python) => {
  test('statistics beside torch’s own', async () => {
    const outcome = await runPython(python, 'exactness.py', { env: { PYTHONPATH: packages } });
    expect(outcome).toMatchObject({ stdout: 'exact\n', stderr: '' });
  });

  test('the operation that made the first NaN, at its line', async () => {
    const { run } = await watch(python, 'nonfinite.py', { forked: true });
    expect(run.nonFinite).toMatchObject({ step: 30, operation: 'log', value: 'NaN', site: { line: 18 } });
    expect(run.nonFinite?.inputs[0].max).toBeLessThan(0);
    const finding = diagnose(run).find(({ id }) => id === 'non-finite');
    expect(finding).toMatchObject({ cause: 'forward-overflow', site: { line: 18 } });
    expect(finding?.evidence).toMatch(/log made NaN/);
  });

  test('data that was not finite to begin with', async () => {
    const { run } = await watch(python, 'nonfinite.py', { args: ['input'], forked: true });
    expect(run.nonFinite).toMatchObject({
      step: 30,
      operation: 'linear',
      value: 'NaN',
      inputs: [],
      site: { line: 13 },
    });
  });

  test('as a wheel', async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'gradlens-wheel-'));
    onTestFinished(() => fs.rmSync(folder, { recursive: true, force: true }));
    const source = path.join(folder, 'source');
    fs.cpSync(packages, source, { recursive: true });
    const pip = (...args: string[]) =>
      spawnSync(python.path, ['-m', 'pip', '-q', '--disable-pip-version-check', ...args], { encoding: 'utf8' });
    const built = pip('wheel', source, '--no-deps', '--no-build-isolation', '--no-index', '-w', folder);
    expect(built.status, built.stderr).toBe(0);
    const wheel = fs.readdirSync(folder).find((name) => name.endsWith('.whl')) ?? '';
    expect(wheel).toMatch(/^gradlens-.*-py3-none-any\.whl$/);
    const site = path.join(folder, 'site');
    const installed = pip('install', path.join(folder, wheel), '--no-deps', '--no-index', '--target', site);
    expect(installed.status, installed.stderr).toBe(0);
    const log = newLog();
    const env = { PYTHONPATH: site, GRADLENS_LOG: log };
    const outcome = await runPython(python, path.join(examples, 'backprop.py'), { before: ['-m', 'gradlens'], env });
    expect(outcome).toMatchObject({ stdout: 'Gradient (dL/dw): -24.0\n', stderr: '' });
    expect(fs.existsSync(log)).toBe(true);
  });
});

const old = ['python3.8', path.join(os.homedir(), '.pyenv/versions/3.8.18/bin/python')].find(
  (name) => spawnSync(name, ['--version']).status === 0,
);
if (!old) console.warn('SKIPPED: that Python 3.8 compiles the observer; there is none.');
test.skipIf(!old)('Python 3.8 compiles the observer', () => {
  const script = `
import pathlib, sys
assert sys.version_info < (3, 9)
files = list(pathlib.Path(sys.argv[1]).rglob("*.py"))
for file in files:
    compile(file.read_text(encoding="utf-8"), str(file), "exec")
print(len(files))`;
  const { stdout, stderr } = spawnSync(old as string, ['-c', script, packages], { encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(Number(stdout)).toBeGreaterThan(20);
});
