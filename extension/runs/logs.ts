import fs from 'node:fs/promises';
import path from 'node:path';
import { logsOfRun, rankedName } from '../../engine/host/logFiles.ts';

/** So many logs are kept, and no more bytes than this; the oldest go first. */
const KEPT = 30;
const KEPT_BYTES = 1024 * 1024 * 1024;

export interface LogEntry {
  readonly file: string;
  readonly name: string;
  readonly modified: Date;
  readonly bytes: number;
}

/** The run logs of this machine's user, one a run, in the extension's own storage. */
export class RunLogs {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** A name for a new log; makes room for it. */
  async create(script: string): Promise<string> {
    const folder = await this.folder();
    const time = new Date().toISOString().replace(/[:.]/g, '-');
    return path.join(folder, `${path.basename(script)} ${time}.gradlens`);
  }

  /** The folder, for runs that are started elsewhere and name their logs themselves; makes room for them. */
  async folder(): Promise<string> {
    await fs.mkdir(this.#folder, { recursive: true });
    await this.#prune();
    return this.#folder;
  }

  /** The id of a run by its log, if that is kept here. */
  idOf(log: string | undefined): string | null {
    return log !== undefined && path.dirname(log) === path.resolve(this.#folder) ? path.basename(log) : null;
  }

  /** Newest first. */
  async list(): Promise<LogEntry[]> {
    const names = await fs.readdir(this.#folder).catch(() => []);
    const entries = await Promise.all(
      names.filter((name) => rankedName(name)?.[1] === 0).map((name) => this.#entry(name)),
    );
    return entries.filter((entry) => entry !== null).sort((a, b) => b.modified.getTime() - a.modified.getTime());
  }

  async find(id: string): Promise<string | null> {
    const entry = await this.#entry(path.basename(id));
    return entry?.file ?? null;
  }

  async #entry(name: string): Promise<LogEntry | null> {
    const file = path.join(this.#folder, name);
    const stat = await fs.stat(file).catch(() => null);
    return stat && { file, name, modified: stat.mtime, bytes: stat.size };
  }

  async #prune(): Promise<void> {
    let bytes = 0;
    const entries = await this.list();
    for (const [i, entry] of entries.entries()) {
      bytes += entry.bytes;
      if (i >= KEPT || bytes > KEPT_BYTES) {
        for (const log of await logsOfRun(entry.file)) await fs.rm(log, { force: true });
      }
    }
  }
}
