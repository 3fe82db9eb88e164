import { EventEmitter, type Memento } from 'vscode';
import type { FindingId } from '../../engine/diagnose/finding.ts';
import { Disposables } from '../dispose.ts';

const KEY = 'ignoredFindings';

/** A finding that a person doesn't want to see on a line; the line is known by its text, so that it may move. */
export interface IgnoredFinding {
  readonly file: string;
  readonly id: FindingId;
  readonly line: string;
}

/** What is ignored in this workspace. */
export class Ignored extends Disposables {
  readonly #memory: Memento;
  readonly #changed = this.add(new EventEmitter<string>());
  /** With the file. */
  readonly onDidChange = this.#changed.event;

  constructor(memory: Memento) {
    super();
    this.#memory = memory;
  }

  get all(): readonly IgnoredFinding[] {
    return this.#keys.map((key) => {
      const [file, id, line] = JSON.parse(key);
      return { file, id, line };
    });
  }

  has(file: string, finding: string, line: string): boolean {
    return this.#keys.includes(keyOf(file, finding, line));
  }

  async ignore(file: string, finding: FindingId, line: string): Promise<void> {
    await this.#memory.update(KEY, [...new Set([...this.#keys, keyOf(file, finding, line)])]);
    this.#changed.fire(file);
  }

  /** Takes it back. */
  async show({ file, id, line }: IgnoredFinding): Promise<void> {
    const shown = keyOf(file, id, line);
    await this.#memory.update(
      KEY,
      this.#keys.filter((key) => key !== shown),
    );
    this.#changed.fire(file);
  }

  get #keys(): readonly string[] {
    return this.#memory.get<readonly string[]>(KEY, []);
  }
}

const keyOf = (file: string, finding: string, line: string) => JSON.stringify([file, finding, line.trim()]);
