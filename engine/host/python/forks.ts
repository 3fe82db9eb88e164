import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import readline from 'node:readline';
import type { Gone } from '../training.ts';
import { packageFolder, pythonPathWith } from './environment.ts';
import { type Command, type Start, type Started, startChild } from './launchPython.ts';

/** What `gradlens.forks` says. */
type Answer =
  | { readonly ready: boolean }
  | { readonly id: number; readonly pid: number }
  | { readonly id: number; readonly status: number };

interface Waiting {
  readonly begun: (pid: number | null) => void;
  readonly gone: (gone: Gone) => void;
}

const LOST: Gone = { how: 'was lost with the process that it was forked from', exitCode: null };

/**
 * Starts Python scripts as forks of one process that has imported torch, which takes longer than many a short run. That
 * process is started with the first script, and waits in between. Where forks aren't safe (not on Linux, or beside a
 * GPU), and for launchers such as torchrun, a script is started as any other.
 */
export class Forks {
  readonly #plain = startChild('dropped');
  readonly #waiting = new Map<number, Waiting>();
  #server: Promise<ChildProcess | null> | null = null;
  #last = 0;

  /** Output is dropped. */
  readonly start: Start = async (command) => {
    const [script] = command.arguments;
    if (!script?.endsWith('.py')) return this.#plain(command);
    this.#server ??= this.#launch(command);
    const server = await this.#server;
    return (server && (await this.#fork(server, command))) ?? this.#plain(command);
  };

  /** Ends the process that waits; none of its forks should run any more. */
  async close(): Promise<void> {
    const server = await this.#server;
    if (!server || server.exitCode !== null || server.signalCode !== null) return;
    const gone = new Promise((resolve) => server.once('exit', resolve));
    server.stdin?.end();
    await gone;
  }

  /** Null where it can't be. */
  async #launch({ program, environment }: Command): Promise<ChildProcess | null> {
    if (process.platform !== 'linux') return null;
    const { PYTHONPATH, ...rest } = environment;
    const env = { ...process.env, ...rest, PYTHONPATH: pythonPathWith(packageFolder(), PYTHONPATH), GRADLENS: '0' };
    const server = spawn(program, ['-m', 'gradlens.forks'], {
      cwd: packageFolder(),
      env,
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    return new Promise((resolve) => {
      const lost = () => {
        resolve(null);
        for (const { begun, gone } of this.#waiting.values()) {
          begun(null);
          gone(LOST);
        }
        this.#waiting.clear();
      };
      server.once('error', lost).once('exit', lost);
      server.stdin.on('error', lost); // it went before it could read
      readline.createInterface({ input: server.stdout }).on('line', (line) => {
        const answer: Answer = JSON.parse(line);
        if ('ready' in answer) resolve(answer.ready ? server : null);
        else if ('pid' in answer) this.#waiting.get(answer.id)?.begun(answer.pid);
        else this.#end(answer.id, answer.status);
      });
    });
  }

  #end(id: number, status: number): void {
    const exitCode = status < 0 ? null : status;
    const how = status < 0 ? `was killed by ${signalName(-status)}` : `ended with exit code ${status}`;
    this.#waiting.get(id)?.gone({ how, exitCode });
    this.#waiting.delete(id);
  }

  /** Null if the process that waits is gone. */
  async #fork(server: ChildProcess, command: Command): Promise<Started | null> {
    const id = ++this.#last;
    const { cwd } = command;
    const [script, ...rest] = command.arguments;
    const errors = path.join(os.tmpdir(), `gradlens-errors-${process.pid}-${Date.now()}-${id}`);
    const { promise: pid, resolve: begun } = Promise.withResolvers<number | null>();
    const { promise: ended, resolve: gone } = Promise.withResolvers<Gone>();
    this.#waiting.set(id, { begun, gone });
    const environment = { ...process.env, ...command.environment };
    const request = { id, script, arguments: rest, cwd, environment, errors };
    server.stdin?.write(`${JSON.stringify(request)}\n`, (error) => {
      if (error) begun(null);
    });
    const forked = await pid;
    if (forked === null) {
      this.#waiting.delete(id);
      return null;
    }
    let stderr = '';
    const over = ended.then((how) => {
      stderr = takeAway(errors);
      return how;
    });
    return { pid: forked, gone: over, lastWords: () => stderr };
  }
}

const signalName = (number: number) =>
  Object.entries(os.constants.signals).find(([, value]) => value === number)?.[0] ?? `signal ${number}`;

/** The end of a text file, which is gone afterwards. */
function takeAway(file: string): string {
  try {
    const text = fs.readFileSync(file, 'utf8').slice(-8192);
    fs.rmSync(file, { force: true });
    return text;
  } catch {
    return '';
  }
}
