import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { folder, runFile, write } from './scripts.ts';

test('through a symbolic link, files have the names they were given', async () => {
  const real = folder();
  write(
    { 'script.ts': "import { f } from './lib/other.ts';\nf();\n", 'lib/other.ts': 'export const f = () => null.x;\n' },
    real,
  );
  const link = path.join(folder(), 'link');
  fs.symlinkSync(real, link);
  const { run } = await runFile(path.join(link, 'script.ts'));
  const other = path.join(link, 'lib/other.ts');
  expect([...run.sources.keys()]).toEqual([path.join(link, 'script.ts'), other]);
  expect(run.error?.site).toMatchObject({ file: other, line: 1 });
});

test('through a link that is called like what it leads to, and lies above it, too', async () => {
  const outer = folder();
  write(
    { 'shared/script.ts': "import { f } from '../other.ts';\nf();\n", 'other.ts': 'export const f = () => 1;\n' },
    outer,
  );
  fs.mkdirSync(path.join(outer, 'inner'));
  fs.symlinkSync(path.join(outer, 'shared'), path.join(outer, 'inner/shared'));
  const script = path.join(outer, 'inner/shared/script.ts');
  const { run } = await runFile(script);
  expect(run.error).toBeNull();
  expect([...run.sources.keys()]).toEqual([script, path.join(outer, 'other.ts')]);
});

test('a folder with parentheses', async () => {
  const { run } = await runFile(write('const a = 1;\nnull.x;\n', folder('project (1) ')));
  expect(run.error?.site).toMatchObject({ file: run.start?.script, line: 2 });
  expect(run.error?.stack).toContain(`${run.start?.script}:2:`);
});

test('data that a script imports is none of its sources', async () => {
  const script = write({
    'script.ts': "import data from './data.json' with { type: 'json' };\nconsole.log(data.x);\n",
    'data.json': '{ "x": 7 }',
  });
  const watched = await runFile(script);
  expect(watched.output).toBe('7\n');
  expect([...watched.run.sources.keys()]).toEqual([script]);
});
