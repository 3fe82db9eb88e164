import type { Attention } from '../probe/attention.ts';

/**
 * The memory that the training thread shares with the writer thread: control words and a ring of whole frames.
 *
 * The training loop is synchronous, so nothing asynchronous ever happens in its thread; all input and output is the
 * writer's. One thread writes the ring and one reads it, so two counters suffice and no lock is needed.
 */
const NEWS = 6; // counts what a training thread that is held has to look at
const ATTENTION = 7; // counts what has been said of where to look closely
/** By id, a bit for each: layers, then parameters. Ids beyond them get no attention. */
const FIRST_BIT = 8;
const BIT_WORDS = 64;
export const MOST_ATTENDED = BIT_WORDS * 32;
const WORDS = FIRST_BIT + 2 * BIT_WORDS;
const WORD_BYTES = WORDS * 4;
const WRITTEN = 0; // bytes ever put into the ring, modulo 2³²
const READ = 1; // bytes ever taken out
const COMMAND = 2;
const FLUSH_WANTED = 3;
const FLUSHED = 4;
const ENDED_AS = 5;

/** `phase` and `step`: go on until the next one, and pause there. */
export type Command = 'run' | 'pause' | 'phase' | 'step' | 'stop';
const COMMANDS: readonly Command[] = ['run', 'pause', 'phase', 'step', 'stop'];
/** What a stop is called in the end frame. */
export type StopReason = 'stopped' | 'settled';
const STOP_REASONS: readonly StopReason[] = ['stopped', 'settled'];

const RING_BYTES = 8 * 1024 * 1024;

export class Channel {
  readonly memory: SharedArrayBuffer;
  readonly #words: Int32Array;
  readonly #ring: Uint8Array;

  constructor(memory: SharedArrayBuffer = new SharedArrayBuffer(WORD_BYTES + RING_BYTES)) {
    this.memory = memory;
    this.#words = new Int32Array(memory, 0, WORDS);
    this.#ring = new Uint8Array(memory, WORD_BYTES);
  }

  get #used(): number {
    return (Atomics.load(this.#words, WRITTEN) - Atomics.load(this.#words, READ)) >>> 0;
  }

  // Training thread ---------------------------------------------------------------------------------------------------

  /** Puts a whole frame into the ring; false if there is no room now. */
  offer(frame: Uint8Array): boolean {
    if (frame.length > this.#ring.length - this.#used) return false;
    const written = Atomics.load(this.#words, WRITTEN);
    this.#copy(written >>> 0, frame);
    Atomics.store(this.#words, WRITTEN, (written + frame.length) | 0);
    return true;
  }

  /** Puts a frame into the ring however long that takes: pieces wait until the writer has made room. */
  put(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; ) {
      const room = this.#ring.length - this.#used;
      if (room === 0) {
        Atomics.wait(this.#words, READ, Atomics.load(this.#words, READ), 100);
        continue;
      }
      const piece = bytes.subarray(at, at + room);
      this.offer(piece);
      at += piece.length;
    }
  }

  get command(): Command {
    return COMMANDS[Atomics.load(this.#words, COMMAND)];
  }

  /** Nearly free: asked at every operation of the training loop. */
  get undisturbed(): boolean {
    return Atomics.load(this.#words, COMMAND) === 0;
  }

  /** Counts how often `attend` has been called. Asked at every step. */
  get attention(): number {
    return Atomics.load(this.#words, ATTENTION);
  }

  /** What was last said in `attend`. */
  get attended(): Attention {
    const ids = (kind: number) =>
      Array.from({ length: MOST_ATTENDED }, (_, id) => id).filter(
        (id) => Atomics.load(this.#words, FIRST_BIT + kind * BIT_WORDS + (id >> 5)) & (1 << (id & 31)),
      );
    return { layers: ids(0), parameters: ids(1) };
  }

  get stopReason(): StopReason {
    return STOP_REASONS[Atomics.load(this.#words, ENDED_AS)];
  }

  /** Where a pause or a step ends: from now on paused. False if something else has been said in the meantime. */
  hold(): boolean {
    const command = Atomics.load(this.#words, COMMAND);
    if (COMMANDS[command] === 'run' || COMMANDS[command] === 'stop') return false;
    return Atomics.compareExchange(this.#words, COMMAND, command, COMMANDS.indexOf('pause')) === command;
  }

  /** Blocks the training thread until it's told something other than to pause; `serve` is called whenever woken. */
  waitWhilePaused(serve: () => void): void {
    for (;;) {
      const news = Atomics.load(this.#words, NEWS);
      serve();
      if (this.command !== 'pause') return;
      Atomics.wait(this.#words, NEWS, news);
    }
  }

  /** Blocks until the writer has passed everything on, at most `milliseconds`. */
  flush(milliseconds: number): void {
    const ticket = Atomics.add(this.#words, FLUSH_WANTED, 1) + 1;
    const until = Date.now() + milliseconds;
    for (let done = this.#flushed(); done !== ticket && Date.now() < until; done = this.#flushed()) {
      Atomics.wait(this.#words, FLUSHED, done, until - Date.now());
    }
  }

  #flushed(): number {
    return Atomics.load(this.#words, FLUSHED);
  }

  // Writer thread -----------------------------------------------------------------------------------------------------

  /** Takes everything out of the ring; null if it's empty. */
  take(): Uint8Array | null {
    const used = this.#used;
    if (used === 0) return null;
    const read = Atomics.load(this.#words, READ) >>> 0;
    const from = read % this.#ring.length;
    const bytes = new Uint8Array(used);
    const head = this.#ring.subarray(from, from + used);
    bytes.set(head);
    bytes.set(this.#ring.subarray(0, used - head.length), head.length);
    Atomics.store(this.#words, READ, (read + used) | 0);
    Atomics.notify(this.#words, READ);
    return bytes;
  }

  say(command: Command, reason: StopReason = 'stopped'): void {
    if (this.command === 'stop') return; // nothing calls a stop back
    Atomics.store(this.#words, ENDED_AS, STOP_REASONS.indexOf(reason));
    Atomics.store(this.#words, COMMAND, COMMANDS.indexOf(command));
    this.wake();
  }

  /** Has the training thread look more closely at these, and no others. */
  attend({ layers, parameters }: Attention): void {
    [layers, parameters].forEach((ids, kind) => {
      const first = FIRST_BIT + kind * BIT_WORDS;
      const bits = new Int32Array(BIT_WORDS);
      for (const id of ids) if (id < MOST_ATTENDED) bits[id >> 5] |= 1 << (id & 31);
      bits.forEach((word, i) => {
        Atomics.store(this.#words, first + i, word);
      });
    });
    Atomics.add(this.#words, ATTENTION, 1);
  }

  /** Has a training thread that is held look what's new. */
  wake(): void {
    Atomics.add(this.#words, NEWS, 1);
    Atomics.notify(this.#words, NEWS);
  }

  /** The ticket of a flush that's waited for, or null. */
  get flushWanted(): number | null {
    const wanted = Atomics.load(this.#words, FLUSH_WANTED);
    return wanted === this.#flushed() ? null : wanted;
  }

  confirmFlush(ticket: number): void {
    Atomics.store(this.#words, FLUSHED, ticket);
    Atomics.notify(this.#words, FLUSHED);
  }

  #copy(position: number, bytes: Uint8Array): void {
    const from = position % this.#ring.length;
    const room = this.#ring.length - from;
    if (bytes.length <= room) {
      this.#ring.set(bytes, from);
      return;
    }
    this.#ring.set(bytes.subarray(0, room), from);
    this.#ring.set(bytes.subarray(room), 0);
  }
}
