import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { noticesFolder, postNotice } from '../../engine/host/python/windowFile.ts';

const notice = { folders: ['/work'], environment: { GRADLENS_WINDOW_TOKEN: 'secret' } };

test('a window’s notice can be read by its user alone, and goes with the window', () => {
  const home = fs.mkdtempSync(path.join(os.tmpdir(), 'gradlens-home-'));
  onTestFinished(() => fs.rmSync(home, { recursive: true, force: true }));
  const folder = noticesFolder(home);
  const gone = spawnSync(process.execPath, ['--version']).pid; // of a window that crashed
  fs.mkdirSync(folder, { recursive: true, mode: 0o755 });
  fs.writeFileSync(path.join(folder, `${gone}.json`), '{}');
  const withdraw = postNotice(notice, folder);
  expect(fs.readdirSync(folder)).toEqual([`${process.pid}.json`]);
  const file = path.join(folder, `${process.pid}.json`);
  expect(JSON.parse(fs.readFileSync(file, 'utf8'))).toEqual({ pid: process.pid, ...notice });
  if (process.platform !== 'win32') {
    expect(fs.statSync(file).mode & 0o777).toBe(0o600);
    expect(fs.statSync(folder).mode & 0o777).toBe(0o700);
  }
  postNotice(notice, folder); // once more, by the same window
  withdraw();
  expect(fs.readdirSync(folder)).toEqual([]);
});
