import { execFile } from 'node:child_process';
import path from 'node:path';

/** A Python that can train. */
export interface Interpreter {
  /** Absolute path, as its own `sys.executable`. */
  readonly path: string;
  /** `3.11.7` */
  readonly version: string;
  /** Version of torch, `2.13.0+cpu`. */
  readonly torch: string;
}

export type PythonProblem = 'missing' | 'old-python' | 'no-torch' | 'old-torch';

/** Why a Python can't run a script under GradLens; the message says what to do. */
export class InterpreterError extends Error {
  readonly problem: PythonProblem;
  /** The interpreter that was found; null if there is none. */
  readonly interpreter: string | null;

  constructor(problem: PythonProblem, interpreter: string | null, message: string) {
    super(message);
    this.name = 'InterpreterError';
    this.problem = problem;
    this.interpreter = interpreter;
  }
}

const OLDEST_PYTHON = [3, 8];
const OLDEST_TORCH = [1, 13];
/** An interpreter on a cold network disk takes its time. */
const PATIENCE = 20_000;

/** Asks for versions without importing torch, which would take seconds. What lies in the current folder isn't meant. */
const QUESTION = `
import sys, json
sys.path = [p for p in sys.path if p]
answer = {"path": sys.executable, "version": ".".join(map(str, sys.version_info[:3])), "torch": None}
try:
    import re, os
    from importlib.util import find_spec
    spec = find_spec("torch")
    if spec and spec.origin:
        with open(os.path.join(os.path.dirname(spec.origin), "version.py")) as file:
            answer["torch"] = re.search("__version__ *= *.([^'\\"]+)", file.read()).group(1)
except Exception:
    pass
print("gradlens:" + json.dumps(answer))
`;

interface Answer {
  readonly path: string;
  readonly version: string;
  readonly torch: string | null;
}

/**
 * The interpreter to use: the one that is asked for, or else that of GRADLENS_PYTHON, or else the first of `python3` and
 * `python` on the path that has torch.
 * @throws InterpreterError
 */
export async function findInterpreter(wanted = process.env.GRADLENS_PYTHON): Promise<Interpreter> {
  let problem: InterpreterError | null = null;
  for (const command of wanted ? [wanted] : ['python3', 'python']) {
    try {
      return checked(command, await ask(command));
    } catch (error) {
      if (!(error instanceof InterpreterError)) throw error;
      if (!problem || problem.problem === 'missing') problem = error;
    }
  }
  throw problem;
}

function checked(command: string, answer: Answer | null): Interpreter {
  if (!answer) {
    const message = path.isAbsolute(command)
      ? `There is no Python at ${command}. Choose another interpreter.`
      : `There is no ${command} on the path. Install Python 3.8 or newer with torch, or say which one to use: --python PATH on the command line, the setting gradlens.python in VS Code.`;
    throw new InterpreterError('missing', null, message);
  }
  const { version, torch } = answer;
  const fail = (problem: PythonProblem, message: string) => new InterpreterError(problem, answer.path, message);
  if (!isAtLeast(version, OLDEST_PYTHON))
    throw fail('old-python', `${answer.path} is Python ${version}; GradLens needs 3.8 or newer.`);
  if (!torch)
    throw fail(
      'no-torch',
      `${answer.path} (Python ${version}) has no torch. Choose another interpreter, or install it: ${installCommand(answer.path)}`,
    );
  if (!isAtLeast(torch, OLDEST_TORCH))
    throw fail('old-torch', `${answer.path} has torch ${torch}; GradLens needs 1.13 or newer.`);
  return { path: answer.path, version, torch };
}

/** What to type to get torch. */
export const installCommand = (interpreter: string): string => `${quoted(interpreter)} -m pip install torch`;

const quoted = (text: string) => (/^[\w@%+=:,./\\-]+$/.test(text) ? text : `"${text}"`);

function isAtLeast(version: string, oldest: readonly number[]): boolean {
  const [major, minor] = version.split('.').map(Number);
  return major > oldest[0] || (major === oldest[0] && minor >= oldest[1]);
}

const known = new Map<string, Promise<Answer | null>>();

/** Null if there is no such interpreter. One that lacks nothing is asked once. */
async function ask(command: string): Promise<Answer | null> {
  const asked = known.get(command) ?? answerOf(command);
  known.set(command, asked);
  const answer = await asked;
  if (!answer?.torch) known.delete(command); // torch may be installed any time
  return answer;
}

function answerOf(command: string): Promise<Answer | null> {
  const { PYTHONPATH: _, ...env } = process.env;
  return new Promise((resolve) => {
    execFile(command, ['-c', QUESTION], { timeout: PATIENCE, env, windowsHide: true }, (_error, stdout) => {
      const line = /^gradlens:(.+)$/m.exec(stdout);
      resolve(line ? JSON.parse(line[1]) : null);
    });
  });
}
