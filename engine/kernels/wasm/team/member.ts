import type { Address, KernelExports } from '../exports.ts';
import { instantiate, kernelTable } from '../instance.ts';
import { Board } from './board.ts';

/** What a thread of a team is given. */
export interface MemberData {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly board: SharedArrayBuffer;
  /** From 1; the thread that trains is 0. */
  readonly thread: number;
  /** Memory of its own for matrix products. */
  readonly scratch: Address;
}

/** What a thread of a team does until its process ends. */
export function serve({ module, memory, board, thread, scratch }: MemberData): void {
  const wasm: KernelExports = instantiate(module, memory);
  wasm.gemmInit(scratch);
  new Board(board).serve(kernelTable(wasm), thread);
}
