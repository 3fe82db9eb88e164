import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { findInterpreter, InterpreterError, type PythonProblem } from '../../engine/host/python/interpreter.ts';
import { describeTorch } from './pythons.ts';
import { folder } from './scripts.ts';

/** A program that answers as a Python would. */
function fake(answer: string, name = 'python'): string {
  const file = path.join(folder('gradlens python-'), name); // with a space
  fs.writeFileSync(file, `#!/bin/sh\necho some warning\necho '${answer}'\n`, { mode: 0o755 });
  return file;
}

const answer = (version: string, torch: string | null) =>
  `gradlens:${JSON.stringify({ path: '/my py/bin/python', version, torch })}`;

async function problemWith(python: string): Promise<InterpreterError> {
  const error = await findInterpreter(python).then(
    () => null,
    (thrown) => thrown,
  );
  expect(error).toBeInstanceOf(InterpreterError);
  return error;
}

test.each<[string, string, PythonProblem, RegExp]>([
  ['no torch', answer('3.12.1', null), 'no-torch', /no torch.*"\/my py\/bin\/python" -m pip install torch$/],
  ['too old a torch', answer('3.9.0', '1.12.1'), 'old-torch', /torch 1\.12\.1; GradLens needs 1\.13 or newer/],
  ['too old a Python', answer('3.7.9', '1.13.1'), 'old-python', /Python 3\.7\.9; GradLens needs 3\.8 or newer/],
  ['no Python at all', 'hello', 'missing', /There is no Python at .*Choose another interpreter/],
])('%s: what to do is said', async (_what, says, problem, message) => {
  const error = await problemWith(fake(says));
  expect(error.problem).toBe(problem);
  expect(error.message).toMatch(message);
});

test('torch that is installed in the meantime is found', async () => {
  const python = fake(answer('3.12.1', null));
  await problemWith(python);
  fs.writeFileSync(python, `#!/bin/sh\necho '${answer('3.12.1', '2.0.0')}'\n`);
  expect(await findInterpreter(python)).toMatchObject({ torch: '2.0.0' });
});

test('a name that is not on the path', async () => {
  const { problem, message } = await problemWith('python-of-nobody');
  expect(problem).toBe('missing');
  expect(message).toMatch(/no python-of-nobody on the path.*--python PATH.*gradlens\.python/);
});

describeTorch('a real interpreter', (python) => {
  test('is asked for its versions', async () => {
    const { torch, version } = await findInterpreter(python.path);
    expect(torch).toBe(python.torch);
    expect(version).toMatch(/^3\.\d+\.\d+$/);
  });
});
