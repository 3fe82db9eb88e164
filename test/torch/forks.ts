import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import readline from 'node:readline';
import type { Outcome } from './python.ts';

/** A script's whole path, and what it's started with. */
export interface Request {
  readonly script: string;
  readonly arguments: readonly string[];
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

type Answer = { readonly ready: boolean } | { readonly id: number; readonly status: number };

const signals = new Map(Object.entries(os.constants.signals).map(([name, number]) => [number, name as NodeJS.Signals]));

/**
 * One process that has imported torch, and its forks, each of which runs a script: that takes milliseconds where
 * importing torch takes seconds. What a script does and says there is what it would do and say by itself, but for
 * tracebacks (they have lines of the process that forked).
 */
export class Forks {
  readonly #server: ChildProcess;
  readonly #ready: Promise<boolean>;
  readonly #running = new Map<number, (status: number | null) => void>();
  readonly #folder: string;
  #last = 0;

  /** @param environment of the process that has torch; what torch reads when it's imported is read then */
  constructor(python: string, environment: Request['environment'], folder: string) {
    this.#folder = folder;
    const { promise, resolve } = Promise.withResolvers<boolean>();
    this.#ready = promise;
    this.#server = spawn(python, [path.join(import.meta.dirname, 'forks.py')], {
      env: { ...process.env, ...environment },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const lost = () => {
      resolve(false);
      for (const end of this.#running.values()) end(null);
      this.#running.clear();
    };
    this.#server.once('error', lost).once('exit', lost);
    this.#server.stdin?.on('error', lost);
    readline.createInterface({ input: this.#server.stdout! }).on('line', (line) => {
      const answer: Answer = JSON.parse(line);
      if ('ready' in answer) return resolve(answer.ready);
      this.#running.get(answer.id)?.(answer.status);
      this.#running.delete(answer.id);
    });
  }

  /** Null where there can be no forks. */
  async run(request: Request): Promise<Outcome | null> {
    if (!(await this.#ready)) return null;
    const id = ++this.#last;
    const [stdout, stderr] = ['out', 'err'].map((name) => path.join(this.#folder, `${this.#server.pid}-${id}.${name}`));
    const ended = Promise.withResolvers<number | null>();
    this.#running.set(id, ended.resolve);
    this.#server.stdin?.write(`${JSON.stringify({ ...request, id, stdout, stderr })}\n`);
    const status = await ended.promise;
    if (status === null) throw new Error('The process that has torch is gone.');
    return {
      stdout: fs.readFileSync(stdout, 'utf8'),
      stderr: fs.readFileSync(stderr, 'utf8'),
      code: status < 0 ? null : status,
      signal: signals.get(-status) ?? null,
    };
  }

  /** Nothing should run any more. */
  close(): void {
    this.#server.stdin?.end();
  }
}
