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

/** What one process found. */
interface Found {
  readonly rounds: readonly Blocks[];
  /** By way, what comes on top at so few steps that most blocks have none of them, in parts of a step. */
  readonly besides?: Readonly<Record<string, number>>;
}

/** Processes of ours, in turns: how V8 lays code out differs from one to the next as much as blocks do within one. Of torch one does. */
const PROCESSES = 3;
/** Of each way at most: what is sampled is sampled at some steps only, so they have to be many. */
const BLOCKS = 120;
/** Seconds of a process after which no further ones are begun. */
const ENOUGH = 20;
/** Seconds of one of each: short, so that what else the machine does is the same for all. */
const ROUND = 0.072;

/** Statistics at every step, and what is sampled, in our engine; hooks and histograms in PyTorch. Each beside training without. */
export function measureOverhead(workload: WorkloadName, pythons: readonly Python[]): Overhead {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'gradlens-speed-'));
  const start = path.join(folder, 'start.safetensors');
  const rest = [workload, ...[ROUND, BLOCKS, ENOUGH].map(String)];
  try {
    ask(ours('start', [workload, start]));
    const own = [
      ['ours, 256-bit', ours('overhead', rest)] as const,
      ['ours, 128-bit', ours('overhead', rest, 'narrow')] as const,
    ];
    const turns = Array.from({ length: PROCESSES }, () => own.map(([, command]) => ask<Found>(command)));
    const ofOurs = own.flatMap(([name], i) =>
      shares(
        name,
        turns.map((turn) => turn[i]),
      ),
    );
    const ofTorch = pythons.flatMap((it) =>
      shares(`torch ${it.version}`, [ask<Found>(python(it, 'overhead', [...rest, start]))]),
    );
    return { workload, of: [...ofOurs, ...ofTorch] };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const stepOf = ({ steps, milliseconds }: Block): number => milliseconds / steps;

/**
 * The median of the ratios within a round: of two ways that are the same it says they are, within half a hundredth, where sums of all blocks
 * differ by up to a tenth, as a machine's other work falls on few of them.
 */
const shareOf = ({ rounds, besides }: Found, way: string): number =>
  median(rounds.map((blocks) => stepOf(blocks[way]) / stepOf(blocks[PLAIN]))) - 1 + (besides?.[way] ?? 0);

function shares(name: string, processes: readonly Found[]): Overhead['of'] {
  const ways = Object.keys(processes[0].rounds[0]).filter((way) => way !== PLAIN);
  return ways.sort().map((way) => {
    const found = processes.map((process) => shareOf(process, way));
    return {
      name,
      way,
      step: median(processes.map(({ rounds }) => median(rounds.map((blocks) => stepOf(blocks[PLAIN]))))),
      share: median(found),
      least: Math.min(...found),
      greatest: Math.max(...found),
    };
  });
}

const signed = (share: number): string => `${share < 0 ? '−' : '+'}${percent(Math.abs(share), 1)}`;

const spread = ({ share, least, greatest }: Overhead['of'][number]): string =>
  least === greatest ? signed(share) : `${signed(share)} (${signed(least)} to ${signed(greatest)})`;

export function overheadTable(overheads: readonly Overhead[]): Table {
  const [first] = overheads;
  return {
    title: `What watching adds to a step: median of ${PROCESSES} processes (least to greatest), one of torch`,
    header: ['', ...overheads.map(({ workload }) => workload)],
    rows: first.of.map(({ name, way }, i) => [`${name}: ${way}`, ...overheads.map(({ of }) => spread(of[i]))]),
  };
}
