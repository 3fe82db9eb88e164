import type { Numbers } from '../../tensor/dtype.ts';
import type { Address, KernelExports } from './exports.ts';
import { type Heap, SMALL } from './heap.ts';
import { NEST_BYTES, Nest } from './nest.ts';

/** Places for copies of small arrays. */
const SLOTS = 8;

/** Not an address: an array that kernels can't reach. */
export const NOWHERE: Address = -1;

/** How kernels get at arrays: those in the heap where they are, small ones by way of a slot of the stage. */
export class Access {
  readonly wasm: KernelExports;
  readonly heap: Heap;
  /** All memory below the heap, as float32. */
  readonly memory: Float32Array;
  /** Where the kernels' own data may be put, from one call to the next. */
  readonly stage: Address;
  readonly nest: Nest;
  readonly #doubles: Float64Array;

  constructor(wasm: KernelExports, heap: Heap, memory: Float32Array, stage: Address) {
    this.wasm = wasm;
    this.heap = heap;
    this.memory = memory;
    this.stage = stage;
    this.#doubles = new Float64Array(memory.buffer, 0, memory.byteLength >> 3);
    this.nest = new Nest(memory.buffer, stage + SLOTS * SMALL);
    this.free = stage + SLOTS * SMALL + 64 * Math.ceil(NEST_BYTES / 64);
  }

  /** The first byte of the stage behind slots and nest. */
  readonly free: Address;

  /** Whether this is a float32 array in the heap. */
  single(array: Numbers): boolean {
    return array instanceof Float32Array && this.heap.holds(array);
  }

  /** Where a float32 operand can be read: in the heap, or in a slot if it is small. */
  operand(array: Numbers, slot: number): Address {
    if (!(array instanceof Float32Array)) return NOWHERE;
    if (this.heap.holds(array)) return array.byteOffset;
    if (array.byteLength > SMALL) return NOWHERE;
    const at = this.stage + slot * SMALL;
    for (let i = 0; i < array.length; i++) this.memory[at / 4 + i] = array[i];
    return at;
  }

  /** Where a result may be written; `written` brings it to where it belongs. */
  result(array: Float64Array | Float32Array, slot: number): Address {
    if (this.heap.holds(array)) return array.byteOffset;
    if (array.byteLength > SMALL) return NOWHERE;
    const at = this.stage + slot * SMALL;
    const view = array instanceof Float64Array ? this.#doubles : this.memory;
    const first = at / array.BYTES_PER_ELEMENT;
    for (let i = 0; i < array.length; i++) view[first + i] = array[i];
    return at;
  }

  /** Where a float32 array can be worked on; `written` brings it back to where it belongs. */
  place(array: Numbers, slot: number): Address {
    return array instanceof Float32Array ? this.result(array, slot) : NOWHERE;
  }

  written(array: Float64Array | Float32Array, at: Address): void {
    if (at >= this.free) return;
    const view = array instanceof Float64Array ? this.#doubles : this.memory;
    const first = at / array.BYTES_PER_ELEMENT;
    for (let i = 0; i < array.length; i++) array[i] = view[first + i];
  }
}
