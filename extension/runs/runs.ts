import path from 'node:path';
import { EventEmitter, type Uri } from 'vscode';
import { LiveRun } from '../../engine/host/launch.ts';
import { readLog } from '../../engine/host/readLog.ts';
import type { RunLogs } from './logs.ts';
import { Session } from './session.ts';

/** Runs kept for hovers and the panel: the latest one of each script, so many in all. */
const KEPT = 8;

/** The runs of this window. At most one of a script goes on at a time; the one started last is the current one. */
export class Runs {
  readonly #logs: RunLogs;
  /** The latest run of each script, oldest first. */
  readonly #sessions = new Map<string, Session>();
  #current: Session | null = null;
  /** Starts wait for one another, so that pressing Run twice can't leave a process behind. */
  #starting: Promise<unknown> = Promise.resolve();
  /** Of each script, how often it has been asked for: only the last one starts. */
  readonly #tickets = new Map<string, number>();
  #disposed = false;
  readonly #changed = new EventEmitter<Session>();
  /** A run has news. */
  readonly onDidChange = this.#changed.event;
  readonly #started = new EventEmitter<Session>();
  /** A run has begun, or one was opened. */
  readonly onDidStart = this.#started.event;

  constructor(logs: RunLogs) {
    this.#logs = logs;
  }

  get current(): Session | null {
    return this.#current;
  }

  get all(): readonly Session[] {
    return [...this.#sessions.values()].reverse();
  }

  /** The latest run that has loaded this file. */
  ofFile(file: string): Session | undefined {
    return this.all.find((session) => session.run.sources.has(file));
  }

  /** The run of `script` if that is going on, else the current one, else any that is. */
  live(script?: string): Session | undefined {
    const live = this.all.filter((session) => session.isLive);
    return (
      live.find((session) => session.script === script) ?? live.find((session) => session === this.#current) ?? live[0]
    );
  }

  byId(id: string): Session | undefined {
    return this.all.find((session) => session.id === id);
  }

  /**
   * Runs a script. One that is still running is stopped first; asked again in the meantime, only the last one starts.
   * Null if another start took over.
   */
  start(script: Uri, cwd: string, { untilSettled = false } = {}): Promise<Session | null> {
    const ticket = (this.#tickets.get(script.fsPath) ?? 0) + 1;
    this.#tickets.set(script.fsPath, ticket);
    const turn = this.#starting.then(async () => {
      await this.#sessions.get(script.fsPath)?.stop();
      if (ticket !== this.#tickets.get(script.fsPath) || this.#disposed) return null;
      const log = await this.#logs.create(script.fsPath);
      const live = await LiveRun.launch({ script: script.fsPath, cwd, log });
      const id = path.basename(log);
      return this.#adopt(new Session({ id, script: script.fsPath, run: live.run, live, untilSettled }));
    });
    this.#starting = turn.catch(() => {});
    return turn;
  }

  /** Opens a run log. @throws if it can't be read. */
  async open(file: string): Promise<Session> {
    const { run } = await readLog(file);
    return this.#adopt(new Session({ id: path.basename(file), script: run.start?.script ?? file, run, live: null }));
  }

  /** The run of an earlier window, from its log. */
  async reopen(id: string): Promise<Session | null> {
    const known = this.byId(id);
    if (known) return known;
    const file = await this.#logs.find(id);
    return file ? this.open(file) : null;
  }

  async dispose(): Promise<void> {
    this.#disposed = true;
    await Promise.all(this.all.map((session) => session.stop()));
    for (const session of this.all) session.dispose();
    this.#changed.dispose();
    this.#started.dispose();
  }

  #adopt(session: Session): Session {
    this.#sessions.get(session.script)?.dispose();
    this.#sessions.delete(session.script);
    this.#sessions.set(session.script, session);
    for (const old of [...this.#sessions.values()]) {
      if (this.#sessions.size <= KEPT) break;
      if (old.isLive || old === session) continue;
      this.#sessions.delete(old.script);
      old.dispose();
    }
    this.#current = session;
    session.onDidChange(() => this.#changed.fire(session));
    this.#started.fire(session);
    this.#changed.fire(session);
    return session;
  }
}
