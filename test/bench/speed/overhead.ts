import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { median, percent, ratio, type Table } from './figures.ts';
import type { WorkloadName } from './ours/workloads.ts';
import { ask, ours, type Python, python } from './processes.ts';

/** What watching costs a workload, in parts of a step. */
export interface Overhead {
  readonly workload: WorkloadName;
  readonly of: readonly {
    readonly name: string;
    readonly way: string;
    readonly share: number;
    readonly step: number;
  }[];
}

interface Pair {
  /** Milliseconds of a step. */
  readonly plain: number;
  readonly ways: Readonly<Record<string, number>>;
}

const BLOCKS = 15;

/** Statistics at every step, and what is sampled, in our engine; hooks and histograms in PyTorch. Each beside training without. */
export function measureOverhead(workload: WorkloadName, pythons: readonly Python[], seconds: string): Overhead {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'gradlens-speed-'));
  const start = path.join(folder, 'start.safetensors');
  const rest = [workload, String(Number(seconds) / 3), String(BLOCKS)];
  try {
    ask(ours('start', [workload, start]));
    const subjects = [
      ['ours, 256-bit', ours('overhead', rest)] as const,
      ['ours, 128-bit', ours('overhead', rest, 'narrow')] as const,
      ...pythons.map((it) => [`torch ${it.version}`, python(it, 'overhead', [...rest, start])] as const),
    ];
    return { workload, of: subjects.flatMap(([name, command]) => shares(name, ask<Pair[]>(command))) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function shares(name: string, pairs: readonly Pair[]): Overhead['of'] {
  const plain = pairs.map((pair) => pair.plain);
  return Object.keys(pairs[0].ways).map((way) => ({
    name,
    way,
    step: median(plain),
    share:
      ratio(
        pairs.map(({ ways }) => ways[way]),
        plain,
      ) - 1,
  }));
}

export function overheadTable(overheads: readonly Overhead[]): Table {
  const [first] = overheads;
  return {
    title: 'What watching adds to a step',
    header: ['', ...overheads.map(({ workload }) => workload)],
    rows: first.of.map(({ name, way }, i) => [
      `${name}: ${way}`,
      ...overheads.map(({ of }) => `${of[i].share < 0 ? '−' : '+'}${percent(Math.abs(of[i].share), 1)}`),
    ]),
  };
}
