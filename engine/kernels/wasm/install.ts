import { type Kernels, useKernels } from '../kernels.ts';
import { useMemory } from '../memory.ts';
import type { KernelExports } from './exports.ts';
import { Heap, type HeapOptions } from './heap.ts';
import { STAGE_BYTES, wasmKernels } from './kernels.ts';
import type { Scavenger } from './scavenger.ts';
import { selfTest } from './selfTest.ts';

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

/**
 * Makes the compiled kernels the ones in use, and their memory the tensors' memory.
 * @param wide Whether the module was compiled so that 4 × 16 tiles may be 256 bits wide.
 */
export function installWasm(
  module: WebAssembly.Module,
  scavenger: Scavenger,
  wide: boolean,
  options?: HeapOptions,
): Installed {
  const memory = new WebAssembly.Memory({ initial: INITIAL_BYTES / PAGE, maximum: MAXIMUM_PAGES, shared: true });
  const instance = new WebAssembly.Instance(module, {
    env: {
      memory,
      abort() {
        throw new Error('A kernel failed an assertion.');
      },
    },
  });
  const wasm = instance.exports as unknown as KernelExports;
  const stage = FIRST_FREE;
  const scratch = stage + STAGE_BYTES;
  wasm.gemmInit(scratch);
  const start = scratch + wasm.gemmScratch();
  const low = new Float32Array(memory.buffer, 0, start / 4);
  const trusted = wide && selfTest(wasm, low, stage);
  const heap = new Heap(memory, start, scavenger, options);
  const kernels = wasmKernels(wasm, heap, low, stage, trusted);
  useKernels(kernels);
  useMemory(heap);
  return { kernels, heap, wide: trusted };
}
