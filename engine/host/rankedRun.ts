import type { Frame } from '../run/frame.ts';
import { Run } from '../run/run.ts';

/** How long rank 0 is waited for, in milliseconds: it may run on another machine. */
const PATIENCE = 3000;

/** One run made of what its processes say, each a source of frames: one process alone, or as many as there are ranks. */
export class RankedRun {
  /** Rank 0's, or that of the lowest rank there is. */
  readonly run = new Run();
  readonly #runs = new Map<object, Run>();
  /** What other ranks have said while rank 0 has not been heard of. */
  readonly #early = new Map<object, Frame[]>();
  readonly #listeners = new Set<(frames: readonly Frame[]) => void>();
  #timer: NodeJS.Timeout | null = null;

  /** The run of a rank, and the source that tells of it; undefined if there is none. */
  ofRank(rank: number): { readonly run: Run; readonly source: object | undefined } | undefined {
    const run = rank === (this.run.start?.rank ?? 0) ? this.run : this.run.ranks.get(rank);
    return run && { run, source: [...this.#runs].find(([, told]) => told === run)?.[0] };
  }

  /** The run that a source tells of; undefined before it's known which. */
  of(source: object): Run | undefined {
    return this.#runs.get(source);
  }

  /** Calls `listener` with frames of `run` after they have been applied; with none for other ranks' news. */
  onFrames(listener: (frames: readonly Frame[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Takes what a source has said; its first frame is its start. */
  apply(source: object, frames: readonly Frame[]): void {
    if (frames.length === 0) return;
    const known = this.#runs.get(source);
    if (known) {
      this.#tell(known, frames);
      return;
    }
    const early = this.#early.get(source);
    if (early) {
      early.push(...frames);
      return;
    }
    const rank = (frames[0].kind === 'start' && frames[0].rank) || 0;
    if (rank === 0) {
      // A further process that is no rank (a script may train in subprocesses, too) is heard by nobody.
      this.#join(source, this.run.start ? new Run() : this.run, frames);
      this.settle();
    } else if (this.run.start) this.#join(source, this.run.addRank(rank), frames);
    else {
      this.#early.set(source, [...frames]);
      this.#timer ??= setTimeout(() => this.settle(), PATIENCE);
    }
  }

  /** Goes on without rank 0 if that hasn't come. */
  settle(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    const early = [...this.#early].sort(([, a], [, b]) => rankOf(a) - rankOf(b));
    this.#early.clear();
    for (const [source, frames] of early)
      this.#join(source, this.run.start ? this.run.addRank(rankOf(frames)) : this.run, frames);
  }

  /** What is to be said of the run without any source. */
  add(frames: readonly Frame[]): void {
    this.#tell(this.run, frames);
  }

  #join(source: object, run: Run, frames: readonly Frame[]): void {
    this.#runs.set(source, run);
    this.#tell(run, frames);
  }

  #tell(run: Run, frames: readonly Frame[]): void {
    for (const frame of frames) run.apply(frame);
    for (const listener of this.#listeners) listener(run === this.run ? frames : []);
  }
}

const rankOf = ([first]: readonly Frame[]): number => (first?.kind === 'start' && first.rank) || 0;
