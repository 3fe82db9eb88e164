import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';
import { wrap } from '../../tensor/elements.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { DecoderData, Done, Job } from './decoder.ts';
import { type ImageOptions, readImage } from './images.ts';
import type { DecodedImage } from './pixels.ts';

/** How an image comes about: decoded here and now, or by another thread before. */
export type ReadImage = (path: string, options: ImageOptions) => Tensor;

export interface ImageRequest {
  readonly path: string;
  readonly options: ImageOptions;
}

/** A thread that decodes, and its answers. The script's thread is synchronous: it takes answers when it wants them. */
class Decoder {
  readonly #worker: Worker;
  readonly #answers: MessagePort;
  readonly #count = new Int32Array(new SharedArrayBuffer(4));

  constructor() {
    const { port1, port2 } = new MessageChannel();
    this.#answers = port1;
    const data: DecoderData = { answers: port2, count: this.#count };
    // The source when running from source, the bundle beside this one when bundled.
    const file = import.meta.url.endsWith('.ts') ? './decoder.ts' : './decoder.js';
    this.#worker = new Worker(new URL(file, import.meta.url), {
      workerData: data,
      transferList: [port2],
      execArgv: [],
      stdout: true,
      stderr: true,
    });
    // It never keeps the process, and its end is no error: what it leaves undone is done here.
    this.#worker.on('error', () => {});
    this.#worker.unref();
  }

  ask(job: Job): void {
    this.#worker.postMessage(job);
  }

  /** The next answer, waiting at most so long. */
  next(milliseconds: number): Done | null {
    for (;;) {
      const seen = Atomics.load(this.#count, 0);
      const answer = receiveMessageOnPort(this.#answers)?.message as Done | undefined;
      if (answer !== undefined) return answer;
      // An answer may have been taken before it was counted: waking up doesn't mean that there is another.
      if (milliseconds === 0 || Atomics.wait(this.#count, 0, seen, milliseconds) === 'timed-out') return null;
    }
  }
}

// One set of threads for all loaders, started when first needed.
const decoders: Decoder[] = [];
const walks = new Map<number, Map<number, DecodedImage | null>>();
let lastWalk = 0;

/** A thread that says nothing for so long is given up: a file on a slow disk, or a thread that couldn't start. */
const PATIENCE_MILLISECONDS = 30_000;

/** Images in the order in which they will be asked for, decoded by other threads, never more than `capacity` ahead. */
export class ImagesAhead {
  readonly #requests: readonly ImageRequest[];
  readonly #workers: number;
  readonly #walk = ++lastWalk;
  readonly #ready = new Map<number, DecodedImage | null>();
  readonly #lost = new Set<Decoder>();
  #place = 0;
  #asked = 0;
  readonly #capacity: number;

  constructor(requests: readonly ImageRequest[], workers: number, capacity: number) {
    this.#requests = requests;
    this.#workers = workers;
    this.#capacity = capacity;
    while (decoders.length < workers) decoders.push(new Decoder());
    walks.set(this.#walk, this.#ready);
    this.#ask();
  }

  readonly read: ReadImage = (path, options) => {
    const request = this.#requests[this.#place];
    // A data set that asks for something else than it said gets it, too.
    if (request?.path !== path || request.options.mode !== options.mode) return readImage(path, options);
    const image = this.#image(this.#place++);
    this.#ask();
    return image === null ? readImage(path, options) : wrap(image.data, 'float32', image.shape);
  };

  /** What is still being decoded is thrown away when it comes. */
  close(): void {
    walks.delete(this.#walk);
  }

  #decoder(place: number): Decoder {
    return decoders[place % this.#workers];
  }

  #ask(): void {
    for (; this.#asked < this.#requests.length && this.#asked < this.#place + this.#capacity; this.#asked++) {
      const { path, options } = this.#requests[this.#asked];
      this.#decoder(this.#asked).ask({ walk: this.#walk, place: this.#asked, path, mode: options.mode ?? 'rgb' });
    }
  }

  #image(place: number): DecodedImage | null {
    const decoder = this.#decoder(place);
    while (!this.#ready.has(place)) {
      const done = decoder.next(this.#lost.has(decoder) ? 0 : PATIENCE_MILLISECONDS);
      if (done === null) {
        if (!this.#lost.has(decoder))
          process.emitWarning('A thread of DataLoader decodes nothing. Going on without it.');
        this.#lost.add(decoder);
        return null;
      }
      walks.get(done.walk)?.set(done.place, done.image);
    }
    const image = this.#ready.get(place) ?? null;
    this.#ready.delete(place);
    return image;
  }
}
