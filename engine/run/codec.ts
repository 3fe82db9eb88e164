import CRC32 from 'crc-32';
import type { Frame, FrameKind, StatisticRows, StepFrame } from './frame.ts';

/**
 * The bytes of a stream of frames, live and in the run log alike, little-endian:
 *
 *     stream  = "GLNS" version:u16 reserved:u16 frame*
 *     frame   = length:u32 checksum:u32 kind:u8 payload        (length counts kind and payload, checksum is their CRC-32)
 *     payload = a step: see encoder.ts; anything else: JSON in UTF-8
 *
 * A reader that doesn't know a kind skips it. A frame that is cut short or whose checksum is wrong ends the stream:
 * what came before is kept.
 */
export const FORMAT_VERSION = 1;
export const STREAM_HEADER_BYTES = 8;
export const FRAME_HEADER_BYTES = 8;
/** No frame is longer: a length beyond it is a corrupt file, not a reason to wait for 4 GB. */
const MAX_FRAME_BYTES = 256 * 1024 * 1024;
const MAGIC = 0x534e4c47; // "GLNS"

/** Byte of each kind. Append only: logs live long. */
export const KIND_BYTES: { readonly [K in FrameKind]: number } = {
  start: 1,
  source: 2,
  layer: 3,
  parameter: 4,
  operation: 5,
  step: 6,
  phase: 7,
  output: 8,
  gap: 9,
  error: 10,
  end: 11,
  'non-finite': 12,
  note: 13,
  tensor: 14,
  optimizer: 15,
  loss: 16,
  input: 17,
  'gradient-check': 18,
  curvature: 19,
  samples: 20,
};
const KINDS = new Map(Object.entries(KIND_BYTES).map(([kind, byte]) => [byte, kind as FrameKind]));
/** The byte at which a frame's kind stands: for those who drop steps without decoding. */
export const KIND_OFFSET = FRAME_HEADER_BYTES;

export function streamHeader(): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(STREAM_HEADER_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, MAGIC, true);
  view.setUint16(4, FORMAT_VERSION, true);
  return bytes;
}

/** CRC-32 as in zlib, unsigned. */
const crc32 = (bytes: Uint8Array) => CRC32.buf(bytes) >>> 0;

const decoder = new TextDecoder();

/** Puts the checksum into a frame that lies in `bytes` from `start` to `end`. */
export function sealFrame(bytes: Uint8Array, start: number, end: number): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  view.setUint32(start + 4, crc32(bytes.subarray(start + FRAME_HEADER_BYTES, end)), true);
}

function decodeStep(payload: Uint8Array): StepFrame {
  const bytes = new Uint8Array(payload); // a copy: aligned to 4, and free of the chunk it came in
  const view = new DataView(bytes.buffer);
  let at = 32;
  const rows = (): StatisticRows => {
    const count = view.getUint32(at, true);
    const columns = view.getUint32(at + 4, true);
    const ids = new Uint32Array(bytes.buffer, at + 8, count);
    const values = new Float32Array(bytes.buffer, at + 8 + 4 * count, count * columns);
    at += 8 + ids.byteLength + values.byteLength;
    return { ids, values };
  };
  const step: StepFrame = {
    kind: 'step',
    step: view.getUint32(0, true),
    time: view.getFloat64(8, true),
    loss: view.getFloat64(16, true),
    learningRate: view.getFloat64(24, true),
    parameters: rows(),
    layers: rows(),
    operations: rows(),
  };
  if (at === bytes.length) return step;
  const [count, words] = [view.getUint32(at, true), view.getUint32(at + 4, true)];
  const ids = new Uint32Array(bytes.buffer, at + 8, count);
  return { ...step, histograms: { ids, values: new Uint32Array(bytes.buffer, at + 8 + 4 * count, words) } };
}

/** Why a stream ended other than between two frames. */
export type StreamFault = 'not-a-run-log' | 'unknown-version' | 'torn' | 'corrupt';

/** Takes a stream in chunks as they come and gives whole frames. After a fault nothing more is read. */
export class FrameDecoder {
  #rest: Uint8Array = new Uint8Array(0);
  #headed = false;
  #fault: StreamFault | null = null;

  get fault(): StreamFault | null {
    return this.#fault;
  }

  push(chunk: Uint8Array): Frame[] {
    if (this.#fault) return [];
    const bytes = this.#rest.length ? concatenate(this.#rest, chunk) : chunk;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let at = 0;
    if (!this.#headed) {
      if (bytes.length < STREAM_HEADER_BYTES) return this.#keep(bytes, 0);
      if (view.getUint32(0, true) !== MAGIC) return this.#fail('not-a-run-log');
      if (view.getUint16(4, true) > FORMAT_VERSION) return this.#fail('unknown-version');
      this.#headed = true;
      at = STREAM_HEADER_BYTES;
    }
    const frames: Frame[] = [];
    while (at + FRAME_HEADER_BYTES < bytes.length) {
      const length = view.getUint32(at, true);
      if (length < 1 || length > MAX_FRAME_BYTES) return this.#fail('corrupt', frames);
      const end = at + FRAME_HEADER_BYTES + length;
      if (end > bytes.length) break;
      const content = bytes.subarray(at + FRAME_HEADER_BYTES, end);
      if (crc32(content) !== view.getUint32(at + 4, true)) return this.#fail('corrupt', frames);
      const kind = KINDS.get(content[0]);
      if (kind) frames.push(decodePayload(kind, content.subarray(1)));
      at = end;
    }
    return this.#keep(bytes, at, frames);
  }

  /** No more chunks will come. Says whether the stream ended within a frame. */
  end(): StreamFault | null {
    if (!this.#fault && (this.#rest.length || !this.#headed)) this.#fault = this.#headed ? 'torn' : 'not-a-run-log';
    return this.#fault;
  }

  #keep(bytes: Uint8Array, from: number, frames: Frame[] = []): Frame[] {
    this.#rest = new Uint8Array(bytes.subarray(from));
    return frames;
  }

  #fail(fault: StreamFault, frames: Frame[] = []): Frame[] {
    this.#fault = fault;
    return frames;
  }
}

function decodePayload(kind: FrameKind, payload: Uint8Array): Frame {
  return kind === 'step' ? decodeStep(payload) : ({ kind, ...JSON.parse(decoder.decode(payload)) } as Frame);
}

function concatenate(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
