import { EventEmitter, type Memento } from 'vscode';
import { Disposables } from '../dispose.ts';

const KEY = 'ignoredFindings';

/** Findings that a person doesn't want to see on a line; the line is known by its text, so that it may move. */
export class Ignored extends Disposables {
  readonly #memory: Memento;
  readonly #changed = this.add(new EventEmitter<string>());
  /** With the file. */
  readonly onDidChange = this.#changed.event;

  constructor(memory: Memento) {
    super();
    this.#memory = memory;
  }

  has(file: string, finding: string, line: string): boolean {
    return this.#all.includes(keyOf(file, finding, line));
  }

  async ignore(file: string, finding: string, line: string): Promise<void> {
    await this.#memory.update(KEY, [...new Set([...this.#all, keyOf(file, finding, line)])]);
    this.#changed.fire(file);
  }

  get #all(): readonly string[] {
    return this.#memory.get<readonly string[]>(KEY, []);
  }
}

const keyOf = (file: string, finding: string, line: string) => JSON.stringify([file, finding, line.trim()]);
