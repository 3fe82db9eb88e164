import type { DType, Numbers } from '../../tensor/dtype.ts';
import { collected, type Memory } from '../memory.ts';
import type { Scavenger } from './scavenger.ts';

const PAGE = 65536;
/** Blocks start at multiples of this many bytes: whole cache lines. */
const GRAIN = 256;
/** How much is asked of the system at a time, at least. */
const GROWTH = 64 << 20;
/** What may be allocated between two collections, to begin with and at most. */
const FIRST_BUDGET = 64 << 20;
const LAST_BUDGET = 128 << 20;
/** Collections that take a greater share of the time than this come half as often from then on. */
const COLLECTING_SHARE = 0.02;
export interface HeapOptions {
  /** Bytes that may be allocated between two collections; by default as the time they take suggests. */
  readonly budget?: number;
  /** Fill what is given back with NaN, so that who still reads it is found out. For tests. */
  readonly poison?: boolean;
}

/** Kernels read in whole vectors, and so up to this many bytes past the end of an array. */
const MARGIN = 256;
/** Smaller arrays lie inside JavaScript's own heap, where they cost least. */
const SMALL = 64;

/**
 * Tensors' elements in WebAssembly memory, which no garbage collector knows. A block is free again when the array that
 * shows it can't be reached any more. In a training loop, which never yields, neither a FinalizationRegistry nor a WeakRef
 * ever tells; so once enough has been allocated, the heap holds its arrays weakly, has the garbage collector run, and
 * sees which are left. Blocks never move: a free block waits for the next array of its size, and a training step asks
 * for the same sizes again and again.
 */
export class Heap implements Memory {
  readonly #memory: WebAssembly.Memory;
  readonly #scavenger: Scavenger;
  #buffer: SharedArrayBuffer;
  /** Growing gives memory a new buffer; arrays made before keep the old one, which shows the same bytes. */
  readonly #earlier = new Set<ArrayBufferLike>();
  #top: number;
  #end: number;
  readonly #free = new Map<number, number[]>();
  /** What was handed out. An array is held strongly until the first collection that it sees, weakly from then on. */
  #strong: (Numbers | null)[] = [];
  #weak: (WeakRef<Numbers> | null)[] = [];
  #starts: number[] = [];
  /** By block start / GRAIN: 1 + the index in those lists (0: free), and the block's size in grains. */
  #slots = new Int32Array(0);
  #grains = new Int32Array(0);
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
    if (data.byteOffset === 0) return false;
    const { buffer } = data;
    return buffer === this.#buffer || this.#earlier.has(buffer);
  }

  /** Bytes in use, or not yet known to be free. */
  get used(): number {
    let bytes = 0;
    for (const start of this.#starts) bytes += this.#grains[start / GRAIN] * GRAIN;
    return bytes;
  }

  allocate(dtype: DType, size: number, dirty: boolean): Numbers {
    const bytes = size * (dtype === 'bool' ? 1 : dtype === 'float64' ? 8 : 4);
    if (bytes <= SMALL) return collected.allocate(dtype, size, dirty);
    const block = blockSize(bytes);
    const waiting = this.#free.get(block);
    let start = waiting === undefined ? undefined : waiting.pop();
    const used = start !== undefined;
    if (start === undefined) {
      if (this.#top + block > this.#end && !this.#grow(block)) return collected.allocate(dtype, size, dirty);
      start = this.#top;
      this.#top += block;
    }
    const data = show(dtype, this.#buffer, start, size);
    // memory that was never used is zero already
    if (used && !dirty) data.fill(0);
    this.#strong.push(data);
    this.#weak.push(null);
    this.#starts.push(start);
    this.#slots[start / GRAIN] = this.#starts.length;
    this.#grains[start / GRAIN] = block / GRAIN;
    this.#allocated += block;
    return data;
  }

  release(data: Numbers): void {
    if (!this.holds(data)) return;
    const at = data.byteOffset / GRAIN;
    const slot = this.#slots[at] - 1;
    // an array that shows part of a block, or one given back before
    if (!(slot >= 0) || this.#strong[slot] !== data) return;
    this.#allocated -= this.#grains[at] * GRAIN;
    this.#forget(slot);
  }

  // New entries are at the end of the list. Giving one back may move another forward, and it is then missed.
  get mark(): number {
    return this.#strong.length;
  }

  handedOutSince(mark: number, visit: (data: Numbers) => void): void {
    for (let i = this.#strong.length - 1; i >= mark; i--) {
      const data = this.#strong[i];
      if (data) visit(data);
    }
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

  /** From here on weakly. */
  #hold(): void {
    for (let i = 0; i < this.#strong.length; i++) {
      const data = this.#strong[i];
      if (data !== null) this.#weak[i] = new WeakRef(data);
    }
    this.#strong.fill(null);
  }

  #sweep(): void {
    for (let i = this.#weak.length - 1; i >= 0; i--) if (this.#weak[i]?.deref() === undefined) this.#forget(i);
  }

  /** Puts a block on the list of free ones; the last entry takes its place. */
  #forget(slot: number): void {
    const start = this.#starts[slot];
    const block = this.#grains[start / GRAIN] * GRAIN;
    if (this.#poison) new Float32Array(this.#buffer, start, block / 4).fill(Number.NaN);
    const waiting = this.#free.get(block);
    if (waiting === undefined) this.#free.set(block, [start]);
    else waiting.push(start);
    this.#slots[start / GRAIN] = 0;
    const data = this.#strong.pop() as Numbers | null;
    const weak = this.#weak.pop() as WeakRef<Numbers> | null;
    const last = this.#starts.pop() as number;
    if (last === start) return;
    this.#strong[slot] = data;
    this.#weak[slot] = weak;
    this.#starts[slot] = last;
    this.#slots[last / GRAIN] = slot + 1;
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
    if (needed <= this.#slots.length) return;
    const [slots, grains] = [this.#slots, this.#grains];
    this.#slots = new Int32Array(needed * 2);
    this.#slots.set(slots);
    this.#grains = new Int32Array(needed * 2);
    this.#grains.set(grains);
  }
}

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
