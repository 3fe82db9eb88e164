import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FORMAT_VERSION, FrameDecoder, sealFrame, streamHeader } from '../../engine/run/codec.ts';
import { encodeFrame, FrameEncoder } from '../../engine/run/encoder.ts';
import type { Frame, StatisticRows, StepFrame } from '../../engine/run/frame.ts';
import { everyKind, start, step, streamOf } from './frames.ts';

function decode(bytes: Uint8Array, cuts: readonly number[] = []) {
  const decoder = new FrameDecoder();
  const frames: Frame[] = [];
  const ends = [...cuts, bytes.length].sort((a, b) => a - b);
  let from = 0;
  for (const end of ends) {
    frames.push(...decoder.push(bytes.subarray(from, end)));
    from = end;
  }
  return { frames, fault: decoder.end() };
}

/** Where each frame ends in the stream of all. */
function boundaries(frames: readonly Frame[]): number[] {
  let at = streamHeader().length;
  return frames.map((frame) => {
    at += encodeFrame(frame).length;
    return at;
  });
}

const bits = (values: Float32Array) => [...new Uint32Array(values.buffer, values.byteOffset, values.length)];

/** A step as plain numbers, by the bits of its statistics: −0 isn't 0, and one NaN isn't another. */
const exact = (frame: StepFrame) => ({
  ...frame,
  ...Object.fromEntries(
    (['parameters', 'layers', 'operations'] as const).map((group) => [
      group,
      { ids: [...frame[group].ids], bits: bits(frame[group].values) },
    ]),
  ),
  histograms: frame.histograms && { ids: [...frame.histograms.ids], values: [...frame.histograms.values] },
});

const anyWords = fc.array(fc.integer({ min: 0, max: 0xffff_ffff }), { maxLength: 40 });
const anyHistograms = fc
  .tuple(anyWords, anyWords)
  .map(([ids, values]) => ({ ids: Uint32Array.from(ids), values: Uint32Array.from(values) }));

const anyRows: fc.Arbitrary<StatisticRows> = fc
  .tuple(fc.integer({ min: 0, max: 6 }), fc.integer({ min: 1, max: 13 }))
  .chain(([count, columns]) =>
    fc.record({
      ids: fc.array(fc.integer({ min: 0, max: 0xffff_ffff }), { minLength: count, maxLength: count }),
      // all bit patterns: denormals, infinities, every NaN
      values: fc.array(fc.integer({ min: 0, max: 0xffff_ffff }), {
        minLength: count * columns,
        maxLength: count * columns,
      }),
    }),
  )
  .map(({ ids, values }) => ({
    ids: Uint32Array.from(ids),
    values: new Float32Array(Uint32Array.from(values).buffer),
  }));

const anyStep: fc.Arbitrary<StepFrame> = fc.record({
  kind: fc.constant('step' as const),
  step: fc.integer({ min: 0, max: 0xffff_ffff }),
  time: fc.double(),
  loss: fc.double(),
  learningRate: fc.double(),
  parameters: anyRows,
  layers: anyRows,
  operations: anyRows,
  histograms: fc.option(anyHistograms, { nil: undefined }),
});

describe('round trip', () => {
  test.each(everyKind.map((frame) => [frame.kind, frame] as const))('%s', (_kind, frame) => {
    expect(decode(streamOf([frame]))).toEqual({ frames: [frame], fault: null });
  });

  test('a step, to the last bit', () => {
    fc.assert(
      fc.property(anyStep, (frame) => {
        const [back] = decode(streamOf([frame])).frames as StepFrame[];
        expect(exact(back)).toEqual(exact(frame));
      }),
    );
  });

  test('a step from before there were histograms, and one that a newer GradLens has more to say of', () => {
    const plain = streamOf([step(3)]);
    expect('histograms' in decode(plain).frames[0]).toBe(false);
    const histograms = { ids: Uint32Array.of(4), values: Uint32Array.of(7, 1, 0, 226, 2, 4, 2) };
    const told = streamOf([step(3, { histograms })]);
    // ids and words: a head of two, then one and seven
    expect(told.length).toBe(plain.length + 4 * (2 + 1 + 7));
    expect(decode(told).frames).toEqual([step(3, { histograms })]);
  });

  test('frames that are made one after the other are those that are made alone, once they are sealed', () => {
    const encoder = new FrameEncoder();
    for (const frame of [...everyKind, ...everyKind]) {
      const bytes = encoder.encode(frame).slice();
      sealFrame(bytes, 0, bytes.length);
      expect(bytes).toEqual(encodeFrame(frame));
    }
  });

  test('the special numbers of a step', () => {
    const values = Float32Array.of(Number.NaN, Infinity, -Infinity, -0, 0, 1e-45, -1.1e-38, 3.4e38);
    const frame = step(3, { loss: -0, time: 5e-324, parameters: { ids: Uint32Array.of(9), values } });
    const [back] = decode(streamOf([frame])).frames as StepFrame[];
    expect([...back.parameters.values]).toEqual([...values]); // Object.is: −0 and NaN count
    expect(back.loss).toBe(-0);
    expect(back.time).toBe(5e-324);
  });

  test('what is not finite is null in JSON, never a broken frame', () => {
    const frame: Frame = {
      kind: 'non-finite',
      step: 0,
      operation: 'log',
      layer: null,
      site: null,
      value: 'NaN',
      inputs: [{ min: -Infinity, max: Number.NaN }],
    };
    expect(decode(streamOf([frame])).frames).toEqual([{ ...frame, inputs: [{ min: null, max: null }] }]);
  });
});

describe('a stream in pieces', () => {
  const bytes = streamOf(everyKind);

  test('any split gives the same frames', () => {
    const cuts = fc.array(fc.integer({ min: 0, max: bytes.length }), { maxLength: 40 });
    fc.assert(
      fc.property(cuts, (at) => {
        expect(decode(bytes, at)).toEqual({ frames: everyKind, fault: null });
      }),
    );
  });

  test('byte by byte', () => {
    expect(decode(bytes, Array.from(bytes.keys()))).toEqual({ frames: everyKind, fault: null });
  });

  test('chunks that live in a shared pool may be overwritten afterwards', () => {
    const decoder = new FrameDecoder();
    const pool = Buffer.alloc(61);
    const frames: Frame[] = [];
    for (let at = 0; at < bytes.length; at += 57) {
      const size = Math.min(57, bytes.length - at);
      pool.set(bytes.subarray(at, at + size), 3); // not aligned to 4
      frames.push(...decoder.push(pool.subarray(3, 3 + size)));
      pool.fill(0xff);
    }
    expect({ frames, fault: decoder.end() }).toEqual({ frames: everyKind, fault: null });
  });

  test('a frame does not keep the chunk it came in', () => {
    const [, back] = decode(streamOf([start, step(1, { loss: 2 })])).frames as StepFrame[];
    expect(back.parameters.ids.buffer.byteLength).toBeLessThan(100);
  });
});

describe('damage', () => {
  const frames = everyKind.slice(0, 9);
  const bytes = streamOf(frames);
  const ends = boundaries(frames);
  const header = streamHeader().length;

  test('cut at every byte: exactly the whole frames before it', () => {
    for (let cut = 0; cut < bytes.length; cut++) {
      const whole = ends.filter((end) => end <= cut).length;
      const between = cut === header || ends.includes(cut);
      const fault = cut < header ? 'not-a-run-log' : between ? null : 'torn';
      expect(decode(bytes.slice(0, cut)), `cut at ${cut}`).toEqual({ frames: frames.slice(0, whole), fault });
    }
  });

  test('a flipped bit is never read as something else', () => {
    for (let bit = 8 * header; bit < 8 * bytes.length; bit++) {
      const damaged = bytes.slice();
      damaged[bit >> 3] ^= 1 << (bit & 7);
      const whole = ends.filter((end) => end <= bit >> 3).length;
      const got = decode(damaged);
      if (got.frames.length !== whole || got.fault === null) {
        expect.fail(`bit ${bit}: ${got.frames.length} frames instead of ${whole}, fault ${got.fault}`);
      }
    }
    expect.assertions(0);
  });

  test('nothing is read after a fault', () => {
    const decoder = new FrameDecoder();
    const damaged = bytes.slice();
    damaged[ends[0] + 12] ^= 1;
    expect(decoder.push(damaged)).toEqual(frames.slice(0, 1));
    expect(decoder.fault).toBe('corrupt');
    expect(decoder.push(encodeFrame(start))).toEqual([]);
    expect(decoder.end()).toBe('corrupt');
  });

  test('a length that no frame has is damage, not a reason to wait', () => {
    const decoder = new FrameDecoder();
    decoder.push(streamHeader());
    decoder.push(Uint8Array.of(0xff, 0xff, 0xff, 0x7f, 0, 0, 0, 0, 1));
    expect(decoder.fault).toBe('corrupt');
  });
});

describe('other streams', () => {
  test('something else', () => {
    expect(decode(new TextEncoder().encode('a text file, no log\n'))).toEqual({ frames: [], fault: 'not-a-run-log' });
    expect(decode(new Uint8Array(0))).toEqual({ frames: [], fault: 'not-a-run-log' });
  });

  test('one of a newer version', () => {
    const bytes = streamOf(everyKind);
    new DataView(bytes.buffer).setUint16(4, FORMAT_VERSION + 1, true);
    expect(decode(bytes)).toEqual({ frames: [], fault: 'unknown-version' });
  });

  test('a kind that this version does not know is passed over', async () => {
    const { default: CRC32 } = await import('crc-32');
    const content = Uint8Array.of(200, 1, 2, 3);
    const unknown = new Uint8Array(8 + content.length);
    unknown.set(content, 8);
    new DataView(unknown.buffer).setUint32(0, content.length, true);
    new DataView(unknown.buffer).setInt32(4, CRC32.buf(content), true);
    const bytes = Buffer.concat([streamHeader(), encodeFrame(start), unknown, encodeFrame(step(1))]);
    expect(decode(bytes)).toEqual({ frames: [start, step(1)], fault: null });
  });
});
