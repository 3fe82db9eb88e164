import { type ChildProcess, spawn } from 'node:child_process';
import module from 'node:module';
import { fileURLToPath } from 'node:url';
import { FrameDecoder } from '../run/codec.ts';
import type { Ended, Frame } from '../run/frame.ts';
import { Run } from '../run/run.ts';
import type { Site } from '../site.ts';
import { whereIsItBusy } from './busy.ts';
import type { StopReason } from './channel.ts';
import { entry } from './entry.ts';
import { type Link, listen } from './link.ts';
import { type ChildOptions, type ControlMessage, OPTIONS_VARIABLE } from './messages.ts';

export interface LaunchOptions {
  /** Absolute path. */
  readonly script: string;
  readonly arguments?: readonly string[];
  readonly cwd: string;
  /** Absolute path of the run log. */
  readonly log?: string;
  readonly steps?: number;
  readonly seed?: number;
}

/** Why this Node can't run scripts; null if it can. */
export function nodeProblem(): string | null {
  if (typeof module.registerHooks === 'function') return null;
  return `GradLens needs Node 22.15 or newer; this is ${process.version}.`;
}

/** How long a script may take to stop by itself, in milliseconds, before it is stopped from outside. */
const GRACE = 600;
/** How long a connection may say nothing, in milliseconds, before what is left of a dead process's words is given up. */
const SILENCE = 1000;

/** A script that is running: its run so far, and the means to hold it. */
export class LiveRun {
  readonly run = new Run();
  /** Settles when the process is gone and everything it said has been applied to `run`. Never rejects. */
  readonly ended: Promise<void>;
  readonly #decoder = new FrameDecoder();
  readonly #listeners = new Set<(frames: readonly Frame[]) => void>();
  readonly #link: Link;
  readonly #process: ChildProcess;
  readonly #script: string;
  #stderr = '';
  #stopping: Promise<void> | null = null;

  /** @throws if scripts can't be run at all: see `nodeProblem`. */
  static async launch(options: LaunchOptions): Promise<LiveRun> {
    const problem = nodeProblem();
    if (problem) throw new Error(problem);
    const link = await listen();
    const child: ChildOptions = {
      script: options.script,
      arguments: options.arguments ?? [],
      link: { port: link.port, token: link.token },
      log: options.log ?? null,
      steps: options.steps ?? null,
      seed: options.seed ?? null,
    };
    // An inspector isn't opened by this, only given a port of its own should a hung script have to be asked where it is.
    const process_ = spawn(
      process.execPath,
      ['--inspect-port=127.0.0.1:0', '--disable-warning=ExperimentalWarning', fileURLToPath(entry('child'))],
      {
        cwd: options.cwd,
        env: { ...process.env, [OPTIONS_VARIABLE]: JSON.stringify(child), ELECTRON_RUN_AS_NODE: '1', NODE_OPTIONS: '' },
        stdio: ['ignore', 'ignore', 'pipe'],
        windowsHide: true,
      },
    );
    return new LiveRun(link, process_, options.script);
  }

  private constructor(link: Link, child: ChildProcess, script: string) {
    this.#link = link;
    this.#process = child;
    this.#script = script;
    let heard = 0;
    link.onData = (chunk) => {
      heard = Date.now();
      this.#apply(this.#decoder.push(chunk));
    };
    const closed = new Promise<void>((resolve) => {
      link.onClose = resolve;
    });
    const gone = new Promise<string>((resolve) => {
      child.once('error', (error) => resolve(`could not be started: ${error.message}`));
      child.once('exit', (code, signal) =>
        resolve(signal ? `was killed by ${signal}` : `ended with exit code ${code}`),
      );
    });
    const lastWords = new Promise((resolve) => child.stderr?.once('close', resolve));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-8192);
    });
    this.ended = gone.then(async (how) => {
      // What the process wrote before it went may still be under way: until the connection closes or falls silent.
      heard = Date.now();
      const silent = async () => {
        while (!this.run.end && Date.now() - heard < SILENCE) await new Promise((resolve) => setTimeout(resolve, 100));
      };
      await Promise.race([closed, silent()]);
      link.close();
      if (this.run.end) return;
      // What Node said of its own death may come after it; a process that the script has left behind may hold it back.
      await Promise.race([lastWords, new Promise((resolve) => setTimeout(resolve, SILENCE))]);
      this.#endWithoutWord(how);
    });
  }

  /** Calls `listener` with frames as they come, after they have been applied to `run`. */
  onFrames(listener: (frames: readonly Frame[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  pause(): void {
    this.#send({ do: 'pause' });
  }

  resume(): void {
    this.#send({ do: 'resume' });
  }

  /** Stops the script, gently if it lets itself be stopped. Settles when the process is gone. */
  stop(reason: StopReason = 'stopped'): Promise<void> {
    this.#stopping ??= this.#stop(reason);
    return this.#stopping;
  }

  async #stop(reason: StopReason): Promise<void> {
    this.#send({ do: 'stop', reason });
    if (await this.#endsWithin(GRACE)) return;
    const site = await whereIsItBusy(this.#process, this.#script);
    const where = site
      ? ` The script was busy at line ${site.line} and did not answer.`
      : ' The script did not answer.';
    this.#send({ do: 'abort', reason, message: `Stopped.${where}`, site });
    if (await this.#endsWithin(GRACE)) return;
    this.#process.kill('SIGKILL');
    await this.ended;
  }

  #endsWithin(milliseconds: number): Promise<boolean> {
    return Promise.race([
      this.ended.then(() => true),
      new Promise<boolean>((resolve) => setTimeout(resolve, milliseconds, false)),
    ]);
  }

  #send(message: ControlMessage): void {
    this.#link.send(message);
  }

  #apply(frames: readonly Frame[]): void {
    if (frames.length === 0) return;
    for (const frame of frames) this.run.apply(frame);
    for (const listener of this.#listeners) listener(frames);
  }

  /** The process is gone and has not said how: killed, out of memory, or never started. */
  #endWithoutWord(how: string): void {
    const stopped = this.#stopping !== null;
    const message = `The training process ${how}.${explain(this.#stderr)}`;
    const ended: Ended = stopped ? 'stopped' : 'failed';
    const site: Site | null = null;
    const frames: Frame[] = [];
    if (!stopped && !this.run.error)
      frames.push({ kind: 'error', name: 'Error', message, stack: this.#stderr || null, site });
    frames.push({ kind: 'end', ended, exitCode: null, message, site, time: this.run.seconds });
    this.#apply(frames);
  }
}

function explain(stderr: string): string {
  return /heap out of memory|Allocation failed/.test(stderr) ? ' It ran out of memory.' : '';
}
