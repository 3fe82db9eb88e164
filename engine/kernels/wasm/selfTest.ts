import { type ConvolutionShape, convolution as reference } from '../reference/convolution.ts';
import { GEOMETRY_WORDS, writeGeometry } from './convolution.ts';
import type { Address, KernelExports } from './exports.ts';

/**
 * Whether the wide tiles compute what they should: products against the narrow ones, convolutions against the reference, with
 * whole and partial tiles. V8's revectorizer, which makes them wide, is off by default, so each process checks its work before
 * relying on it.
 * @param memory All memory below `stage` + what is free there, as float32. @param scratch That of matrix products.
 */
export function selfTest(wasm: KernelExports, memory: Float32Array, stage: Address, scratch: Address): boolean {
  return productsAreRight(wasm, memory, stage) && CONVOLUTIONS.every((c) => isRight(c, wasm, memory, stage, scratch));
}

/** Any numbers will do, as long as they differ. */
function fill(memory: Float32Array, stage: Address): void {
  for (let i = 0; i < 4096; i++) memory[stage / 4 + i] = Math.sin(i * 0.7) - 0.3 * Math.cos(i * i);
}

/** The order of the sums is the same, or they are short; only the last bits may differ. */
const near = (x: number, y: number): boolean => Math.abs(x - y) <= 1e-4 * Math.max(1, Math.abs(x));

function productsAreRight(wasm: KernelExports, memory: Float32Array, stage: Address): boolean {
  const [m, k, n] = [13, 37, 35];
  const [a, b, narrow, wide] = [0, 2048, 4096, 6144].map((offset) => stage + 4 * offset);
  fill(memory, stage);
  for (const [leftTransposed, rightTransposed] of [
    [false, false],
    [true, false],
    [false, true],
  ]) {
    for (const accumulate of [false, true]) {
      const left = leftTransposed ? [1, m] : [k, 1];
      const right = rightTransposed ? [1, k] : [n, 1];
      wasm.matmul(a, left[0], left[1], b, right[0], right[1], narrow, n, m, k, n, accumulate);
      wasm.matmulWide(a, left[0], left[1], b, right[0], right[1], wide, n, m, k, n, accumulate);
      for (let i = 0; i < m * n; i++) if (!near(memory[narrow / 4 + i], memory[wide / 4 + i])) return false;
    }
  }
  return true;
}

const window = {
  input: [4, 11],
  kernel: [3, 2],
  output: [4, 10],
  stride: [1, 1],
  padding: [1, 0],
  dilation: [1, 1],
} as const;
/** A common one, and one channel by channel, which has tiles of its own. */
const CONVOLUTIONS: readonly ConvolutionShape[] = [
  { batch: 1, groups: 1, filters: 18, window: { ...window, channels: 2 } },
  { batch: 1, groups: 2, filters: 1, window: { ...window, channels: 1 } },
];

function isRight(
  shape: ConvolutionShape,
  wasm: KernelExports,
  memory: Float32Array,
  stage: Address,
  scratch: Address,
): boolean {
  const { groups, filters } = shape;
  const channels = groups * shape.window.channels;
  const sizes = { x: channels * 4 * 11, y: groups * filters * 4 * 10, weight: filters * channels * 3 * 2 };
  const [x, y, weight, out] = [1024, 2048, 3072, 4096].map((offset) => stage + 4 * offset);
  const values = (at: Address, size: number) => Float64Array.from(memory.subarray(at / 4, at / 4 + size));
  fill(memory, stage);
  writeGeometry(new Int32Array(memory.buffer, stage, GEOMETRY_WORDS), shape, true);
  const [image, gradient, kernel] = [values(x, sizes.x), values(y, sizes.y), values(weight, sizes.weight)];
  const agrees = (size: number, compute: (out: Float64Array) => void): boolean => {
    const exact = new Float64Array(size);
    compute(exact);
    return exact.every((value, i) => near(value, memory[out / 4 + i]));
  };
  wasm.conv2d(stage, x, weight, 0, out, scratch);
  if (!agrees(sizes.y, (exact) => reference.conv2d(image, kernel, null, exact, shape))) return false;
  wasm.conv2dInput(stage, y, weight, out, scratch);
  if (!agrees(sizes.x, (exact) => reference.conv2dInput(gradient, kernel, exact, shape))) return false;
  wasm.conv2dWeight(stage, y, x, out, scratch);
  return agrees(sizes.weight, (exact) => reference.conv2dWeight(gradient, image, exact, shape));
}
