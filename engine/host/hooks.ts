import { readFileSync } from 'node:fs';
import module, { type LoadFnOutput } from 'node:module';
import { fileURLToPath } from 'node:url';
import { asGiven, isUserFile } from '../probe/sites.ts';
import { apiEntry } from './entry.ts';

/** The user's files of a run, by absolute path. */
export class LoadedSources {
  readonly #written = new Map<string, string>();
  readonly #strip: (text: string) => string;

  constructor(strip: (text: string) => string) {
    this.#strip = strip;
  }

  /** In order of loading. */
  get files(): string[] {
    return [...this.#written.keys()];
  }

  has(file: string): boolean {
    return this.#written.has(file);
  }

  add(file: string, text: string): void {
    this.#written.set(file, text);
  }

  /** The JavaScript that runs; undefined for a file that isn't the user's or doesn't compile. */
  running(file: string): string | undefined {
    const text = this.#written.get(file);
    if (text === undefined || !TYPESCRIPT.test(file)) return text;
    try {
      return this.#strip(text);
    } catch {
      return undefined;
    }
  }
}

/** Data that a script imports is none of the run's sources. */
const SCRIPT = /\.[mc]?[jt]s$/;
const TYPESCRIPT = /\.[mc]?ts$/;

/**
 * Module hooks of a training process: `gradlens` resolves to the engine, so nothing is written into the user's folder;
 * types are stripped, so lines and columns stay those of the source; and each of the user's files is told to
 * `onSource` as it is loaded.
 */
export async function installHooks(onSource: (file: string, text: string) => void): Promise<LoadedSources> {
  const api = apiEntry().href;
  const native = Boolean(process.features.typescript);
  const strip = await typeStripper(native);
  const sources = new LoadedSources(strip);

  const compile = (file: string, text: string) => {
    try {
      return strip(text);
    } catch (error) {
      throw asNodeTellsIt(error as AmaroError, file);
    }
  };

  module.registerHooks({
    resolve(specifier, context, next) {
      return specifier === 'gradlens' ? { url: api, shortCircuit: true } : next(specifier, context);
    },
    load(url, context, next): LoadFnOutput {
      const file = url.startsWith('file:') ? asGiven(fileURLToPath(url)) : '';
      if (!SCRIPT.test(file) || !isUserFile(file) || sources.has(file)) return next(url, context);
      const text = readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
      sources.add(file, text);
      onSource(file, text);
      if (native || !TYPESCRIPT.test(file)) return next(url, context);
      return { format: file.endsWith('.cts') ? 'commonjs' : 'module', source: compile(file, text), shortCircuit: true };
    },
  });
  return sources;
}

/** Node's own type stripping, or the very tool it has built in where this Node (an editor's, say) left it out. */
async function typeStripper(native: boolean): Promise<(text: string) => string> {
  if (native) return (text) => module.stripTypeScriptTypes(text);
  const { transformSync } = await import('amaro');
  return (text) => transformSync(text, { mode: 'strip-only' }).code;
}

interface AmaroError {
  readonly message: string;
  readonly snippet: string;
  readonly startLine: number;
}

/** What amaro throws is no Error; Node makes one of it, headed by the place. */
export function asNodeTellsIt({ message, snippet, startLine }: AmaroError, file: string): SyntaxError {
  const error = new SyntaxError(message);
  error.stack = `${file}:${startLine}\n${snippet}\n${error.stack}`;
  return error;
}
