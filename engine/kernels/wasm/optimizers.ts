import type { Numbers } from '../../tensor/dtype.ts';
import { optimizers as reference } from '../reference/optimizers.ts';
import { type Access, NOWHERE } from './access.ts';
import type { Address } from './exports.ts';
import { sample, type Trial } from './firstUse.ts';
import { addressOf, ROW, TRIED } from './statistics.ts';

/**
 * Steps of float32 parameters in the heap, and of small ones by way of the stage; others go to the reference.
 * @param wide Whether 256 bits have been found right.
 */
export function wasmOptimizers(access: Access, wide: boolean): typeof reference {
  const { wasm } = access;
  const single = (array: Numbers) => access.single(array);
  const place = (array: Numbers, slot: number): Address => access.place(array, slot);
  return {
    sgd(p, g, velocity, step, row) {
      const { lr, weightDecay, momentum, fresh, nesterov } = step;
      const [to, from] = [place(p, 0), place(g, 1)];
      const v = velocity === null ? 0 : place(velocity, 2);
      if (to === NOWHERE || from === NOWHERE || v === NOWHERE || (row !== null && !single(row.values))) {
        reference.sgd(p, g, velocity, step, row);
        return;
      }
      const n = p.length;
      if (velocity === null) {
        if (row === null) wasm.sgd(to, from, n, lr, weightDecay);
        else wasm.sgdMeasured(to, from, n, lr, weightDecay, addressOf(row), wide, access.free);
      } else {
        if (row === null) wasm.sgdMomentum(to, from, v, n, lr, weightDecay, momentum, fresh, nesterov);
        else {
          const options = [lr, weightDecay, momentum, fresh, nesterov] as const;
          wasm.sgdMomentumMeasured(to, from, v, n, ...options, addressOf(row), wide, access.free);
        }
        access.written(velocity as Float32Array, v);
      }
      access.written(p as Float32Array, to);
    },
    adam(p, g, mean, square, top, step, row) {
      const t = top === null ? 0 : place(top, 4);
      const arrays = [place(p, 0), place(g, 1), place(mean, 2), place(square, 3), t] as const;
      if (arrays.includes(NOWHERE) || (row !== null && !single(row.values)))
        return reference.adam(p, g, mean, square, top, step, row);
      const { shrink, weightDecay, betas, eps, rate, correction } = step;
      const options = [shrink, weightDecay, betas[0], betas[1], rate, correction, eps] as const;
      if (row === null) wasm.adam(...arrays, p.length, ...options);
      else wasm.adamMeasured(...arrays, p.length, ...options, addressOf(row), wide, access.free);
      [p, null, mean, square, top].forEach((array, i) => {
        if (array !== null) access.written(array as Float32Array, arrays[i]);
      });
    },
  };
}

type Optimizers = typeof reference;

/** Steps that tell statistics: what became of the parameter, and the row. */
export const optimizerTrials: { readonly [Name in keyof Optimizers]: Trial<Optimizers[Name]> } = {
  sgd: (sgd, heap) => {
    const [p, g, velocity, row] = [sample(heap, TRIED), sample(heap, TRIED), sample(heap, TRIED), sample(heap, ROW)];
    const step = { lr: 0.1, weightDecay: 0.01, momentum: 0.9, fresh: 0.7, nesterov: true };
    sgd(p, g, null, step, { values: row, at: 0 });
    const plain = row.slice();
    sgd(p, g, null, { ...step, weightDecay: 0 }, { values: row, at: 0 });
    const undecayed = row.slice();
    sgd(p, g, null, { ...step, weightDecay: 0, lr: 1e-9 }, { values: row, at: 0 });
    const hardlyMoved = row.slice();
    sgd(p, g, velocity, step, { values: row, at: 0 });
    return Float32Array.of(...plain, ...undecayed, ...hardlyMoved, ...row, ...p, ...velocity);
  },
  adam: (adam, heap) => {
    const [p, g, mean, row] = [sample(heap, TRIED), sample(heap, TRIED), sample(heap, TRIED), sample(heap, ROW)];
    const square = sample(heap, TRIED);
    square.forEach((v, i) => {
      square[i] = v * v;
    });
    const betas = [0.9, 0.99] as const;
    const step = { shrink: 0.99, weightDecay: 0.1, betas, eps: 1e-8, rate: 0.2, correction: 0.3 };
    adam(p, g, mean, square, null, step, { values: row, at: 0 });
    return Float32Array.of(...row, ...p, ...mean, ...square);
  },
};
