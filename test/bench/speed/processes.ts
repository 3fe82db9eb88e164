import { spawnSync } from 'node:child_process';
import path from 'node:path';

/** Where this folder's programs lie. */
export const beside = (...file: string[]): string => path.join(import.meta.dirname, ...file);

export interface Command {
  readonly command: string;
  readonly arguments: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

/**
 * The environment for what is measured: what chooses kernels or threads comes from here alone. What OpenBLAS is told for other
 * reasons, OPENBLAS_CORETYPE say, would halve an older torch.
 */
export function environmentOf(own: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const aside = /^(OPENBLAS_|GRADLENS_KERNELS$|GRADLENS_THREADS$)/;
  const environment = Object.entries(process.env).filter(([name]) => !aside.test(name));
  return { ...Object.fromEntries(environment), ...own };
}

/** Runs a program to its end. @returns What it says on its last line. @throws If it fails or takes more than `minutes`. */
export function ask<Answer>({ command, arguments: args, environment }: Command, minutes = 10): Answer {
  const { stdout, stderr, status, error } = spawnSync(command, args, {
    encoding: 'utf8',
    env: environmentOf(environment),
    timeout: minutes * 60_000,
  });
  if (error) throw new Error(`${path.basename(command)} ${args.join(' ')}: ${error.message}`);
  if (status !== 0)
    throw new Error(`${path.basename(command)} ${args.join(' ')}: ${stderr.trim() || `status ${status}`}`);
  return JSON.parse(stdout.trim().split('\n').at(-1)!) as Answer;
}

export interface Python {
  readonly path: string;
  /** Of its torch. */
  readonly version: string;
}

/** Interpreters that have torch: those TORCH_PYTHON names, separated as in PATH; else `python3` if it has. */
export function pythonsWithTorch(): Python[] {
  return (process.env.TORCH_PYTHON ?? 'python3').split(path.delimiter).flatMap((python) => {
    const { stdout } = spawnSync(python, ['-c', 'import torch; print(torch.__version__)'], { encoding: 'utf8' });
    const version = stdout?.trim();
    return version ? [{ path: python, version }] : [];
  });
}

/** One of our own programs, `ours/PROGRAM.ts`. */
export const ours = (program: string, args: readonly string[], kernels = 'wide', threads = '1'): Command => ({
  command: process.execPath,
  arguments: [beside('ours', `${program}.ts`), ...args],
  environment: { GRADLENS_KERNELS: kernels, GRADLENS_THREADS: threads },
});

/** One of our programs in Python, `python/PROGRAM.py`. */
export const python = ({ path }: Python, program: string, args: readonly string[], threads = '1'): Command => ({
  command: path,
  arguments: [beside('python', `${program}.py`), ...args],
  // one number for every library that has threads of its own
  environment: {
    PYTHONDONTWRITEBYTECODE: '1',
    OMP_NUM_THREADS: threads,
    OPENBLAS_NUM_THREADS: threads,
    MKL_NUM_THREADS: threads,
  },
});
