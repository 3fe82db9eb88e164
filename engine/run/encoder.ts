import { FRAME_HEADER_BYTES, KIND_BYTES, KIND_OFFSET, sealFrame } from './codec.ts';
import type { Frame, StatisticRows, StepFrame } from './frame.ts';
import type { HistogramRows } from './histogram.ts';

const encoder = new TextEncoder();

export function encodeFrame(frame: Frame): Uint8Array<ArrayBuffer> {
  const bytes = encoding.encode(frame).slice();
  sealFrame(bytes, 0, bytes.length);
  return bytes;
}

/** Where a frame begins in the encoder's memory: its payload then lies at a multiple of 4. */
const FIRST = 3;
const PAYLOAD = FIRST + FRAME_HEADER_BYTES + 1;
const STEP_BYTES = 32;

/**
 * Makes frames one after the other in memory that is used again: steps are many, and what costs time in the training thread
 * is left to who passes them on. The checksum is 0 until `sealFrame`.
 */
export class FrameEncoder {
  #bytes = new Uint8Array(4096);
  #view = new DataView(this.#bytes.buffer);
  #words = new Uint32Array(this.#bytes.buffer);
  #floats = new Float32Array(this.#bytes.buffer);
  /** The last frame: that of the next step is nearly always as long. */
  #frame = this.#bytes.subarray(0, 0);
  /** The rows that were copied last, which are often changed and told again, and the same memory as words once they were. */
  #rowsSeen: Float32Array | null = null;
  #rowWords: Uint32Array | null = null;

  /** The frame's bytes, until the next one is encoded. */
  encode(frame: Frame): Uint8Array<ArrayBuffer> {
    return frame.kind === 'step' ? this.encodeStep(frame) : this.#finished(this.#json(frame), KIND_BYTES[frame.kind]);
  }

  /** The same of a step: V8 knows where its fields are if it sees no other frame here. */
  encodeStep(frame: StepFrame): Uint8Array<ArrayBuffer> {
    return this.#finished(this.#step(frame), KIND_BYTES.step);
  }

  #finished(end: number, kind: number): Uint8Array<ArrayBuffer> {
    const length = end - FIRST;
    this.#view.setUint32(FIRST, length - FRAME_HEADER_BYTES, true);
    this.#view.setUint32(FIRST + 4, 0, true);
    this.#bytes[FIRST + KIND_OFFSET] = kind;
    if (this.#frame.length !== length) this.#frame = this.#bytes.subarray(FIRST, end);
    return this.#frame;
  }

  #json(frame: Frame): number {
    const payload = encodeJson(frame);
    this.#fit(PAYLOAD + payload.length);
    this.#bytes.set(payload, PAYLOAD);
    return PAYLOAD + payload.length;
  }

  /**
   *     step = step:u32 reserved:u32 time:f64 loss:f64 learningRate:f64 rows rows rows histograms?
   *                                                                             (parameters, layers, operations)
   *     rows = count:u32 columns:u32 id:u32[count] value:f32[count × columns]
   *     histograms = count:u32 words:u32 id:u32[count] value:u32[words]             (see HistogramRows)
   *
   * Logs from before there were histograms end after the rows, as steps without any still do.
   */
  #step(frame: StepFrame): number {
    const { step, time, loss, learningRate, parameters, layers, operations, histograms } = frame;
    const rows = bytesOf(parameters) + bytesOf(layers) + bytesOf(operations);
    this.#fit(PAYLOAD + STEP_BYTES + rows + (histograms ? bytesOf(histograms) : 0));
    const view = this.#view;
    view.setUint32(PAYLOAD, step, true);
    view.setUint32(PAYLOAD + 4, 0, true);
    view.setFloat64(PAYLOAD + 8, time, true);
    view.setFloat64(PAYLOAD + 16, loss, true);
    view.setFloat64(PAYLOAD + 24, learningRate, true);
    const first = this.#rows(PAYLOAD + STEP_BYTES, parameters);
    const end = this.#rows(this.#rows(first, layers), operations);
    return histograms ? this.#histograms(end, histograms) : end;
  }

  #histograms(at: number, { ids, values }: HistogramRows): number {
    const word = at >> 2;
    this.#words[word] = ids.length;
    this.#words[word + 1] = values.length;
    this.#words.set(ids, word + 2);
    this.#words.set(values, word + 2 + ids.length);
    return at + 8 + 4 * (ids.length + values.length);
  }

  #rows(at: number, { ids, values }: StatisticRows): number {
    const word = at >> 2;
    this.#words[word] = ids.length;
    this.#words[word + 1] = ids.length ? values.length / ids.length : 0;
    if (ids.length === 0) return at + 8;
    if (values === this.#rowsSeen) this.#copyAgain(word + 2, ids, values);
    else {
      this.#rowsSeen = values;
      this.#rowWords = null;
      this.#words.set(ids, word + 2);
      this.#floats.set(values, word + 2 + ids.length);
    }
    return at + 8 + 4 * (ids.length + values.length);
  }

  /** Rows are short, and those of parameters lie in memory that threads share, where `set` takes as long as some hundred elements. */
  #copyAgain(at: number, ids: Uint32Array, values: Float32Array): void {
    this.#rowWords ??= new Uint32Array(values.buffer, values.byteOffset, values.length);
    const [from, to] = [this.#rowWords, this.#words];
    const first = at + ids.length;
    for (let i = 0; i < ids.length; i++) to[at + i] = ids[i];
    for (let i = 0; i < from.length; i++) to[first + i] = from[i];
  }

  #fit(length: number): void {
    if (length <= this.#bytes.length) return;
    this.#bytes = new Uint8Array(2 * ((length + 3) & ~3));
    this.#view = new DataView(this.#bytes.buffer);
    this.#words = new Uint32Array(this.#bytes.buffer);
    this.#floats = new Float32Array(this.#bytes.buffer);
    this.#frame = this.#bytes.subarray(0, 0);
  }
}

const encoding = new FrameEncoder();

const bytesOf = ({ ids, values }: StatisticRows | HistogramRows): number => 8 + 4 * (ids.length + values.length);

function encodeJson(frame: Frame): Uint8Array<ArrayBuffer> {
  const { kind: _, ...content } = frame;
  return encoder.encode(
    JSON.stringify(content, (_key, value) => (typeof value === 'number' ? jsonNumber(value) : value)),
  );
}

/** JSON has no NaN and no infinities; they only occur in numbers that nobody reads back as such. */
const jsonNumber = (value: number) => (Number.isFinite(value) ? value : null);
