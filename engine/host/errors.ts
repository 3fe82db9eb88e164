import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';
import { parse } from 'acorn';
import { siteOfStack, userStack } from '../probe/sites.ts';
import type { ErrorFrame } from '../run/frame.ts';
import type { Site } from '../site.ts';
import type { LoadedSources } from './hooks.ts';

/** What a script threw, as a frame: the message, the user's line, the user's part of the stack. */
export function describeError(error: unknown, sources: LoadedSources): ErrorFrame {
  if (!(error instanceof Error)) {
    return { kind: 'error', name: 'Error', message: `The script threw ${format(error)}.`, stack: null, site: null };
  }
  const { name } = error;
  const message = error.message + (ADVICE[(error as NodeJS.ErrnoException).code ?? ''] ?? '');
  const stack = error.stack ?? '';
  const site =
    siteOfHeader(stack) ?? (error instanceof SyntaxError ? siteOfSyntax(sources) : null) ?? siteOfStack(stack);
  return { kind: 'error', name, message, stack: userStack(stack), site };
}

/** What to do about errors that Node words for its own users. */
const ADVICE: { readonly [code: string]: string } = {
  ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX:
    '. Scripts run with their types taken out, so only what vanishes with them can be used: write an object instead of an enum, plain fields instead of parameter properties.',
};

const format = (value: unknown) => (typeof value === 'string' ? JSON.stringify(value) : inspect(value));

/**
 * Node heads the stack of what doesn't compile with `path:line`, some lines of the source, and carets under the place,
 * or, where the place is longer than a line, `>` before its lines.
 */
function siteOfHeader(stack: string): Site | null {
  const [header, path, line] = /^(file:\/\/.+|\/.+|[A-Za-z]:\\.+):(\d+)\n/.exec(stack) ?? [];
  if (header === undefined) return null;
  const file = path.startsWith('file:') ? fileURLToPath(path) : path;
  const excerpt = stack.slice(header.length);
  const place = /^([ \t]*)\^+$/m.exec(excerpt) ?? /^ {2}> ([ \t]*)/m.exec(excerpt);
  return { file, line: Number(line), column: (place?.[1].length ?? 0) + 1 };
}

/** Plain JavaScript that doesn't parse: V8 keeps the place to itself, so another parser is asked. */
function siteOfSyntax(sources: LoadedSources): Site | null {
  for (const file of sources.files.reverse()) {
    const text = sources.running(file);
    const place = text && faultIn(text, 'script') && faultIn(text, 'module');
    if (place) return { file, ...place };
  }
  return null;
}

/** Where a text isn't JavaScript; null if it is. */
function faultIn(text: string, sourceType: 'module' | 'script'): Pick<Site, 'line' | 'column'> | null {
  try {
    parse(text, { ecmaVersion: 'latest', sourceType, allowHashBang: true, allowReturnOutsideFunction: true });
    return null;
  } catch (error) {
    const { loc } = error as { loc?: { line: number; column: number } };
    return loc ? { line: loc.line, column: loc.column + 1 } : null;
  }
}
