import { describe } from 'vitest';
import { installKernels, type KernelChoice } from '../../engine/host/kernels.ts';
import type { Installed } from '../../engine/kernels/wasm/install.ts';
import type { DType, Numbers } from '../../engine/tensor/dtype.ts';
import { numbers } from './numbers.ts';

/** Each build alone, and one of them shared out among threads, however little there is to do. */
const chosen: [choice: KernelChoice, threads: number][] = [
  ['wide', 1],
  ['narrow', 1],
  ['plain', 1],
  ['wide', 3],
];

/** What tests of a build work with. */
export interface Build extends Installed {
  readonly choice: KernelChoice;
  /** An array in the heap, or a small one outside. */
  filled(dtype: DType, length: number, seed: number): Numbers;
}

/** Describes tests that every build of the kernels has to pass. */
export function everyBuild(tests: (build: Build) => void): void {
  describe.each(chosen)('kernels: %s, threads: %i', (choice, threads) => {
    const installed = installKernels(choice, { threads, leastWork: 1e-3 })!;
    const filled: Build['filled'] = (dtype, length, seed) => {
      const out = installed.heap.allocate(dtype, length, false);
      for (const [i, v] of numbers(length, seed).entries()) out[i] = dtype === 'bool' ? Number(v > 0) : v;
      return out;
    };
    tests({ ...installed, choice, filled });
  });
}
