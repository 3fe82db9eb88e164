import type { Numbers } from '../../tensor/dtype.ts';
import { optimizers as reference } from '../reference/optimizers.ts';
import type { Access } from './access.ts';
import { sample, type Trial } from './firstUse.ts';
import { ROW, TRIED } from './statistics.ts';

/**
 * Steps of float32 parameters in the heap; others, small ones among them, go to the reference.
 * @param wide Whether 256 bits have been found right.
 */
export function wasmOptimizers(access: Access, wide: boolean): typeof reference {
  const { wasm } = access;
  const single = (array: Numbers | null) => array === null || access.single(array);
  return {
    sgd(p, g, velocity, step, row) {
      const { lr, weightDecay, momentum, fresh, nesterov } = step;
      if (!single(p) || !single(g) || !single(velocity) || !single(row)) {
        reference.sgd(p, g, velocity, step, row);
        return;
      }
      const [to, from, n] = [p.byteOffset, g.byteOffset, p.length];
      if (velocity === null) {
        if (row === null) wasm.sgd(to, from, n, lr, weightDecay);
        else wasm.sgdMeasured(to, from, n, lr, weightDecay, row.byteOffset, wide, access.free);
        return;
      }
      const v = velocity.byteOffset;
      if (row === null) wasm.sgdMomentum(to, from, v, n, lr, weightDecay, momentum, fresh, nesterov);
      else {
        const options = [lr, weightDecay, momentum, fresh, nesterov] as const;
        wasm.sgdMomentumMeasured(to, from, v, n, ...options, row.byteOffset, wide, access.free);
      }
    },
    adam(p, g, mean, square, top, step, row) {
      if (![p, g, mean, square, top, row].every(single)) return reference.adam(p, g, mean, square, top, step, row);
      const { shrink, weightDecay, betas, eps, rate, correction } = step;
      const t = top === null ? 0 : top.byteOffset;
      const arrays = [p.byteOffset, g.byteOffset, mean.byteOffset, square.byteOffset, t] as const;
      const options = [shrink, weightDecay, betas[0], betas[1], rate, correction, eps] as const;
      if (row === null) wasm.adam(...arrays, p.length, ...options);
      else wasm.adamMeasured(...arrays, p.length, ...options, row.byteOffset, wide, access.free);
    },
  };
}

type Optimizers = typeof reference;

/** Steps that tell statistics: what became of the parameter, and the row. */
export const optimizerTrials: { readonly [Name in keyof Optimizers]: Trial<Optimizers[Name]> } = {
  sgd: (sgd, heap) => {
    const [p, g, velocity, row] = [sample(heap, TRIED), sample(heap, TRIED), sample(heap, TRIED), sample(heap, ROW)];
    const step = { lr: 0.1, weightDecay: 0.01, momentum: 0.9, fresh: 0.7, nesterov: true };
    sgd(p, g, null, step, row);
    const plain = row.slice();
    sgd(p, g, velocity, step, row);
    return Float32Array.of(...plain, ...row, ...p, ...velocity);
  },
  adam: (adam, heap) => {
    const [p, g, mean, row] = [sample(heap, TRIED), sample(heap, TRIED), sample(heap, TRIED), sample(heap, ROW)];
    const square = sample(heap, TRIED);
    square.forEach((v, i) => {
      square[i] = v * v;
    });
    const betas = [0.9, 0.99] as const;
    const step = { shrink: 0.99, weightDecay: 0.1, betas, eps: 1e-8, rate: 0.2, correction: 0.3 };
    adam(p, g, mean, square, null, step, row);
    return Float32Array.of(...row, ...p, ...mean, ...square);
  },
};
