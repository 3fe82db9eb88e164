import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { isPython, type LaunchOptions, launch as launchRun } from '../../engine/host/launch.ts';
import type { LiveRun } from '../../engine/host/liveRun.ts';
import type { Frame, FrameKind, StepFrame } from '../../engine/run/frame.ts';
import type { Run } from '../../engine/run/run.ts';
import type { ParameterStatistic } from '../../engine/run/statistics.ts';
import type { Site } from '../../engine/site.ts';

/** Texts of files by name, the script first. */
export type Files = { readonly [name: string]: string };

export const EXAMPLES = path.join(import.meta.dirname, '../../examples/scripts');

/** A folder of its own for a test, gone afterwards. */
export function folder(prefix = 'gradlens-test-'): string {
  const made = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), prefix)));
  onTestFinished(() => fs.rmSync(made, { recursive: true, force: true }));
  return made;
}

/** Writes files into a folder of their own; gives the path of the first. */
export function write(files: string | Files, into = folder()): string {
  const texts = typeof files === 'string' ? { 'script.ts': files } : files;
  for (const [name, text] of Object.entries(texts)) {
    fs.mkdirSync(path.dirname(path.join(into, name)), { recursive: true });
    fs.writeFileSync(path.join(into, name), text);
  }
  return path.join(into, Object.keys(texts)[0]);
}

/** A script that runs, with everything it has said so far. */
export class Watched {
  readonly live: LiveRun;
  readonly frames: Frame[] = [];

  constructor(live: LiveRun) {
    this.live = live;
    live.onFrames((frames) => this.frames.push(...frames));
  }

  get run(): Run {
    return this.live.run;
  }

  all<K extends FrameKind>(kind: K): Extract<Frame, { kind: K }>[] {
    return this.frames.filter((frame): frame is Extract<Frame, { kind: K }> => frame.kind === kind);
  }

  get losses(): number[] {
    return this.all('step').map(({ loss }) => loss);
  }

  /** What it printed. */
  get output(): string {
    return this.all('output')
      .map(({ text }) => text)
      .join('');
  }

  /** Settles with the first frame (of those told and those to come) that is meant; fails if the run ends without one. */
  until(meant: (frame: Frame) => boolean): Promise<Frame> {
    const told = this.frames.find(meant);
    if (told) return Promise.resolve(told);
    return new Promise((resolve, reject) => {
      const off = this.live.onFrames((frames) => {
        const found = frames.find(meant);
        if (!found) return;
        off();
        resolve(found);
      });
      void this.live.ended.then(() => reject(new Error(`The run ended before: ${JSON.stringify(this.run.end)}`)));
    });
  }
}

type Options = Partial<Omit<LaunchOptions, 'script'>>;

/**
 * Starts a script that exists. It is killed after the test if it still runs. The embedded engine measures everything at every
 * step, so that what is found doesn't hang on how busy the machine is.
 */
export async function launch(script: string, options: Options = {}): Promise<Watched> {
  const budget = isPython(script) ? undefined : 100;
  const watched = new Watched(await launchRun({ cwd: path.dirname(script), budget, ...options, script }));
  onTestFinished(async () => {
    if (!watched.run.end) await watched.live.stop();
  });
  return watched;
}

/** Runs a script that exists to its end. */
export async function runFile(script: string, options: Options = {}): Promise<Watched> {
  const watched = await launch(script, options);
  await watched.live.ended;
  return watched;
}

export const start = (files: string | Files, options?: Options): Promise<Watched> => launch(write(files), options);
export const run = (files: string | Files, options?: Options): Promise<Watched> => runFile(write(files), options);
export const example = (name: string, options?: Options): Promise<Watched> =>
  runFile(path.join(EXAMPLES, `${name}.ts`), options);

/** `script.ts:5:11` */
export const placeOf = (site: Site | null | undefined): string | null =>
  site ? `${path.basename(site.file)}:${site.line}:${site.column}` : null;

export const isStep =
  (number: number) =>
  (frame: Frame): frame is StepFrame =>
    frame.kind === 'step' && frame.step === number;

/** True while a process exists. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  // a zombie has ended and only waits to be asked
  return !/^State:\s*Z/m.test(readIfThere(`/proc/${pid}/status`));
}

function readIfThere(file: string): string {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/** A statistic of a parameter at every step. */
export function series({ run }: Watched, name: string, statistic: ParameterStatistic): number[] {
  const { id } = run.parameters.find((parameter) => parameter.name === name)!;
  return run.history.steps.map((step) => run.parameterAt(step, id)(statistic));
}
