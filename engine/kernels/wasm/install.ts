import { type Kernels, useKernels } from '../kernels.ts';
import { useMemory } from '../memory.ts';
import { Heap, type HeapOptions } from './heap.ts';
import { instantiate } from './instance.ts';
import { STAGE_BYTES, wasmKernels } from './kernels.ts';
import type { Scavenger } from './scavenger.ts';
import { selfTest } from './selfTest.ts';
import { sharedKernels } from './team/shared.ts';
import { STRUCTURES_BYTES, Team, type TeamOptions } from './team/team.ts';

/** AssemblyScript's own data lie from 1024 on; nothing of ours may come near. */
const FIRST_FREE = 65536;
const PAGE = 65536;
const INITIAL_BYTES = 128 << 20;
/** All that 32 bits can address. */
const MAXIMUM_PAGES = 65536;

export interface Installed {
  readonly kernels: Kernels;
  readonly heap: Heap;
  readonly wide: boolean;
}

export interface InstallOptions extends HeapOptions {
  /** Without it, or with one thread, the thread that trains does all work. */
  readonly team?: TeamOptions;
}

/**
 * Makes the compiled kernels the ones in use, and their memory the tensors' memory.
 * @param wide Whether the module was compiled so that 4 × 16 tiles may be 256 bits wide.
 */
export function installWasm(
  module: WebAssembly.Module,
  scavenger: Scavenger,
  wide: boolean,
  { team, ...options }: InstallOptions = {},
): Installed {
  const memory = new WebAssembly.Memory({ initial: INITIAL_BYTES / PAGE, maximum: MAXIMUM_PAGES, shared: true });
  const wasm = instantiate(module, memory);
  const threads = team?.threads ?? 1;
  const structures = FIRST_FREE;
  const stage = structures + STRUCTURES_BYTES;
  const scratch = stage + STAGE_BYTES;
  const scratchBytes = wasm.gemmScratch();
  wasm.gemmInit(scratch);
  const start = scratch + threads * scratchBytes;
  const low = new Float32Array(memory.buffer, 0, start / 4);
  const trusted = wide && selfTest(wasm, low, stage);
  const heap = new Heap(memory, start, scavenger, options);
  const members = Array.from({ length: threads - 1 }, (_, i) => ({
    module,
    memory,
    thread: i + 1,
    scratch: scratch + (i + 1) * scratchBytes,
  }));
  const words = new Int32Array(low.buffer, 0, start / 4);
  const shared =
    team && threads > 1 ? sharedKernels(wasm, new Team(wasm, words, structures, team, members), words) : wasm;
  const kernels = wasmKernels(shared, heap, low, stage, trusted, wide);
  useKernels(kernels);
  useMemory(heap);
  return { kernels, heap, wide: trusted };
}
