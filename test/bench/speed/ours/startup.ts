/**
 * `node startup.ts LAUNCHER SCRIPT ROUNDS`: what passes from pressing Run to the first numbers, as JSON: milliseconds after
 * the launcher (a bundle of engine/host/launch.ts, as the extension has it) was asked.
 */
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type * as Host from '../../../../engine/host/launch.ts';

const [launcher, script, rounds] = process.argv.slice(2);
const { launch } = (await import(pathToFileURL(launcher).href)) as typeof Host;

const now = () => performance.timeOrigin + performance.now();

async function started(): Promise<Record<string, number>> {
  const marks: Record<string, number> = {};
  const pressed = now();
  const mark = (name: string, at = now()) => {
    marks[name] ??= at - pressed;
  };
  const live = await launch({ script, cwd: path.dirname(script) });
  live.onFrames((frames) => {
    mark('first frame');
    for (const frame of frames) {
      // what the script itself says: `ready 1700000000000.5`
      if (frame.kind === 'output')
        mark(...(frame.text.split(' ').map((word, i) => (i ? Number(word) : word)) as [string, number]));
      if (frame.kind === 'step') mark('first point');
    }
  });
  await live.ended;
  if (live.run.error) throw new Error(live.run.error.message);
  return marks;
}

const all: Record<string, number>[] = [];
for (let round = 0; round < Number(rounds); round++) all.push(await started());
console.log(JSON.stringify(all));
