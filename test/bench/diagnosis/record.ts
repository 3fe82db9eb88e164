import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { launch } from '../../../engine/host/launch.ts';
import type { Start } from '../../../engine/host/python/launchPython.ts';
import { goneOf } from '../../../engine/host/spawned.ts';
import { cacheFolder } from '../../../tools/support/cache.mjs';

const ROOT = path.join(import.meta.dirname, '../../..');
const DATA = [path.join(ROOT, 'examples/data'), path.join(import.meta.dirname, 'data')];
/** What a run's log depends on; rules, remedies and editor parts read it only. */
const RECORDING = ['engine', 'test/bench/diagnosis/data', 'examples/data'];
const READING = /engine\/(?:diagnose|repair|source|host\/cli)\//;
/** What is of PyTorch matters to Python alone. */
const WATCHING_PYTORCH = /engine\/(?:torch|host\/python)\//;

const digest = (...parts: (string | Buffer)[]): string => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part).update('\0');
  return hash.digest('hex').slice(0, 20);
};

function* filesIn(folder: string): Generator<string> {
  for (const entry of fs.readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) yield* filesIn(file);
    else if (/\.(?:ts|py|csv|gz|txt)$/.test(entry.name)) yield file;
  }
}

/** A fingerprint of files: those that `which` takes. */
export const fingerprint = (folders: readonly string[], which: (file: string) => boolean): string =>
  digest(
    ...folders
      .flatMap((folder) => [...filesIn(path.join(ROOT, folder))])
      .map((file) => path.relative(ROOT, file).split(path.sep).join('/'))
      .filter(which)
      .flatMap((file) => [file, fs.readFileSync(path.join(ROOT, file))]),
  );

/** Where what a Python script printed stands: it goes to a terminal, and isn't in the log. */
export const printedOf = (log: string): string => `${log}.txt`;

const printingTo =
  (file: string): Start =>
  async ({ program, arguments: args, cwd, environment }) => {
    const output = fs.openSync(file, 'w');
    const env = { ...process.env, ...environment };
    const child = spawn(program, args, { cwd, env, stdio: ['ignore', output, 'ignore'], windowsHide: true });
    fs.closeSync(output);
    return { pid: child.pid, gone: goneOf(child), lastWords: () => '' };
  };

export interface Recording {
  readonly script: string;
  readonly seed: number;
  /** `.ts` or `.py`. */
  readonly extension: string;
  /** As many at least; all by default. */
  readonly steps?: number;
}

/** The run logs of scripts, kept from one benchmark to the next under what they depend on. */
export class Recorder {
  readonly folder: string;
  /** Fingerprints of what records a script, by its extension. */
  readonly #engine: { readonly [extension: string]: string };
  readonly #anyEngine: boolean;
  readonly #python: string | undefined;
  /** Runs that weren't there and were made. */
  made = 0;

  /** `anyEngine`: what an older engine has recorded will do. `python`: the interpreter of `.py`. */
  constructor({ anyEngine = false, python }: { readonly anyEngine?: boolean; readonly python?: string } = {}) {
    this.folder = path.join(cacheFolder(), 'bench-diagnosis');
    this.#anyEngine = anyEngine;
    this.#python = python;
    const ofEngine = (file: string) => !READING.test(file);
    this.#engine = {
      '.py': fingerprint(RECORDING, ofEngine),
      '.ts': fingerprint(RECORDING, (file) => ofEngine(file) && !WATCHING_PYTORCH.test(file)),
    };
    fs.mkdirSync(path.join(this.folder, 'scripts'), { recursive: true });
    // Stripping the engine's types anew takes longer than most of these trainings.
    process.env.NODE_COMPILE_CACHE ??= path.join(this.folder, 'compiled');
  }

  /** Whether a whole run has been recorded. */
  has({ script, seed, extension }: Omit<Recording, 'steps'>): boolean {
    return this.#kept(digest(script, String(seed)), extension) !== null;
  }

  /** Path of the log of a run, which is run now if it hasn't been. */
  async log({ script, seed, extension, steps }: Recording): Promise<string> {
    const whole = digest(script, String(seed));
    const short = steps === undefined ? [] : [digest(script, String(seed), String(steps))];
    const kept = [whole, ...short].map((key) => this.#kept(key, extension)).find((log) => log !== null);
    if (kept) return kept;
    const file = this.#named(short[0] ?? whole, extension);
    const partial = `${file}.${process.pid}.partial`;
    const place = this.written(script, extension);
    const live = await launch({
      script: place,
      cwd: path.dirname(place),
      log: partial,
      seed,
      steps,
      // several runs are under way at once
      threads: 1,
      python: { interpreter: this.#python, start: printingTo(printedOf(partial)) },
    });
    await live.ended;
    if (extension === '.py') fs.renameSync(printedOf(partial), printedOf(file));
    fs.renameSync(partial, file);
    this.made++;
    return file;
  }

  #named(key: string, extension: string): string {
    return path.join(this.folder, `${key}-${this.#engine[extension]}.gradlens`);
  }

  #kept(key: string, extension: string): string | null {
    const file = this.#named(key, extension);
    if (fs.existsSync(file)) return file;
    return this.#anyEngine ? this.#newest(key) : null;
  }

  /** What any engine has recorded of a run, the last of several. */
  #newest(key: string): string | null {
    const logs = fs
      .readdirSync(this.folder)
      .filter((name) => name.startsWith(key) && name.endsWith('.gradlens'))
      .map((name) => path.join(this.folder, name));
    const made = (file: string) => fs.statSync(file).mtimeMs;
    return logs.length === 0 ? null : logs.reduce((a, b) => (made(b) > made(a) ? b : a));
  }

  /** A script as a file in a folder of its own, beside its data. */
  written(script: string, extension: string): string {
    const folder = path.join(this.folder, 'scripts', digest(script));
    const file = path.join(folder, `train${extension}`);
    fs.mkdirSync(folder, { recursive: true });
    for (const from of DATA) {
      for (const name of fs.readdirSync(from)) {
        const link = path.join(folder, name);
        if (fs.existsSync(link)) continue;
        fs.rmSync(link, { force: true }); // to where a checkout was that is gone
        fs.symlinkSync(path.join(from, name), link);
      }
    }
    if (!fs.existsSync(file)) fs.writeFileSync(file, script);
    return file;
  }
}
