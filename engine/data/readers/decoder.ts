import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { type DecodedImage, decodeImage, type ImageMode } from './pixels.ts';

// A thread that decodes images, started by ahead.ts. It ends with the process.

/** One image to decode, for one walk through a data set. */
export interface Job {
  readonly walk: number;
  readonly place: number;
  readonly path: string;
  readonly mode: ImageMode;
}

/** What became of it; null if it can't be read. Whoever asked reads it again then, and meets the error itself. */
export interface Done {
  readonly walk: number;
  readonly place: number;
  readonly image: DecodedImage | null;
}

export interface DecoderData {
  readonly answers: MessagePort;
  /** Counts the answers: the asking thread is synchronous and sleeps on it. */
  readonly count: Int32Array;
}

function decoded({ path, mode }: Job): DecodedImage | null {
  try {
    return decodeImage(path, mode);
  } catch {
    return null;
  }
}

const { answers, count }: DecoderData = workerData;
parentPort!.on('message', (job: Job) => {
  const image = decoded(job);
  const done: Done = { walk: job.walk, place: job.place, image };
  answers.postMessage(done, image === null ? [] : [image.data.buffer]);
  Atomics.add(count, 0, 1);
  Atomics.notify(count, 0);
});
