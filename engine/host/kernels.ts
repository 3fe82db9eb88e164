import fs from 'node:fs';
import os from 'node:os';
import v8 from 'node:v8';
import vm from 'node:vm';
import { Worker } from 'node:worker_threads';
import type { HeapOptions } from '../kernels/wasm/heap.ts';
import { type Installed, installWasm } from '../kernels/wasm/install.ts';
import type { Scavenger } from '../kernels/wasm/scavenger.ts';
import type { TeamOptions } from '../kernels/wasm/team/team.ts';
import { entry, kernelsFile } from './entry.ts';

/**
 * `wide`: 256-bit tiles where this V8 can, the default; `narrow`: 128 bits; `plain`: without relaxed SIMD; `reference`:
 * TypeScript.
 */
export type KernelChoice = 'wide' | 'narrow' | 'plain' | 'reference';
/** The environment variable that chooses. */
export const KERNELS_VARIABLE = 'GRADLENS_KERNELS';

/** `auto`, the default: as many as there are cores, call by call where that's faster. A number: so many, always. */
export const THREADS_VARIABLE = 'GRADLENS_THREADS';
/** More than this share caches and memory rather than work. */
const MOST_THREADS = 8;

/** What installs kernels may ask for. */
export interface KernelOptions extends HeapOptions {
  /** As in the environment variable, whose say is the last. Default: one. */
  readonly threads?: number | 'auto';
  /** As in `TeamOptions`. */
  readonly leastWork?: number;
}

/** Lets the engine compute in WebAssembly, if this process can. @returns What is in use; null for the reference. */
export function installKernels(
  choice = process.env[KERNELS_VARIABLE] as KernelChoice | undefined,
  { threads = 1, leastWork, ...options }: KernelOptions = {},
): Installed | null {
  if (choice === 'reference') return null;
  const wanted = choice === undefined || choice === 'wide';
  const revectorized = wanted && trySetFlag('--experimental-wasm-revectorize');
  const module = (choice !== 'plain' && compile('kernels')) || compile('kernels-plain');
  return module && installWasm(module, scavenger, revectorized, { ...options, team: team(threads, leastWork) });
}

function team(asked: number | 'auto', leastWork: number | undefined): TeamOptions {
  const told = process.env[THREADS_VARIABLE] ?? String(asked);
  const tuned = !/^[1-9]\d*$/.test(told);
  return {
    threads: Math.min(tuned ? os.availableParallelism() : Number(told), MOST_THREADS),
    tuned,
    leastWork,
    // A thread that waits for work keeps no process alive, and has nothing to say.
    start: (data) => new Worker(entry('kernelThread'), { workerData: data, execArgv: [] }).unref(),
  };
}

/** Null where there is no such file (no build yet) or where it uses what this V8 doesn't know. */
function compile(name: 'kernels' | 'kernels-plain'): WebAssembly.Module | null {
  const file = kernelsFile(name);
  if (!fs.existsSync(file)) return null;
  // Optimized at once: the self-test must see the code that will be used, and a training run is never too short for it.
  v8.setFlagsFromString('--no-liftoff');
  trySetFlag('--experimental-wasm-relaxed-simd');
  try {
    return new WebAssembly.Module(fs.readFileSync(file));
  } catch (error) {
    if (error instanceof WebAssembly.CompileError) return null;
    throw error;
  } finally {
    v8.setFlagsFromString('--liftoff');
  }
}

/** V8 prints a complaint about a flag that it doesn't know, so it is asked by version. */
function trySetFlag(flag: '--experimental-wasm-revectorize' | '--experimental-wasm-relaxed-simd'): boolean {
  const major = Number(process.versions.node.split('.')[0]);
  const [from, to] = flag === '--experimental-wasm-revectorize' ? [24, Infinity] : [20, 21];
  if (major < from || major > to) return false;
  v8.setFlagsFromString(flag);
  return true;
}

/** Beyond this a larger young generation has V8 collect it more seldom, but training is no faster for it. */
const YOUNG_BYTES = 16 << 20;

/** V8 would let it grow to eight times as much, which is more than a small network's tensors take. */
function keepYoungSmall(): void {
  const young = v8.getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space');
  if (young && young.space_size >= YOUNG_BYTES) v8.setFlagsFromString('--semi-space-growth-factor=1');
}

const nothing = new vm.Script('0');
let elsewhere: vm.Context | null = null;
let collectGarbage: (() => void) | null = null;

/**
 * A WeakRef keeps its target alive until the running job ends, and a training loop is one job. Leaving a context that has
 * microtasks of its own counts as the end of a job to V8, which then lets go of those targets.
 */
const scavenger: Scavenger = {
  scavenge() {
    if (!collectGarbage) {
      v8.setFlagsFromString('--expose-gc');
      collectGarbage = vm.runInNewContext('gc');
      elsewhere = vm.createContext({}, { microtaskMode: 'afterEvaluate' });
    }
    keepYoungSmall();
    const canary = new WeakRef({});
    nothing.runInContext(elsewhere!);
    collectGarbage!();
    return canary.deref() === undefined;
  },
};
