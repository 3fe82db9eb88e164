import { parse } from 'acorn';
import { siteOfStack, userStack } from '../probe/sites.ts';
import type { ErrorFrame } from '../run/frame.ts';
import type { Site } from '../site.ts';

/**
 * What a script threw, as a frame: the message, the user's line, the user's part of the stack.
 * `script` is the file to blame where the error names none, `source` gives the text that was run.
 */
export function describeError(
  error: unknown,
  script: string,
  source: (file: string) => string | undefined,
): ErrorFrame {
  if (!(error instanceof Error)) {
    return { kind: 'error', name: 'Error', message: `The script threw ${format(error)}.`, stack: null, site: null };
  }
  const { name, message } = error;
  const stack = error.stack ?? '';
  const site =
    siteOfHeader(stack) ?? (error instanceof SyntaxError ? siteOfSyntax(script, source) : null) ?? siteOfStack(stack);
  return { kind: 'error', name, message, stack: userStack(stack), site };
}

const format = (value: unknown) => (typeof value === 'string' ? JSON.stringify(value) : String(value));

/** Node heads the stack of what doesn't compile with `path:line`, the line itself, and carets under the place. */
function siteOfHeader(stack: string): Site | null {
  const header = /^(?:file:\/\/)?(\/.+|[A-Za-z]:\\.+):(\d+)\n.*\n(\s*)\^/.exec(stack);
  return header && { file: decodeURI(header[1]), line: Number(header[2]), column: header[3].length + 1 };
}

/** Plain JavaScript that doesn't parse: V8 keeps the place to itself, so another parser is asked. */
function siteOfSyntax(script: string, source: (file: string) => string | undefined): Site | null {
  const text = source(script);
  if (text === undefined) return null;
  try {
    parse(text, { ecmaVersion: 'latest', sourceType: 'module', allowHashBang: true });
    return null;
  } catch (error) {
    const { loc } = error as { loc?: { line: number; column: number } };
    return loc ? { file: script, line: loc.line, column: loc.column + 1 } : null;
  }
}
