import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { median, percent, type Table } from './figures.ts';
import type { WorkloadName } from './ours/workloads.ts';
import { ask, ours, type Python, python } from './processes.ts';
import { PLAIN } from './ways.ts';

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

/** Steps taken in one stretch, and the processor time that they took. */
export interface Block {
  readonly steps: number;
  readonly milliseconds: number;
}

/** One of each way. */
export type Blocks = Readonly<Record<string, Block>>;

/** Processes of each subject, in turns: how V8 lays code out differs from one to the next as much as blocks do within one. */
const PROCESSES = 3;
/** Of each way: what is sampled is sampled at some steps only, so they have to be many. */
const BLOCKS = 120;
/** Seconds of one of each: short, so that what else the machine does is the same for all. */
const ROUND = 0.072;

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
    const turns = Array.from({ length: PROCESSES }, () => subjects.map(([, command]) => ask<Blocks[]>(command)));
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

/** Milliseconds of a step: of all steps of a process, so that what is rare and long counts as what it takes. */
function stepOf(rounds: readonly Blocks[], way: string): number {
  const sum = (of: keyof Block) => rounds.reduce((all, blocks) => all + blocks[way][of], 0);
  return sum('milliseconds') / sum('steps');
}

function shares(name: string, processes: readonly (readonly Blocks[])[]): Overhead['of'] {
  const ways = Object.keys(processes[0][0]).filter((way) => way !== PLAIN);
  return ways.sort().map((way) => {
    const found = processes.map((rounds) => stepOf(rounds, way) / stepOf(rounds, PLAIN));
    return {
      name,
      way,
      step: median(processes.map((rounds) => stepOf(rounds, PLAIN))),
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
