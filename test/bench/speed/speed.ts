/**
 * Steps per second beside PyTorch, on the workloads of workloads.ts. Each subject runs in a process of its own, in turns, so
 * that the machine's noise meets all of them; reported are medians, and medians of the ratios within a round. Asserts
 * nothing.
 *
 *     node test/bench/speed/speed.ts [--rounds 5] [--seconds 1] [--only tiny,mlp] [--json FILE]
 *
 * TORCH_PYTHON names interpreters that have torch, separated as in PATH; without it, `python3` is asked.
 */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { type WorkloadName, workloads } from './workloads.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '1' },
    only: { type: 'string' },
    json: { type: 'string' },
  },
});
const rounds = Number(values.rounds);
const { seconds } = values;
const names = (values.only?.split(',') ?? Object.keys(workloads)) as WorkloadName[];

interface Subject {
  readonly name: string;
  readonly command: string;
  readonly arguments: (workload: string) => string[];
  readonly environment?: Record<string, string>;
}

interface Result {
  readonly rate: number;
  readonly megabytes: number;
  readonly version: string;
}

const beside = (file: string) => path.join(import.meta.dirname, file);
const ours = (name: string, kernels: string, ...more: string[]): Subject => ({
  name,
  command: process.execPath,
  arguments: (workload) => [beside('ours.ts'), workload, seconds, ...more],
  environment: { GRADLENS_KERNELS: kernels },
});
const pythons = (process.env.TORCH_PYTHON ?? 'python3').split(path.delimiter);
const torch = (python: string): Subject => ({
  name: `torch ${versionOf(python)}`,
  command: python,
  arguments: (workload) => [beside('workloads.py'), workload, seconds],
  // one thread each; a core type that was chosen for other reasons would halve the older torch
  environment: { OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1', MKL_NUM_THREADS: '1' },
});

function versionOf(python: string): string {
  const { stdout } = spawnSync(python, ['-c', 'import torch; print(torch.__version__)'], { encoding: 'utf8' });
  return stdout?.trim() || '';
}

const subjects: Subject[] = [
  ours('ours', 'wide'),
  ours('with statistics', 'wide', 'statistics'),
  ours('128-bit', 'narrow'),
  ...pythons.filter((python) => versionOf(python)).map(torch),
];
if (subjects.length === 3) console.log('No Python with torch was found (TORCH_PYTHON names one): ours alone.');

function measure(subject: Subject, workload: string): Result {
  const { OPENBLAS_CORETYPE: _, ...environment } = process.env;
  const { stdout, stderr, status } = spawnSync(subject.command, subject.arguments(workload), {
    encoding: 'utf8',
    env: { ...environment, ...subject.environment },
  });
  if (status !== 0) throw new Error(`${subject.name}, ${workload}: ${stderr}`);
  return JSON.parse(stdout.trim().split('\n').at(-1)!) as Result;
}

const median = (list: readonly number[]) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];
const spread = (list: readonly number[]) => (Math.max(...list) - Math.min(...list)) / median(list);

const report = names.map((workload) => {
  const results = subjects.map((): Result[] => []);
  for (let round = 0; round < rounds; round++)
    for (const [i, subject] of subjects.entries()) results[i].push(measure(subject, workload));
  const rows = subjects.map(({ name }, i) => {
    const rates = results[i].map(({ rate }) => rate);
    // how much faster the first subject is, round by round
    const ratio = median(rates.map((rate, round) => results[0][round].rate / rate));
    const megabytes = median(results[i].map((result) => result.megabytes));
    return { name, rate: median(rates), best: Math.max(...rates), ratio, noise: spread(rates), megabytes };
  });
  console.log(`\n${workload}`);
  console.log('                       steps/s       best   ours is    noise   memory');
  for (const { name, rate, best, ratio, noise, megabytes } of rows) {
    const cells = [
      name.padEnd(18),
      rate.toFixed(1).padStart(11),
      best.toFixed(1).padStart(11),
      `${ratio.toFixed(2)}×`.padStart(10),
      `${(100 * noise).toFixed(0)} %`.padStart(9),
      `${megabytes.toFixed(0)} MB`.padStart(9),
    ];
    console.log(cells.join(''));
  }
  return { workload, rows };
});

const machine = `${os.cpus()[0].model}, ${os.cpus().length} cores, Node ${process.version}`;
console.log(`\n${machine}; ${rounds} rounds of ${seconds} s`);
if (values.json) fs.writeFileSync(values.json, `${JSON.stringify({ machine, rounds, seconds, report }, null, 2)}\n`);
