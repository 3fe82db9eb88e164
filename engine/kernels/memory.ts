import type { DType, Numbers } from '../tensor/dtype.ts';

/** Where tensors' elements lie. */
export interface Memory {
  /** Room for `size` elements, all 0 unless `dirty`. It stays the caller's for as long as the array can be reached. */
  allocate(dtype: DType, size: number, dirty: boolean): Numbers;
  /** Gives memory back at once. Only for who knows that nobody else holds the array or a view of it. */
  release(data: Numbers): void;
  /** A point in time, for `handedOutSince`. */
  readonly mark: number;
  /** Calls `visit` for arrays that were allocated since `mark` and not given back. It may miss some. */
  handedOutSince(mark: number, visit: (data: Numbers) => void): void;
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
  mark: 0,
  handedOutSince() {},
  betweenOperations() {},
};

/** The memory in use. A live binding: read it at each call. */
export let memory: Memory = collected;

export function useMemory(next: Memory): void {
  memory = next;
}
