import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { median, percent, type Table } from './figures.ts';
import type { WorkloadName } from './ours/workloads.ts';
import { ask, ours, type Python, python } from './processes.ts';

/** What watching costs a workload, in parts of a step. */
export interface Overhead {
  readonly workload: WorkloadName;
  readonly of: readonly {
    readonly name: string;
    readonly way: string;
    /** The median of what several processes found, and the least and the greatest of it. */
    readonly share: number;
    readonly least: number;
    readonly greatest: number;
    readonly step: number;
  }[];
}

interface Pair {
  /** Milliseconds of a step. */
  readonly plain: number;
  readonly ways: Readonly<Record<string, number>>;
}

/** Processes of each subject, in turns: how V8 lays code out differs from one to the next as much as blocks do within one. */
const PROCESSES = 3;
/** Of each way: what is sampled is sampled at some steps only, so they have to be many. */
const BLOCKS = 500;
/** Seconds of one of each: short, so that what else the machine does is the same for all. */
const ROUND = 0.018;

/** Statistics at every step, and what is sampled, in our engine; hooks and histograms in PyTorch. Each beside training without. */
export function measureOverhead(workload: WorkloadName, pythons: readonly Python[]): Overhead {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'gradlens-speed-'));
  const start = path.join(folder, 'start.safetensors');
  const rest = [workload, String(ROUND), String(BLOCKS)];
  try {
    ask(ours('start', [workload, start]));
    const subjects = [
      ['ours, 256-bit', ours('overhead', rest)] as const,
      ['ours, 128-bit', ours('overhead', rest, 'narrow')] as const,
      ...pythons.map((it) => [`torch ${it.version}`, python(it, 'overhead', [...rest, start])] as const),
    ];
    const turns = Array.from({ length: PROCESSES }, () => subjects.map(([, command]) => ask<Pair[]>(command)));
    const of = subjects.flatMap(([name], i) =>
      shares(
        name,
        turns.map((turn) => turn[i]),
      ),
    );
    return { workload, of };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);

/** Of all steps of a process: what is rare and long counts as what it takes. */
function shares(name: string, processes: readonly (readonly Pair[])[]): Overhead['of'] {
  return Object.keys(processes[0][0].ways).map((way) => {
    const found = processes.map(
      (pairs) => sum(pairs.map(({ ways }) => ways[way])) / sum(pairs.map(({ plain }) => plain)),
    );
    return {
      name,
      way,
      step: median(processes.flat().map(({ plain }) => plain)),
      share: median(found) - 1,
      least: Math.min(...found) - 1,
      greatest: Math.max(...found) - 1,
    };
  });
}

const signed = (share: number): string => `${share < 0 ? '−' : '+'}${percent(Math.abs(share), 1)}`;

export function overheadTable(overheads: readonly Overhead[]): Table {
  const [first] = overheads;
  return {
    title: `What watching adds to a step: median of ${PROCESSES} processes (least to greatest)`,
    header: ['', ...overheads.map(({ workload }) => workload)],
    rows: first.of.map(({ name, way }, i) => [
      `${name}: ${way}`,
      ...overheads.map(({ of }) => `${signed(of[i].share)} (${signed(of[i].least)} to ${signed(of[i].greatest)})`),
    ]),
  };
}
