import { diffArrays } from 'diff';

/**
 * Where the lines of a text that was run are now, after edits. A line that was changed or removed is nowhere; nothing
 * is guessed. Lines count from 1.
 */
export class LineMap {
  /** No line has changed; how lines end doesn't matter. */
  readonly unchanged: boolean;
  readonly #lineNow = new Map<number, number>();
  readonly #lineOfRun = new Map<number, number>();

  constructor(then: string, now: string) {
    let a = 1;
    let b = 1;
    const parts = diffArrays(lines(then), lines(now));
    this.unchanged = parts.every(({ added, removed }) => !added && !removed);
    for (const { added, removed, value } of parts) {
      if (!added && !removed) {
        for (let i = 0; i < value.length; i++) {
          this.#lineNow.set(a + i, b + i);
          this.#lineOfRun.set(b + i, a + i);
        }
      }
      if (!added) a += value.length;
      if (!removed) b += value.length;
    }
  }

  /** The line where a line of the run is now; undefined if it has changed. */
  toNow(line: number): number | undefined {
    return this.#lineNow.get(line);
  }

  /** The line of the run that a present line is; undefined if it is new or has changed. */
  toRun(line: number): number | undefined {
    return this.#lineOfRun.get(line);
  }
}

const lines = (text: string) => text.split(/\r?\n/);
