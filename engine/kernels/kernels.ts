import { reference } from './reference/reference.ts';

/** Everything that loops over elements. Operations decide shapes and memory; a kernel only computes. */
export type Kernels = typeof reference;

/** The kernels in use. A live binding: read it at each call. */
export let kernels: Kernels = reference;

export function useKernels(next: Kernels): void {
  kernels = next;
}
