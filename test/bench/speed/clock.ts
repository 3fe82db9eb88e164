/** One step of training; gives its loss where that is wanted. */
export type Step = (wanted: boolean) => number | undefined | Promise<number | undefined>;

/** What a process that trains says of itself, as JSON on its last line. */
export interface Timing {
  /** Steps per second. */
  readonly rate: number;
  /** Milliseconds of processor time of the whole process, all threads, per step. */
  readonly cpu: number;
  /** Peak of the process, MB. */
  readonly megabytes: number;
  /** What training added to what the process was after its imports, MB. */
  readonly stepMegabytes: number;
  /** Of the first steps. */
  readonly losses: readonly number[];
  readonly version: string;
  /** Where a subject chooses among ways to be fast. */
  readonly setting?: string;
}

/** How many losses are compared. */
const CHECKED = 3;
/** Who takes as many milliseconds for a step is timed while the last of them is taken: warm by then, and slow enough. */
const SLOW = 1000;
const MEGABYTE = 1024 ** 2;

/** To be taken once everything is imported and nothing is built. */
export const residentMegabytes = (): number => process.memoryUsage.rss() / MEGABYTE;

/** Takes the first losses, warms up for `seconds`, then times steps for at least as long. `workloads.py` does the same. */
export async function time(step: Step, seconds: number, before: number, version: string): Promise<Timing> {
  const began = performance.now();
  const losses: number[] = [];
  const check = async () => {
    losses.push((await step(true))!);
  };
  while (losses.length < CHECKED - 1) await check();
  const last = await timed(check, 0);
  if (last.elapsed >= SLOW) return timing(last, losses, before, version);
  const enough = began + 1000 * seconds;
  while (performance.now() < enough) {
    const pending = step(false);
    if (pending instanceof Promise) await pending;
  }
  return timing(await timed(step, seconds), losses, before, version);
}

interface Timed {
  readonly count: number;
  readonly elapsed: number;
  readonly used: number;
}

function timing({ count, elapsed, used }: Timed, losses: readonly number[], before: number, version: string): Timing {
  const megabytes = process.resourceUsage().maxRSS / 1024;
  return {
    rate: (1000 * count) / elapsed,
    cpu: used / count,
    megabytes,
    stepMegabytes: megabytes - before,
    losses,
    version,
  };
}

/** Steps for as many seconds, one at least. */
async function timed(step: Step | (() => Promise<void>), seconds: number): Promise<Timed> {
  const used = process.cpuUsage();
  const start = performance.now();
  let count = 0;
  let elapsed = 0;
  do {
    const pending = step(false);
    if (pending instanceof Promise) await pending;
    count++;
    elapsed = performance.now() - start;
  } while (elapsed < 1000 * seconds);
  const { user, system } = process.cpuUsage(used);
  return { count, elapsed, used: (user + system) / 1000 };
}
