import type { KernelExports } from './exports.ts';
import type { KernelTable } from './team/board.ts';

/** An instance of the kernels on this memory; each thread needs one. */
export function instantiate(module: WebAssembly.Module, memory: WebAssembly.Memory): KernelExports {
  const abort = () => {
    throw new Error('A kernel failed an assertion.');
  };
  return new WebAssembly.Instance(module, { env: { memory, abort } }).exports as unknown as KernelExports;
}

/** The exports by number, in the module's own order. */
export const kernelTable = (wasm: KernelExports): KernelTable => Object.values(wasm) as unknown as KernelTable;

/** Where a kernel stands in that table. */
export const kernelNumbers = (wasm: KernelExports): ReadonlyMap<string, number> =>
  new Map(Object.keys(wasm).map((name, i) => [name, i]));
