// What sweep.py recorded from real PyTorch, against the engine: thousands of small cases, and where torch is present, others too.
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { delimiter } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { type Case, judge } from './cases.ts';

/** How far an answer may be from PyTorch's, by the type of the inputs; relative beyond 1. */
const tolerances: Readonly<Record<string, number>> = { float64: 1e-9, float32: 4e-6, int32: 2e-7, bool: 0 };

// Wider ones, each with its reason.
const wider: Readonly<Record<string, number>> = {
  digamma: 4e-7, // PyTorch computes that of integers in float32 throughout
  'F.hardsigmoid': 1e-7, // PyTorch keeps 1/6 in float32
  'F.celu': 1e-7, // and 1/α
};

function toleranceOf({ op, in: inputs }: Case): number {
  const types = inputs.map(([, dtype]) => dtype);
  return Math.max(wider[op] ?? 0, ...types.map((type) => tolerances[type]));
}

const parse = (packed: Buffer): { version: string; cases: Case[] } => {
  const [header, ...cases] = gunzipSync(packed)
    .toString()
    .split('\n')
    .map((line) => JSON.parse(line));
  return { version: header.torch, cases };
};

const worst = new Map<string, { cases: number; error: number }>();

function check(cases: readonly Case[]): string[] {
  return cases.flatMap((c) => {
    const { error, fault } = verdict(c);
    const before = worst.get(c.op) ?? { cases: 0, error: 0 };
    worst.set(c.op, { cases: before.cases + 1, error: Math.max(before.error, error) });
    if (fault === '' && error <= toleranceOf(c)) return [];
    return [`${JSON.stringify(c.in)} ${JSON.stringify(c.args)}: ${fault || `off by ${error}`}`];
  });
}

function verdict(c: Case): ReturnType<typeof judge> {
  try {
    return judge(c);
  } catch (error) {
    return { error: 0, fault: String(error) };
  }
}

const byOperation = (cases: readonly Case[]): [string, Case[]][] => [...Map.groupBy(cases, ({ op }) => op)];

const recorded = parse(readFileSync(new URL('sweep.jsonl.gz', import.meta.url)));

describe(`${recorded.cases.length} cases of PyTorch ${recorded.version}`, () => {
  test.each(byOperation(recorded.cases))('%s', (_, cases) => {
    expect(check(cases)).toEqual([]);
  });
});

// TORCH_PYTHON names interpreters that have torch. Some operations are younger than PyTorch 2.
const python = (process.env.TORCH_PYTHON ?? 'python3')
  .split(delimiter)
  .find((path) => spawnSync(path, ['-c', 'import torch; assert torch.__version__ >= "2"']).status === 0);
// Other cases than those recorded, and the same ones each time; ORACLE_SEED asks for others again.
const seed = process.env.ORACLE_SEED ?? '71';

describe.skipIf(!python)('other inputs, live', () => {
  test('all operations', () => {
    const script = fileURLToPath(new URL('sweep.py', import.meta.url));
    const answers = execFileSync(python!, [script, '--seed', seed], {
      maxBuffer: 2 ** 28,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const faults = byOperation(parse(answers).cases).flatMap(([op, cases]) =>
      check(cases).map((fault) => `${op} ${fault}`),
    );
    expect(faults, `with seed ${seed}`).toEqual([]);
  });
});

afterAll(() => {
  const total = [...worst.values()].reduce((sum, { cases }) => sum + cases, 0);
  const lines = [...worst].map(([op, { cases, error }]) => `${op} ${cases}/${error.toExponential(0)}`);
  console.log(`Compared ${total} cases with PyTorch ${recorded.version}; cases/worst error:\n${lines.join(', ')}`);
});
