import type { Attention } from '../probe/attention.ts';
import type { EndFrame, Frame, PhaseFrame, TensorFrame } from '../run/frame.ts';
import type { Inspection } from '../run/inspection.ts';
import type { Run } from '../run/run.ts';
import { Alignment, type Held } from './alignment.ts';
import type { StopReason } from './channel.ts';
import type { Connection } from './link.ts';
import type { ControlMessage } from './messages.ts';
import { noTensor, Questions } from './questions.ts';
import { RankedRun } from './rankedRun.ts';
import type { Gone, TrainingProcess } from './training.ts';

/** How long a process may take to end when it's told to for good, in milliseconds. */
const LAST_GRACE = 600;
/** How long a connection may say nothing, in milliseconds, before what is left of a dead process's words is given up. */
const SILENCE = 1000;
/** The same where nothing ever connected. */
const SHORT_SILENCE = 250;

export type StepUntil = 'phase' | 'step';

/** A run that goes on somewhere: it can be watched, and maybe held. */
export interface WatchedRun {
  readonly run: Run;
  /** Settles when the run has ended, or is watched no more. Never rejects. */
  readonly ended: Promise<void>;
  /** Calls `listener` with frames as they come, after they have been applied to `run`; with none for other ranks' news. */
  onFrames(listener: (frames: readonly Frame[]) => void): () => void;
  pause(): void;
  resume(): void;
  /** Goes on from a pause and pauses again before the next phase, or the next step. Nothing happens while it runs. */
  step(until: StepUntil): void;
  /** Has layers and parameters measured more often from now on, and no others. */
  attend(what: Attention): void;
  /** A part of a tensor, while paused; the answer says so where there is nothing to see. Never rejects. */
  inspect(what: Inspection, rank?: number): Promise<TensorFrame>;
  stop(reason?: StopReason): Promise<void>;
}

/** A script that is running: its run so far, and the means to hold it. */
export class LiveRun implements WatchedRun {
  /** Settles when the process is gone and everything it said has been applied to `run`. Never rejects. */
  readonly ended: Promise<void>;
  readonly #ranks = new RankedRun();
  readonly #training: TrainingProcess;
  readonly #connections = new Set<Connection>();
  #everConnected = false;
  /** What whoever connects late has to hear. */
  #said: ControlMessage | null = null;
  #heard = 0;
  readonly #questions = new Questions();
  readonly #alignment = new Alignment(() => this.#held());
  /** The pause that a step has ended. */
  #goesOn: PhaseFrame | null = null;
  #stopping: Promise<void> | null = null;

  constructor(training: TrainingProcess) {
    this.#training = training;
    this.ended = training.gone.then(async (gone) => {
      this.#alignment.cancel();
      await this.#allHeard();
      for (const connection of this.#connections) connection.close();
      this.#ranks.settle();
      if (!this.run.end) await this.#endWithoutWord(gone);
    });
  }

  /** Takes in a process of this run: the one, or one of as many as there are ranks. `told`: what it has said already. */
  adopt(connection: Connection, told: readonly Frame[] = []): void {
    this.#connections.add(connection);
    this.#everConnected = true;
    const take = (frames: readonly Frame[]) => {
      this.#heard = Date.now();
      this.#ranks.apply(connection, frames);
      this.#questions.hear(connection, frames);
      if (frames.some(({ kind }) => kind === 'phase' || kind === 'end')) this.#align();
    };
    connection.onFrames = take;
    connection.onClose = () => {
      this.#connections.delete(connection);
      this.#questions.close(connection);
    };
    if (this.#said) connection.send(this.#said);
    take(told);
  }

  get run(): Run {
    return this.#ranks.run;
  }

  onFrames(listener: (frames: readonly Frame[]) => void): () => void {
    return this.#ranks.onFrames(listener);
  }

  pause(): void {
    this.#send({ do: 'pause' });
  }

  resume(): void {
    this.#send({ do: 'resume' });
  }

  step(until: StepUntil): void {
    // Asked twice, it's one: the answer to the first is still under way.
    if (!this.run.paused || this.#goesOn === this.run.paused) return;
    this.#goesOn = this.run.paused;
    this.#send({ do: 'step', until });
  }

  attend(what: Attention): void {
    for (const connection of this.#connections) connection.send({ do: 'attend', ...what });
  }

  async inspect(what: Inspection, rank = this.run.start?.rank ?? 0): Promise<TensorFrame> {
    const asked = this.#ranks.ofRank(rank);
    if (!asked) return noTensor(`There is no rank ${rank}.`);
    if (this.run.end) return noTensor('The run has ended.');
    if (!asked.run.paused)
      return noTensor(
        this.run.paused
          ? `Rank ${rank} is not paused: it waits for the others in the middle of something. Take a step.`
          : 'The run is not paused.',
      );
    const connection = [...this.#connections].find((one) => one === asked.source);
    if (!connection) return noTensor('The training process does not answer any more.');
    return this.#questions.ask(connection, what);
  }

  /** Stops the script, gently if it lets itself be stopped. Settles when the process is gone. */
  stop(reason: StopReason = 'stopped'): Promise<void> {
    this.#stopping ??= this.#stop(reason);
    return this.#stopping;
  }

  async #stop(reason: StopReason): Promise<void> {
    this.#send({ do: 'stop', reason });
    if (await this.#endsWithin(this.#training.grace)) return;
    const site = await this.#training.interrupt();
    if (await this.#endsWithin(0)) return;
    const where = site
      ? ` The script was busy at line ${site.line} and did not answer.`
      : ' The script did not answer.';
    this.#send({ do: 'abort', reason, message: `Stopped.${where}`, site });
    if (await this.#endsWithin(LAST_GRACE)) return;
    this.#training.kill();
    await this.ended;
  }

  #endsWithin(milliseconds: number): Promise<boolean> {
    return Promise.race([
      this.ended.then(() => true),
      new Promise<boolean>((resolve) => setTimeout(resolve, milliseconds, false)),
    ]);
  }

  #send(message: ControlMessage): void {
    this.#said = message;
    for (const connection of this.#connections) connection.send(message);
    this.#align();
  }

  /** Several ranks pause together, or those behind keep the others waiting where nobody can pause. */
  #align(): void {
    if (this.#said?.do === 'pause' || this.#said?.do === 'step') this.#alignment.look();
    else this.#alignment.cancel();
  }

  #held(): Held[] {
    return [...this.#connections].flatMap((connection) => {
      const run = this.#ranks.of(connection);
      if (!run || run.end) return [];
      return [{ at: run.paused, stepPhase: () => connection.send({ do: 'step', until: 'phase' }) }];
    });
  }

  /** What the process wrote before it went may still be under way: until its connections close or fall silent. */
  async #allHeard(): Promise<void> {
    const since = Date.now();
    const patience = this.#everConnected ? SILENCE : SHORT_SILENCE;
    while (Date.now() - Math.max(since, this.#heard) < patience) {
      if (this.run.end || (this.#everConnected && this.#connections.size === 0)) return;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** The process is gone and has not said how: killed, out of memory, or never started. */
  async #endWithoutWord(gone: Gone): Promise<void> {
    const { introduction, error } = await this.#training.lastWord(gone, this.run.start !== null);
    const stopped = this.#stopping !== null;
    const frames: Frame[] = this.run.start ? [] : [...introduction];
    if (error && !stopped && !this.run.error) frames.push(error);
    const end: EndFrame = {
      kind: 'end',
      ended: stopped ? 'stopped' : error ? 'failed' : 'completed',
      exitCode: gone.exitCode,
      message: stopped ? `The training process ${gone.how}.` : (error?.message ?? null),
      site: error?.site ?? null,
      time: this.run.seconds,
    };
    this.#ranks.add([...frames, end]);
  }
}
