import type { Address, KernelExports } from './exports.ts';

/**
 * Whether the wide tiles compute what the narrow ones do, for products with whole and partial tiles in all three forms. V8's
 * revectorizer, which makes them wide, is off by default, so each process checks its work before relying on it.
 * @param memory All memory below `stage` + what is free there, as float32.
 */
export function selfTest(wasm: KernelExports, memory: Float32Array, stage: Address): boolean {
  const [m, k, n] = [13, 37, 35];
  const [a, b, narrow, wide] = [0, 2048, 4096, 6144].map((offset) => stage + 4 * offset);
  // any numbers will do, as long as they differ
  for (let i = 0; i < 4096; i++) memory[stage / 4 + i] = Math.sin(i * 0.7) - 0.3 * Math.cos(i * i);
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
      for (let i = 0; i < m * n; i++) {
        const [x, y] = [memory[narrow / 4 + i], memory[wide / 4 + i]];
        // the order of the sums is the same; only the last bits may differ
        if (!(Math.abs(x - y) <= 1e-4 * Math.max(1, Math.abs(x)))) return false;
      }
    }
  }
  return true;
}
