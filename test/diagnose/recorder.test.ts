import fs from 'node:fs';
import path from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { Recorder } from '../bench/diagnosis/record.ts';
import { folder } from '../host/scripts.ts';

afterEach(() => vi.unstubAllEnvs());

test('a script’s data are found again after the checkout that they were linked to is gone', () => {
  vi.stubEnv('GRADLENS_CACHE', folder());
  vi.stubEnv('NODE_COMPILE_CACHE', process.env.NODE_COMPILE_CACHE ?? folder());
  const recorder = new Recorder();
  const script = recorder.written('text', '.ts');
  const data = path.join(path.dirname(script), 'iris.csv');
  fs.rmSync(data);
  fs.symlinkSync(path.join(folder(), 'gone.csv'), data);
  expect(recorder.written('text', '.ts')).toBe(script);
  expect(fs.readFileSync(data, 'utf8')).toMatch(/\d/);
});
