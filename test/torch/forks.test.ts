import fs from 'node:fs';
import { describe, expect, test } from 'vitest';
import { FrameDecoder } from '../../engine/run/codec.ts';
import { type How, interpreters, newLog, runPython, watching } from './python.ts';

/** What is of one run alone: processes, times. */
const OWN = new Set(['pid', 'startedAt', 'log', 'time', 'measuring']);

function framesOf(log: string) {
  const frames = new FrameDecoder().push(fs.readFileSync(log));
  return frames.map((frame) => Object.fromEntries(Object.entries(frame).filter(([name]) => !OWN.has(name))));
}

describe.skipIf(interpreters.length === 0).each(interpreters)('a fork is as any start, torch $torch', (python) => {
  const both = async (script: string, how: How) => [
    await runPython(python, script, how),
    await runPython(python, script, { ...how, forked: true }),
  ];

  test('what a script finds when it begins, and how it ends', async () => {
    const how = { args: ['a', 'b c'], env: { PYTHONPATH: '/of/the/user:relative' } };
    const [started, forked] = await both('start.py', how);
    expect(started).toMatchObject({ stderr: 'said\n', code: 3, signal: null });
    expect(forked).toEqual(started);
  });

  test('the same where it is watched: the observer is there before torch, and tells the same', async () => {
    const logs = [newLog(), newLog()];
    const how = (log: string, forked = false) => ({ env: watching(log, 100), forked });
    const started = await runPython(python, 'start.py', how(logs[0]));
    const forked = await runPython(python, 'start.py', how(logs[1], true));
    expect(started.stdout).toContain("_Finder'");
    expect(forked).toEqual(started);
    const [told, same] = logs.map(framesOf);
    expect(told.map(({ kind }) => kind)).toContain('step');
    expect(same).toEqual(told);
  });

  test('what a script has changed is nothing to the next', async () => {
    const how = { args: ['wandering'], forked: true };
    const first = await runPython(python, 'corners.py', how);
    await runPython(python, 'corners.py', { args: ['closed'], env: watching(newLog()), forked: true });
    expect(await runPython(python, 'corners.py', how)).toEqual(first);
  });

  test('an end by a signal', async () => {
    const [started, forked] = await both('fails.py', { args: ['kill'] });
    expect(started.signal).toBe('SIGKILL');
    expect(forked).toEqual(started);
  });
});
