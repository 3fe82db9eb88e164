import type { DType, Numbers } from '../../tensor/dtype.ts';
import { collected, type Memory } from '../memory.ts';
import type { Scavenger } from './scavenger.ts';

const PAGE = 65536;
/** Blocks start at multiples of this many bytes: whole cache lines. */
const GRAIN = 256;
/** How much is asked of the system at a time, at least. */
const GROWTH = 64 << 20;
/** What may be allocated between two collections, to begin with and at most: a step's memory is to be about PyTorch's. */
const FIRST_BUDGET = 16 << 20;
const LAST_BUDGET = 112 << 20;
/** Collections that take a greater share of the time than this come half as often from then on. */
const COLLECTING_SHARE = 0.02;
export interface HeapOptions {
  /** Bytes that may be allocated between two collections; by default as the time they take suggests. */
  readonly budget?: number;
  /** Fill what is given back with NaN, so that who still reads it is found out. For tests. */
  readonly poison?: boolean;
}

/** What an array costs in JavaScript's own heap, with the tensor that has it: many small ones are to be collected as well. */
const ARRAY_BYTES = 512;

/** Kernels read in whole vectors, and so up to this many bytes past the end of an array. */
const MARGIN = 256;
/** Arrays of up to this many bytes lie inside JavaScript's own heap, where they cost least. */
export const SMALL = 64;

/** What is kept for an array of exactly the same kind may come to this many bytes before others may have the memory. */
const MOST_ON_SHELVES = 4 << 20;

/**
 * Tensors' elements in WebAssembly memory, which no garbage collector knows. A block is free again when the array that
 * shows it can't be reached any more. In a training loop, which never yields, neither a FinalizationRegistry nor a WeakRef
 * ever tells; so once enough has been allocated, the heap holds its arrays weakly, has the garbage collector run, and
 * sees which are left. Blocks never move: a free block waits for the next array of its size, and a training step asks
 * for the same sizes again and again. An array that was given back waits as it is, and is handed out as it is.
 */
export class Heap implements Memory {
  readonly #memory: WebAssembly.Memory;
  readonly #scavenger: Scavenger;
  #buffer: SharedArrayBuffer;
  /** Growing gives memory a new buffer; arrays made before keep the old one, which shows the same bytes. */
  readonly #earlier = new Set<ArrayBufferLike>();
  #top: number;
  #end: number;
  /** Starts of free blocks, by size in bytes. */
  readonly #free = new Map<number, number[]>();
  /** Arrays that were given back, by their number of elements: the latest, still in the cache, goes first. */
  readonly #float32 = new Map<number, Numbers[]>();
  readonly #others = {
    float64: new Map<number, Numbers[]>(),
    int32: new Map<number, Numbers[]>(),
    bool: new Map<number, Numbers[]>(),
  };
  #onShelves = 0;
  /** By block: what was handed out. Arrays are held strongly but for the time of a collection. */
  readonly #strong: (Numbers | null)[] = [];
  readonly #weak: (WeakRef<Numbers> | null)[] = [];
  readonly #starts: number[] = [];
  /** By block start / GRAIN: 1 + the block's number, its size in grains, and its note. */
  #blocks = new Int32Array(0);
  #grains = new Int32Array(0);
  #notes = new Int32Array(0);
  #journal: Numbers[] | null = null;
  #allocated = 0;
  #budget: number;
  readonly #lastBudget: number;
  readonly #poison: boolean;
  #collectedAt = 0;
  #full = false;

  /** `start`: the first byte that is the heap's; what lies below belongs to the kernels. */
  constructor(memory: WebAssembly.Memory, start: number, scavenger: Scavenger, options: HeapOptions = {}) {
    this.#budget = options.budget ?? FIRST_BUDGET;
    this.#lastBudget = options.budget ?? LAST_BUDGET;
    this.#poison = options.poison ?? false;
    this.#memory = memory;
    this.#scavenger = scavenger;
    this.#buffer = memory.buffer as ArrayBufferLike as SharedArrayBuffer;
    this.#top = Math.ceil(start / GRAIN) * GRAIN;
    this.#end = this.#buffer.byteLength - MARGIN;
    this.#fitTables();
    this.#collectedAt = performance.now();
  }

  /** Whether kernels can work on this array where it is. */
  holds(data: Numbers): boolean {
    // Asking a small array for its buffer moves it out of JavaScript's heap; none of ours starts at 0.
    const start = data.byteOffset;
    if (start === 0) return false;
    // Asking for a buffer at all is slow, so those that were handed out are recognised by themselves.
    if (start % GRAIN === 0) {
      const block = this.#blocks[start / GRAIN];
      if (block > 0 && this.#strong[block - 1] === data) return true;
    }
    const { buffer } = data;
    return buffer === this.#buffer || this.#earlier.has(buffer);
  }

  /** Bytes in use, or not yet known to be free. */
  get used(): number {
    let bytes = 0;
    for (const [i, start] of this.#starts.entries()) {
      if (this.#strong[i] !== null || this.#weak[i] !== null) bytes += this.#grains[start / GRAIN] * GRAIN;
    }
    return bytes;
  }

  allocate(dtype: DType, size: number, dirty: boolean): Numbers {
    const bytes = size * (dtype === 'bool' ? 1 : dtype === 'float64' ? 8 : 4);
    if (bytes <= SMALL) return collected.allocate(dtype, size, dirty);
    const shelf = dtype === 'float32' ? this.#float32.get(size) : this.#others[dtype].get(size);
    let data = shelf?.pop();
    if (data === undefined) {
      const block = blockSize(bytes);
      const start = this.#take(block);
      if (start === null) return collected.allocate(dtype, size, dirty);
      data = show(dtype, this.#buffer, start, size);
      // memory that was never used is zero already
      if (!dirty && this.#blocks[start / GRAIN] !== 0) data.fill(0);
      this.#handOut(data, start, block);
    } else {
      const at = data.byteOffset / GRAIN;
      this.#strong[this.#blocks[at] - 1] = data;
      const block = this.#grains[at] * GRAIN;
      this.#onShelves -= block;
      this.#allocated += block + ARRAY_BYTES;
      if (!dirty) data.fill(0);
    }
    if (this.#journal !== null) this.#journal.push(data);
    return data;
  }

  release(data: Numbers): void {
    if (!this.holds(data)) return;
    const at = data.byteOffset / GRAIN;
    const block = this.#blocks[at] - 1;
    // an array that shows part of a block, or one given back before
    if (!(block >= 0) || this.#strong[block] !== data) return;
    this.#strong[block] = null;
    this.#notes[at] = 0;
    const bytes = this.#grains[at] * GRAIN;
    this.#allocated -= bytes + ARRAY_BYTES;
    this.#onShelves += bytes;
    if (this.#poison) new Float32Array(this.#buffer, data.byteOffset, bytes / 4).fill(Number.NaN);
    const shelves = data instanceof Float32Array ? this.#float32 : this.#others[typeOf(data)];
    const shelf = shelves.get(data.length);
    if (shelf === undefined) shelves.set(data.length, [data]);
    else shelf.push(data);
  }

  record(journal: Numbers[] | null): Numbers[] | null {
    const before = this.#journal;
    this.#journal = journal;
    return before;
  }

  note(data: Numbers, change: number): number {
    if (!this.holds(data)) return 0;
    const at = data.byteOffset / GRAIN;
    this.#notes[at] += change;
    return this.#notes[at];
  }

  betweenOperations(): void {
    if (this.#allocated >= this.#budget) this.collect();
  }

  /** Finds the blocks whose arrays are out of reach. */
  collect(): void {
    const before = performance.now();
    this.#hold();
    if (!this.#scavenger.scavenge()) {
      // Nothing can be told of what is alive here: from now on the arrays are the garbage collector's.
      this.#full = true;
    }
    this.#sweep();
    const now = performance.now();
    const share = (now - before) / Math.max(now - this.#collectedAt, 1e-3);
    if (share > COLLECTING_SHARE) this.#budget = Math.min(this.#budget * 2, this.#lastBudget);
    this.#collectedAt = now;
    this.#allocated = 0;
  }

  /** A free block of this many bytes, or null if there is no memory for it. */
  #take(block: number): number | null {
    let start = this.#free.get(block)?.pop();
    if (start === undefined && (this.#onShelves > MOST_ON_SHELVES || this.#top + block > this.#end)) {
      this.#clearShelves();
      start = this.#free.get(block)?.pop();
    }
    if (start !== undefined) return start;
    if (this.#top + block > this.#end && !this.#grow(block)) return null;
    start = this.#top;
    this.#top += block;
    return start;
  }

  #handOut(data: Numbers, start: number, block: number): void {
    const at = start / GRAIN;
    if (this.#blocks[at] === 0) {
      this.#starts.push(start);
      this.#strong.push(data);
      this.#weak.push(null);
      this.#blocks[at] = this.#starts.length;
      this.#grains[at] = block / GRAIN;
    } else this.#strong[this.#blocks[at] - 1] = data;
    this.#allocated += block + ARRAY_BYTES;
  }

  /** What waits for an array of its own kind may now be had by any of its size. */
  #clearShelves(): void {
    for (const shelves of [this.#float32, ...Object.values(this.#others)]) {
      for (const shelf of shelves.values()) for (const data of shelf) this.#putBack(data.byteOffset);
      shelves.clear();
    }
    this.#onShelves = 0;
  }

  #putBack(start: number): void {
    const block = this.#grains[start / GRAIN] * GRAIN;
    const waiting = this.#free.get(block);
    if (waiting === undefined) this.#free.set(block, [start]);
    else waiting.push(start);
  }

  /** Weakly, so that a collection can tell. */
  #hold(): void {
    for (let i = 0; i < this.#strong.length; i++) {
      const data = this.#strong[i];
      if (data !== null) this.#weak[i] = new WeakRef(data);
      this.#strong[i] = null;
    }
  }

  #sweep(): void {
    for (let i = this.#weak.length - 1; i >= 0; i--) {
      const weak = this.#weak[i];
      if (weak === null) continue;
      const alive = weak.deref();
      // Where a collection tells nothing, they are left to the garbage collector.
      if (alive !== undefined && this.#full) continue;
      this.#weak[i] = null;
      if (alive !== undefined) {
        this.#strong[i] = alive;
        continue;
      }
      const start = this.#starts[i];
      this.#notes[start / GRAIN] = 0;
      if (this.#poison) {
        new Float32Array(this.#buffer, start, this.#grains[start / GRAIN] * (GRAIN / 4)).fill(Number.NaN);
      }
      this.#putBack(start);
    }
  }

  #grow(block: number): boolean {
    if (this.#full) return false;
    try {
      this.#memory.grow(Math.ceil(Math.max(block, GROWTH, this.#end / 4) / PAGE));
    } catch {
      // the system has no more; a block that fits may come free later
      return false;
    }
    this.#earlier.add(this.#buffer);
    this.#buffer = this.#memory.buffer as ArrayBufferLike as SharedArrayBuffer;
    this.#end = this.#buffer.byteLength - MARGIN;
    this.#fitTables();
    return true;
  }

  /** Room for twice as much as there is, so that it has to be made seldom. */
  #fitTables(): void {
    const needed = Math.ceil(this.#end / GRAIN);
    if (needed <= this.#blocks.length) return;
    const grown = (table: Int32Array) => {
      const larger = new Int32Array(needed * 2);
      larger.set(table);
      return larger;
    };
    this.#blocks = grown(this.#blocks);
    this.#grains = grown(this.#grains);
    this.#notes = grown(this.#notes);
  }
}

const typeOf = (data: Numbers): 'float64' | 'int32' | 'bool' =>
  data instanceof Float64Array ? 'float64' : data instanceof Int32Array ? 'int32' : 'bool';

function show(dtype: DType, buffer: SharedArrayBuffer, start: number, size: number): Numbers {
  if (dtype === 'float32') return new Float32Array(buffer, start, size);
  if (dtype === 'float64') return new Float64Array(buffer, start, size);
  return dtype === 'int32' ? new Int32Array(buffer, start, size) : new Uint8Array(buffer, start, size);
}

/** Whole grains, and of large blocks eight sizes for each power of two, so that a free one finds a taker. */
function blockSize(bytes: number): number {
  const step = Math.max(GRAIN, 2 ** (Math.floor(Math.log2(bytes)) - 3));
  return Math.ceil(bytes / step) * step;
}
