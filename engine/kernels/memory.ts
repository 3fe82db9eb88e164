import type { DType, Numbers } from '../tensor/dtype.ts';

/** Where tensors' elements lie. */
export interface Memory {
  /** Room for `size` elements, all 0 unless `dirty`. It stays the caller's for as long as the array can be reached. */
  allocate(dtype: DType, size: number, dirty: boolean): Numbers;
  /** Gives memory back at once. Only for who knows that nobody else holds the array or a view of it. */
  release(data: Numbers): void;
  /** From now on every array that is allocated is added to `journal`. @returns Where they were added before. */
  record(journal: Numbers[] | null): Numbers[] | null;
  /** Adds to a number that goes with an array until it's given back, 0 at first. @returns It; always 0 for arrays that nobody gives back. */
  note(data: Numbers, change: number): number;
  /** A moment between two operations, when nobody works on elements: the time to look for memory that is free again. */
  betweenOperations(): void;
}

/** Ordinary arrays, which the garbage collector owns. */
export const collected: Memory = {
  allocate(dtype, size) {
    if (dtype === 'float32') return new Float32Array(size);
    if (dtype === 'float64') return new Float64Array(size);
    return dtype === 'int32' ? new Int32Array(size) : new Uint8Array(size);
  },
  release() {},
  record: () => null,
  note: () => 0,
  betweenOperations() {},
};

/** The memory in use. A live binding: read it at each call. */
export let memory: Memory = collected;

export function useMemory(next: Memory): void {
  memory = next;
}
