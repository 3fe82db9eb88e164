import type { Address, KernelExports } from '../exports.ts';
import { kernelNumbers, kernelTable } from '../instance.ts';
import { Board, MOST_PARTS } from './board.ts';
import type { MemberData } from './member.ts';
import { Tuner } from './tuner.ts';

/** How a kernel's call is cut into parts: some of its operands are addresses that move on from part to part. */
export interface Cut {
  /** How many units there are to share out: rows, elements, images. */
  readonly units: number;
  /** A part has a multiple of so many units, but for the last. */
  readonly grain: number;
  /** Which operand says how many units; or where, in a structure that an operand points at. */
  readonly count: number | { readonly operand: number; readonly bytes: number; readonly word: number };
  /** Operand, and bytes that it moves on for each unit. */
  readonly moves: readonly (readonly [operand: number, bytes: number])[];
  /** Which operand is scratch memory, and how much of it each thread needs. */
  readonly scratch?: { readonly operand: number; readonly bytes: number };
  /** Whether each part repeats some of the work: then there are no more of them than threads. */
  readonly repeats?: boolean;
  /** About how many nanoseconds the whole call takes. */
  readonly work: number;
}

/** A part takes about this many nanoseconds at least, unless told otherwise: sharing one out costs about one thousand. */
const LEAST_WORK = 8000;
/** Bytes of a structure that a call may point at. */
const STRUCTURE = 256;
/** Memory for a copy of the structure for each part. */
export const STRUCTURES_BYTES = STRUCTURE * MOST_PARTS;
/** How long to wait for threads to start where a number of them is asked for. */
const START_MILLISECONDS = 10_000;

export interface TeamOptions {
  /** Threads, with the one that trains. */
  readonly threads: number;
  /** Whether each call goes to one or to all by what was faster; otherwise always to all. */
  readonly tuned: boolean;
  /** Nanoseconds that a part takes at least. For tests. */
  readonly leastWork?: number;
  /** Starts a thread that calls `serve`. */
  readonly start: (data: MemberData) => void;
}

/**
 * Threads that share out calls of kernels. Parts of a call write different elements, each computed as it would be by one
 * thread, so results are the same to the last bit however many threads there are.
 */
export class Team {
  readonly #board = new Board();
  readonly #table: ReturnType<typeof kernelTable>;
  readonly #numbers: ReturnType<typeof kernelNumbers>;
  readonly #structures: Address;
  readonly #words: Int32Array;
  readonly #options: TeamOptions;
  readonly #members: readonly MemberData[];
  readonly #tuner = new Tuner();
  #started = false;

  /**
   * @param words All memory that structures lie in, as int32. @param structures Where `STRUCTURES_BYTES` are free.
   * @param members What each further thread is given.
   */
  constructor(
    wasm: KernelExports,
    words: Int32Array,
    structures: Address,
    options: TeamOptions,
    members: readonly Omit<MemberData, 'board'>[],
  ) {
    this.#table = kernelTable(wasm);
    this.#numbers = kernelNumbers(wasm);
    this.#structures = structures;
    this.#words = words;
    this.#options = options;
    this.#members = members.map((member) => ({ ...member, board: this.#board.memory }));
  }

  get threads(): number {
    return this.#options.threads;
  }

  /** A call that takes fewer nanoseconds isn't worth a thought. */
  get leastWork(): number {
    return this.#options.leastWork ?? LEAST_WORK;
  }

  /** Calls a kernel, by several threads if that is worth it. */
  call(name: keyof KernelExports, operands: number[], cut: Cut): void {
    const number = this.#numbers.get(name) as number;
    const alone = () => this.#table[number](...operands);
    // twice as many parts as threads where that's worth it, so that one that was held up holds up less
    const wanted = this.#isReady()
      ? Math.min((cut.repeats ? 1 : 2) * (this.#board.ready + 1), MOST_PARTS, Math.floor(cut.work / this.leastWork))
      : 1;
    const each = Math.ceil(cut.units / Math.max(wanted, 1) / cut.grain) * cut.grain;
    const together = () => this.#share(number, operands, cut, each);
    if (wanted < 2 || each >= cut.units) alone();
    else if (!this.#options.tuned) together();
    else this.#tuner.run(number * 64 + Math.ceil(2 * Math.log2(cut.work)), alone, together);
  }

  #isReady(): boolean {
    if (!this.#started) {
      this.#started = true;
      for (const member of this.#members) this.#options.start(member);
      if (!this.#options.tuned) this.#board.waitUntilReady(this.#members.length, START_MILLISECONDS);
    }
    return this.#board.ready > 0;
  }

  #share(number: number, operands: readonly number[], cut: Cut, each: number): void {
    const parts = Math.ceil(cut.units / each);
    const moved = [...operands];
    for (let part = 0; part < parts; part++) {
      const first = part * each;
      const count = Math.min(each, cut.units - first);
      for (const [operand, bytes] of cut.moves) moved[operand] = operands[operand] + first * bytes;
      if (typeof cut.count === 'number') moved[cut.count] = count;
      else moved[cut.count.operand] = this.#copy(part, operands[cut.count.operand], cut.count, count);
      this.#board.write(part, number, moved, cut.scratch?.operand ?? -1, cut.scratch?.bytes ?? 0);
    }
    this.#board.run(parts, this.#table);
  }

  /** A structure for one part: as it is, but for the number of units. */
  #copy(part: number, from: Address, { bytes, word }: { bytes: number; word: number }, count: number): Address {
    const to = this.#structures + part * STRUCTURE;
    this.#words.copyWithin(to / 4, from / 4, (from + bytes) / 4);
    this.#words[to / 4 + word] = count;
    return to;
  }
}
