import fs from 'node:fs';
import net from 'node:net';
import { type MessagePort, workerData } from 'node:worker_threads';
import { KIND_BYTES, KIND_OFFSET, sealFrame, streamHeader } from '../run/codec.ts';
import { encodeFrame } from '../run/encoder.ts';
import { Channel } from './channel.ts';
import type { ChildOptions, ControlMessage } from './messages.ts';

/**
 * The writer thread of a training process: passes frames on to the run log and to whoever watches, and takes control
 * messages in, while the training thread computes.
 */
export interface WriterData {
  readonly memory: SharedArrayBuffer;
  /** Passes requests to inspect on to the training thread, which looks while it is held. */
  readonly requests: MessagePort;
  readonly options: ChildOptions;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
}

const { memory, requests, options, startedAt } = workerData as WriterData;
const channel = new Channel(memory);

/** How often the ring is looked at. Shorter than a frame of the screen, and next to nothing when idle. */
const POLL_MILLISECONDS = 8;
/** Beyond this many bytes waiting for a slow reader, step frames are left out (and counted). */
const BACKLOG_BYTES = 16 * 1024 * 1024;

const socket = options.link ? net.connect(options.link.port, '127.0.0.1') : null;
if (socket && options.link) {
  socket.setNoDelay(true);
  socket.write(`${options.link.token}\n`);
  socket.write(streamHeader());
  let text = '';
  socket.setEncoding('utf8').on('data', (chunk) => {
    const lines = (text + chunk).split('\n');
    text = lines.pop() ?? '';
    for (const line of lines) obey(JSON.parse(line));
  });
  // Whoever started this run is gone: nobody can stop it any more, so it must not go on.
  socket.on('close', () => endProcess());
  socket.on('error', () => {});
}

let log: number | null = null;
if (options.log !== null) {
  try {
    log = fs.openSync(options.log, 'w');
  } catch (error) {
    complain(error);
  }
  writeLog(streamHeader());
}

/** A log that can't be written, on a full disk say, ends the log and not the run. */
function writeLog(bytes: Uint8Array): void {
  try {
    for (let at = 0; log !== null && at < bytes.length; ) at += fs.writeSync(log, bytes, at);
  } catch (error) {
    log = null;
    complain(error);
  }
}

function complain(error: unknown): void {
  const text = `GradLens: the run log can’t be written: ${error instanceof Error ? error.message : error}\n`;
  socket?.write(encodeFrame({ kind: 'output', stream: 'stderr', text, step: 0, site: null }));
}

function obey(message: ControlMessage): void {
  switch (message.do) {
    case 'pause':
      channel.say('pause');
      return;
    case 'resume':
      channel.say('run');
      return;
    case 'step':
      channel.say(message.until);
      return;
    case 'inspect':
      requests.postMessage(message);
      channel.wake();
      return;
    case 'attend':
      channel.attend(message);
      return;
    case 'stop':
      channel.say('stop', message.reason);
      return;
    case 'abort': {
      const { reason: ended, message: text, site } = message;
      const time = (Date.now() - startedAt) / 1000;
      while (passOn());
      if (socket?.writable) catchUp(socket);
      const end = encodeFrame({ kind: 'end', ended, exitCode: null, message: text, site, time });
      writeLog(end);
      if (socket) socket.end(end, () => endProcess());
      else endProcess();
      return;
    }
  }
}

function endProcess(): void {
  process.kill(process.pid, 'SIGKILL'); // the training thread can be in an endless loop, so nothing gentler works
}

/** What is left of a frame whose other part is still to come through the ring. */
let rest = new Uint8Array(0);
/** Steps left out since the reader last kept up, and the frame of the latest. */
let missed = 0;
let latestMissed: Uint8Array = new Uint8Array(0);

/** Passes on what is in the ring; false if there was nothing. */
function passOn(): boolean {
  const taken = channel.take();
  if (!taken) return false;
  const bytes = rest.length ? new Uint8Array(Buffer.concat([rest, taken])) : taken;
  const frames = wholeFrames(bytes);
  for (const { start, end } of frames) sealFrame(bytes, start, end);
  const end = frames.at(-1)?.end ?? 0;
  rest = bytes.slice(end);
  writeLog(bytes.subarray(0, end));
  if (socket?.writable) stream(socket, bytes.subarray(0, end), frames);
  return true;
}

interface Extent {
  readonly start: number;
  readonly end: number;
  readonly kind: number;
}

function wholeFrames(bytes: Uint8Array): Extent[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const frames: Extent[] = [];
  for (let start = 0; start + KIND_OFFSET < bytes.length; ) {
    const end = start + KIND_OFFSET + view.getUint32(start, true);
    if (end > bytes.length) break;
    frames.push({ start, end, kind: bytes[start + KIND_OFFSET] });
    start = end;
  }
  return frames;
}

/**
 * A reader that keeps up gets everything in one write; one that doesn't gets everything but steps, and where the run is
 * held or over, the last of them.
 */
function stream(to: net.Socket, bytes: Uint8Array, frames: readonly Extent[]): void {
  if (to.writableLength <= BACKLOG_BYTES) {
    catchUp(to);
    to.write(bytes);
    return;
  }
  for (const { start, end, kind } of frames) {
    const frame = bytes.subarray(start, end);
    if (kind === KIND_BYTES.step) {
      missed++;
      latestMissed = frame;
      continue;
    }
    if (kind === KIND_BYTES.phase || kind === KIND_BYTES.end) catchUp(to);
    to.write(frame);
  }
}

function catchUp(to: net.Socket): void {
  if (missed > 1) to.write(encodeFrame({ kind: 'gap', steps: missed - 1 }));
  if (missed > 0) to.write(latestMissed);
  missed = 0;
}

function turn(): void {
  const ticket = channel.flushWanted;
  const busy = passOn();
  if (ticket !== null) {
    while (passOn());
    if (socket?.writable) socket.write('', () => channel.confirmFlush(ticket));
    else channel.confirmFlush(ticket);
  }
  if (busy) setImmediate(turn);
  else setTimeout(turn, POLL_MILLISECONDS);
}
turn();
