import path from 'node:path';
import { EventEmitter } from 'vscode';
import { type LaunchOptions, launch } from '../../engine/host/launch.ts';
import type { WatchedRun } from '../../engine/host/liveRun.ts';
import { readLog } from '../../engine/host/readLog.ts';
import type { RunLogs } from './logs.ts';
import { type Before, Session } from './session.ts';

/** Runs kept for hovers and the panel. */
const KEPT = 8;

/**
 * The runs of this window: live ones, ended ones and those opened from logs. At most one of a script goes on at a time;
 * the one started or opened last is the current one.
 */
export class Runs {
  readonly #logs: RunLogs;
  /** Oldest first. */
  #sessions: Session[] = [];
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

  /** Newest first. */
  get all(): readonly Session[] {
    return [...this.#sessions].reverse();
  }

  /** The run that has loaded this file: the current one if it has, else the latest that has. */
  ofFile(file: string): Session | undefined {
    const has = (session: Session) => session.run.sources.has(file);
    return this.#current && has(this.#current) ? this.#current : this.all.find(has);
  }

  /** The run of `script` if that is going on, else the current one, else any that is. */
  live(script?: string): Session | undefined {
    const live = this.all.filter((session) => session.isLive);
    const current = live.find((session) => session === this.#current);
    return live.find((session) => session.script === script) ?? current ?? live[0];
  }

  byId(id: string): Session | undefined {
    return this.#sessions.find((session) => session.id === id);
  }

  /**
   * Runs a script. If it is still running, that run is stopped first; asked again in the meantime, only the last one
   * starts. Null if another start took over.
   */
  start(
    options: Omit<LaunchOptions, 'log'>,
    { untilSettled = false, before = null }: { untilSettled?: boolean; before?: Before | null } = {},
  ): Promise<Session | null> {
    const { script: file } = options;
    const ticket = (this.#tickets.get(file) ?? 0) + 1;
    this.#tickets.set(file, ticket);
    const turn = this.#starting.then(async () => {
      await this.#sessions.find((session) => session.isLive && session.script === file)?.stop();
      if (ticket !== this.#tickets.get(file) || this.#disposed) return null;
      const log = await this.#logs.create(file);
      const live = await launch({ ...options, log });
      // A new run of a script takes the place of its earlier ones; their logs are kept.
      this.#drop((session) => session.script === file && !session.isLive);
      const id = path.basename(log);
      return this.#add(new Session({ id, script: file, run: live.run, live, untilSettled, before }));
    });
    this.#starting = turn.catch(() => {});
    return turn;
  }

  /** Takes in a run that was started elsewhere, whose end isn't this window's to decide. */
  take(live: WatchedRun): Session {
    const { start } = live.run;
    const script = start?.script ?? '';
    this.#drop((session) => session.script === script && !session.isLive);
    const id = this.#logs.idOf(start?.log) ?? `${path.basename(script)} ${start?.startedAt} ${start?.pid}`;
    return this.#add(new Session({ id, script, run: live.run, live, isOwned: false }));
  }

  /** Opens a run log. @throws if it can't be read. */
  async open(file: string): Promise<Session> {
    const { run } = await readLog(file);
    const id = path.basename(file);
    this.#drop((session) => session.id === id && !session.isLive);
    return this.byId(id) ?? this.#add(new Session({ id, script: run.start?.script ?? file, run, live: null }));
  }

  /** The file of an earlier window's run, if its log is still there. */
  logOf(id: string): Promise<string | null> {
    return this.#logs.find(id);
  }

  /** Makes a run the current one. */
  show(session: Session): void {
    if (this.#current === session) return;
    this.#current = session;
    this.#changed.fire(session);
  }

  async dispose(): Promise<void> {
    this.#disposed = true;
    await Promise.all(this.#sessions.filter(({ isOwned }) => isOwned).map((session) => session.stop()));
    for (const session of this.#sessions) session.dispose();
    this.#changed.dispose();
    this.#started.dispose();
  }

  #add(session: Session): Session {
    this.#sessions.push(session);
    this.#current = session;
    const ended = this.#sessions.filter((other) => !other.isLive && other !== session);
    const spare = new Set(ended.slice(0, Math.max(0, this.#sessions.length - KEPT)));
    this.#drop((other) => spare.has(other));
    session.onDidChange(() => this.#changed.fire(session));
    this.#started.fire(session);
    this.#changed.fire(session);
    return session;
  }

  #drop(which: (session: Session) => boolean): void {
    const dropped = this.#sessions.filter(which);
    this.#sessions = this.#sessions.filter((session) => !dropped.includes(session));
    for (const session of dropped) session.dispose();
  }
}
