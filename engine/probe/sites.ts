import { isAbsolute } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Site } from '../site.ts';

/** The engine's own code, whose frames are never a user's site. Ends in a separator. */
const ENGINE = fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? '..' : '.', import.meta.url));
/** Frames looked at: a user's model nests a few calls deep above the engine's own frames. */
const DEPTH = 24;

const files = new Map<string, string | null>();
/** A file's name as the person knows it, by its real path. A live binding. */
export let asGiven = (real: string): string => real;

/** From now on, files are named as `name` says instead of by their real paths. */
export function nameFiles(name: (real: string) => string): void {
  asGiven = name;
  files.clear();
}

/** True for a file that is neither the engine's, nor Node's, nor a package's. */
export function isUserFile(file: string): boolean {
  return isAbsolute(file) && !file.startsWith(ENGINE) && !/[\\/]node_modules[\\/]/.test(file);
}

/** Absolute path of a user's source file, from its path or URL; null for other code. */
function userFile(name: string): string | null {
  let file = files.get(name);
  if (file === undefined) {
    const path = name.startsWith('file:') ? fileURLToPath(name) : name;
    file = isUserFile(path) ? asGiven(path) : null;
    files.set(name, file);
  }
  return file;
}

/**
 * The user's innermost place in the current call stack: where the engine was called from. Type stripping keeps lines
 * and columns, so they are those of the source as written. Costs some microseconds; callers decide when it's worth it.
 * `skip` passes over frames that are the user's but not the place meant.
 */
export function callSite(skip: (frame: NodeJS.CallSite) => boolean = () => false): Site | null {
  const { prepareStackTrace, stackTraceLimit } = Error;
  Error.stackTraceLimit = DEPTH;
  Error.prepareStackTrace = (_error, frames) => frames;
  const holder: { stack?: NodeJS.CallSite[] } = {};
  Error.captureStackTrace(holder, callSite);
  const frames = holder.stack ?? [];
  Error.prepareStackTrace = prepareStackTrace;
  Error.stackTraceLimit = stackTraceLimit;
  for (const frame of frames) {
    const file = userFile(frame.getFileName() ?? '');
    if (file && !skip(frame)) return { file, line: frame.getLineNumber() ?? 1, column: frame.getColumnNumber() ?? 1 };
  }
  return null;
}

/** The user's innermost place in a stack that has already been written as text. */
export function siteOfStack(stack: string): Site | null {
  for (const [, name, line, column] of stack.matchAll(
    /^\s+at (?:.*? \(|async )?((?:file:\/\/|\/|[A-Za-z]:\\).+?):(\d+):(\d+)\)?$/gm,
  )) {
    const file = userFile(name);
    if (file) return { file, line: Number(line), column: Number(column) };
  }
  return null;
}

/** A stack without the frames that aren't the user's, as the user would like to read it. */
export function userStack(stack: string): string {
  return stack
    .split('\n')
    .filter((line) => !/^\s+at /.test(line) || siteOfStack(line))
    .map((line) => line.replace(/file:\/\/\S+?(?=:\d+:\d+\)?$)/, (url) => userFile(url) ?? url))
    .join('\n');
}
