import { reference } from '../reference/reference.ts';
import type { Access } from './access.ts';
import { sample, type Trial } from './firstUse.ts';

type LayerNorm = Pick<typeof reference, 'layerNorm' | 'layerNormBackward'>;

/** Rows of float32 in the heap; the rest goes to the reference. */
export function wasmLayerNorm(access: Access): LayerNorm {
  const { wasm } = access;
  return {
    layerNorm(x, weight, bias, out, stats, length, eps) {
      if ([x, weight, bias, out, stats].every((array) => access.single(array))) {
        const [from, w, b, to, s] = [x, weight, bias, out, stats].map((array) => array.byteOffset);
        wasm.layerNorm(from, w, b, to, s, stats.length / 2, length, eps);
      } else reference.layerNorm(x, weight, bias, out, stats, length, eps);
    },
    layerNormBackward(g, x, weight, stats, dx, parts, length) {
      if ([g, x, weight, stats, dx, parts].every((array) => access.single(array))) {
        const [from, by, w, s, to, sums] = [g, x, weight, stats, dx, parts].map((array) => array.byteOffset);
        wasm.layerNormBackward(from, by, w, s, to, sums, stats.length / 2, length);
      } else reference.layerNormBackward(g, x, weight, stats, dx, parts, length);
    },
  };
}

const [ROWS, LENGTH] = [10, 21];

const layerNormTrial: Trial<LayerNorm['layerNorm']> = (layerNorm, heap) => {
  const [x, weight, bias, out] = [ROWS, 1, 1, ROWS].map((rows) => sample(heap, rows * LENGTH));
  layerNorm(x, weight, bias, out, sample(heap, 2 * ROWS), LENGTH, 1e-5);
  return out;
};

/** The gradients of x, and behind them the sums. */
const backwardTrial: Trial<LayerNorm['layerNormBackward']> = (rule, heap) => {
  const [g, x, weight] = [ROWS, ROWS, 1].map((rows) => sample(heap, rows * LENGTH));
  const [dx, parts] = [ROWS, 2].map((rows) => sample(heap, rows * LENGTH));
  rule(g, x, weight, sample(heap, 2 * ROWS), dx, parts, LENGTH);
  return Float32Array.of(...dx, ...parts);
};

export const layerNormTrials = { layerNorm: layerNormTrial, layerNormBackward: backwardTrial };
