/**
 * `node gemm.ts SIZE,SIZE…`: float32 operations per second of square matrix products and, in turns with them, the peak of
 * the core at 128 bits, as JSON. Best values: both are limits.
 */
import '../../../../engine/host/api.ts';
import { kernels } from '../../../../engine/kernels/kernels.ts';
import { memory } from '../../../../engine/kernels/memory.ts';
import type { Numbers } from '../../../../engine/tensor/dtype.ts';
import { peakOfCore } from './peak.ts';

const peak = await peakOfCore();
/** Short and many: on a busy machine few turns are left alone, and one such is enough. In milliseconds, or one product. */
const TURN = 1;
const TURNS = 200;
/** Seconds after which no more turns are taken at a size. */
const ENOUGH = 1.5;

function measured(size: number): { readonly size: number; readonly rate: number; readonly peak: number } {
  const matrix = (data: Numbers) => ({ data, start: 0, rowStride: size, columnStride: 1 });
  const filled = () => memory.allocate('float32', size * size, true).fill(0.5) as Numbers;
  const [a, b, out] = [matrix(filled()), matrix(filled()), filled()];
  const product = () => kernels.matmul(a, b, out, 0, size, size, size, false);
  const best = { rate: 0, peak: 0 };
  const start = performance.now();
  for (let turn = 0; turn < TURNS && performance.now() - start < 1000 * ENOUGH; turn++) {
    best.peak = Math.max(best.peak, peak());
    const began = performance.now();
    let count = 0;
    let elapsed = 0;
    do {
      product();
      count++;
      elapsed = performance.now() - began;
    } while (elapsed < TURN);
    best.rate = Math.max(best.rate, (2 * count * size ** 3) / (elapsed / 1000));
  }
  return { size, ...best };
}

console.log(JSON.stringify(process.argv[2].split(',').map((size) => measured(Number(size)))));
