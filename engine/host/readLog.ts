import fs from 'node:fs';
import { FrameDecoder, type StreamFault } from '../run/codec.ts';
import { Run } from '../run/run.ts';
import { logsOfRun } from './logFiles.ts';

const CHUNK_BYTES = 4 * 1024 * 1024;

const FAULTS: { readonly [K in StreamFault]: string } = {
  'not-a-run-log': 'This file is not a run log.',
  'unknown-version': 'This run log was written by a newer GradLens.',
  torn: 'The log ends in the middle of a frame: the process was killed while writing. Everything before that is shown.',
  corrupt: 'A part of this log is damaged. Everything before that is shown.',
};

export interface ReadLog {
  readonly run: Run;
  /** A sentence about what is wrong with the file; null for a whole log. */
  readonly fault: string | null;
}

/**
 * Reads a run log, and those of the run's other ranks beside it. A log that stops short is a run that failed: what came
 * before is kept.
 * @throws the file system's error if the file can't be read; an Error if it holds no run at all.
 */
export async function readLog(file: string): Promise<ReadLog> {
  const [first, ...others] = await logsOfRun(file);
  const main = await readOne(first ?? file, new Run());
  for (const other of others) {
    const read = await readOne(other, new Run()).catch(() => null); // one rank's log that can't be read is left out
    if (read?.run.start) main.run.ranks.set(read.run.start.rank ?? main.run.ranks.size + 1, read.run);
  }
  return main;
}

async function readOne(file: string, run: Run): Promise<ReadLog> {
  const decoder = new FrameDecoder();
  for await (const chunk of fs.createReadStream(file, { highWaterMark: CHUNK_BYTES })) {
    for (const frame of decoder.push(chunk)) run.apply(frame);
    if (decoder.fault) break;
  }
  const fault = decoder.end();
  if (!run.start) throw new Error(FAULTS[fault ?? 'not-a-run-log']);
  const message = fault ? FAULTS[fault] : 'The log has no end: the process was killed, or is still running.';
  if (!run.end) {
    const time = run.seconds;
    run.apply({ kind: 'end', ended: 'failed', exitCode: null, message, site: null, time });
  }
  return { run, fault: fault && message };
}
