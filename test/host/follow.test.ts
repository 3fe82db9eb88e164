import fs from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { WatchedRun } from '../../engine/host/liveRun.ts';
import { readLog } from '../../engine/host/readLog.ts';
import { followFolder } from '../../engine/host/tail.ts';
import { encodeFrame } from '../../engine/run/encoder.ts';
import type { Frame, StartFrame } from '../../engine/run/frame.ts';
import { start, step, streamOf } from '../run/frames.ts';
import { folder } from './scripts.ts';

const rank = (number: number, more: Partial<StartFrame> = {}): Frame => ({
  ...start,
  rank: number,
  worldSize: 2,
  ...more,
});
const end: Frame = { kind: 'end', ended: 'completed', exitCode: 0, message: null, site: null, time: 1 };

function follow(place: string) {
  const runs: WatchedRun[] = [];
  const following = followFolder(place, (run) => runs.push(run));
  onTestFinished(() => following.close());
  return runs;
}

test('two ranks’ logs, from two machines, grow into one run', async () => {
  const place = folder();
  const at = (name: string) => path.join(place, name);
  // the second rank's log is there first, and torn in the middle of a frame
  const torn = streamOf([rank(1, { startedAt: start.startedAt + 9000 }), step(0), step(1)]);
  fs.writeFileSync(at('a-200.rank1.gradlens'), torn.subarray(0, torn.length - 7));
  const runs = follow(place);
  fs.writeFileSync(at('b-100.rank0.gradlens'), streamOf([rank(0), step(0)]));
  await expect.poll(() => runs[0]?.run.ranks.get(1)?.stepCount).toBe(1);
  expect(runs).toHaveLength(1);
  expect(runs[0].run.start?.rank).toBe(0);

  fs.appendFileSync(at('a-200.rank1.gradlens'), torn.subarray(torn.length - 7));
  fs.appendFileSync(at('b-100.rank0.gradlens'), Buffer.concat([step(1), end].map(encodeFrame)));
  await runs[0].ended;
  expect(runs[0].run.stepCount).toBe(2);
  expect(runs[0].run.end).toMatchObject({ ended: 'completed' });
});

test('of what is there only the latest run is told, then every new one; what is not followed any more has ended', async () => {
  const place = folder();
  const log = (name: string, startedAt: number, ...frames: Frame[]) =>
    fs.writeFileSync(path.join(place, `${name}.gradlens`), streamOf([{ ...start, startedAt }, ...frames]));
  log('old', 1, end);
  log('recent', 2e9);
  const runs = follow(place);
  await expect.poll(() => runs.length).toBe(1);
  log('new', 3e9);
  await expect.poll(() => runs.length).toBe(2);
  expect(runs.map(({ run }) => run.start?.startedAt)).toEqual([2e9, 3e9]);
  await runs[0].stop();
  await runs[0].ended;
  expect(runs[0].run.end).toMatchObject({
    ended: 'stopped',
    message: expect.stringContaining('training itself goes on'),
  });
});

test('only rank 1’s logs are at hand: it stands for the run', async () => {
  const place = folder();
  fs.writeFileSync(path.join(place, 'x.rank1.gradlens'), streamOf([rank(1), step(0), end]));
  const runs = follow(place);
  await expect.poll(() => runs[0]?.run.end?.ended).toBe('completed');
  expect(runs[0].run.start?.rank).toBe(1);
});

test('a run log is read with those of its other ranks', async () => {
  const place = folder();
  for (const [name, number] of [
    ['run.gradlens', 0],
    ['run.rank1.gradlens', 1],
    ['other.rank2.gradlens', 2],
  ] as const)
    fs.writeFileSync(
      path.join(place, name),
      streamOf([rank(number), ...Array.from({ length: number + 1 }, (_, i) => step(i)), end]),
    );
  for (const name of ['run.gradlens', 'run.rank1.gradlens']) {
    const { run } = await readLog(path.join(place, name));
    expect(run.start?.rank).toBe(0);
    expect([...run.ranks].map(([key, { stepCount }]) => [key, stepCount])).toEqual([[1, 2]]);
  }
});
