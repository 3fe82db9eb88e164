import { diagnose } from '../../diagnose/diagnose.ts';
import type { FindingId } from '../../diagnose/finding.ts';
import { isPython, type LaunchOptions, launch } from '../../host/launch.ts';
import { Forks } from '../../host/python/forks.ts';
import type { Run } from '../../run/run.ts';
import { copyFor } from './copy.ts';
import { stands } from './outcome.ts';
import { standalone } from './torchrun.ts';

/** One run that a trial asks for. */
export interface AskedRun {
  /** Files that differ from the script's own, by absolute path. */
  readonly texts: ReadonlyMap<string, string>;
  readonly seed: number;
  readonly steps: number;
  /** The run may end as soon as this finding stands; null where its last loss is wanted in any case. */
  readonly until: FindingId | null;
  readonly signal: AbortSignal;
}

/** Makes a run, and gives it when it's over. @throws the signal's reason when aborted, once no process is left. */
export type Runner = (asked: AskedRun) => Promise<Run>;

const DIAGNOSE_EVERY = 100;
/** No run of a trial takes longer, in milliseconds. */
const LONGEST = 120_000;

/** Makes runs until it's closed. */
export interface Copies {
  readonly run: Runner;
  /** Once no run is under way. */
  close(): Promise<void>;
}

/** Runs a script on copies of its folder. `sources`: its files as they are tried. */
export function onCopies(
  script: string,
  cwd: string,
  sources: ReadonlyMap<string, string>,
  options: Pick<LaunchOptions, 'arguments' | 'budget' | 'python'> = {},
): Copies {
  const forks = new Forks();
  // In the background: no terminal is opened, and nothing is printed.
  const { torchrun } = options.python ?? {};
  const apart = torchrun && { torchrun: standalone(torchrun) };
  const python = isPython(script) ? { python: { ...options.python, ...apart, start: forks.start } } : {};
  return {
    async run({ texts, seed, steps, until, signal }) {
      const copy = await copyFor(script, cwd, sources, texts);
      try {
        return await runUntil(until, signal, {
          ...options,
          ...python,
          script: copy.script,
          cwd: copy.cwd,
          steps,
          seed,
          // as many runs as pay are under way at once
          threads: 1,
        });
      } finally {
        await copy.remove();
      }
    },
    close: () => forks.close(),
  };
}

/** Never leaves a process behind. */
async function runUntil(until: FindingId | null, signal: AbortSignal, options: LaunchOptions): Promise<Run> {
  signal.throwIfAborted();
  const live = await launch(options);
  const { run } = live;
  const stop = () => void live.stop();
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  const longest = setTimeout(stop, LONGEST);
  const timer = setInterval(() => {
    if (until && stands(run, diagnose(run), until)) void live.stop('settled');
  }, DIAGNOSE_EVERY);
  await live.ended;
  clearTimeout(longest);
  clearInterval(timer);
  signal.removeEventListener('abort', stop);
  signal.throwIfAborted();
  return run;
}
