import type { Numbers } from './dtype.ts';

/**
 * The memory behind one or more tensors. Views share it.
 * Read `data` anew each time: the storage may be pointed at other memory between two operations.
 */
export class Storage {
  data: Numbers;
  /** Counts writes after creation. What the tape saved remembers the count, so that backward notices a change. */
  version = 0;
  /** Counts in-place writes that went on the tape; a view that saw fewer has an outdated history. */
  rewrites = 0;
  /** How many nodes of the tape, not yet freed, saved a tensor of this memory. */
  held = 0;
  /** No one outside the engine can have a tensor of this memory: it comes back when the tape is done with it. */
  internal = false;
  /** Where it was written while held: what a backward that then fails names. */
  writtenAt: Error | null = null;

  constructor(data: Numbers) {
    this.data = data;
  }
}
