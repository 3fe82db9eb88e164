import fs from 'node:fs/promises';
import path from 'node:path';
import { FrameDecoder } from '../run/codec.ts';
import type { Frame, StartFrame, TensorFrame } from '../run/frame.ts';
import type { Run } from '../run/run.ts';
import type { WatchedRun } from './liveRun.ts';
import { noTensor } from './questions.ts';
import { RankedRun } from './rankedRun.ts';

/** How often logs are looked at, in milliseconds. File systems of other machines tell of no changes by themselves. */
const LOOK_EVERY = 400;
/** Ranks of one run begin within so many milliseconds; their machines' clocks may differ. */
const TOGETHER = 5 * 60_000;
const CHUNK_BYTES = 4 * 1024 * 1024;

/** A log that is still being written. */
class GrowingLog {
  readonly #file: string;
  readonly #decoder = new FrameDecoder();
  #read = 0;

  constructor(file: string) {
    this.#file = file;
  }

  /** What has come since the last time. */
  async more(): Promise<Frame[]> {
    const frames: Frame[] = [];
    const handle = await fs.open(this.#file).catch(() => null);
    if (!handle) return frames;
    try {
      const buffer = Buffer.alloc(Math.min(CHUNK_BYTES, Math.max(0, (await handle.stat()).size - this.#read)));
      while (buffer.length && !this.#decoder.fault) {
        const { bytesRead } = await handle.read(buffer, 0, buffer.length, this.#read);
        if (bytesRead === 0) break;
        this.#read += bytesRead;
        frames.push(...this.#decoder.push(new Uint8Array(buffer.subarray(0, bytesRead))));
      }
    } finally {
      await handle.close();
    }
    return frames;
  }
}

/** A run as its ranks' logs tell it, on this machine or on others. */
class TailedRun implements WatchedRun {
  readonly ended: Promise<void>;
  readonly #ranked = new RankedRun();
  readonly #first: StartFrame;
  readonly #seen = new Set<number>();
  readonly #settle: () => void;

  constructor(first: StartFrame) {
    this.#first = first;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.ended = promise;
    this.#settle = resolve;
  }

  get run(): Run {
    return this.#ranked.run;
  }

  get startedAt(): number {
    return this.#first.startedAt;
  }

  /** True if a log that begins so is of this run. */
  isOf(start: StartFrame): boolean {
    const { script, worldSize, startedAt } = this.#first;
    const alike = path.basename(script) === path.basename(start.script) && worldSize === start.worldSize;
    return alike && !this.#seen.has(start.rank ?? 0) && Math.abs(start.startedAt - startedAt) < TOGETHER;
  }

  apply(log: object, frames: readonly Frame[]): void {
    if (frames[0]?.kind === 'start') this.#seen.add(frames[0].rank ?? 0);
    if (!this.run.end) this.#ranked.apply(log, frames);
    if (this.run.end) this.#settle();
  }

  onFrames(listener: (frames: readonly Frame[]) => void): () => void {
    return this.#ranked.onFrames(listener);
  }

  /** A log can be read, not spoken to. */
  pause(): void {}
  resume(): void {}
  step(): void {}
  attend(): void {}
  async inspect(): Promise<TensorFrame> {
    return noTensor('This run is followed by its log: it can be read, not asked.');
  }

  async stop(): Promise<void> {
    this.#ranked.settle();
    if (this.run.end) return;
    const message = 'No longer followed. The training itself goes on.';
    const time = this.run.seconds;
    this.#ranked.add([{ kind: 'end', ended: 'stopped', exitCode: null, message, site: null, time }]);
    this.#settle();
  }
}

/**
 * Follows the run logs in a folder as they grow and as new ones come. `onRun` hears of the latest run that is there, and
 * of every one that begins later; the ranks of one run are one.
 */
export function followFolder(folder: string, onRun: (live: WatchedRun) => void): { close(): void } {
  const logs = new Map<string, { log: GrowingLog; of: TailedRun | null }>();
  const runs: TailedRun[] = [];
  let open = true;

  const look = async (first: boolean) => {
    const begun: TailedRun[] = [];
    for (const name of (await fs.readdir(folder).catch(() => [])).sort()) {
      if (!name.endsWith('.gradlens')) continue;
      const known = logs.get(name) ?? { log: new GrowingLog(path.join(folder, name)), of: null };
      logs.set(name, known);
      const frames = await known.log.more();
      const [start] = frames;
      if (!known.of && start?.kind === 'start') {
        known.of = runs.findLast((run) => run.isOf(start)) ?? null;
        if (!known.of) {
          known.of = new TailedRun(start);
          runs.push(known.of);
          begun.push(known.of);
        }
      }
      known.of?.apply(known.log, frames);
    }
    begun.sort((a, b) => a.startedAt - b.startedAt);
    for (const run of first ? begun.slice(-1) : begun) if (open) onRun(run);
  };

  const turn = async (first: boolean) => {
    await look(first);
    if (open) setTimeout(turn, LOOK_EVERY, false);
  };
  void turn(true);
  return {
    close() {
      open = false;
      for (const run of runs) void run.stop();
    },
  };
}
