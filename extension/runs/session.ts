import path from 'node:path';
import { EventEmitter } from 'vscode';
import { diagnose, isSettled } from '../../engine/diagnose/diagnose.ts';
import type { Finding } from '../../engine/diagnose/finding.ts';
import { FindingLives, type LivingFinding } from '../../engine/diagnose/life.ts';
import type { StepUntil, WatchedRun } from '../../engine/host/liveRun.ts';
import { noTensor } from '../../engine/host/questions.ts';
import type { Frame, PhaseFrame, TensorFrame } from '../../engine/run/frame.ts';
import type { Inspection } from '../../engine/run/inspection.ts';
import type { Run } from '../../engine/run/run.ts';
import type { RunStatus } from '../../webview/protocol.ts';

/** How often views are told of news, and how often the diagnosis is made anew, in milliseconds. */
const NEWS_EVERY = 80;
const DIAGNOSE_EVERY = 250;

export interface SessionOptions {
  readonly id: string;
  readonly script: string;
  readonly run: Run;
  /** Null for a run that was opened from its log. */
  readonly live: WatchedRun | null;
  /** Stop once the verdict is settled. */
  readonly untilSettled?: boolean;
  /** False for a run that was started elsewhere: it may outlive this window. */
  readonly isOwned?: boolean;
  readonly before?: Before | null;
}

/** The run before a remedy was applied. */
export interface Before {
  readonly run: Run;
  /** The finding that the remedy is for, and the remedy's title. */
  readonly finding: Finding;
  readonly remedy: string;
}

/** One run as the editor has it, live or opened from a log: its state, its findings, and news of them. */
export class Session {
  readonly id: string;
  readonly script: string;
  readonly run: Run;
  readonly isOwned: boolean;
  findings: readonly Finding[] = [];
  /** How far each has come, and those that are cured since, last. */
  living: readonly LivingFinding[] = [];
  /** What this run is to be compared with: it was started to see whether a remedy helps. */
  readonly before: Before | null;
  readonly #lives = new FindingLives();
  readonly #live: WatchedRun | null;
  readonly #untilSettled: boolean;
  readonly #changed = new EventEmitter<void>();
  /** Something is new: steps, findings, the state. At most some times a second. */
  readonly onDidChange = this.#changed.event;
  readonly #frames = new EventEmitter<readonly Frame[]>();
  readonly onFrames = this.#frames.event;
  #stopping = false;
  #pausing = false;
  /** The pause that a step has ended, until the next one. */
  #stepsFrom: PhaseFrame | null = null;
  #diagnosedAt = 0;
  /** What the training process was last told to look at more closely. */
  #attention = JSON.stringify({ layers: [], parameters: [] });
  #timer: NodeJS.Timeout | null = null;

  constructor({ id, script, run, live, untilSettled = false, isOwned = true, before = null }: SessionOptions) {
    this.before = before;
    this.isOwned = isOwned;
    this.id = id;
    this.script = script;
    this.run = run;
    this.#live = live;
    this.#untilSettled = untilSettled;
    live?.onFrames((frames) => {
      this.#frames.fire(frames);
      this.#schedule();
    });
    void live?.ended.then(() => this.#tell());
    if (!live) this.#diagnose();
  }

  get name(): string {
    return path.basename(this.script);
  }

  get status(): RunStatus {
    const { run } = this;
    if (run.end) return run.end.ended;
    if (this.#stopping) return 'stopping';
    if (this.#stepsFrom && (!run.paused || run.paused === this.#stepsFrom)) return 'stepping';
    if (run.paused) return 'paused';
    return run.start ? 'running' : 'starting';
  }

  /** Where the run is held; kept while it takes a step. */
  get pausedAt(): PhaseFrame | null {
    return this.status === 'stepping' ? this.#stepsFrom : this.run.paused;
  }

  get isLive(): boolean {
    return this.run.end === null;
  }

  /** Settles when the run has ended, however. */
  get ended(): Promise<void> {
    return this.#live?.ended ?? Promise.resolve();
  }

  /** It was asked to pause and hasn't yet: it does at its next operation. */
  get pausing(): boolean {
    return this.#pausing && this.status === 'running';
  }

  pause(): void {
    this.#pausing = true;
    this.#stepsFrom = null;
    this.#live?.pause();
    this.#schedule();
  }

  resume(): void {
    this.#pausing = false;
    this.#stepsFrom = null;
    this.#live?.resume();
  }

  /** Goes on until the next phase, or the next step. Nothing happens where it isn't paused. */
  step(until: StepUntil): void {
    if (this.status !== 'paused') return;
    this.#pausing = false;
    this.#stepsFrom = this.run.paused;
    this.#live?.step(until);
    this.#schedule();
  }

  /** A part of a tensor, while paused. */
  inspect(what: Inspection, rank?: number): Promise<TensorFrame> {
    return this.#live?.inspect(what, rank) ?? Promise.resolve(noTensor('This run has ended.'));
  }

  async stop(): Promise<void> {
    if (!this.isLive) return;
    this.#stopping = true;
    this.#changed.fire();
    await this.#live?.stop();
  }

  dispose(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#changed.dispose();
    this.#frames.dispose();
  }

  #schedule(): void {
    this.#timer ??= setTimeout(() => this.#tell(), NEWS_EVERY);
  }

  #tell(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    const now = Date.now();
    if (now - this.#diagnosedAt >= DIAGNOSE_EVERY || !this.isLive) {
      this.#diagnosedAt = now;
      this.#diagnose();
    }
    this.#changed.fire();
  }

  /** What isn't sure yet is measured more often. */
  #attend(): void {
    if (!this.#live || !this.isLive) return;
    const suspected = this.living.filter(({ stage }) => stage === 'suspected').map(({ finding }) => finding);
    const [layers, parameters] = [
      new Set(suspected.flatMap((one) => one.layers)),
      new Set(suspected.flatMap((one) => one.parameters)),
    ];
    const attention = {
      layers: this.run.layers.filter(({ name }) => layers.has(name)).map(({ id }) => id),
      parameters: this.run.parameters.filter(({ name }) => parameters.has(name)).map(({ id }) => id),
    };
    const said = JSON.stringify(attention);
    if (said === this.#attention) return;
    this.#attention = said;
    this.#live.attend(attention);
  }

  #diagnose(): void {
    this.findings = diagnose(this.run);
    this.living = this.#lives.follow(this.run, this.findings);
    for (const { step } of this.findings) {
      this.run.history.pin(step);
      this.run.histograms.pin(step);
    }
    this.#attend();
    if (this.#untilSettled && this.isLive && !this.#stopping && isSettled(this.run, this.findings)) {
      this.#stopping = true;
      void this.#live?.stop('settled');
    }
  }
}
