import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { percent, type Table } from './figures.ts';
import type { WorkloadName } from './ours/workloads.ts';
import { environmentOf, ours } from './processes.ts';

/** Where a workload's time goes: parts by share of all samples, and the functions that take most. */
export interface Profile {
  readonly workload: WorkloadName;
  readonly parts: Readonly<Record<string, number>>;
  readonly functions: readonly { readonly name: string; readonly share: number }[];
}

/** What `node --cpu-prof` writes. */
interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string };
  }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

/** By the first that fits. */
const PARTS: readonly (readonly [part: string, where: RegExp])[] = [
  ['kernels', /^wasm:|kernels\.wasm/],
  ['calling kernels', /\/engine\/kernels\//],
  ['tape and backward', /\/engine\/autograd\//],
  ['operations', /\/engine\/ops\//],
  ['modules', /\/engine\/nn\//],
  ['optimizer', /\/engine\/optim\//],
  ['tensors', /\/engine\/tensor\//],
];
const GARBAGE = 'garbage collection';
const REST = 'the rest';

function partOf(name: string, url: string): string {
  if (name === '(garbage collector)') return GARBAGE;
  return PARTS.find(([, where]) => where.test(url))?.[0] ?? REST;
}

/** What a process that times steps does at its end: neither its start nor warming up. */
const TIMED = 1 / 3;

/** Runs a workload under V8's sampling profiler. */
export function profile(workload: WorkloadName, seconds: string): Profile {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'gradlens-profile-'));
  try {
    const program = ours('speed', [workload, String(3 * Number(seconds))]);
    const profiled = ['--cpu-prof', `--cpu-prof-dir=${folder}`, ...program.arguments];
    const { status, stderr } = spawnSync(program.command, profiled, {
      encoding: 'utf8',
      env: environmentOf(program.environment),
    });
    if (status !== 0) throw new Error(stderr);
    const file = readdirSync(folder).find((name) => name.endsWith('.cpuprofile'))!;
    return summary(workload, JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as CpuProfile);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** `tile4x16, tiles` for a kernel, whose name has the path of its source; `backward, matmul.ts` for the rest. */
function nameOf(name: string, url: string): string {
  const [file, kernel] = name.split('/').slice(-2);
  if (url.startsWith('wasm:')) return kernel ? `${kernel}, ${file}` : name;
  return `${name || '(anonymous)'}${url ? `, ${path.basename(url)}` : ''}`;
}

function summary(workload: WorkloadName, { nodes, samples, timeDeltas }: CpuProfile): Profile {
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const [parts, functions] = [new Map<string, number>(), new Map<string, number>()];
  const add = (to: Map<string, number>, key: string, time: number) => to.set(key, (to.get(key) ?? 0) + time);
  const begin = (1 - TIMED) * timeDeltas.reduce((sum, time) => sum + time, 0);
  let [elapsed, total] = [0, 0];
  samples.forEach((id, i) => {
    const { functionName, url } = frames.get(id)!;
    elapsed += timeDeltas[i];
    if (functionName === '(idle)' || elapsed < begin) return;
    total += timeDeltas[i];
    add(parts, partOf(functionName, url), timeDeltas[i]);
    add(functions, nameOf(functionName, url), timeDeltas[i]);
  });
  const most = [...functions].sort(([, a], [, b]) => b - a).slice(0, 12);
  return {
    workload,
    parts: Object.fromEntries([...parts].map(([part, time]) => [part, time / total])),
    functions: most.map(([name, time]) => ({ name, share: time / total })),
  };
}

export function profileTable(profiles: readonly Profile[]): Table {
  const parts = [...PARTS.map(([part]) => part), GARBAGE, REST];
  return {
    title: 'Where the time of a step goes (V8’s profiler)',
    header: ['', ...profiles.map(({ workload }) => workload)],
    rows: parts.map((part) => [part, ...profiles.map((it) => percent(it.parts[part] ?? 0))]),
    notes: profiles.map(({ workload, functions }) => {
      const list = functions.map(({ name, share }) => `${name} ${percent(share)}`);
      return `${workload}: ${list.join('; ')}.`;
    }),
  };
}
