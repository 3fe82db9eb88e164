import type { Numbers } from '../../tensor/dtype.ts';
import type { Kernels } from '../kernels.ts';
import { type ConvolutionShape, convolution as reference } from '../reference/convolution.ts';
import type { Address, KernelExports } from './exports.ts';
import { sample, type Trial } from './firstUse.ts';
import type { Heap } from './heap.ts';

/** Words of `Geometry` in assembly/convolution/planes.ts. */
const GEOMETRY_WORDS = 21;
export const GEOMETRY_BYTES = 4 * GEOMETRY_WORDS;

/** Channels on both sides from which tiles of 2 × 2 pay (assembly/convolution/winograd/winograd.ts). */
const LEAST_CHANNELS = 16;

/**
 * By direction: columns from which they pay, as four tiles go together; and how many are worked on at a time: so many at least, and
 * so many by channels on both sides, which leave most of a second cache free.
 */
const TILES = {
  conv2d: { columns: 4, least: 32, most: 3072 },
  conv2dInput: { columns: 4, least: 32, most: 3072 },
  // with each block all sums are loaded and stored
  conv2dWeight: { columns: 6, least: 64, most: 8192 },
} as const;

/** In how many tiles at a time a convolution is computed, with fewer multiplications; 0: not in tiles. */
function tilesAtATime({ window: w, filters, groups }: ConvolutionShape, direction: keyof typeof TILES): number {
  const { columns, least, most } = TILES[direction];
  const is = (pair: readonly [number, number], value: number) => pair[0] === value && pair[1] === value;
  const pays =
    groups === 1 &&
    Math.min(w.channels, filters) >= LEAST_CHANNELS &&
    is(w.kernel, 3) &&
    is(w.stride, 1) &&
    is(w.dilation, 1) &&
    Math.max(...w.padding) <= 2 &&
    Math.min(...w.output) >= columns;
  return pays ? Math.max(least, Math.floor(most / (w.channels + filters))) : 0;
}

/** What kernels must know of a convolution; `wide`: whether 256 bits may be used; `tiles`: see `tilesAtATime`. */
function writeGeometry(
  fields: Int32Array,
  { window: w, filters, batch, groups }: ConvolutionShape,
  wide: boolean,
  tiles: number,
): void {
  fields.set([w.channels, ...w.input, filters, ...w.kernel, ...w.output]);
  fields.set([...w.stride, ...w.padding, ...w.dilation, batch, groups, Number(wide)], 8);
  fields[17] = groups * w.channels * w.input[0] * w.input[1];
  fields[18] = groups * filters * w.output[0] * w.output[1];
  fields[19] = w.channels * w.kernel[0] * w.kernel[1];
  fields[20] = tiles;
}

type Convolutions = Pick<Kernels, 'conv2d' | 'conv2dInput' | 'conv2dWeight'>;

/** The three directions of a convolution on arrays in `heap`; others go to the reference. See `wasmKernels`. */
export function wasmConvolution(
  wasm: KernelExports,
  heap: Heap,
  memory: Float32Array,
  stage: Address,
  wide: boolean,
): Convolutions {
  /** Above what is staged while it is in use: the geometry, and an operand too small for the heap. */
  const geometry = stage;
  const small = stage + 128;
  const fields = new Int32Array(memory.buffer, geometry, GEOMETRY_WORDS);

  /** Where an array is, or a copy of it if it is small; null if neither can be. `used` bytes are taken already. */
  function place(array: Numbers, used: number): Address | null {
    if (!(array instanceof Float32Array)) return null;
    if (heap.holds(array)) return array.byteOffset;
    if (array.length > 1024) return null;
    memory.set(array, (small + used) / 4);
    return small + used;
  }

  /** Runs `body` with scratch memory. @returns False if there is none. */
  function withScratch(shape: ConvolutionShape, tiles: number, body: (scratch: Address) => void): boolean {
    writeGeometry(fields, shape, wide, tiles);
    const scratch = heap.allocate('float32', wasm.convolutionScratch(geometry) / 4, true);
    const there = heap.holds(scratch);
    if (there) body(scratch.byteOffset);
    heap.release(scratch);
    return there;
  }

  /** An output too small for the heap is computed beside it. */
  function compute(
    a: Numbers,
    b: Numbers,
    out: Numbers,
    run: (a: Address, b: Address, out: Address) => boolean,
  ): boolean {
    const [from, by] = [place(a, 0), place(b, 8192)];
    if (from === null || by === null || !(out instanceof Float32Array)) return false;
    if (heap.holds(out)) return run(from, by, out.byteOffset);
    if (out.length > 1024) return false;
    const to = small + 16384;
    if (!run(from, by, to)) return false;
    out.set(memory.subarray(to / 4, to / 4 + out.length));
    return true;
  }

  function weightGradient(y: Numbers, x: Numbers, out: Numbers, shape: ConvolutionShape, tiles: number): boolean {
    return compute(y, x, out, (from, by, to) =>
      withScratch(shape, tiles, (scratch) => wasm.conv2dWeight(geometry, from, by, to, scratch)),
    );
  }

  return {
    conv2d(x, weight, bias, out, shape) {
      const tiles = tilesAtATime(shape, 'conv2d');
      const done = compute(x, weight, out, (from, by, to) => {
        const b = bias === null ? 0 : place(bias, 24576);
        return b !== null && withScratch(shape, tiles, (scratch) => wasm.conv2d(geometry, from, by, b, to, scratch));
      });
      if (!done) reference.conv2d(x, weight, bias, out, shape);
    },
    conv2dInput(y, weight, out, shape) {
      const tiles = tilesAtATime(shape, 'conv2dInput');
      const done = compute(y, weight, out, (from, by, to) =>
        withScratch(shape, tiles, (scratch) => wasm.conv2dInput(geometry, from, by, to, scratch)),
      );
      if (!done) reference.conv2dInput(y, weight, out, shape);
    },
    conv2dWeight(y, x, out, shape) {
      const tiles = tilesAtATime(shape, 'conv2dWeight');
      let done = weightGradient(y, x, out, shape, tiles);
      if (done && tiles > 0 && !allFinite(out, shape)) done = weightGradient(y, x, out, shape, 0);
      if (!done) reference.conv2dWeight(y, x, out, shape);
    },
  };
}

/**
 * Whether a weight's gradient that was made in tiles can be trusted: what isn't finite at the border of x would spread to taps that
 * never read it. It shows in the first filter; and in each filter's first channel, if it's y that isn't finite.
 */
function allFinite(gradient: Numbers, { window: { channels, kernel }, filters }: ConvolutionShape): boolean {
  const taps = channels * kernel[0] * kernel[1];
  let sum = 0;
  for (let i = 0; i < taps; i++) sum += 0 * gradient[i];
  for (let f = 1; f < filters; f++) sum += 0 * gradient[f * taps];
  return sum === 0;
}

const window = {
  input: [4, 11],
  kernel: [3, 2],
  output: [4, 10],
  stride: [1, 1],
  padding: [1, 0],
  dilation: [1, 1],
} as const;
/**
 * A common one, with tiles of both heights, whole and partial; one channel by channel, which has tiles of its own; and one in
 * tiles of 2 × 2, by eights and by fours, whole and partial.
 */
const TRIED: readonly ConvolutionShape[] = [
  { batch: 1, groups: 1, filters: 16, window: { ...window, channels: 2 } },
  { batch: 1, groups: 2, filters: 1, window: { ...window, channels: 1 } },
  {
    batch: 1,
    groups: 1,
    filters: 16,
    window: { ...window, channels: 16, input: [7, 19], kernel: [3, 3], output: [7, 19], padding: [1, 1] },
  },
];
/** Of x, y and the weight, at most. */
const MOST = [16 * 7 * 19, 16 * 7 * 19, 16 * 16 * 3 * 3] as const;

/** `run` on numbers for x, y and the weight; the result, as long as one of them, once for each shape. */
function tried(heap: Heap, result: 0 | 1 | 2, run: (arrays: Numbers[], out: Numbers, s: ConvolutionShape) => void) {
  const arrays = MOST.map((size) => sample(heap, size));
  const all = heap.allocate('float32', TRIED.length * MOST[result], false);
  for (const [i, s] of TRIED.entries()) run(arrays, all.subarray(i * MOST[result], (i + 1) * MOST[result]), s);
  return all;
}

const conv2d: Trial<Convolutions['conv2d']> = (kernel, heap) =>
  tried(heap, 1, ([x, , w], out, shape) => kernel(x, w, null, out, shape));
const conv2dInput: Trial<Convolutions['conv2dInput']> = (kernel, heap) =>
  tried(heap, 0, ([, y, w], out, shape) => kernel(y, w, out, shape));
const conv2dWeight: Trial<Convolutions['conv2dWeight']> = (kernel, heap) =>
  tried(heap, 2, ([x, y], out, shape) => kernel(y, x, out, shape));

export const convolutionTrials = { conv2d, conv2dInput, conv2dWeight };
