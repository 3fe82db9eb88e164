import { execFile } from 'node:child_process';
import type { Site } from '../../site.ts';

/** Compiles a script without running it. Offsets count from 1 and are characters, as in all of Python's messages. */
const QUESTION = `
import sys, json
try:
    with open(sys.argv[1], "rb") as file:
        compile(file.read(), sys.argv[1], "exec", dont_inherit=True)
except SyntaxError as e:
    print(json.dumps({"name": type(e).__name__, "message": e.msg, "line": e.lineno, "column": e.offset}))
`;

/** What Python has to say against a script's text; null if it compiles. */
export function syntaxErrorOf(
  interpreter: string,
  script: string,
): Promise<{ name: string; message: string; stack: null; site: Site } | null> {
  return new Promise((resolve) => {
    execFile(interpreter, ['-I', '-c', QUESTION, script], { timeout: 10_000, windowsHide: true }, (_error, stdout) => {
      if (!stdout.trim()) return resolve(null);
      const { name, message, line, column } = JSON.parse(stdout);
      resolve({
        name,
        message,
        stack: null,
        site: { file: script, line: line ?? 1, column: Math.max(1, column ?? 1) },
      });
    });
  });
}
