/**
 * How far the diagnosis can be trusted: every case (cases.ts) is run by the command line, as a user would, and what is
 * found is counted against what should be. Labels are what was done to a program; whether it hurts isn't measured yet.
 * Asserts nothing.
 *
 *     node test/bench/diagnosis/diagnosis.ts [--seeds 1] [--only TEXT] [--jobs 2]
 */
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { FindingId } from '../../../engine/diagnose/finding.ts';
import { type Case, cases } from './cases.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '1' },
    jobs: { type: 'string', default: '2' },
    only: { type: 'string' },
  },
});
const CLI = path.join(import.meta.dirname, '../../../engine/host/cli.ts');
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'gradlens-bench-'));

interface Outcome {
  readonly case: Case;
  readonly found: readonly FindingId[];
  readonly error: string | null;
}

async function runCase(one: Case, index: number): Promise<Outcome> {
  const script = path.join(folder, `case${index}.ts`);
  fs.writeFileSync(script, one.script);
  const output = await new Promise<string>((resolve) => {
    execFile(process.execPath, [CLI, 'run', script, '--json'], { maxBuffer: 2 ** 28 }, (_error, stdout) =>
      resolve(stdout),
    );
  });
  const { findings, error } = JSON.parse(output);
  return { case: one, found: findings.map(({ id }: { id: FindingId }) => id), error: error?.message ?? null };
}

const chosen = cases(Number(values.seeds)).filter(({ name }) => name.includes(values.only ?? ''));
const outcomes: Outcome[] = [];
let next = 0;
await Promise.all(
  Array.from({ length: Number(values.jobs) }, async () => {
    for (let i = next++; i < chosen.length; i = next++) outcomes.push(await runCase(chosen[i], i));
  }),
);
fs.rmSync(folder, { recursive: true });

/** Wilson's interval of a share, 95 %. */
function interval(hits: number, of: number): string {
  const z = 1.96;
  const p = hits / of;
  const middle = (p + z ** 2 / (2 * of)) / (1 + z ** 2 / of);
  const half = (z * Math.sqrt((p * (1 - p)) / of + z ** 2 / (4 * of ** 2))) / (1 + z ** 2 / of);
  const percent = (x: number) => (100 * Math.min(1, Math.max(0, x))).toFixed(1);
  return `${hits} of ${of}, ${percent(p)} % (${percent(middle - half)} to ${percent(middle + half)})`;
}

const broken = outcomes.filter(({ error }) => error !== null);
const judged = outcomes.filter(({ error }) => error === null);
const faulty = judged.filter(({ case: { expected } }) => expected.length > 0);
const healthy = judged.filter(({ case: { expected } }) => expected.length === 0);
const detected = faulty.filter(({ found }) => found.length > 0);
const right = faulty.filter(({ found, case: { expected } }) => expected.includes(found[0]));
const alarms = healthy.filter(({ found }) => found.length > 0);

console.log(`recall        ${interval(detected.length, faulty.length)}`);
console.log(`right finding ${interval(right.length, faulty.length)}`);
console.log(`false alarms  ${interval(alarms.length, healthy.length)}`);
console.log('\nexpected → found first');
const matrix = Map.groupBy(
  judged,
  ({ case: { expected }, found }) => `${expected[0] ?? 'healthy'} → ${found[0] ?? 'nothing'}`,
);
for (const [key, list] of [...matrix].sort()) console.log(`${String(list.length).padStart(4)}  ${key}`);
const wrong = judged.filter(({ found, case: { expected } }) =>
  expected.length ? !expected.includes(found[0]) : found.length > 0,
);
if (wrong.length) console.log('\nwrong:');
for (const { case: one, found } of wrong) console.log(`  ${one.name}: ${found.join(', ') || 'nothing'}`);
for (const { case: one, error } of broken) console.log(`  ${one.name} failed: ${error}`);
